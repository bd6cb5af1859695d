"""Solving equations for their highest derivatives, and reduction modulo the result.

A row is an element that must vanish. A row that is linear in one of its highest jets, with a coefficient that
cannot vanish (a unit: coordinates, metric functions, positive parameters), becomes a rule  jet -> right-hand
side ; rules apply to derivatives of the jet as well. Rows are taken lowest order first, so a first-order
equation such as f' = ... is kept and what it implies drops out. Rows without such a coefficient wait: they
are constraints if every unknown has a rule already, and otherwise are solved for an unknown that has none, on
the generic branch where the coefficient does not vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from holosym.derive.derivation import TotalDerivatives
from holosym.derive.generators import (
    Compound,
    ConstantGenerator,
    CoordinateGenerator,
    Exponential,
    JetGenerator,
    Sine,
    Unknown,
)
from holosym.derive.ring import BITS, UNIT, Element, Ring


@dataclass(frozen=True)
class Row:
    """An element that must vanish, and where it came from: the metric's equations, matter's, or neither (None)."""

    label: str
    element: Element
    geometric: bool | None = None


@dataclass(frozen=True)
class Rule:
    """A jet with the right-hand side it equals; `row` is the equation it was solved from."""

    jet: JetGenerator
    right: Element
    row: Row


class Unending(Exception):
    """Reduction modulo prolonged rules does not end: a right-hand side leads back to its own jet."""


class Rules:
    """A growing set of rules, and normal forms modulo them.

    Args:
        ring: the ring.
        prolong: whether rules apply to derivatives of their jets too. With several coordinates that need not
            end, and rules are algebraic.
    """

    def __init__(self, ring: Ring, prolong: bool = True) -> None:
        self.ring = ring
        self.prolong = prolong
        self.D = TotalDerivatives(ring)
        self.rules: list[Rule] = []
        self._images: dict[int, Element | None] = {}

    def add(self, rule: Rule) -> None:
        """Add a rule; right-hand sides made before are reduced by it."""
        self.rules.append(rule)
        self._images.clear()
        for i, one in enumerate(self.rules[:-1]):
            right = self.reduce(one.right)
            if right != one.right:
                self.rules[i] = Rule(one.jet, right, one.row)
        self._images.clear()

    def reduce(self, element: Element, without: Rule | None = None, order: int | None = None) -> Element:
        """The normal form modulo the rules; `without` leaves one out, `order` keeps to rules of one order."""
        for _ in range(64):
            images = {}
            for g in jets_in(self.ring, element):
                image = self._image(g, without, order)
                if image is not None:
                    images[g] = image
            if not images:
                return element
            element = self.ring.substitute(element, images)
        raise Unending

    def _image(self, g: int, without: Rule | None, order: int | None) -> Element | None:
        if without is None and order is None and g in self._images:
            return self._images[g]
        jet = self.ring.generators[g]
        assert isinstance(jet, JetGenerator)
        found = None
        for rule in self.rules:
            if rule is without or rule.jet.unknown != jet.unknown:
                continue
            if order is not None and sum(rule.jet.orders) != order:
                continue
            excess = tuple(a - b for a, b in zip(jet.orders, rule.jet.orders, strict=True))
            if min(excess) >= 0 and (self.prolong or not any(excess)):
                found = self.D.repeated(rule.right, jet.unknown.coordinates, excess)
                break
        if without is None and order is None:
            self._images[g] = found
        return found


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


def jets_in(ring: Ring, element: Element, deep: bool = True) -> set[int]:
    """Positions of jets in an element, those inside of composites included."""
    found = set()
    for g in ring.positions(element):
        generator = ring.generators[g]
        if isinstance(generator, JetGenerator):
            found.add(g)
        elif deep:
            for argument in generator.arguments:
                found |= jets_in(ring, argument)
    return found


def order_of(ring: Ring, element: Element) -> int:
    """The highest order of derivatives; -1 where no unknown function stands in the element."""
    orders = [sum(jet.orders) for g in jets_in(ring, element) if isinstance(jet := ring.generators[g], JetGenerator)]
    return max(orders, default=-1)


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
        """Whether an element is one monomial of such generators."""
        return len(element.terms) == 1 and all(map(self.generator, self.ring.positions(element)))

    def clear(self, element: Element) -> Element:
        """Divide by content and by every power of a unit: no denominators, lowest powers zero."""
        if not element.terms:
            return element
        for _ in range(8):
            among = {g for g in self.ring.positions(element) if self.generator(g)}
            element = self.ring.divide_monomial(element, self.ring.common_monomial(element, among))
            expanded = self.ring.expanded(element)
            if expanded == element:
                break
            element = expanded
        if not element.terms:
            return element
        content, _, _ = self.ring.primitive(element)
        return element * (1 / Fraction(content))


class Elimination:
    """Solve rows for their highest derivatives.

    Args:
        ring: the ring.
        rows: what must vanish.
        unknowns: the unknown functions, in order of preference as pivots.
        metric: those of the metric: metric equations are solved for them, matter equations for the others.
        units: what cannot vanish.
        prolong: whether rules apply to derivatives of their jets.
        refuse: called with a row that has been reduced to something without unknowns; raises for a contradiction.
    """

    def __init__(
        self,
        ring: Ring,
        rows: Sequence[Row],
        unknowns: Sequence[Unknown],
        metric: Set[Unknown],
        units: Units,
        refuse: Callable[[Row], None],
        prolong: bool = True,
    ) -> None:
        self.ring = ring
        self.units = units
        self.unknowns = list(unknowns)
        self.metric = metric
        self.refuse = refuse
        self.solved = Solved(Rules(ring, prolong))
        self.originals = {row.label: row for row in rows}
        self.pending = [replace(r, element=units.clear(r.element)) for r in rows]

    def run(self) -> Solved:
        """The rules, the constraints, and what is implied or free."""
        self._drop()
        while (choice := self._unit_pivot() or self._uncovered_pivot()) is not None:
            row, g = choice
            self._insert(row, g)
        self.solved.constraints = self.pending
        if self.solved.rules.prolong:
            self.solved.free = tuple(u for u in self.unknowns if not self._covered(u))
        return self.solved

    def _covered(self, unknown: Unknown) -> bool:
        return any(rule.jet.unknown == unknown for rule in self.solved.rules.rules)

    def _drop(self) -> None:
        """Remove rows that vanish or repeat another."""
        kept: list[Row] = []
        for row in self.pending:
            same = any(row.element in (other.element, -other.element) for other in kept)
            if same or self.ring.is_zero(row.element):
                self.solved.implied.append(row.label)
                continue
            if not jets_in(self.ring, row.element) or self.units(row.element):
                self.refuse(row)
            kept.append(row)
        self.pending = kept

    def _insert(self, row: Row, g: int) -> None:
        jet = self.ring.generators[g]
        assert isinstance(jet, JetGenerator)
        parts = self.ring.collect(row.element, g)
        right = -parts.get(0, self.ring.zero) * parts[UNIT] ** -1
        self.pending.remove(row)
        self.solved.rules.add(Rule(jet, right, self.originals[row.label]))
        self.pending = [replace(r, element=self.units.clear(self.solved.rules.reduce(r.element))) for r in self.pending]
        self._drop()

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
            if order < 1:
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
            for g, coefficient in self._linear(row.element, order):
                jet = self.ring.generators[g]
                assert isinstance(jet, JetGenerator)
                if jet.unknown in self.unknowns and not self._covered(jet.unknown):
                    rank = (not self._akin(row, g), not self.units(coefficient), -order, len(row.element.terms))
                    found.append((rank, row, g))
        return min(found, key=lambda choice: choice[0])[1:] if found else None


def pseudo_remainder(ring: Ring, element: Element, divisor: Element, g: int) -> Element:
    """a^n element modulo divisor = a x + b, x the generator at a position: x -> -b with powers of a made up."""
    parts = ring.collect(divisor, g)
    a, b = parts[UNIT], parts.get(0, ring.zero)
    pieces: Mapping[int, Element] = ring.collect(element, g)
    shift = min(0, *pieces) if pieces else 0
    if shift < 0:
        pieces = ring.collect(Element(ring, {m - (shift << (BITS * g)): c for m, c in element.terms.items()}), g)
    degree = max(pieces, default=0) // UNIT
    return ring.sum(part * (-b) ** (e // UNIT) * a ** (degree - e // UNIT) for e, part in pieces.items())
