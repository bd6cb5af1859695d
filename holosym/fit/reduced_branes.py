r"""Black branes, reduced: every state solves the equations for given couplings, and only the couplings are fitted.

State i has controls c_j(u_i; theta) = target_ij; an observable O gives the residual (O(u_i) - data_i)/error_i, with
derivatives by the implicit function theorem (`solve.sensitivity`). A trial theta starts its states from

    u_i + (du_i/dtheta) (theta' - theta)

at the last theta whose Jacobian was asked for, so that Newton has one or two steps to do. A theta for which some
state has no solution gives rows that are not numbers, which every optimiser takes for a step too far. So does one
where this guess lies farther from u_i than u_i is large: Newton would not arrive, and it takes long to say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.errors import FitError, SolveError
from holosym.fit.layout import Layout
from holosym.fit.seeds import by_term, joined_seeds, nearest_rows, pairs_by_term
from holosym.fit.term_rows import TermRows
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.least_squares import LeastSquares
from holosym.solve.newton import Stalled, newton
from holosym.solve.recoupled import recoupled
from holosym.solve.sensitivity import Observable, Unknowns, row_slopes, scalar_slopes, with_controls
from holosym.solve.state import State

_FAR = 2.0  # the change of a profile, relative to its size, beyond which no guess is any good
_ROUGH = 1e-3  # the error, above their tolerance, of states with which a fit can still go on
_MOST = 8  # steps of Newton after which a trial is a step too far


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
        problem: the boundary value problem, with the known couplings and any for the unknown ones.
        layout: unknown couplings and parameters; a parameter is a free one of the problem.
        controls: of every state; targets (n,) where they differ.
        measurements: the data.
        others: rows that need no states, such as a smoothness prior.
        tolerance: the relative error of every row.
        start: (n, N), states at the layout's start.
    """

    problem: BoundaryValueProblem
    layout: Layout
    controls: tuple[Control, ...]
    measurements: Sequence[Measurement]
    others: Sequence[TermRows]
    tolerance: float
    start: Tensor
    theta: Tensor = field(init=False)
    states: Tensor = field(init=False)
    slopes: Tensor = field(init=False)
    message: str = ""
    _last: dict[int, tuple[Tensor, Tensor | None]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        nothing = torch.zeros(1, self.layout.size, dtype=self.start.dtype)
        self.theta, self.states = nothing, self.start[None]
        self.slopes = self.start.new_zeros(1, *self.start.shape, self.layout.size)

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return self.layout.size

    def memory(self) -> dict[str, Tensor]:
        """The states from which the next ones are guessed, by seed."""
        return {"theta": self.theta, "states": self.states, "slopes": self.slopes}

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self.theta, self.states, self.slopes = memory["theta"], memory["states"], memory["slopes"]
        self._last.clear()

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """Rows by term, each (S, w), without a graph; NaN for a seed with a state that has no solution."""
        self._for_seeds(theta)
        seen = [self._observed(here, self._solved(seed, here)) for seed, here in enumerate(theta.detach())]
        values = [torch.stack(parts) for parts in zip(*seen, strict=True)]
        found = [(value - one.values) / one.errors for one, value in zip(self.measurements, values, strict=True)]
        rows = by_term([one.term for one in self.measurements], found)
        return {**rows, **{one.term: one.residual(theta.detach()) for one in self.others}}

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Rows by term with their derivatives (S, w, P); the states here become those that trials start from."""
        self._for_seeds(theta)
        found: list[list[tuple[Tensor, Tensor]]] = []
        bases = []
        for seed, here in enumerate(theta.detach()):
            states = self._solved(seed, here)
            if states is None:
                bases.append((self.theta[seed], self.states[seed], self.slopes[seed]))
                nothing = [one.values * torch.nan for one in self.measurements]
                found.append([(nan, nan[:, None].expand(-1, self.size)) for nan in nothing])
                continue
            slopes = self._response(here, states)
            bases.append((here, states, slopes))
            found.append(self._rows(here, states, slopes))
        self.theta, self.states, self.slopes = (torch.stack(list(part)) for part in zip(*bases, strict=True))
        pairs = [joined_seeds(parts) for parts in zip(*found, strict=True)]
        rows = pairs_by_term([one.term for one in self.measurements], pairs)
        return {**rows, **{one.term: one.jacobian(theta) for one in self.others}}

    def solved(self, theta: Tensor) -> Tensor:
        """The states (n, N) at theta (P,), from those of the nearest seed.

        Raises:
            FitError: some have no solution.
        """
        states = self._solved(int(nearest_rows(self.theta, theta[None])), theta)
        if states is None:
            raise FitError(f"a state of the fit has no solution: {self.message}", mend="run it again with fewer seeds")
        return states

    def at(self, theta: Tensor) -> BoundaryValueProblem:
        """The problem at theta (P,)."""
        return recoupled(self.problem, self._about.couplings(theta))

    @property
    def _about(self) -> Unknowns:
        entries = [entry for entry in self.layout.entries if entry.kind == "coupling"]
        functions = {entry.name: entry.function for entry in entries if entry.function is not None}
        return Unknowns(functions, {name: self.layout.slices[name] for name in functions}, self.layout.size)

    def _for_seeds(self, theta: Tensor) -> None:
        """As many starts as there are seeds: those of the nearest ones, where their number is another."""
        if len(self.theta) != len(theta):
            near = nearest_rows(self.theta, theta)
            self.theta, self.states, self.slopes = self.theta[near], self.states[near], self.slopes[near]
            self._last.clear()

    def every_control(self, theta: Tensor) -> tuple[Control, ...]:
        """The controls, with those that hold the unknown parameters at their values."""
        numbers = self.layout.numbers(self.layout.split(theta[None]))
        return (*self.controls, *(_held(name, value[0, 0]) for name, value in numbers.items()))

    def _solved(self, seed: int, theta: Tensor) -> Tensor | None:
        if seed in self._last and torch.equal(self._last[seed][0], theta):
            return self._last[seed][1]
        change = self.slopes[seed] @ (theta - self.theta[seed])
        found: Tensor | None = None
        if self._far(change, self.states[seed]):
            self.message = "the step is too long for the states to follow"
        else:
            system = self.at(theta).with_controls(self.every_control(theta))
            found = self._newton(system, self.states[seed] + change)
        self._last[seed] = theta.clone(), found
        return found

    def _far(self, change: Tensor, states: Tensor) -> bool:
        """Whether some profile of some state would change by more than a few times its size."""
        moved, size = (self.problem.fields.split(one)[0] for one in (change, states))
        return any(bool((moved[n].abs().amax(-1) > _FAR * (1 + size[n].abs().amax(-1))).any()) for n in moved)

    def _newton(self, system: Controlled, guess: Tensor) -> Tensor | None:
        """The solution near a guess. One a little short of its tolerance, for want of nodes, will do on the way."""
        try:
            return newton(system, guess, tolerance=self.tolerance, max_iterations=_MOST)[0]
        except Stalled as error:
            self.message = error.message
            return error.unknowns if error.residual <= _ROUGH else None
        except SolveError as error:
            self.message = error.message
            return None

    def _response(self, theta: Tensor, states: Tensor) -> Tensor:
        """du/dtheta (n, N, P)."""
        problem, controls = self.at(theta), self.every_control(theta)
        system = problem.with_controls(controls)
        rows = row_slopes(system, states, theta, self._about)
        _, _, by_theta = scalar_slopes(problem, states, theta, self._about, [c.function for c in controls])
        parts = self.layout.split(theta[None])
        for j, entry in enumerate((e for e in self.layout.entries if e.kind == "parameter"), start=len(self.controls)):
            by_theta[:, j, self.layout.slices[entry.name]] -= entry.slope(parts[entry.name][0, 0])
        rows = with_controls(rows, controls, by_theta)
        inverse = LeastSquares(system, system.linearise(states))
        return inverse.step(rows.movedim(-1, 0)).movedim(0, -1)

    def _observed(self, theta: Tensor, states: Tensor | None) -> list[Tensor]:
        if states is None:
            return [one.values * torch.nan for one in self.measurements]
        scalars = State(self.at(theta).fields, states).scalars
        blank = 0 * states[..., 0]
        return [(one.function(scalars) + blank)[one.states] for one in self.measurements]

    def _rows(self, theta: Tensor, states: Tensor, slopes: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Residuals and their derivatives, by measurement."""
        functions = [one.function for one in self.measurements]
        values, by_state, by_theta = scalar_slopes(self.at(theta), states, theta, self._about, functions)
        every = by_theta + by_state @ slopes
        return [
            (
                (values[one.states, q] - one.values) / one.errors,
                every[one.states, q] / one.errors[:, None],
            )
            for q, one in enumerate(self.measurements)
        ]


def _held(name: str, value: Tensor) -> Control:
    return Control(f"parameter {name}", lambda scalars: torch.as_tensor(scalars.parameters[name]), value)
