"""Exact numbers as the floats that generated code holds.

A sum such as 10864 - 6273 sqrt(3) loses its digits when floats are subtracted: it is evaluated here, once and to
enough digits, as are all numbers too long to be read.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from holosym.errors import PrinterError

DIGITS = 30
LONGEST = 10**9


def decimal(number: Expr) -> float:
    """The float nearest to an exact real number.

    Raises:
        PrinterError: for an expression that is no finite real number.
    """
    value = number.evalf(DIGITS)
    if not (value.is_Float or value.is_Rational) or not value.is_finite:
        raise PrinterError(f"{number} is not a number: parameters stand in it")
    return float(value)


def evaluated(expression: Expr) -> Expr:
    """An expression whose number-valued sums, and numbers of many digits, are decimals."""
    if expression.is_number:
        return _number(expression)
    if not any(_irrational(atom) or _long(atom) for atom in expression.atoms(*_KINDS)):
        return expression
    if expression.is_Add:
        groups: dict[Expr, list[Expr]] = {}
        for term in expression.args:
            number, rest = term.as_independent(*term.free_symbols, as_Add=False)
            groups.setdefault(rest, []).append(number)
        return sympy.Add(*[_number(sympy.Add(*numbers)) * evaluated(rest) for rest, numbers in groups.items()])
    if expression.is_Mul:
        number, rest = expression.as_independent(*expression.free_symbols, as_Add=False)
        factors = rest.args if rest.is_Mul else (rest,)
        return sympy.Mul(_number(number), *[evaluated(f) if f.args else f for f in factors])
    return expression.func(*map(evaluated, expression.args)) if expression.args else expression


_KINDS = (sympy.Rational, sympy.NumberSymbol, sympy.Pow, sympy.Function)


def _irrational(atom: Expr) -> bool:
    return bool(atom.is_number and not atom.is_Rational)


def _long(atom: Expr) -> bool:
    return bool(atom.is_Rational and max(abs(atom.p), atom.q) >= LONGEST)


def _number(number: Expr) -> Expr:
    plain = not number.has(sympy.Add) and not any(_long(r) for r in number.atoms(sympy.Rational))
    return number if plain else number.evalf(DIGITS)
