"""The content of an element: its rational and monomial factors; exact quotients."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from holosym.jets.composites import Compound, CosineSquared
from holosym.jets.element import BITS, UNIT, Coefficient, Element, Terms, accumulate, exact


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


def cancelled(element: Element) -> Element:
    """Each root's class of a compound G = P over one power of G, the lowest: N G^n with N not divisible by P.

    Left as it is where that has more terms: 1 + 1/G needs none.
    """
    ring = element.ring
    for g in sorted(ring.positions(element), reverse=True):
        compound = ring.generators[g]
        if not isinstance(compound, Compound) or isinstance(compound, CosineSquared):
            continue
        classes: dict[int, dict[int, Element]] = {}
        for e, part in ring.collect(element, g).items():
            classes.setdefault(e % UNIT, {})[e] = part
        found = ring.sum(_over_one_power(compound, g, parts) for parts in classes.values())
        if len(found.terms) <= len(element.terms):
            element = found
    return element


def _over_one_power(compound: Compound, g: int, parts: dict[int, Element]) -> Element:
    """sum_e N_e G^e as N G^n."""
    ring, value = compound.value.ring, compound.value
    lowest = min(parts)
    if lowest >= 0:
        return ring.sum(_lifted(part, g, e) for e, part in parts.items())
    total = ring.sum(part * value ** ((e - lowest) // UNIT) for e, part in parts.items())
    total, times = divided_out(total, value, -(lowest // UNIT))
    return _lifted(total, g, lowest + times * UNIT)


def _lifted(element: Element, g: int, e: int) -> Element:
    """An element times the power e, in units of 1/60, of a generator."""
    return Element(element.ring, {m + (e << (BITS * g)): c for m, c in element.terms.items()})


def divided_out(element: Element, below: Element, most: int | None = None) -> tuple[Element, int]:
    """An element over the highest power of another that divides it, and that power, at most a given one."""
    common = common_monomial(element)
    rest, times = divide_monomial(element, common), 0
    while rest and times != most and (quotient := divided(rest, below)) is not None:
        rest, times = quotient, times + 1
    return divide_monomial(rest, -common), times


def divided(above: Element, below: Element) -> Element | None:
    """The exact quotient of two elements without negative exponents; None where there is none.

    Packed exponents, none negative, are ordered lexicographically: the leading terms tell the quotient's.
    """
    ring, lead = below.ring, max(below.terms)
    quotient: Terms = {}
    rest = dict(above.terms)
    while rest:
        top = max(rest)
        if top < lead or any(e < 0 for _, e in ring.decode(top - lead)):
            return None
        quotient[top - lead] = factor = exact(Fraction(rest[top]) / below.terms[lead])
        accumulate(rest, {top - lead + m: factor * c for m, c in below.terms.items()}, -1)
    return Element(ring, quotient)
