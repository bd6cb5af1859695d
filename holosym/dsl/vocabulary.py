"""The words in which something is written: the coordinates, profiles, fields, couplings and parameters of one chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Expr

from holosym.dsl.forms import GaugeField, ScalarField
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Parameter, Profile

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

Field = ScalarField | GaugeField


@dataclass(frozen=True)
class Vocabulary:
    """The words of a theory, or of a chart on it.

    Attributes:
        name: how a message calls the chart.
        coordinates: in the order of declaration.
        profiles: the unknown functions.
        fields: with their ansatz; None for one that these words cannot write down.
        couplings: the arguments of every coupling, by its name.
        parameters: the constants.
        positive: coordinates that are positive between the boundary and the horizon.
    """

    name: str
    coordinates: tuple[Coordinate, ...]
    profiles: tuple[Profile, ...]
    fields: dict[Field, Expr | None]
    couplings: dict[str, tuple[Expr, ...]]
    parameters: frozenset[Parameter]
    positive: frozenset[Coordinate]

    def find(self, name: str) -> Any:
        """What a name stands for: a field, a coupling (its name), a parameter, a profile, a coordinate; else None."""
        for kind in (self.fields, self.parameters, self.coordinates):
            for one in kind:
                if one.name == name:
                    return one
            if kind is self.fields and name in self.couplings:
                return name
        return next((p for p in self.profiles if p.func.name == name), None)

    def names(self) -> str:
        """All names that `find` knows, for a message."""
        found = [f.name for f in self.fields] + sorted(self.couplings) + sorted(p.name for p in self.parameters)
        return ", ".join(dict.fromkeys([*found, *(p.func.name for p in self.profiles)]))


def of_theory(theory: Theory) -> Vocabulary:
    """The words in which a theory was written."""
    expressions = [theory.metric, *theory.couplings.values(), *theory.couplings, *(f.ansatz for f in theory.fields)]
    expressions += [] if theory.lagrangian is None else [theory.lagrangian]
    return Vocabulary(
        theory.name,
        theory.coordinates,
        theory.profiles,
        {field: field.ansatz for field in theory.fields},
        arguments(expressions),
        frozenset(s for e in expressions for s in e.free_symbols if isinstance(s, Parameter)),
        frozenset([theory.radial] if theory.radial is not None and _positive(theory) else []),
    )


def arguments(expressions: Sequence[Expr]) -> dict[str, tuple[Expr, ...]]:
    """To what every coupling in some expressions is applied, by its name; the first in their order counts."""
    found: dict[str, tuple[Expr, ...]] = {}
    for expression in reversed(expressions):
        for applied in sorted(expression.atoms(AppliedCoupling), key=str, reverse=True):
            found[applied.func.base] = tuple(applied.args)
    return dict(sorted(found.items()))


def _positive(theory: Theory) -> bool:
    """Whether the radial coordinate is positive everywhere outside of the horizon."""
    ends = [theory.boundary, theory.wall if theory.horizon is None else theory.horizon]
    return all(end is None or end.is_negative is not True for end in ends)
