r"""The essential factor of an equation.

Elimination may leave an equation times something of lower order, (z h' - 2)(f h'' + f' h' + ...) = 0. Off the horizon
that does no harm; at the horizon the rows of the product would not be linear any more. So equations are factorised
over the rationals, and factors that do not hold the highest derivative are left out: that is the generic branch.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, prod
from typing import Any

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
    _, _, rest = primitive(element)
    steps = _steps(ring, rest)
    places = sorted(steps)
    terms = {}
    for m, c in rest.terms.items():
        exponents = dict(ring.decode(m))
        number = Fraction(c)
        powers = tuple(exponents.get(g, 0) // steps[g] for g in places)
        terms[powers] = sympy.Rational(number.numerator, number.denominator)
    polynomial = sympy.Poly.from_dict(terms, *[sympy.Symbol(f"g{g}") for g in places])
    factors = [(_element(ring, f, steps), power) for f, power in polynomial.factor_list()[1]]
    if len(factors) == 1 and factors[0][1] == 1:
        return element
    order = order_of(ring, element)
    return prod([f for f, _ in factors if order_of(ring, f) == order], start=ring.one)


def _steps(ring: Ring, element: Element) -> dict[int, int]:
    """For every generator the greatest common divisor of its exponents."""
    found: dict[int, int] = {}
    for m in element.terms:
        for g, e in ring.decode(m):
            found[g] = gcd(found.get(g, 0), e)
    return found


def _element(ring: Ring, polynomial: Any, steps: dict[int, int]) -> Element:
    terms = {}
    for powers, c in polynomial.terms():
        monomial = sum((n * steps[g]) << (BITS * g) for n, g in zip(powers, sorted(steps), strict=True))
        terms[monomial] = exact(Fraction(int(c.p), int(c.q)))
    return Element(ring, terms)
