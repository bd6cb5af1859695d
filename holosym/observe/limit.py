r"""The limit of an element at a simple horizon.

With tau = |r - r_h| > 0 outside, a profile that vanishes there is p = |p'| tau + O(tau^2), and p' = sigma |p'|,
sigma = +-1 the side on which the boundary lies. What is left at order tau^0, where no negative power is left, is
the limit; corrections to p stand at higher orders.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Symbol

from holosym.errors import ExpansionError, RingError
from holosym.jets.element import BITS, UNIT, Element, exact
from holosym.jets.generators import ConstantGenerator, JetGenerator
from holosym.jets.ring import Ring


class HorizonLimit:
    """Limits at a simple horizon.

    Args:
        ring: the ring.
        vanishing: profiles that vanish there, as jets of order 0.
        outward: the sign sigma.
    """

    def __init__(self, ring: Ring, vanishing: tuple[JetGenerator, ...], outward: int) -> None:
        self.ring = ring
        self.outward = outward
        self._distance = ConstantGenerator(Symbol("|r-r_h|"))
        tau = ring.generator(self._distance)
        self._slopes: dict[int, JetGenerator] = {}
        self._images: dict[int, Element] = {}
        for value in vanishing:
            slope = JetGenerator(value.unknown, (1,))
            strength = ConstantGenerator(Symbol(f"|{value.unknown.name}'|"))
            size = ring.generator(strength)
            self._images[ring.index(value)] = size * tau
            self._images[ring.index(slope)] = size * outward
            self._slopes[ring.index(strength)] = slope

    def coefficient(self, element: Element, power: int = 0) -> Element:
        """The coefficient of tau^power, the lowest power that the element has; slopes stand as |p'|.

        Raises:
            ExpansionError: where the element has a lower one.
        """
        position = self.ring.index(self._distance)
        try:
            element = self.ring.substitute(element, self._images)
            found = self.ring.zero
            for e, part in sorted(self.ring.collect(element, position).items()):
                if e > power * UNIT:
                    break
                value = self.ring.expanded(self.ring.substitute(part, {position: self.ring.zero}))
                if e == power * UNIT:
                    found = value
                elif not self.ring.is_zero(value):
                    raise ExpansionError("a quantity is singular at the horizon that ought to be finite there")
        except RingError as error:
            raise ExpansionError(f"the limit at the horizon cannot be taken: {error.message}") from error
        return found

    def restored(self, element: Element) -> Element:
        """The same element with p' instead of |p'|: (sigma p')^n, and (p'^2)^(s/2) for other powers."""
        parts = []
        whole = {g: self.ring.generator(slope) * self.outward for g, slope in self._slopes.items()}
        for monomial, number in element.terms.items():
            roots = self.ring.one
            for g, e in self.ring.decode(monomial):
                if g in self._slopes and e % UNIT:
                    roots = roots * (self.ring.generator(self._slopes[g]) ** 2) ** exact(Fraction(e, 2 * UNIT))
                    monomial -= e << (BITS * g)
            parts.append(self.ring.substitute(Element(self.ring, {monomial: number}), whole) * roots)
        return self.ring.sum(parts)
