r"""A function of jets whose total derivative is given, where there is one that is polynomial.

In a total derivative D K the highest jet stands linearly, D K = (dK/du_n) u_(n+1) + ..., so that K is found by
integrating its coefficient with respect to u_n, and the same again for what is left.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from holosym.derive.rules import jets_in
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import BITS, UNIT, Element
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring

ROUNDS = 64


def antiderivative(element: Element, coordinate: Any) -> Element | None:
    """K with D K = element; None where none is found."""
    ring = element.ring
    D = TotalDerivatives(ring)
    total = ring.zero
    for _ in range(ROUNDS):
        if ring.is_zero(element):
            return total
        part = _leading(ring, element)
        if part is None:
            return None
        total = total + part
        element = element - D(part, coordinate)
    return None


def _leading(ring: Ring, element: Element) -> Element | None:
    """The integral that belongs to the highest jet."""
    jets = {g: generator for g in jets_in(ring, element) if isinstance(generator := ring.generators[g], JetGenerator)}
    top = max(jets, key=lambda g: (sum(jets[g].orders), g), default=None)
    if top is None or not any(jets[top].orders):
        return None
    parts = ring.collect(element, top)
    lowered = JetGenerator(jets[top].unknown, tuple(n - 1 for n in jets[top].orders))
    below = ring.index(lowered)
    coefficient = parts.get(UNIT)
    if not set(parts) <= {0, UNIT} or coefficient is None:
        return None
    integrated = []
    for e, part in ring.collect(coefficient, below).items():
        inside = {x for g in ring.positions(part) for a in ring.generators[g].arguments for x in jets_in(ring, a)}
        if {top, below} & inside or e == -UNIT:
            return None
        raised = Element(ring, {(e + UNIT) << (BITS * below): 1})
        integrated.append(part * raised * (1 / (Fraction(e, UNIT) + 1)))
    return ring.sum(integrated)
