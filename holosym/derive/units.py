"""What cannot vanish: coordinates, exponentials, positive parameters, functions that the metric divides by."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from holosym.jets.composites import Compound, CosineSquared, Exponential, Sine
from holosym.jets.content import cancelled, common_monomial, divide_monomial, divided_out, primitive
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, JetGenerator, Unknown
from holosym.jets.ring import Ring


class Units:
    """Which elements cannot vanish.

    Args:
        ring: the ring.
        profiles: unknowns whose value cannot vanish: the functions that the metric divides by.
    """

    def __init__(self, ring: Ring, profiles: Iterable[Unknown]) -> None:
        self.ring = ring
        self.profiles = set(profiles)

    def generator(self, position: int) -> bool:
        """Whether a generator cannot vanish."""
        g = self.ring.generators[position]
        if isinstance(g, JetGenerator):
            return not any(g.orders) and g.unknown in self.profiles
        if isinstance(g, ConstantGenerator):
            return bool(g.symbol.is_nonzero)
        return isinstance(g, CoordinateGenerator | Exponential | Sine | Compound)

    def __call__(self, element: Element) -> bool:
        """Whether an element is one monomial of such generators, or a sum such as r^2 + n^2."""
        if len(element.terms) > 1:
            return self._definite(element)
        return bool(element.terms) and all(map(self.generator, self.ring.positions(element)))

    def never_zero(self, element: Element) -> bool:
        """Whether an element may be divided by."""
        return self(element)

    def grade(self, element: Element) -> int:
        """0 for what never vanishes; 1 if it does not where all but the units does, as z h' - 6 h; 2 for the others."""
        if self.never_zero(element):
            return 0
        return 1 if any(all(self.generator(g) for g, _ in self.ring.decode(m)) for m in element.terms) else 2

    def _definite(self, element: Element) -> bool:
        """Terms of one sign, each of even powers of real quantities, one of them made of units."""
        if len({c > 0 for c in element.terms.values()}) > 1:
            return False
        decoded = [self.ring.decode(m) for m in element.terms]
        if not all(e % (2 * UNIT) == 0 or self._positive(g) for monomial in decoded for g, e in monomial):
            return False
        return any(all(self.generator(g) for g, _ in monomial) for monomial in decoded)

    def _positive(self, position: int) -> bool:
        g = self.ring.generators[position]
        return isinstance(g, Exponential) or (isinstance(g, ConstantGenerator) and bool(g.symbol.is_positive))

    def clear(self, element: Element) -> Element:
        """Divide by content and by every power of a unit: no denominators, lowest powers zero."""
        if not element.terms:
            return element
        for _ in range(8):
            among = {g for g in self.ring.positions(element) if self.generator(g)}
            element = divide_monomial(element, common_monomial(element, among))
            expanded = self.ring.expanded(element)
            if expanded == element:
                break
            element = expanded
        if not element.terms:
            return element
        content, _, _ = primitive(element)
        return element * (1 / Fraction(content))

    def shortest(self, element: Element) -> Element:
        """`clear`, and divided by the sums of terms that the element divides by: (a b + k^2)^n is no equation's."""
        below = [self.ring.generators[g] for g in sorted(self.ring.positions(element))]
        element = self.clear(cancelled(element))
        for one in below:
            if isinstance(one, Compound) and not isinstance(one, CosineSquared) and len(one.value.terms) > 1:
                element, _ = divided_out(element, one.value)
        return element
