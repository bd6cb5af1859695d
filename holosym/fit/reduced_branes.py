r"""Black branes, reduced: every state solves the equations for given couplings, and only the couplings are fitted.

State i has controls c_j(u_i; theta) = target_ij; an observable O gives the residual (O(u_i) - data_i)/error_i, with
derivatives by the implicit function theorem (`solve.sensitivity`),

    dO/dtheta = O_theta - O_u J^+ F_theta.

States are followed from theta to theta (`followed_states`). A theta for which some state has no solution gives rows
that are not numbers, which every optimiser takes for a step too far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.fit.followed_states import FollowedStates
from holosym.fit.layout import Layout
from holosym.fit.seeds import by_term, joined_seeds, pairs_by_term
from holosym.fit.term_rows import TermRows
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control
from holosym.solve.least_squares import LeastSquares
from holosym.solve.sensitivity import Observable, Sensitivity, with_controls
from holosym.solve.state import State

_NOTHING = 1e-300  # of data that all vanish


@dataclass(frozen=True)
class Measurement:
    """An observable of some of the states.

    Attributes:
        term: its name among the losses.
        function: of a state's scalars, in the units of the data.
        states: (w,), which states.
        values, errors: (w,) each.
    """

    term: str
    function: Observable
    states: Tensor
    values: Tensor
    errors: Tensor


@dataclass
class ReducedBranes:
    """The objective.

    Attributes:
        problem, layout, controls, tolerance, start, parameters: see `FollowedStates`.
        measurements: the data.
        others: rows that need no states, such as a smoothness prior.
        followed: the states.
    """

    problem: BoundaryValueProblem
    layout: Layout
    controls: tuple[Control, ...]
    measurements: Sequence[Measurement]
    others: Sequence[TermRows]
    tolerance: float
    start: Tensor
    parameters: Mapping[str, Observable] = field(default_factory=dict)
    followed: FollowedStates = field(init=False)
    _seen: dict[int, tuple[Tensor, list[Tensor]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.followed = FollowedStates(
            self.problem, self.layout, self.controls, self.tolerance, self.start, self.parameters
        )

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return self.layout.size

    @property
    def message(self) -> str:
        """Why the last state without a solution has none."""
        return self.followed.message

    def memory(self) -> dict[str, Tensor]:
        """What the next evaluation begins from, by seed."""
        return self.followed.memory()

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self._seen.clear()
        self.followed.restore(memory)

    def at(self, theta: Tensor) -> BoundaryValueProblem:
        """The problem at theta (P,)."""
        return self.followed.at(theta)

    def every_control(self, theta: Tensor) -> tuple[Control, ...]:
        """The controls, with those that hold the unknown parameters at their values."""
        return self.followed.every_control(theta)

    def solved(self, theta: Tensor) -> Tensor:
        """The states (n, N) at theta (P,).

        Raises:
            FitError: some have no solution.
        """
        return self.followed.nearest(theta)

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """Rows by term, each (S, w), without a graph; NaN for a seed with a state that has no solution."""
        self.followed.for_seeds(theta)
        seen = [self._observed(seed, here) for seed, here in enumerate(theta.detach())]
        values = [torch.stack(parts) for parts in zip(*seen, strict=True)]
        found = [(value - one.values) / one.errors for one, value in zip(self.measurements, values, strict=True)]
        rows = by_term([one.term for one in self.measurements], found)
        return {**rows, **{one.term: one.residual(theta.detach()) for one in self.others}}

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Rows by term with their derivatives (S, w, P); the states here become those that trials start from."""
        self.followed.for_seeds(theta)
        found = [self._linearised(seed, here) for seed, here in enumerate(theta.detach())]
        pairs = [joined_seeds(parts) for parts in zip(*found, strict=True)]
        rows = pairs_by_term([one.term for one in self.measurements], pairs)
        return {**rows, **{one.term: one.jacobian(theta) for one in self.others}}

    def _linearised(self, seed: int, theta: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Residuals and their derivatives of one seed, by measurement."""
        states = self.followed.solved(seed, theta)
        if states is None:
            nothing = [one.values * torch.nan for one in self.measurements]
            return [(nan, nan[:, None].expand(-1, self.size)) for nan in nothing]
        known = Sensitivity(self.at(theta), states, theta, self.followed.about)
        controls = self.every_control(theta)
        seen = known.scalars([*(c.function for c in controls), *(one.function for one in self.measurements)])
        slopes, inverse = self._response(known, controls, seen[2][:, : len(controls)])
        values, by_state, by_theta = (part[:, len(controls) :] for part in seen)
        self.followed.start_from(seed, theta, states, slopes, inverse, self._misfit(values))
        return self._rows(values, by_theta + by_state @ slopes)

    def _response(
        self, known: Sensitivity, controls: tuple[Control, ...], by_theta: Tensor
    ) -> tuple[Tensor, LeastSquares]:
        """du/dtheta (n, N, P) from that of the controls (n, controls, P) at fixed unknowns, and J^+."""
        theta, system = known.theta, known.problem.with_controls(controls)
        parts = self.layout.split(theta[None])
        for j, entry in enumerate((e for e in self.layout.entries if e.kind == "parameter"), start=len(self.controls)):
            by_theta[:, j, self.layout.slices[entry.name]] -= entry.slope(parts[entry.name][0, 0])
        rows = with_controls(known.rows(system), controls, by_theta)
        # Rough rows have the same Jacobian; the residual, which they do not care for, is not asked for.
        inverse = LeastSquares(system, (system.rough or system).linearised(known.here))
        return inverse.step(rows.movedim(-1, 0)).movedim(0, -1), inverse

    def _observed(self, seed: int, theta: Tensor) -> list[Tensor]:
        """All observables of a seed, by measurement; once for the same states."""
        states = self.followed.solved(seed, theta)
        if states is None:
            return [one.values * torch.nan for one in self.measurements]
        if seed not in self._seen or self._seen[seed][0] is not states:
            scalars = State(self.at(theta).fields, states).scalars
            blank = 0 * states[..., 0]
            self._seen[seed] = states, [(one.function(scalars) + blank)[one.states] for one in self.measurements]
        return self._seen[seed][1]

    def _misfit(self, values: Tensor) -> Tensor:
        """By how much the data that are met best are missed, in the root of the mean square, relative to their size."""
        pairs = [(values[one.states, q], one.values) for q, one in enumerate(self.measurements)]
        return torch.stack([(v - data).norm() / data.norm().clamp_min(_NOTHING) for v, data in pairs]).amin()

    def _rows(self, values: Tensor, slopes: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Residuals and their derivatives by measurement, from all observables (n, q) and theirs (n, q, P)."""
        return [
            (
                (values[one.states, q] - one.values) / one.errors,
                slopes[one.states, q] / one.errors[:, None],
            )
            for q, one in enumerate(self.measurements)
        ]
