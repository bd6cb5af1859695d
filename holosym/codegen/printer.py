"""SymPy expressions as torch source.

A node without symbols is a number and is printed with Python floats and `math`; everything else with torch. A
function of parameters alone (they may be plain floats) is noted in `wrapped`, and the template makes those
parameters tensors. The printer refuses what it does not know, and never clamps: a singular point belongs to
the expansion that is known there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy import Expr, Rational, S

from holosym.errors import PrinterError

_ADD, _MUL, _UNARY, _POW, _ATOM = range(1, 6)
LARGEST_EXACT = 2**53  # a larger integer is printed as the float it would become

_FUNCTIONS = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.asin: "asin",
    sympy.acos: "acos",
    sympy.atan: "atan",
    sympy.atan2: "atan2",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.asinh: "asinh",
    sympy.acosh: "acosh",
    sympy.atanh: "atanh",
    sympy.erf: "erf",
    sympy.erfc: "erfc",
    sympy.loggamma: "lgamma",
}
_RECIPROCAL = {
    sympy.sec: sympy.cos,
    sympy.csc: sympy.sin,
    sympy.cot: sympy.tan,
    sympy.sech: sympy.cosh,
    sympy.csch: sympy.sinh,
    sympy.coth: sympy.tanh,
}


class Magnitude(sympy.Function):
    """The absolute value of a term, left alone by SymPy's rules for `Abs`; of a number that number."""

    nargs = 1

    @classmethod
    def eval(cls, term: Any) -> Any:
        """|c x| = |c| |x| for a rational c."""
        coefficient, rest = term.as_coeff_Mul()
        if rest == 1:
            return abs(coefficient)
        return None if coefficient == 1 else abs(coefficient) * cls(rest)


class TorchPrinter:
    """Print expressions whose symbols are Python names.

    Args:
        tensors: names that are tensors; the other symbols are parameters, floats or tensors.
    """

    def __init__(self, tensors: Iterable[str]) -> None:
        self.tensors = set(tensors)
        self.wrapped: set[str] = set()

    def __call__(self, expression: Expr) -> str:
        """The source of an expression."""
        return self._print(sympy.sympify(expression))[0]

    def terms(self, expression: Expr) -> list[str]:
        """The source of every term of a sum, each with its sign, in a fixed order."""
        pieces = []
        for term in ordered(expression):
            negative, rest = _sign(term)
            text, level = self._print(rest)
            pieces.append(("- " if negative else "+ ") + (f"({text})" if level <= _ADD else text))
        return pieces

    def is_tensor(self, expression: Expr) -> bool:
        """Whether a tensor stands in an expression."""
        return any(s.name in self.tensors for s in expression.free_symbols)

    def _print(self, e: Any) -> tuple[str, int]:
        if e.is_Symbol:
            return e.name, _ATOM
        if e is S.ImaginaryUnit:
            return "1j", _ATOM
        if e.is_Number or e.is_NumberSymbol:
            return self._number(e)
        if e.is_Add:
            text = " ".join(self.terms(e))
            return (text[2:] if text.startswith("+ ") else "-" + text[2:]), _ADD
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow:
            return self._power(e)
        return self._function(e)

    def _wrap(self, e: Any, level: int) -> str:
        text, own = self._print(e)
        return text if own >= level else f"({text})"

    def _number(self, e: Any) -> tuple[str, int]:
        small = e.is_Rational and max(abs(e.p), e.q) < LARGEST_EXACT
        if e.is_Integer and small:
            return (str(e), _ATOM) if e >= 0 else (str(e), _UNARY)
        if e.is_Rational and small:
            return f"{e.p} / {e.q}", _MUL
        if e is S.Pi:
            return "math.pi", _ATOM
        if e is S.Exp1:
            return "math.e", _ATOM
        if not e.is_finite:
            raise PrinterError(f"{e} cannot be printed as a number", mend="write the model without infinities")
        return repr(float(e)), _ATOM if float(e) >= 0 else _UNARY

    def _product(self, e: Any) -> tuple[str, int]:
        negative, rest = _sign(e)
        above, below = [], []
        for factor in rest.as_ordered_factors() if rest.is_Mul else [rest]:
            if factor.is_Rational and not factor.is_Integer:
                above += [factor.p] if factor.p != 1 else []
                below.append(sympy.Integer(factor.q))
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
                below.append(sympy.Pow(factor.base, -factor.exp))
            else:
                above.append(factor)
        top = " * ".join(self._wrap(sympy.sympify(f), _MUL if i == 0 else _UNARY) for i, f in enumerate(above)) or "1"
        if below:
            inner = " * ".join(self._wrap(f, _UNARY) for f in below)
            top = f"{top} / {inner}" if len(below) == 1 else f"{top} / ({inner})"
        return (f"-{top}", _MUL) if negative else (top, _MUL)

    def _power(self, e: Any) -> tuple[str, int]:
        base, exponent = e.base, e.exp
        if base is S.Exp1:
            return self._call("exp", [exponent])
        if exponent.is_Rational and exponent.is_negative:
            return f"1 / {self._wrap(sympy.Pow(base, -exponent), _UNARY)}", _MUL
        if exponent == Rational(1, 2):
            if base.is_number:
                return f"math.sqrt({self(base)})", _ATOM
            if self.is_tensor(base):
                return f"torch.sqrt({self(base)})", _ATOM
        left = self._wrap(base, _ATOM)
        if base.is_number and not base.is_Float and "." not in left:
            left = f"{left}.0" if left.isdigit() and not exponent.is_Integer else left
        return f"{left}**{self._wrap(exponent, _ATOM)}", _POW

    def _function(self, e: Any) -> tuple[str, int]:
        if e.func in _RECIPROCAL:
            inner = _RECIPROCAL[e.func](*e.args)
            return f"1 / {self._wrap(inner, _UNARY)}", _MUL
        if isinstance(e, sympy.Abs | Magnitude):
            return f"abs({self(e.args[0])})", _ATOM
        if isinstance(e, sympy.sign):
            return self._call("sign", list(e.args))
        if isinstance(e, sympy.Max | sympy.Min):
            return self._extremum(e)
        if e.func in _FUNCTIONS:
            return self._call(_FUNCTIONS[e.func], list(e.args))
        raise PrinterError(
            f"{e} ({type(e).__name__}) cannot be written as torch code",
            mend="use functions that torch has: exp, log, powers, trigonometric and hyperbolic functions, erf",
        )

    def _call(self, name: str, arguments: list[Any]) -> tuple[str, int]:
        module = "torch"
        if all(a.is_number for a in arguments):
            module = "math"
        elif not any(self.is_tensor(a) for a in arguments):
            self.wrapped |= {s.name for a in arguments for s in a.free_symbols}
        if module == "math" and name == "sign":
            return repr(float(sympy.sign(arguments[0]))), _UNARY
        return f"{module}.{name}({', '.join(self(a) for a in arguments)})", _ATOM

    def _extremum(self, e: Any) -> tuple[str, int]:
        """Max and Min by `torch.clamp` for a number, `torch.maximum` between tensors."""
        low = isinstance(e, sympy.Max)
        numbers = [a for a in e.args if a.is_number]
        others = sorted((a for a in e.args if not a.is_number), key=sympy.default_sort_key)
        self.wrapped |= {s.name for a in others if not self.is_tensor(a) for s in a.free_symbols}
        text = self(others[0])
        for other in others[1:]:
            text = f"torch.{'maximum' if low else 'minimum'}({text}, {self(other)})"
        for number in numbers:
            text = f"torch.clamp({text}, {'min' if low else 'max'}={self(number)})"
        return text, _ATOM


def ordered(expression: Expr) -> list[Expr]:
    """The terms of a sum in a fixed order."""
    if not expression.is_Add:
        return [expression]
    return sorted(expression.args, key=lambda t: (-len(t.free_symbols), t.sort_key()))


def _sign(term: Any) -> tuple[bool, Any]:
    """Whether a term starts with a minus, and the term without it."""
    coefficient, _ = term.as_coeff_Mul()
    if coefficient.is_real and coefficient.is_negative:
        return True, -term
    return False, term
