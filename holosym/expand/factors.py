r"""The essential factor of an equation.

Elimination may leave an equation times something of lower order, (z h' - 2)(f h'' + f' h' + ...) = 0. Off the horizon
that does no harm; at the horizon the rows of the product would not be linear any more. So factors
that do not hold the highest derivative are found, over the rationals, and left out: that is the generic branch.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

import sympy

from holosym.derive.rules import jets_in, order_of
from holosym.expand.horizon_rows import order_at
from holosym.jets.content import divided, primitive
from holosym.jets.element import BITS, Element, exact
from holosym.jets.ring import Ring

MOST = 60  # terms of a coefficient; beyond, it is not factorised


def essential(ring: Ring, element: Element) -> Element:
    """An element without the factors of lower order than its own.

    Such a factor divides what multiplies the highest derivative, which is short: that is factorised, and each factor is
    tried on the whole.
    """
    order = order_of(ring, element)
    top = [g for g in jets_in(ring, element, deep=False) if order_at(ring, g) == order]
    if order < 1 or not top:
        return element
    leading = []
    for g in sorted(top):
        parts = ring.collect(element, g)
        leading.append(parts[max(parts)])
    shortest = min(leading, key=lambda part: len(part.terms))
    _, monomial, rest = primitive(element)
    for factor in _factors(ring, shortest):
        if order_of(ring, factor) < order:
            while (quotient := divided(rest, factor)) is not None:
                rest = quotient
    kept = sum(e << (BITS * g) for g, e in ring.decode(monomial) if g in top)
    return rest * Element(ring, {kept: 1})


def _factors(ring: Ring, element: Element) -> list[Element]:
    """The irreducible factors of more than one term."""
    if not 1 < len(element.terms) <= MOST:
        return []
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
    factors = [_element(ring, f, steps) for f, _ in polynomial.factor_list()[1]]
    return [f for f in factors if len(f.terms) > 1]


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
