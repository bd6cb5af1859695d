"""Truncated series in x with logarithms, their coefficients polynomials of the boundary data.

    s = sum over (e, k) of  c_(e,k) x^e (log x)^k  +  terms beyond x^cut

Every exponent e <= cut is complete; a product is complete up to min(cut_a + first_b, cut_b + first_a), so that a
result knows by itself whether the expansion it was made of went far enough. Exponents are exact numbers, also
irrational ones. An analytic function enters by its Taylor series about the constant term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import sympy
from sympy import Expr, Rational, S, Symbol
from sympy.polys.rings import PolyRing, ring

from holosym.errors import ExpansionError

Key = tuple[Any, int]


@cache
def below(a: Expr, b: Expr) -> bool:
    """Whether a < b, for exact real numbers."""
    if a.is_Rational and b.is_Rational:
        return bool(a < b)
    difference = sympy.expand(a - b)
    return bool(difference != 0 and difference.evalf(30) < 0)


def smaller(a: Expr, b: Expr) -> Expr:
    """The smaller of two exact numbers."""
    return b if below(b, a) else a


def coefficient_ring(data: Iterable[Symbol], coefficients: Iterable[Expr], exact: bool = True) -> PolyRing:
    """Polynomials in the data over a field that holds everything else in the coefficients.

    Args:
        data: the generators.
        coefficients: what must have a place in the ring.
        exact: False: the field of expressions, slow, which takes everything.
    """
    generators = tuple(sorted(set(data), key=str))
    if not exact:
        return ring(generators, sympy.EX)[0]
    found = list(coefficients)
    roots = {p for c in found for p in c.atoms(sympy.Pow) if p.is_number and not p.is_Rational}
    symbols = set().union(*(c.free_symbols | _logarithms(c) for c in found)) if found else set()
    others = [*sorted(symbols - set(generators), key=str), *_exponentials(found)]
    field = sympy.QQ.algebraic_field(*sorted(roots, key=str)) if roots else sympy.QQ
    return ring(generators, field.frac_field(*others) if others else field)[0]


def _logarithms(expression: Expr) -> set[Expr]:
    """Logarithms of numbers."""
    return {one for one in expression.atoms(sympy.log) if one.is_number}


def _exponentials(expressions: Iterable[Expr]) -> list[Expr]:
    """exp(a c) for every a, with the largest number c of which all multiples of a are multiples."""
    rates: dict[Expr, Expr] = {}
    for one in {e for c in expressions for e in c.atoms(sympy.exp)}:
        number, rest = one.exp.as_coeff_Mul()
        if rest.free_symbols and number.is_Rational:
            rates[rest] = sympy.gcd(rates.get(rest, S.Zero), abs(number))
    return [sympy.exp(rates[rest] * rest) for rest in sorted(rates, key=str)]


@dataclass(frozen=True)
class Puiseux:
    """A truncated series.

    Attributes:
        ring: where coefficients live.
        terms: coefficients by power of x and of log x.
        cut: the last exponent that is complete.
        caps: (generator, degree) beyond which powers of a datum are left out.
    """

    ring: PolyRing
    terms: dict[Key, Any]
    cut: Expr
    caps: tuple[tuple[int, int], ...] = ()

    @cached_property
    def first(self) -> Expr:
        """The lowest exponent; the cut itself where no term is known."""
        found = self.cut
        for e, _ in self.terms:
            found = smaller(found, e)
        return found

    def __add__(self, other: Puiseux) -> Puiseux:
        terms = dict(self.terms)
        for key, c in other.terms.items():
            terms[key] = terms[key] + c if key in terms else c
        return made(self.ring, terms, smaller(self.cut, other.cut), self.caps)

    def __neg__(self) -> Puiseux:
        return self.scaled(-1)

    def __sub__(self, other: Puiseux) -> Puiseux:
        return self + -other

    def __mul__(self, other: Puiseux) -> Puiseux:
        cut = smaller(self.cut + other.first, other.cut + self.first)
        terms: dict[Key, Any] = {}
        for (e, k), c in self.terms.items():
            for (g, m), b in other.terms.items():
                exponent = sympy.expand(e + g)
                if not below(cut, exponent):
                    key = (exponent, k + m)
                    terms[key] = terms[key] + c * b if key in terms else c * b
        return made(self.ring, terms, sympy.expand(cut), self.caps or other.caps)

    def scaled(self, factor: Any) -> Puiseux:
        """Times a number or an element of the ring."""
        factor = self.ring(factor) if isinstance(factor, int) else factor
        return made(self.ring, {key: c * factor for key, c in self.terms.items()}, self.cut, self.caps)

    def shifted(self, exponent: Any, log: int = 0) -> Puiseux:
        """Times x^exponent (log x)^log."""
        by = sympy.sympify(exponent)
        moved = {(sympy.expand(e + by), k + log): c for (e, k), c in self.terms.items()}
        return Puiseux(self.ring, moved, sympy.expand(self.cut + by), self.caps)

    def until(self, cut: Expr) -> Puiseux:
        """Without what lies beyond a cut."""
        return made(self.ring, self.terms, smaller(self.cut, cut), self.caps)

    def derivative(self) -> Puiseux:
        """d/dx."""
        terms: dict[Key, Any] = {}
        for (e, k), c in self.terms.items():
            for key, factor in (((e - 1, k), e), ((e - 1, k - 1), S(k))):
                if factor != 0:
                    part = c * self.ring.domain.from_sympy(sympy.sympify(factor))
                    terms[key] = terms[key] + part if key in terms else part
        return made(self.ring, terms, self.cut - 1, self.caps)

    def constant(self, e: Any = 0, k: int = 0) -> Any:
        """The coefficient of x^e (log x)^k."""
        return self.terms.get((sympy.sympify(e), k), self.ring.zero)

    def ground(self, e: Expr) -> Expr:
        """The coefficient of x^e as a number or a constant of the coefficient field.

        Raises:
            ExpansionError: where it depends on data or on log x.
        """
        found = self.constant(e)
        if any(g == e and k for g, k in self.terms) or (found and not found.is_ground):
            raise ExpansionError(
                "a function of the metric or of a coupling is singular where the boundary data are free",
                mend="use coordinates in which the boundary metric has a fixed normalisation, such as z = 0 or r = oo",
            )
        return self.ring.domain.to_sympy(found.coeff(1)) if found else S.Zero

    def compose(self, slopes: Callable[[int, Expr], Expr | None]) -> Puiseux:
        """F(s) = sum of F^(n)(s_0) (s - s_0)^n / n!, for a series without negative exponents.

        Args:
            slopes: from n and s_0 to F^(n)(s_0); None where it is not known, and the series ends before it.
        """
        start = self.ground(S.Zero)
        rest = self - constant(self.ring, start, self.cut)
        if below(rest.first, S.Zero) or (rest.terms and rest.first == 0):
            raise ExpansionError("a function is taken of a profile that diverges at the boundary")
        total, power = constant(self.ring, S.Zero, self.cut), constant(self.ring, S.One, self.cut)
        n = 0
        while power.terms:
            slope = slopes(n, start)
            if slope is None:
                return total.until(before(power.first))
            factor = self.ring.domain.from_sympy(slope / sympy.factorial(n))
            total = total + power.scaled(self.ring.ground_new(factor))
            power, n = (power * rest).until(self.cut), n + 1
        return total

    def power(self, exponent: Expr) -> Puiseux:
        """s^p: the leading term to the p, times (1 + ..)^p."""
        if exponent.is_Integer and exponent >= 0:
            total = constant(self.ring, S.One, self.cut - self.first)
            for _ in range(int(exponent)):
                total = total * self
            return total
        leading = self.ground(self.first)
        if leading == 0:
            raise ExpansionError("the expansion divides by a function that vanishes at the boundary")
        over = self.ring.ground_new(self.ring.domain.from_sympy(1 / leading))
        bare = self.scaled(over).shifted(-self.first)
        grown = bare.compose(lambda n, start: sympy.ff(exponent, n) * start ** (exponent - n))
        front = self.ring.ground_new(self.ring.domain.from_sympy(leading**exponent))
        return grown.scaled(front).shifted(self.first * exponent)


def made(over: PolyRing, terms: dict[Key, Any], cut: Expr, caps: tuple[tuple[int, int], ...] = ()) -> Puiseux:
    """A series without vanishing terms or terms beyond its cut or its caps."""
    if caps:
        terms = {key: capped(c, caps) for key, c in terms.items()}
    kept = {key: c for key, c in terms.items() if c and not below(cut, key[0])}
    return Puiseux(over, kept, cut, caps)


def capped(element: Any, caps: tuple[tuple[int, int], ...]) -> Any:
    """An element without the powers beyond the caps."""
    if all(monomial[g] <= most for monomial in element for g, most in caps):
        return element
    return element.ring.from_dict({m: c for m, c in element.items() if all(m[g] <= most for g, most in caps)})


def before(exponent: Expr) -> Expr:
    """A cut for what is complete up to an exponent and without it."""
    return exponent - Rational(1, 10**6)


def constant(over: PolyRing, value: Expr, cut: Expr) -> Puiseux:
    """A constant."""
    return made(over, {(S.Zero, 0): over.from_expr(sympy.sympify(value))}, cut)


def monomial(over: PolyRing, exponent: Any, cut: Expr) -> Puiseux:
    """x^exponent."""
    return made(over, {(Rational(exponent) if isinstance(exponent, int) else exponent, 0): over.one}, cut)
