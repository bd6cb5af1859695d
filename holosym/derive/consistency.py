"""Elimination for a model, and the refusal of an ansatz that its field equations contradict.

An equation left over is a contradiction where no profiles, couplings and parameters can solve it: it has become
a number, or something that cannot vanish (units), or a function of explicit coordinates with such a coefficient.
Closed forms of couplings are put in first. What merely restricts profiles is a constraint.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from holosym.derive.couplings import closed_couplings
from holosym.derive.elimination import Elimination, Solved
from holosym.derive.rules import Row, Unending, order_of
from holosym.derive.units import Units
from holosym.errors import InconsistentAnsatzError
from holosym.jets.composites import Compound, CosineSquared, CouplingJet, Exponential, Sine
from holosym.jets.element import BITS, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import CoordinateGenerator, Unknown
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy

if TYPE_CHECKING:
    from holosym.dsl.theory import Model


def eliminate(
    model: Model,
    ring: Ring,
    found: dict[str, Element],
    unknowns: list[Unknown],
    metric: set[Unknown],
    units: Units,
    active: Sequence[Any],
) -> Solved:
    """Solve field equations for their highest derivatives.

    Args:
        model: the model, for its closed couplings and for messages.
        ring: the ring of the equations.
        found: the field equations by label.
        unknowns: the unknown functions, in order of preference as pivots.
        metric: those of the metric.
        units: what cannot vanish.
        active: the coordinates that the unknowns depend on.

    Raises:
        InconsistentAnsatzError: for an equation left over that cannot hold.
    """
    judge = _Judge(model, ring, units)
    geometric = {label: label.startswith("einstein_") if metric else None for label in found}
    rows = [
        Row(label if k == 0 else f"{label}_{k + 1}", part, geometric[label])
        for label, element in found.items()
        for k, part in enumerate(independent_parts(ring, element, active))
    ]
    solved = None
    if all(len(u.coordinates) == 1 for u in unknowns):
        with contextlib.suppress(Unending):
            solved = Elimination(ring, rows, unknowns, metric, units, judge.refuse).run()
    if solved is None:
        solved = Elimination(ring, rows, unknowns, metric, units, judge.refuse, prolong=False).run()
    for row in solved.constraints:
        judge.refuse(row, row.element)
    return solved


def independent_parts(ring: Ring, element: Element, active: Sequence[Any]) -> list[Element]:
    """Coefficients of the independent functions of inactive coordinates (angles): each must vanish by itself."""

    def inactive(g: int) -> bool:
        generator = ring.generators[g]
        if isinstance(generator, CoordinateGenerator):
            return generator.symbol not in active
        return isinstance(generator, Sine | CosineSquared) and all(
            map(inactive, ring.positions(generator.arguments[0]))
        )

    for g in ring.positions(element):
        generator = ring.generators[g]
        mixed = isinstance(generator, Compound) and not isinstance(generator, CosineSquared)
        if mixed and any(map(inactive, ring.positions(generator.arguments[0]))):
            return [element]  # r^2 + a^2 cos(theta)^2: the angle does not separate term by term
    parts: dict[int, dict[int, Any]] = {}
    for monomial, coefficient in ring.expanded(element).terms.items():
        passive = sum(e << (BITS * g) for g, e in ring.decode(monomial) if inactive(g))
        parts.setdefault(passive, {})[monomial - passive] = coefficient
    if len(parts) == 1:
        return [element]
    return [Element(ring, terms) for _, terms in sorted(parts.items())]


class _Judge:
    """Decides whether a leftover equation can hold."""

    def __init__(self, model: Model, ring: Ring, units: Units) -> None:
        self.model = model
        self.ring = ring
        self.units = units
        self.put = Converter(ring, {}, closed_couplings(model))

    def refuse(self, row: Row, reduced: Element) -> None:
        """Refuse a row that cannot hold.

        Args:
            row: the row, without units.
            reduced: the same with its units, for the message.
        """
        if self.satisfiable(row.element):
            return
        raise InconsistentAnsatzError(
            f"the field equations of {self.model.name} contradict the ansatz: the equation {row.label} is left over "
            f"and cannot hold: {self._shown(reduced)} = 0",
            mend="give the ansatz the function that this equation asks for, or change the action",
            file=self.model.place.file,
            line=self.model.place.line,
        )

    def _closed(self, element: Element) -> Element:
        if self.put.closed and self._has_couplings(element):
            return self.put(to_sympy(element))
        return element

    def _shown(self, reduced: Element) -> Any:
        return to_sympy(self._closed(reduced))

    def _has_couplings(self, element: Element) -> bool:
        return any(isinstance(self.ring.generators[g], CouplingJet) for g in self.ring.positions(element))

    def satisfiable(self, element: Element) -> bool:
        """Whether a leftover equation can have a solution in profiles, couplings and parameters."""
        element = self.units.clear(self._closed(element))
        if self.ring.is_zero(element):
            return True
        if self.units(element):
            return False
        if order_of(self.ring, element) >= 0 or self._has_couplings(element):
            return True
        return all(to_sympy(part).is_zero is not False for part in self._by_coordinates(element))

    def _by_coordinates(self, element: Element) -> list[Element]:
        """Coefficients of the independent functions of the coordinates: each must vanish by itself."""
        parts: dict[int, dict[int, Any]] = {}
        for monomial, coefficient in element.terms.items():
            explicit = sum(
                e << (BITS * g)
                for g, e in self.ring.decode(monomial)
                if isinstance(self.ring.generators[g], CoordinateGenerator | Sine | Exponential)
            )
            parts.setdefault(explicit, {})[monomial - explicit] = coefficient
        return [Element(self.ring, terms) for terms in parts.values()]
