"""What a summary asks of branes and of systems that were fitted in the reduced way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import FitError
from holosym.fit.given_states import first_state
from holosym.fit.measured import Measured
from holosym.fit.parts import Split
from holosym.fit.reduced_branes import ReducedBranes
from holosym.fit.reduced_system import ReducedSystem
from holosym.fit.views import GRID, Line
from holosym.solve.advance import SLACK
from holosym.solve.state import State


@dataclass(frozen=True)
class ReducedView:
    """See `views.View`."""

    objective: ReducedBranes
    data: Sequence[Measured]
    pieces: Sequence[Split]

    def profiles(self, theta: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Every profile at the nodes of the grid, (S, n, m); z_h = 1; NaN for a seed without states."""
        fields = self.objective.problem.fields
        x = fields.panels.nodes if fields.boundary.BOUNDARY == 0 else 1 / fields.panels.nodes
        return x, _by_seed(theta, self._values)

    def _values(self, theta: Tensor) -> dict[str, Tensor]:
        jets = State(self.objective.at(theta).fields, self.objective.solved(theta)).jets
        return {name: jet[0] for name, jet in jets.items()}

    def observed(self, theta: Tensor, part: Split) -> tuple[Tensor, Line | None]:
        """The observable at the data's own states."""
        states = self.objective.solved(theta[0])
        scalars = State(self.objective.at(theta[0]).fields, states).scalars
        offset = first_state(part.measured, self.data)
        one = next(m for m in self.objective.measurements if m.term == f"data {part.column.name}")
        return one.function(scalars)[offset : offset + len(part.measured)].detach(), None

    def reached(self, theta: Tensor) -> dict[str, tuple[float, float]]:
        """How far the arguments of the couplings reach."""
        objective = self.objective
        state = State(objective.at(theta[0]).fields, objective.solved(theta[0]))
        package = objective.problem.package
        jets = {p: tuple(state.jets[p][i[0]] for i in indices) for p, indices in package.PROFILES.items()}
        parameters = {
            name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
            for name, value in state.parameters.items()
        }
        nodes = state.fields.panels.nodes
        found = package.coupling_arguments({package.COORDINATES[0]: nodes}, jets, parameters)
        return {
            name: (float(a[a.isfinite()].min()), float(a[a.isfinite()].max()))
            for name, (a, *more) in found.items()
            if not more
        }

    def remark(self, theta: Tensor) -> str:
        """How well the states solve the equations: trials are allowed to do so roughly."""
        objective = self.objective
        system = objective.at(theta[0]).with_controls(objective.every_control(theta[0]))
        error = float(system.linearise(objective.solved(theta[0])).error().max())
        return _held(error, objective.tolerance)


@dataclass(frozen=True)
class MotionView:
    """The same of a system."""

    objective: ReducedSystem

    def profiles(self, theta: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Every profile on an even grid, (S, m); NaN for a seed without a motion."""
        grid = self.objective.grid
        x = torch.linspace(float(grid.nodes[0]), float(grid.nodes[-1]), GRID, dtype=theta.dtype)

        def values(one: Tensor) -> dict[str, Tensor]:
            return {name: grid.interpolate(value, x) for name, value in self.objective.solved(one).items()}

        return x, _by_seed(theta, values)

    def observed(self, theta: Tensor, part: Split) -> tuple[Tensor, Line | None]:
        """The profile where it was measured, and as a line."""
        values = self.objective.solved(theta[0])[part.column.observable]
        x, lines = self.profiles(theta)
        return self.objective.grid.interpolate(values, part.measured.where), (x, lines[part.column.observable][0])

    def reached(self, theta: Tensor) -> dict[str, tuple[float, float]]:
        """How far the arguments of the couplings reach."""
        problem = self.objective.problem(theta[0])
        values = self.objective.solved(theta[0])
        coordinates, jets, _, parameters = problem.state(problem.jets(problem.pack(values)))
        found = self.objective.package.coupling_arguments(coordinates, jets, parameters)
        return {name: (float(a.min()), float(a.max())) for name, (a, *more) in found.items() if not more}

    def remark(self, theta: Tensor) -> str:
        """How well the motion solves the equations."""
        problem = self.objective.problem(theta[0])
        error = float(problem.linearise(problem.pack(self.objective.solved(theta[0]))).error())
        return _held(error, self.objective.tolerance)


def _by_seed(theta: Tensor, values: Callable[[Tensor], dict[str, Tensor]]) -> dict[str, Tensor]:
    """The values of all seeds; one lost seed shall not take the others with it.

    Raises:
        FitError: no seed has a solution.
    """
    found: list[dict[str, Tensor] | None] = []
    lost: FitError | None = None
    for one in theta:
        try:
            found.append(values(one))
        except FitError as error:
            lost = error
            found.append(None)
    known = next((one for one in found if one is not None), None)
    if known is None:
        raise lost or FitError("there are no seeds")
    return {
        name: torch.stack([torch.full_like(like, torch.nan) if one is None else one[name] for one in found])
        for name, like in known.items()
    }


def _held(error: float, tolerance: float) -> str:
    text = f"The equations hold to {error:.1e}, relative to their terms"
    if error <= SLACK * tolerance:
        return f"{text}."
    return f"{text}, and not to the tolerance {tolerance:.0e}: take more nodes, or judge by this what the fit is worth."
