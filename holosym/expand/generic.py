r"""Algebra in parameters, decided at generic points.

Exponents of scaling solutions are algebraic functions of parameters, square roots included, for which cancellation is
not a normal form. An expression is taken for zero where it vanishes to forty digits at several generic points: a
function that is algebraic and not zero does so on a set of measure zero only.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from sympy import Expr, Poly, Rational, S, Symbol

_DIGITS, _POINTS = 40, 3
_SMALL = Rational(1, 10**25)


def points(symbols: Iterable[Symbol], count: int = _POINTS) -> list[dict[Symbol, Rational]]:
    """Generic positive values of symbols: the n-th point differs from the others in every one."""
    names = sorted(symbols, key=str)
    return [
        {s: Rational(int(sympy.prime(7 + 5 * i + 11 * n)), 13 + 2 * i + 5 * n) for i, s in enumerate(names)}
        for n in range(count)
    ]


def number(expression: Expr, at: dict[Symbol, Rational]) -> Expr:
    """The value at a point."""
    return sympy.sympify(expression).xreplace(at).evalf(_DIGITS)


def vanishes(expression: Expr) -> bool:
    """Whether an expression is zero identically."""
    if expression.is_Number:
        return bool(expression == 0)
    for at in points(expression.free_symbols):
        value = number(expression, at)
        if value.has(S.NaN, S.ComplexInfinity) or abs(value) > _SMALL:
            return False
    return True


def tidied(expression: Expr) -> Expr:
    """One fraction, cancelled; zero where it vanishes."""
    if vanishes(expression):
        return S.Zero
    if expression.is_Number or expression.is_Symbol:
        return expression
    found = sympy.cancel(sympy.radsimp(sympy.together(expression)))
    return sympy.factor(found) if not found.has(sympy.exp, sympy.log) else found


def trimmed(polynomial: Iterable[Expr]) -> list[Expr]:
    """Coefficients, lowest first, without leading zeros."""
    found = [tidied(c) for c in polynomial]
    while found and found[-1] == 0:
        found.pop()
    return found


def coefficients(expression: Expr, e: Symbol) -> list[Expr]:
    """Coefficients of a polynomial in e, lowest first."""
    return trimmed(reversed(Poly(sympy.expand(expression), e, domain="EX").all_coeffs()))


def common_divisor(a: list[Expr], b: list[Expr]) -> list[Expr]:
    """Euclid's algorithm for monic polynomials."""
    while b:
        a, b = b, _remainder(a, b)
    return [tidied(c / a[-1]) for c in a]


def _remainder(a: list[Expr], b: list[Expr]) -> list[Expr]:
    a = list(a)
    while len(a) >= len(b):
        factor, shift = a[-1] / b[-1], len(a) - len(b)
        a = trimmed(c - (factor * b[i - shift] if i >= shift else 0) for i, c in enumerate(a[:-1]))
    return a


def roots(polynomial: list[Expr], e: Symbol) -> list[tuple[Expr, int]] | None:
    """Roots with multiplicities; None where a factor has more than degree two, or four without odd powers."""
    total = sum((c * e**n for n, c in enumerate(polynomial)), S.Zero)
    found: dict[Expr, int] = {}
    for factor, power in sympy.factor_list(sympy.numer(sympy.together(total)), e)[1]:
        if not factor.has(e):
            continue
        p = coefficients(factor, e)
        values = _of(p)
        if values is None:
            return None
        for value in values:
            same = next((v for v in found if vanishes(v - value)), value)
            found[same] = found.get(same, 0) + power
    return sorted(found.items(), key=lambda pair: str(pair[0]))


def _of(p: list[Expr]) -> list[Expr] | None:
    """Roots of a factor; pairs of exponents lie about one centre, which makes a quartic biquadratic."""
    if len(p) == 2:
        return [tidied(-p[0] / p[1])]
    if len(p) == 3:
        return _pair(tidied(-p[1] / (2 * p[2])), tidied((p[1] ** 2 - 4 * p[0] * p[2]) / (4 * p[2] ** 2)))
    if len(p) != 5:
        return None
    e = Symbol("e")
    centre = tidied(-p[3] / (4 * p[4]))
    moved = coefficients(sum((c * (e + centre) ** n for n, c in enumerate(p)), S.Zero), e)
    if moved[1] != 0 or moved[3] != 0:
        return None
    squares = _pair(
        tidied(-moved[2] / (2 * moved[4])), tidied(moved[2] ** 2 / (4 * moved[4] ** 2) - moved[0] / moved[4])
    )
    return [v for s in squares for v in _pair(centre, tidied(s) if not s.has(sympy.I) else s)]


def _pair(centre: Expr, square: Expr) -> list[Expr]:
    """centre -+ sqrt(square)."""
    half = root(square)
    return [tidied(centre - half), tidied(centre + half)]


def root(square: Expr) -> Expr:
    """A square root, with complete squares taken out."""
    constant, factors = sympy.factor_list(sympy.numer(sympy.together(square)))
    below_constant, below = sympy.factor_list(sympy.denom(sympy.together(square)))
    outside, inside = S.One, constant / below_constant
    for f, n in [*factors, *((f, -n) for f, n in below)]:
        outside *= f ** (n // 2)
        inside *= f ** (n % 2)
    return outside * sympy.sqrt(sympy.expand(inside))
