r"""The equations and their total derivatives at the horizon:  D^n E  at f = 0, A_t = 0.

There f' is not zero (the horizon is not extremal), so that rows are divided by its powers as by those of every other
unit. A row's order is that of the highest derivative in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from holosym.derive.rules import jets_in, order_of
from holosym.derive.units import Units
from holosym.errors import ExpansionError, RingError
from holosym.jets.composites import CouplingJet
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import Element
from holosym.jets.generators import Generator, JetGenerator
from holosym.jets.ring import Ring

PATIENCE = 6  # rows that are empty before the equation says anything: A_t^2/f^2 is 0/0 twice


class HorizonUnits(Units):
    """What cannot vanish at a horizon: the slope of what vanishes there, too.

    Args:
        units: what cannot vanish elsewhere.
        vanishing: emblackening factors.
    """

    def __init__(self, units: Units, vanishing: Sequence[JetGenerator]) -> None:
        super().__init__(units.ring, units.profiles - {jet.unknown for jet in vanishing})
        self.slopes = {JetGenerator(jet.unknown, (1,)).key for jet in vanishing}

    def generator(self, position: int) -> bool:
        """Whether a generator cannot vanish."""
        return self.ring.generators[position].key in self.slopes or super().generator(position)

    def never_zero(self, element: Element) -> bool:
        """Whether an element is a unit, or a monomial of units and couplings; A_t', phi', V' may vanish."""
        if len(element.terms) != 1:
            return self(element)
        generators = {g: self.ring.generators[g] for g in self.ring.positions(element)}
        return all(
            not any(one.orders) if isinstance(one, CouplingJet) else self.generator(g) for g, one in generators.items()
        )

    def divisor(self, above: Element, below: Element) -> int:
        """The grade of what a fraction is divided by."""
        powers = {g for m in above.terms for g, e in self.ring.decode(m) if e < 0}
        return max(self.grade(below), *(self.grade(self.ring.generator(self.ring.generators[g])) for g in powers), 0)


@dataclass(frozen=True)
class HorizonRow:
    """D^n of an equation at the horizon."""

    label: str
    times: int
    element: Element

    def key(self) -> tuple[int, str, int]:
        """For sorting."""
        return (len(self.element.terms), self.label, self.times)


class HorizonRows:
    """Rows of every order.

    Args:
        ring: the ring.
        radial: the coordinate.
        units: what cannot vanish at the horizon.
        vanishing: jets of order 0 that are zero there.
    """

    def __init__(self, ring: Ring, radial: Any, units: Units, vanishing: Sequence[JetGenerator]) -> None:
        self.ring = ring
        self.radial = radial
        self.units = units
        self.D = TotalDerivatives(ring)
        self._zeros = {ring.index(jet): ring.zero for jet in vanishing}

    def of(self, label: str, equation: Element, order: int) -> Iterable[HorizonRow]:
        """Derivatives of an equation that hold no jet above an order."""
        silent = 0
        times = 0
        while silent <= PATIENCE and times <= order + PATIENCE:
            element = self.at_horizon(equation)
            if element:
                silent = 0
                if order_of(self.ring, element) > order:
                    return
                yield HorizonRow(label, times, element)
            else:
                silent += 1
            equation = self.D(equation, self.radial)
            times += 1

    def at_horizon(self, element: Element) -> Element:
        """An element with the vanishing jets put to zero, without units."""
        try:
            kept = Element(
                self.ring,
                {
                    m: c
                    for m, c in element.terms.items()
                    if not any(g in self._zeros and e > 0 for g, e in self.ring.decode(m))
                },
            )
            found = self.ring.substitute(kept, self._zeros)
        except RingError as error:
            raise ExpansionError(f"an equation is singular at the horizon: {error.message}") from error
        return self.units.clear(found)


def jets_of(ring: Ring, element: Element, deep: bool = True) -> set[int]:
    """Positions of jets in an element."""
    return jets_in(ring, element, deep)


def order_at(ring: Ring, position: int) -> int:
    """The order of the jet at a position."""
    generator: Generator = ring.generators[position]
    assert isinstance(generator, JetGenerator)
    return sum(generator.orders)
