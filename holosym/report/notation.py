"""Equations as a physicist writes them: f'' for a jet, V'(phi) for a coupling's derivative, d(A) for a form.

One printer a notation, each on top of SymPy's own: `Pretty` for a terminal, `Latex`, and `Mathematica`. A profile is
written without its argument; a function of several coordinates has its derivatives spelled out.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Symbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathematica import MCodePrinter
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from holosym.dsl.symbols import AppliedCoupling, Profile


def orders_of(jet: Derivative) -> tuple[int, ...]:
    """How often a derivative of a profile is taken along each of its coordinates."""
    taken = {variable: int(count) for variable, count in jet.variable_count}
    return tuple(taken.get(coordinate, 0) for coordinate in jet.expr.args)


class Pretty(PrettyPrinter):
    """Two-dimensional text."""

    def _print_AppliedUndef(self, e: Any) -> Any:
        if isinstance(e, Profile):
            return prettyForm(pretty_symbol(e.func.name))
        if isinstance(e, AppliedCoupling):
            head = prettyForm(pretty_symbol(e.func.base) + _raised(e.func.orders))
            arguments = prettyForm(*self._print_seq(e.args, delimiter=", ").parens())
            return prettyForm(*stringPict.next(head, arguments), binding=prettyForm.ATOM)
        return super()._print_Function(e)

    _print_Function = _print_AppliedUndef

    def _print_Derivative(self, e: Any) -> Any:
        if not isinstance(e.expr, Profile):
            return super()._print_Derivative(e)
        name = pretty_symbol(e.expr.func.name)
        if len(e.expr.args) == 1:
            return prettyForm(name + "'" * orders_of(e)[0])
        along = zip(e.expr.args, orders_of(e), strict=True)
        return prettyForm(f"{name}_" + "".join(pretty_symbol(c.name) * n for c, n in along))

    def _print_Contraction(self, e: Any) -> Any:
        return prettyForm(str(e), binding=prettyForm.ATOM)

    _print_FormAtom = _print_Contraction


class Latex(LatexPrinter):
    """LaTeX for mathematics mode."""

    def _print_AppliedUndef(self, e: Any, exp: str | None = None) -> str:
        if isinstance(e, Profile):
            name = self._print(Symbol(e.func.name))
            return f"{name}^{{{exp}}}" if exp else str(name)
        if isinstance(e, AppliedCoupling):
            arguments = ", ".join(self._print(a) for a in e.args)
            raised = _raised(e.func.orders).replace("^(", "^{(").replace(")", ")}")
            name = self._print(Symbol(e.func.base)) + raised
            return self._powered(rf"{name}\left({arguments}\right)", exp)
        return str(super()._print_Function(e, exp))

    _print_Function = _print_AppliedUndef

    def _print_Derivative(self, e: Any) -> str:
        if not isinstance(e.expr, Profile):
            return str(super()._print_Derivative(e))
        name = self._print(Symbol(e.expr.func.name))
        if len(e.expr.args) == 1:
            return f"{{{name}}}" + "'" * orders_of(e)[0]
        along = zip(e.expr.args, orders_of(e), strict=True)
        return rf"\partial_{{{' '.join(' '.join([self._print(c)] * n) for c, n in along if n)}}} {name}"

    def _print_CoordinateDifferential(self, e: Any) -> str:
        return rf"\mathrm{{d}}{self._print(e.coordinate)}"

    def _print_ExteriorDerivative(self, e: Any) -> str:
        return rf"\mathrm{{d}}{self._print(e.args[0])}"

    def _print_Wedge(self, e: Any) -> str:
        return r" \wedge ".join(rf"\left({self._print(a)}\right)" for a in e.args)

    def _print_FormProduct(self, e: Any, exp: str | None = None) -> str:
        v, w = e.args
        text = rf"\left({self._print(v)}\right)" + ("^2" if v == w else rf" \cdot \left({self._print(w)}\right)")
        return self._powered(text, exp)

    def _print_LeviCivita(self, e: Any, exp: str | None = None) -> str:
        return self._powered(rf"\epsilon\left({', '.join(self._print(a) for a in e.args)}\right)", exp)

    @staticmethod
    def _powered(text: str, exp: str | None) -> str:
        return text if exp is None else rf"{{\left({text}\right)}}^{{{exp}}}"


class Mathematica(MCodePrinter):
    """Input for Mathematica: f[z], Derivative[2][f][z], V[phi[z]]; `A_t` is a pattern there, so it becomes A$t."""

    def _print_Symbol(self, e: Any) -> str:
        return mathematica_name(e.name)

    def _print_CoordinateDifferential(self, e: Any) -> str:
        return f"Dt[{mathematica_name(e.coordinate.name)}]"

    def _print_AppliedUndef(self, e: Any) -> str:
        arguments = ", ".join(self._print(a) for a in e.args)
        if isinstance(e, AppliedCoupling):
            return f"{_derived(e.func.base, e.func.orders)}[{arguments}]"
        return f"{mathematica_name(e.func.__name__)}[{arguments}]"

    def _print_Function(self, e: Any) -> str:
        if isinstance(e, Profile | AppliedCoupling):
            return self._print_AppliedUndef(e)
        return str(super()._print_Function(e))

    def _print_Derivative(self, e: Any) -> str:
        if not isinstance(e.expr, Profile):
            return str(super()._print_Derivative(e))
        arguments = ", ".join(self._print(a) for a in e.expr.args)
        return f"{_derived(e.expr.func.name, orders_of(e))}[{arguments}]"


def mathematica_name(name: str) -> str:
    """A name that Mathematica takes: no underscores, and none of its protected letters."""
    return f"{name}$" if name in {"C", "D", "E", "I", "K", "N", "O"} else name.replace("_", "$")


def _derived(name: str, orders: tuple[int, ...]) -> str:
    if not any(orders):
        return mathematica_name(name)
    return f"Derivative[{', '.join(map(str, orders))}][{mathematica_name(name)}]"


def _raised(orders: tuple[int, ...]) -> str:
    """' for each derivative of a function of one argument, ^(1,0) for one of several."""
    if len(orders) <= 1:
        return "'" * sum(orders)
    return f"^({','.join(map(str, orders))})"
