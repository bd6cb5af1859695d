r"""Solving the rows of a horizon, derivative by derivative, in triangular form.

Rows of one order are taken together. A row that is linear in a jet of that order gives its value,

    alpha u + rho = 0     =>     u = -rho/alpha,

where rho may hold jets that are known already: nothing is put in, so that alpha stays one monomial nearly always (f' is
a symbol even where it is known itself). Only where two values would need each other, one is eliminated. What no row
gives is datum; a row that vanishes on all values, at a witness, is implied by the others; one that does not restricts
the data of lower order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from holosym.derive.rules import order_of
from holosym.errors import ExpansionError
from holosym.expand.horizon_rows import HorizonRow, HorizonUnits, jets_of, order_at
from holosym.expand.witness import Witness
from holosym.jets.content import divide_monomial, divided, primitive
from holosym.jets.element import BITS, UNIT, Element, exact
from holosym.jets.ring import Ring

Rank = tuple[Any, ...]

MOST = 50_000  # terms of a product while two values are disentangled


class HorizonElimination:
    """Values of jets at the horizon, one order after the other.

    Args:
        ring: the ring.
        units: what cannot vanish.
        preference: the rank of a jet as one to be solved for.
        values: filled with numerator and denominator of every jet solved for; the witness reads them.
        witness: what tells whether an element vanishes.
    """

    def __init__(
        self,
        ring: Ring,
        units: HorizonUnits,
        preference: Callable[[int], Rank],
        values: dict[int, tuple[Element, Element]],
        witness: Witness,
    ) -> None:
        self.ring = ring
        self.units = units
        self.preference = preference
        self.values = values
        self.witness = witness

    def run(self, rows: Sequence[HorizonRow]) -> None:
        """Solve all rows.

        Raises:
            ExpansionError: where they contradict each other or the horizon.
        """
        by_order: dict[int, list[HorizonRow]] = {}
        for row in rows:
            by_order.setdefault(order_of(self.ring, row.element), []).append(row)
        for order in sorted(by_order):
            self._level(order, sorted(by_order[order], key=HorizonRow.key))

    def _level(self, order: int, pending: list[HorizonRow]) -> None:
        left = []
        while pending:
            choices = [choice for row in pending for choice in self._choices(row, order)]
            if not choices:
                left += pending
                break
            _, row, g, blockers = min(choices, key=lambda choice: choice[0])
            pending.remove(row)
            if self.witness.vanishes(row.element):
                continue  # it follows from the values that are there
            if blockers:
                pending.append(self._without(row, max(blockers, key=self.preference)))
                continue
            self._solve(row.element, g)
        for row in left:
            self._constrain(row)

    def _choices(self, row: HorizonRow, order: int) -> Iterable[tuple[Rank, HorizonRow, int, set[int]]]:
        """Jets that a row can be solved for, with a rank: first come coefficients that no state makes zero."""
        inside = jets_of(self.ring, row.element)
        unknown = {g for g in inside if g not in self.values and order_at(self.ring, g) == order}
        composite = self._inside_composites(row.element)
        for g in sorted(unknown - composite):
            parts = self.ring.collect(row.element, g)
            if not set(parts) <= {0, UNIT}:
                continue
            coefficient = parts[UNIT]
            blockers = {x for x in inside if x in self.values and g in self._reach(x)}
            unit = self.units(coefficient)
            if not unit and self.witness.vanishes(coefficient):
                continue
            rank = (
                self.units.grade(coefficient),
                bool(blockers),
                len(unknown),
                not unit,
                len(coefficient.terms),
                *self.preference(g),
                *row.key(),
            )
            yield rank, row, g, blockers

    def _inside_composites(self, element: Element) -> set[int]:
        found = set()
        for g in self.ring.positions(element):
            for argument in self.ring.generators[g].arguments:
                found |= jets_of(self.ring, argument)
        return found

    def _reach(self, position: int) -> set[int]:
        """All jets that a value depends on, through other values too."""
        found: set[int] = set()
        waiting = [position]
        while waiting:
            g = waiting.pop()
            for part in self.values.get(g, ()):
                for other in jets_of(self.ring, part) - found:
                    found.add(other)
                    waiting.append(other)
        return found

    def _without(self, row: HorizonRow, x: int) -> HorizonRow:
        """A row with the value of a jet put in, and cleared."""
        if x in self._inside_composites(row.element):
            raise ExpansionError(f"at the horizon {self.ring.generator(self.ring.generators[x])} stands in a function")
        above, below = self.values[x]
        parts = self.ring.collect(row.element, x)
        top, lowest = max(parts) // UNIT, min(0, *parts) // UNIT
        size = sum(
            len(part.terms) * len(above.terms) ** (e // UNIT - lowest) * len(below.terms) ** (top - e // UNIT)
            for e, part in parts.items()
        )
        if size > MOST:
            raise ExpansionError(
                "the equations at the horizon couple too many derivatives to be solved one after the other",
                mend="choose functions in the metric ansatz so that the equations are less entangled",
            )
        total = self.ring.sum(
            part * above ** (e // UNIT - lowest) * below ** (top - e // UNIT) for e, part in parts.items()
        )
        return HorizonRow(row.label, row.times, self.units.clear(total))

    def _solve(self, element: Element, g: int) -> None:
        """The value of the jet at a position, from an element linear in it."""
        parts = self.ring.collect(element, g)
        self.values[g] = fraction(-parts.get(0, self.ring.zero), parts[UNIT])
        self.witness.forget()

    def shorten(self) -> None:
        """Denominators of several terms made one term, where another value does that.

        An equation that was multiplied by f has 2 f' + (what f' is equal to) in front of its highest derivative.
        """
        for g, (above, below) in sorted(self.values.items()):
            if len(below.terms) > 1:
                above, below = fraction(above, self._shortened(below, g))
                self.values[g] = reduced(above, below)

    def _shortened(self, coefficient: Element, g: int) -> Element:
        inside = jets_of(self.ring, coefficient)
        for x in sorted(self.values):
            if order_at(self.ring, x) > order_at(self.ring, g) or x == g or g in self._reach(x):
                continue
            above, below = self.values[x]
            if not inside & (jets_of(self.ring, above) | {x}):
                continue
            relation = below * Element(self.ring, {UNIT << (BITS * x): 1}) - above
            for m, c in relation.terms.items():
                for n, k in coefficient.terms.items():
                    rest = coefficient - relation * Element(self.ring, {n - m: exact(Fraction(k) / c)})
                    if len(rest.terms) == 1 and self.units.never_zero(rest):
                        return rest
        return coefficient

    def _constrain(self, row: HorizonRow) -> None:
        """A row that gives no jet of its order: implied, or a restriction of the data.

        Raises:
            ExpansionError: for a restriction that cannot be solved.
        """
        while not self.witness.vanishes(row.element):
            inside = jets_of(self.ring, row.element)
            order, free = self._free(inside)
            blockers = [x for x in inside if x in self.values and self._reach(x) & free]
            if blockers:
                row = self._without(row, max(blockers, key=lambda x: (order_at(self.ring, x), self.preference(x), x)))
                continue
            choices = list(self._choices(row, order))
            if self.units(row.element) or not choices:
                raise self._contradiction(row.element)
            self._solve(row.element, min(choices, key=lambda choice: choice[0])[2])
            return

    def _free(self, inside: set[int]) -> tuple[int, set[int]]:
        """What a row may restrict: jets without value, of the highest order that it reaches, and that order.

        Better those that no value of their own order needs: f' by A_t' says that A_t' is datum, and chi' is restricted.
        """
        reached = inside.union(*map(self._reach, inside)) - self.values.keys()
        order = max((order_at(self.ring, x) for x in reached), default=0)
        free = {x for x in reached if order_at(self.ring, x) == order}
        needed = set().union(*(self._reach(x) for x in self.values if order_at(self.ring, x) <= order))
        return order, free - needed or free

    def _contradiction(self, element: Element) -> ExpansionError:
        text = repr(element)
        if len(text) > 200:
            text = f"{text[:200]} ..."
        return ExpansionError(
            f"no regular, non-extremal horizon for free data: the equations ask for {text} = 0 there",
            mend="either the horizon is extremal (T = 0), or there is none, or the ansatz lacks a function "
            "(chi in g_tt, h along the brane) and has special solutions only",
        )

    def ordered(self) -> list[int]:
        """Positions of solved jets, each after those that its value needs."""
        made: dict[int, None] = {}

        def visit(g: int) -> None:
            if g in made or g not in self.values:
                return
            needs = {x for part in self.values[g] for x in jets_of(self.ring, part)}
            for x in sorted(needs, key=self._place):
                visit(x)
            made[g] = None

        for g in sorted(self.values, key=self._place):
            visit(g)
        return list(made)

    def _place(self, g: int) -> Rank:
        return (order_at(self.ring, g), *self.preference(g))


def reduced(above: Element, below: Element) -> tuple[Element, Element]:
    """A fraction whose denominator divides its numerator without denominator."""
    content, monomial, rest = primitive(above)
    quotient = divided(rest, below) if len(below.terms) > 1 else None
    if quotient is None:
        return above, below
    return quotient * Element(above.ring, {monomial: content}), above.ring.one


def fraction(above: Element, below: Element) -> tuple[Element, Element]:
    """A fraction without common monomials; a denominator of one term goes into the numerator."""
    content, monomial, rest = primitive(below)
    above = divide_monomial(above, monomial) / content
    if rest.terms[max(rest.terms)] < 0:
        above, rest = -above, -rest
    return above, rest
