"""Couplings of a chart in those of the theory.

    V_there(phi_there) = inverse of the coupling's rule at V(phi(phi_there)),

so that a derivative V'_there is SymPy's derivative of the right side, and a closed form goes the other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sympy import Dummy, Expr

from holosym.dsl.chart_rules import one_coupling
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import AppliedCoupling, coupling_head

if TYPE_CHECKING:
    from holosym.dsl.chart_map import ChartMap


class CouplingMap:
    """The way from a chart's couplings to the theory's.

    Args:
        way: the way of everything else.
    """

    def __init__(self, way: ChartMap) -> None:
        self.way = way
        self._known: dict[str, tuple[tuple[Dummy, ...], Expr]] = {}

    def __call__(self, applied: AppliedCoupling, place: Place) -> Expr:
        slots, value = self._there(applied.func.base, len(applied.args), place)
        for slot, order in zip(slots, applied.func.orders or (0,) * len(slots), strict=True):
            value = value.diff(slot, order) if order else value
        return value.xreplace({slot: self.way(a, place) for slot, a in zip(slots, applied.args, strict=True)})

    def _there(self, name: str, count: int, place: Place) -> tuple[tuple[Dummy, ...], Expr]:
        """A coupling of the chart as a function of its arguments, in the theory's couplings."""
        if name not in self._known:
            slots = tuple(Dummy(f"slot_{i}", real=True) for i in range(count))
            self._known[name] = (slots, self._in_slots(name, self.here(name, place), slots))
        return self._known[name]

    def here(self, name: str, place: Place) -> str:
        """The theory's coupling to which one of the chart belongs."""
        named = {one_coupling(n, value, self.way.place).func.base: n for n, value in self.way.rules.couplings.items()}
        ours = named.get(name, name)
        if ours not in self.way.here.couplings or (name not in named and name in self.way.rules.couplings):
            raise model_error(
                f"{name} is not a coupling of {self.way.here.name} in this chart",
                mend=f"use {', '.join(self.way.here.couplings) or 'no coupling'}, as its rules name it",
                place=place,
            )
        return ours

    def _in_slots(self, name: str, ours: str, slots: tuple[Dummy, ...]) -> Expr:
        arguments, rule = self.way.here.couplings[ours], self.way.rules.couplings.get(ours)
        if self.keeps(ours):
            return coupling_head(name)(*slots)
        theirs = self.printed(ours)
        if len(theirs) != len(slots):
            raise self.way.refused(ours, coupling_head(name)(*theirs), f"it has {len(theirs)} arguments")
        swap = dict(zip(theirs, slots, strict=True))
        forward = {
            f: self.way.rules.fields.get(f, other).xreplace(self.way.parameters | swap)
            for f, other in self.way.fields.items()
        }
        here = coupling_head(ours)(*(a.xreplace(forward) for a in arguments))
        if rule is None:
            return here
        symbol = Dummy(ours, real=True)
        (applied,) = rule.atoms(AppliedCoupling)
        solved = self.way.inverse(ours, symbol, rule.xreplace(self.way.parameters), applied)
        return solved.xreplace({symbol: here, **swap})

    def keeps(self, ours: str) -> bool:
        """Whether no rule touches a coupling of the theory or what it depends on."""
        touched = {s for a in self.way.here.couplings[ours] for s in a.free_symbols} & set(self.way.rules.fields)
        return ours not in self.way.rules.couplings and not touched

    def printed(self, ours: str) -> tuple[Expr, ...]:
        """The arguments of a coupling of the theory, in the chart's fields.

        Raises:
            ModelError: where they are not fields, so that a rule has no plain meaning.
        """
        rule = self.way.rules.couplings.get(ours)
        theirs = tuple(a.xreplace(dict(self.way.fields)) for a in self.way.here.couplings[ours])
        if rule is not None:
            theirs = one_coupling(ours, rule, self.way.place).args
        if not all(f in self.way.field_values for f in theirs):
            shown = coupling_head(ours)(*theirs)
            raise self.way.refused(
                ours, rule if rule is not None else shown, "its arguments are not fields of the chart"
            )
        return theirs


def closed_couplings(way: ChartMap, given: Mapping[AppliedCoupling, Expr], place: Place) -> dict[AppliedCoupling, Expr]:
    """Closed forms of the theory's couplings, of the theory's fields."""
    made = {}
    for applied, form in given.items():
        ours = way.couplings.here(applied.func.base, place)
        arguments = way.here.couplings[ours]
        rule = way.rules.couplings.get(ours)
        if way.couplings.keeps(ours):
            made[applied] = way(form, place)
            continue
        theirs = way.couplings.printed(ours)
        if len(applied.args) != len(theirs):
            raise model_error(
                f"{applied} has {len(applied.args)} arguments, and {ours} of {way.here.name} has {len(theirs)}",
                mend="give the closed form for as many fields",
                place=place,
            )
        in_fields = form.xreplace(dict(zip(applied.args, theirs, strict=True)))
        if rule is not None:
            in_fields = rule.xreplace(dict.fromkeys(rule.atoms(AppliedCoupling), in_fields))
        made[coupling_head(ours)(*arguments)] = way(in_fields, place)
    return made
