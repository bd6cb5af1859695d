"""What code made of ring elements reads: coordinates, parameters, and couplings with the orders of their jets.

Couplings need one order more than the equations hold, for the linearisation, and as many as other elements hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from sympy import Symbol

from holosym.derive.couplings import Closed
from holosym.derive.system import EquationSystem
from holosym.dsl.theory import Theory
from holosym.jets.composites import CouplingJet
from holosym.jets.element import Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator

Orders = tuple[int, ...]
Groups = dict[object, tuple[list[CouplingJet], int]]


class Needs:
    """What the elements of a package read.

    Args:
        system: the equations.
        equations: their residuals.
        others: further elements that become code.
        closed: the closed forms of couplings.
    """

    def __init__(
        self, system: EquationSystem, equations: Iterable[Element], others: Sequence[Element], closed: Closed
    ) -> None:
        self.system = system
        self.ring = system.ring
        self.equations = list(equations)
        self.others = others
        self.closed = closed
        self.all = self._generators([*self.equations, *others])
        self.same: dict[object, CouplingJet] = {}

    def positions(self, element: Element) -> set[int]:
        """Generators of an element, arguments included."""
        found = self.ring.positions(element)
        for g in tuple(found):
            for argument in self.ring.generators[g].arguments:
                found |= self.positions(argument)
        return found

    def _generators(self, elements: Iterable[Element]) -> list[Generator]:
        found: set[int] = set()
        for element in elements:
            found |= self.positions(element)
        return [self.ring.generators[g] for g in sorted(found)]

    def coordinates(self) -> tuple[Any, ...]:
        """Coordinates in the model's order."""
        found = {g.symbol for g in self.all if isinstance(g, CoordinateGenerator)}
        for profile in self.system.model.profiles:
            found |= set(profile.args)
        if not found and isinstance(self.system.model, Theory):
            found = {self.system.model.radial or self.system.model.coordinates[-1]}
        return tuple(sorted(found, key=lambda c: c.position))

    def parameters(self, couplings: list[list[CouplingJet]], more: set[Symbol]) -> tuple[Any, ...]:
        """Parameters, those of closed couplings and some more included."""
        found = {g.symbol for g in self.all if isinstance(g, ConstantGenerator) and not g.symbol.is_number} | more
        for jets in couplings:
            if jets[0].name in self.closed:
                slots, form = self.closed[jets[0].name]
                found |= form.free_symbols - set(slots)
        return tuple(sorted(found, key=lambda p: p.name))

    def coupling_jets(self) -> list[list[CouplingJet]]:
        """Couplings at their arguments, each with the jets that are needed."""
        groups = self._groups(self.equations, 1)
        for key, (jets, top) in self._groups(self.others, 0).items():
            known = key if key in groups else self._same(key, jets[0], groups)
            old, before = groups.get(known, (jets, 0))
            groups[known] = (old, max(before, top))
        found = []
        for jets, top in groups.values():
            size = len(jets[0].arguments)
            orders = sorted((o for o in product(range(top + 1), repeat=size) if sum(o) <= top), key=graded)
            found.append([CouplingJet(jets[0].name, o, *jets[0].arguments) for o in orders])
        return sorted(found, key=lambda jets: (jets[0].name, str([self.system.write(a) for a in jets[0].arguments])))

    def meant(self, jet: CouplingJet) -> CouplingJet:
        """A coupling jet with the arguments that the equations write."""
        first = self.same.get(_where(jet))
        return jet if first is None else CouplingJet(jet.name, jet.orders, *first.arguments)

    def _groups(self, elements: Iterable[Element], spare: int) -> Groups:
        """Coupling jets by function and arguments, with the highest order and some to spare."""
        groups: dict[object, list[CouplingJet]] = {}
        for g in self._generators(elements):
            if isinstance(g, CouplingJet):
                groups.setdefault(_where(g), []).append(g)
        return {key: (jets, max(sum(j.orders) for j in jets) + spare) for key, jets in groups.items()}

    def _same(self, key: object, jet: CouplingJet, groups: Mapping[object, tuple[list[CouplingJet], int]]) -> object:
        """At the horizon arguments are simpler: the coupling of the equations that is meant, where only one can be."""
        candidates = [(k, jets[0]) for k, (jets, _) in groups.items() if jets[0].name == jet.name]
        if len(candidates) != 1:
            return key
        found, first = candidates[0]
        self.same[key] = first
        return found


def _where(jet: CouplingJet) -> tuple[str, tuple[object, ...]]:
    """A coupling at its arguments, whatever the derivative."""
    return jet.name, tuple(a.key for a in jet.arguments)


def graded(orders: Orders) -> tuple[int, Orders]:
    """Lower total order first; among equals the first coordinate's derivatives first."""
    return (sum(orders), tuple(-n for n in orders))
