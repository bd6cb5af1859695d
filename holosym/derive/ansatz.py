"""The ansatz in the ring: a theory's metric and fields as elements, and which coordinates its unknowns depend
on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from holosym.derive.action import Action
from holosym.derive.geometry import Geometry, Tensor
from holosym.derive.line_element import line_element
from holosym.dsl.forms import CoordinateDifferential, GaugeField, ScalarField, terms
from holosym.dsl.place import model_error
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory


@dataclass(frozen=True)
class Ansatz:
    """A theory's ansatz as elements of a ring."""

    theory: Theory
    ring: Ring
    metric: Tensor
    scalars: dict[ScalarField, Element]
    gauge: dict[GaugeField, Tensor]

    @property
    def coordinates(self) -> tuple[Any, ...]:
        """All coordinates, in the order of indices."""
        return self.theory.coordinates

    @property
    def active(self) -> tuple[Any, ...]:
        """The coordinates that unknown functions depend on, the radial one included."""
        found = {c for profile in self.theory.profiles for c in profile.args}
        if self.theory.radial is not None:
            found.add(self.theory.radial)
        return tuple(c for c in self.theory.coordinates if c in found)

    def action(self) -> Action:
        """The action on this ansatz."""
        geometry = Geometry(self.ring, self.coordinates, self.metric)
        return Action(self.theory, geometry, self.scalars, self.gauge)


def read(theory: Theory) -> Ansatz:
    """The ansatz of a theory.

    Raises:
        ModelError: for a degenerate metric.
    """
    ring = Ring()
    convert = Converter(ring, angles=True)
    metric = line_element(theory.metric, theory.coordinates, convert)
    determinant = Geometry(ring, theory.coordinates, metric).determinant
    if ring.is_zero(determinant):
        raise model_error(
            f"the metric of {theory.name} is degenerate: its determinant vanishes",
            mend="give every coordinate a term in the line element (off-diagonal ones count)",
            place=theory.place,
        )
    scalars = {one: convert(one.ansatz) for one in theory.scalars}
    gauge = {one: one_form(one, theory, convert) for one in theory.gauge_fields}
    return Ansatz(theory, ring, metric, scalars, gauge)


def one_form(one: GaugeField, theory: Theory, convert: Converter) -> Tensor:
    """Components of a one-form field's ansatz."""
    found: Tensor = {}
    for atom, coefficient in terms(one.ansatz).items():
        assert isinstance(atom, CoordinateDifferential)
        value = convert(coefficient)
        if value:
            found[(theory.coordinates.index(atom.coordinate),)] = value
    return found
