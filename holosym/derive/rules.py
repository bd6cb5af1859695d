"""Rules  jet -> right-hand side , and normal forms modulo them and their derivatives."""

from __future__ import annotations

from dataclasses import dataclass

from holosym.jets.content import cancelled
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring


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


ROUNDS = 24


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
        """Add a rule; `finish` reduces right-hand sides by rules that came later."""
        self.rules.append(rule)
        self._images.clear()

    def entangled(self) -> list[Rule]:
        """Rules whose jet comes back in its own right-hand side modulo all rules: f'' by chi'', chi' by f'."""
        return [rule for rule in self.rules if self.ring.index(rule.jet) in self._reached(self.ring.index(rule.jet))]

    def _reached(self, start: int) -> set[int]:
        """Jets that repeated reduction puts in the place of a jet: finitely many, for no order grows."""
        found: set[int] = set()
        waiting = [start]
        while waiting:
            image = self._image(waiting.pop(), None, None)
            new = jets_in(self.ring, image) - found if image is not None else set()
            found |= new
            waiting += new
        return found

    def withdraw(self, rule: Rule) -> None:
        """Take a rule back."""
        self.rules.remove(rule)
        self._images.clear()

    def finish(self) -> None:
        """Reduce every right-hand side by all rules."""
        for i, one in enumerate(self.rules):
            self.rules[i] = Rule(one.jet, cancelled(self.reduce(one.right)), one.row)
            self._images.clear()

    def prolonged(self) -> Rules:
        """The same rules, applied to derivatives of their jets too."""
        made = Rules(self.ring)
        made.rules = list(self.rules)
        return made

    def reduce(self, element: Element, without: Rule | None = None, order: int | None = None) -> Element:
        """The normal form modulo the rules; `without` leaves one out, `order` keeps to rules of one order."""
        for _ in range(ROUNDS):
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
