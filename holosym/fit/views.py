"""What a summary asks of a fit: fields on a grid, the fit where there are data, how far couplings' arguments reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.brane import BraneFields
from holosym.fit.given_states import GivenStates, first_state
from holosym.fit.measured import Measured
from holosym.fit.parts import Split
from holosym.solve.package import GeneratedPackage

GRID = 401
Line = tuple[Tensor, Tensor]


class View(Protocol):
    """See the module."""

    def profiles(self, theta: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Points x (m,), and every profile there, (S, m) or (S, n, m) with states."""
        ...

    def observed(self, theta: Tensor, part: Split) -> tuple[Tensor, Line | None]:
        """For one seed (1, P): the fitted values (w,) of an observable, and a line between and beyond the points."""
        ...

    def reached(self, theta: Tensor) -> dict[str, tuple[float, float]]:
        """For one seed (1, P): the least and the largest argument of every unknown coupling."""
        ...

    def remark(self, theta: Tensor) -> str:
        """For one seed (1, P): what a user should know of the solutions; may be empty."""
        ...


@dataclass(frozen=True)
class TrajectoryView:
    """Of a system, all at once."""

    objective: AllAtOnce
    functions: Mapping[str, Function]
    interval: tuple[float, float]

    def profiles(self, theta: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """See `View`."""
        x = torch.linspace(*self.interval, GRID, dtype=theta.dtype)
        parts = self.objective.layout.split(theta)
        return x, {name: one.jet(parts[name], x, 0)[0][:, 0] for name, one in self.functions.items()}

    def observed(self, theta: Tensor, part: Split) -> tuple[Tensor, Line | None]:
        """See `View`."""
        name = part.column.observable
        own = self.objective.layout.split(theta)[name]
        x, values = self.profiles(theta)
        return self.functions[name].jet(own, part.measured.where, 0)[0][0, 0], (x, values[name][0])

    def reached(self, theta: Tensor) -> dict[str, tuple[float, float]]:
        """See `View`."""
        return reached_by(self.objective, theta)

    def remark(self, theta: Tensor) -> str:
        """Nothing: the losses say how well the equations hold."""
        return ""


@dataclass(frozen=True)
class BraneView:
    """Of black branes, all at once."""

    objective: AllAtOnce
    fields: BraneFields
    given: GivenStates | None
    data: Sequence[Measured]

    def profiles(self, theta: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """See `View`."""
        parts = self.objective.layout.split(theta)
        jets = self.fields.jets(parts, self.objective.around(parts))
        return self.fields.coordinates()[self.fields.package.COORDINATES[0]], {p: jet[0] for p, jet in jets.items()}

    def observed(self, theta: Tensor, part: Split) -> tuple[Tensor, Line | None]:
        """See `View`."""
        assert self.given is not None, "there are no data without states"
        parts = self.objective.layout.split(theta)
        scalars = self.fields.scalars(parts, self.objective.around(parts))
        values, offset = (
            self.given.observable(part.column.observable)(scalars)[0],
            first_state(part.measured, self.data),
        )
        return values[offset : offset + len(part.measured)].detach(), None

    def reached(self, theta: Tensor) -> dict[str, tuple[float, float]]:
        """See `View`."""
        return reached_by(self.objective, theta)

    def remark(self, theta: Tensor) -> str:
        """Nothing: the losses say how well the equations hold."""
        return ""


def reached_by(objective: AllAtOnce, theta: Tensor) -> dict[str, tuple[float, float]]:
    """How far the arguments of the couplings reach on the collocation points."""
    parts = objective.layout.split(theta)
    around = objective.around(parts)
    jets = objective.fields.jets(parts, around)
    found = objective.package.coupling_arguments(objective.fields.coordinates(), jets, around[0])
    return {name: (float(a.min()), float(a.max())) for name, (a, *more) in found.items() if not more}


def argument_name(package: GeneratedPackage, coupling: str) -> str:
    """The profile that a coupling is a function of; "argument" where it is something else."""
    marks = {name: torch.tensor(float(i)) for i, name in enumerate(package.PROFILES, start=7)}
    zero = torch.tensor(0.0)
    jets = {name: (marks[name], *(zero for _ in indices[1:])) for name, indices in package.PROFILES.items()}
    coordinates = {name: torch.tensor(0.5) for name in package.COORDINATES}
    (seen, *_) = package.coupling_arguments(coordinates, jets, dict.fromkeys(package.PARAMETERS, 1.0))[coupling]
    return next((name for name, mark in marks.items() if bool(seen == mark)), "argument")
