"""Elements of one ring in another: atoms keep their keys, composites are made anew from their arguments."""

from __future__ import annotations

from fractions import Fraction

from holosym.jets.composites import Compound
from holosym.jets.element import UNIT, Element, exact
from holosym.jets.ring import Ring


class Transfer:
    """The homomorphism between two rings that leaves every atom what it is.

    Args:
        target: the ring to move to.
    """

    def __init__(self, target: Ring) -> None:
        self.target = target
        self._made: dict[int, Element] = {}

    def __call__(self, element: Element) -> Element:
        """The element, in the target ring."""
        parts = []
        for monomial, coefficient in element.terms.items():
            product = self.target.constant(coefficient)
            for g, e in element.ring.decode(monomial):
                product = product * self._power(element.ring, g, exact(Fraction(e, UNIT)))
            parts.append(product)
        return self.target.sum(parts)

    def _power(self, source: Ring, g: int, exponent: int | Fraction) -> Element:
        generator = source.generators[g]
        if isinstance(generator, Compound) and type(generator) is Compound:
            value = self(generator.value)
            return self.target.factored_power(value, exponent) if len(value.terms) > 1 else value**exponent
        if g not in self._made:
            arguments = tuple(map(self, generator.arguments))
            made = generator.rebuild(self.target, arguments) if arguments else self.target.generator(generator)
            self._made[g] = made
        return self._made[g] ** exponent
