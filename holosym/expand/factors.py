r"""The essential factor of an equation.

Elimination may leave an equation times something of lower order, (z h' - 2)(f h'' + f' h' + ...) = 0. Off the horizon that
does no harm; at the horizon the rows of the product would not be linear any more. So equations are factorised over the
rationals, and factors that do not hold the highest derivative are left out: that is the generic branch.
"""

from __future__ import annotations

from functools import reduce
from math import gcd

import sympy

from holosym.derive.rules import order_of
from holosym.jets.content import primitive
from holosym.jets.element import BITS, Element, exact
from holosym.jets.ring import Ring

MOST = 400  # terms; beyond, an equation is taken as it is


def essential(ring: Ring, element: Element) -> Element:
    """An element without the factors of lower order than its own."""
    if not 1 < len(element.terms) <= MOST:
        return element
    order = order_of(ring, element)
    _, _, rest = primitive(element)
    steps = _steps(ring, rest)
    if not steps:
        return element
    symbols = {g: sympy.Symbol(f"g{g}") for g in sorted(steps)}
    terms = {
        tuple(dict(ring.decode(m)).get(g, 0) // step for g, step in sorted(steps.items())): sympy.Rational(
            *_ratio(c)
        )
        for m, c in rest.terms.items()
    }
    polynomial = sympy.Poly.from_dict(terms, *symbols.values())
    factors = [(_element(ring, f, steps), power) for f, power in polynomial.factor_list()[1]]
    kept = [f for f, _ in factors if order_of(ring, f) == order]
    if len(factors) == 1 and factors[0][1] == 1:
        return element
    return reduce(lambda a, b: a * b, kept, ring.one)


def _steps(ring: Ring, element: Element) -> dict[int, int]:
    """For every generator the greatest common divisor of its exponents."""
    found: dict[int, int] = {}
    for m in element.terms:
        for g, e in ring.decode(m):
            found[g] = gcd(found.get(g, 0), e)
    return found


def _element(ring: Ring, polynomial: sympy.Poly, steps: dict[int, int]) -> Element:
    places = sorted(steps.items())
    terms = {}
    for powers, c in polynomial.terms():
        monomial = sum((n * step) << (BITS * g) for n, (g, step) in zip(powers, places, strict=True))
        terms[monomial] = exact(sympy_fraction(c))
    return Element(ring, terms)


def _ratio(number: object) -> tuple[int, int]:
    from fractions import Fraction

    exact_ = Fraction(number)  # type: ignore[arg-type]
    return exact_.numerator, exact_.denominator


def sympy_fraction(number: sympy.Rational):
    from fractions import Fraction

    return Fraction(int(number.p), int(number.q))
