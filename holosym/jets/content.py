"""The content of an element: its rational and monomial factors; exact quotients."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from holosym.jets.element import BITS, Coefficient, Element, exact


def primitive(element: Element) -> tuple[Coefficient, int, Element]:
    """(c, m, p) with element = c m p: rational content, monomial content, and what is left."""
    common = common_monomial(element)
    numerators = [Fraction(c).numerator for c in element.terms.values()]
    denominators = [Fraction(c).denominator for c in element.terms.values()]
    scale = 1
    for q in denominators:
        scale = scale * q // gcd(scale, q)
    content = Fraction(gcd(*[n * (scale // q) for n, q in zip(numerators, denominators, strict=True)]), scale)
    terms = {m - common: exact(c / content) for m, c in element.terms.items()}
    return exact(content), common, Element(element.ring, terms)


def common_monomial(element: Element, among: set[int] | None = None) -> int:
    """The largest monomial (lowest exponents) that divides every term, over all or some generators."""
    lowest: dict[int, int] = {}
    decoded = [dict(element.ring.decode(m)) for m in element.terms]
    for g in element.ring.positions(element) if among is None else among:
        lowest[g] = min((d.get(g, 0) for d in decoded), default=0)
    return sum(e << (BITS * g) for g, e in lowest.items())


def divide_monomial(element: Element, monomial: int) -> Element:
    """element over a monomial."""
    return Element(element.ring, {m - monomial: c for m, c in element.terms.items()})


def divided(above: Element, below: Element) -> Element | None:
    """The exact quotient of two elements without negative exponents; None where there is none.

    Packed exponents, none negative, are ordered lexicographically: the leading terms tell the quotient's.
    """
    ring, lead = below.ring, max(below.terms)
    quotient, rest = ring.zero, above
    while rest:
        top = max(rest.terms)
        if top < lead or any(e < 0 for _, e in ring.decode(top - lead)):
            return None
        term = Element(ring, {top - lead: exact(Fraction(rest.terms[top]) / below.terms[lead])})
        quotient, rest = quotient + term, rest - term * below
    return quotient
