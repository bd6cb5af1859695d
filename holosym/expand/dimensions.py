"""Mass dimensions of elements, from those of profiles and parameters."""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, Rational

from holosym.derive.system import EquationSystem
from holosym.errors import ExpansionError
from holosym.expand.scaling import Scaling, mass_dimensions
from holosym.jets.composites import Compound
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.jets.ring import Ring


class Dimensions:
    """Mass dimensions of elements of a system's ring; None where the theory has a length of its own.

    Args:
        system: the equations.
    """

    def __init__(self, system: EquationSystem) -> None:
        self.scaling: Scaling | None
        try:
            self.scaling = mass_dimensions(system)
        except ExpansionError:
            self.scaling = None
        model = system.model
        self.radial = getattr(model, "radial", None)
        self.time = getattr(model, "time", None)
        self.step = Integer(0) if self.scaling is None else self.scaling.step

    def of(self, element: Element) -> Expr | None:
        """The dimension of an element, by its first term; elements that are asked for are homogeneous."""
        if self.scaling is None or not element.terms:
            return None
        return self._monomial(element.ring, min(element.terms))

    def quotient(self, above: Element, below: Element) -> Expr | None:
        """The dimension of a fraction."""
        one, other = self.of(above), self.of(below)
        return None if one is None or other is None else one - other

    def _monomial(self, ring: Ring, monomial: int) -> Expr:
        total: Expr = Integer(0)
        for g, e in ring.decode(monomial):
            power = Fraction(e, UNIT)
            total += Rational(power.numerator, power.denominator) * self._generator(ring, ring.generators[g])
        return total

    def _generator(self, ring: Ring, generator: Generator) -> Expr:
        assert self.scaling is not None
        if isinstance(generator, JetGenerator):
            base = self.scaling.profiles.get(generator.unknown.name, Integer(0))
            return base + self.step * sum(generator.orders)
        if isinstance(generator, CoordinateGenerator):
            if generator.symbol == self.radial:
                return -self.step
            return -self.scaling.time if generator.symbol == self.time else Integer(-1)
        if isinstance(generator, ConstantGenerator):
            return self.scaling.parameters.get(str(generator.symbol), Integer(0))
        if isinstance(generator, Compound):
            return self._monomial(ring, min(generator.value.terms))
        return Integer(0)
