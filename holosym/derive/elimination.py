"""Solving equations for their highest derivatives, and reduction modulo the result.

A row is an element that must vanish. A row that is linear in one of its highest jets, with a coefficient that
cannot vanish (a unit: coordinates, metric functions, positive parameters), becomes a rule  jet -> right-hand
side ; rules apply to derivatives of the jet as well. Rows are taken lowest order first, so a first-order
equation such as f' = ... is kept and what it implies drops out. Rows without such a coefficient wait: they
are constraints if every unknown has a rule already, and otherwise are solved for an unknown that has none, on
the generic branch where the coefficient does not vanish: rather z h' - 6 h than h', which isotropic states make zero.
A late rule, chi' = ... f' ..., can lead an earlier one,
f'' = ... chi'' ..., back to its own jet: that one is withdrawn, and its row solved again modulo the late rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from holosym.derive.rules import Row, Rule, Rules, Unending, jets_in, order_of
from holosym.derive.units import Units
from holosym.jets.content import cancelled
from holosym.jets.element import BITS, UNIT, Element
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring


@dataclass
class Solved:
    """The outcome of an elimination.

    Attributes:
        rules: the dynamical equations, solved.
        constraints: rows that restrict initial data, parameters or profiles.
        implied: labels of rows that follow from the others.
        free: unknowns that no equation determines (a gauge freedom left in the ansatz).
    """

    rules: Rules
    constraints: list[Row] = field(default_factory=list)
    implied: list[str] = field(default_factory=list)
    free: tuple[Unknown, ...] = ()


class Elimination:
    """Solve rows for their highest derivatives.

    Args:
        ring: the ring.
        rows: what must vanish.
        unknowns: the unknown functions, in order of preference as pivots.
        metric: those of the metric: metric equations are solved for them, matter equations for the others.
        units: what cannot vanish.
        prolong: whether rules apply to derivatives of their jets.
        refuse: called with a row without unknowns, and with what it was before units were taken out; raises
            for a contradiction.
    """

    def __init__(
        self,
        ring: Ring,
        rows: Sequence[Row],
        unknowns: Sequence[Unknown],
        metric: Set[Unknown],
        units: Units,
        refuse: Callable[[Row, Element], None],
        prolong: bool = True,
    ) -> None:
        self.ring = ring
        self.units = units
        self.unknowns = list(unknowns)
        self.metric = metric
        self.refuse = refuse
        self.solved = Solved(Rules(ring, prolong))
        self.originals = {row.label: row for row in rows}
        self.pending = [self._cleared(row) for row in rows]
        self.withdrawals = 0

    def run(self) -> Solved:
        """The rules, the constraints, and what is implied or free."""
        self._drop()
        while (choice := self._unit_pivot() or self._uncovered_pivot()) is not None:
            row, g = choice
            self._insert(row, g)
        self.solved.rules.finish()
        self.solved.constraints = self.pending
        if self.solved.rules.prolong:
            self.solved.free = tuple(u for u in self.unknowns if not self._covered(u) and not self._restricted(u))
        return self.solved

    def _cleared(self, row: Row) -> Row:
        """A row reduced by the rules and without units; of a power of one jet (phi'^2 = 0) the jet itself."""
        element = self.units.shortest(self.solved.rules.reduce(row.element))
        if len(element.terms) == 1:
            factors = [(g, e) for g, e in self.ring.decode(next(iter(element.terms))) if not self.units.generator(g)]
            if (
                len(factors) == 1
                and factors[0][1] > 0
                and isinstance(self.ring.generators[factors[0][0]], JetGenerator)
            ):
                return replace(row, element=Element(self.ring, {UNIT << (BITS * factors[0][0]): 1}), geometric=None)
        return replace(row, element=element)

    def _covered(self, unknown: Unknown) -> bool:
        return any(rule.jet.unknown == unknown for rule in self.solved.rules.rules)

    def _restricted(self, unknown: Unknown) -> bool:
        """Whether a constraint holds a derivative of an unknown: then it is determined, if not by a rule."""
        jets = (self.ring.generators[g] for row in self.pending for g in jets_in(self.ring, row.element))
        return any(isinstance(j, JetGenerator) and j.unknown == unknown and any(j.orders) for j in jets)

    def _drop(self) -> None:
        """Remove rows that vanish or repeat another."""
        kept: list[Row] = []
        for row in self.pending:
            same = any(row.element in (other.element, -other.element) for other in kept)
            if same or self.ring.is_zero(row.element):
                self.solved.implied.append(row.label)
                continue
            if not jets_in(self.ring, row.element) or self.units(row.element):
                self.refuse(row, self.solved.rules.reduce(self.originals[row.label].element))
            kept.append(row)
        self.pending = kept

    def _insert(self, row: Row, g: int) -> None:
        jet = self.ring.generators[g]
        assert isinstance(jet, JetGenerator)
        parts = self.ring.collect(row.element, g)
        right = cancelled(-parts.get(0, self.ring.zero) * parts[UNIT] ** -1)
        self.pending.remove(row)
        self.solved.rules.add(Rule(jet, right, self.originals[row.label]))
        self.pending = [*self._disentangled(), *self.pending]
        self.pending = [self._cleared(row) for row in self.pending]
        self._drop()

    def _disentangled(self) -> list[Row]:
        """Rows of rules that a new rule of lower order leads back to their own jets: they are to be solved again."""
        if not self.solved.rules.prolong:
            return []
        entangled = self.solved.rules.entangled()
        self.withdrawals += len(entangled)
        if self.withdrawals > len(self.originals) ** 2:
            raise Unending
        for rule in entangled:
            self.solved.rules.withdraw(rule)
        return [rule.row for rule in entangled]

    def _linear(self, element: Element, order: int) -> Iterable[tuple[int, Element]]:
        """Jets of an order in which an element is linear, with their coefficients."""
        inside = set()
        for g in self.ring.positions(element):
            for argument in self.ring.generators[g].arguments:
                inside |= jets_in(self.ring, argument)
        for g in sorted(jets_in(self.ring, element, deep=False) - inside, key=self._preference):
            jet = self.ring.generators[g]
            assert isinstance(jet, JetGenerator)
            if sum(jet.orders) == order:
                parts = self.ring.collect(element, g)
                if set(parts) <= {0, UNIT}:
                    yield g, parts[UNIT]

    def _preference(self, g: int) -> tuple[Any, ...]:
        jet = self.ring.generators[g]
        assert isinstance(jet, JetGenerator)
        rank = self.unknowns.index(jet.unknown) if jet.unknown in self.unknowns else len(self.unknowns)
        return (tuple(-n for n in reversed(jet.orders)), rank)

    def _unit_pivot(self) -> tuple[Row, int] | None:
        for row in sorted(self.pending, key=lambda r: (order_of(self.ring, r.element), len(r.element.terms))):
            order = order_of(self.ring, row.element)
            if order < 1 and row.geometric is not None:
                continue
            for g, coefficient in self._linear(row.element, order):
                if self.units(coefficient) and self._akin(row, g):
                    return row, g
        return None

    def _akin(self, row: Row, g: int) -> bool:
        """Whether a metric equation meets a metric function, or a matter equation a matter function."""
        jet = self.ring.generators[g]
        assert isinstance(jet, JetGenerator)
        return row.geometric is None or row.geometric == (jet.unknown in self.metric)

    def _uncovered_pivot(self) -> tuple[Row, int] | None:
        """A row solved for an unknown without a rule, on the branch where the coefficient does not vanish."""
        found = []
        for row in self.pending:
            order = order_of(self.ring, row.element)
            if len(row.element.terms) == 1:
                continue  # a product that vanishes has several branches
            for g, coefficient in self._linear(row.element, order):
                jet = self.ring.generators[g]
                assert isinstance(jet, JetGenerator)
                if jet.unknown in self.unknowns and not self._covered(jet.unknown):
                    rank = (not self._akin(row, g), self.units.grade(coefficient), -order, len(row.element.terms))
                    found.append((rank, row, g))
        return min(found, key=lambda choice: choice[0])[1:] if found else None
