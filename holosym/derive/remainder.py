"""Pseudo-division: an element modulo a constraint that was not solved for a highest derivative.

With divisor c = a x^d + ..., x a jet or a coupling, a^n p = q c + r with deg_x r < d. If r vanishes then p
vanishes wherever c does and a does not: the generic branch of the constraint.
"""

from __future__ import annotations

from holosym.derive.rules import jets_in
from holosym.derive.units import Units
from holosym.jets.composites import CouplingJet
from holosym.jets.element import BITS, UNIT, Element
from holosym.jets.generators import ConstantGenerator, JetGenerator
from holosym.jets.ring import Ring


def polynomial_in(ring: Ring, element: Element) -> list[int]:
    """Positions of jets, couplings and parameters in which an element is a polynomial, by itself and not inside."""
    inside = set()
    for g in ring.positions(element):
        for argument in ring.generators[g].arguments:
            inside |= jets_in(ring, argument)
    found = []
    for g in sorted(ring.positions(element) - inside):
        generator = ring.generators[g]
        variable = isinstance(generator, JetGenerator | CouplingJet) or (
            isinstance(generator, ConstantGenerator) and not generator.symbol.is_number
        )
        if variable and all(e >= 0 and e % UNIT == 0 for e in ring.collect(element, g)):
            found.append(g)
    return found


def pivot(ring: Ring, element: Element, units: Units) -> int | None:
    """The jet or coupling to divide by an element in: lowest degree, and a leading coefficient that cannot vanish."""
    ranked = []
    for g in polynomial_in(ring, element):
        if not isinstance(ring.generators[g], ConstantGenerator):
            parts = ring.collect(element, g)
            ranked.append((not units(parts[max(parts)]), max(parts), g))
    return min(ranked)[2] if ranked else None


def pseudo_remainder(ring: Ring, element: Element, divisor: Element, g: int) -> Element:
    """The pseudo-remainder of an element by a divisor, both as polynomials in the generator at a position."""
    parts = ring.collect(divisor, g)
    degree = max(parts)
    leading = parts[degree]
    lowest = min(ring.collect(element, g), default=0)
    if lowest < 0:
        element = _shifted(element, g, -lowest)
    while element.terms:
        own = ring.collect(element, g)
        top = max(own)
        if top < degree:
            break
        element = leading * element - _shifted(own[top] * divisor, g, top - degree)
    return element


def _shifted(element: Element, g: int, exponent: int) -> Element:
    """An element times a power of a generator, in units of 1/60."""
    return Element(element.ring, {m + (exponent << (BITS * g)): c for m, c in element.terms.items()})
