r"""States that are followed as the couplings change, seed by seed.

A trial theta' starts its states from

    u_i + (du_i/dtheta) (theta' - theta)

at the last theta whose Jacobian was asked for, with the inverse Jacobian J^+ of the states there, so that Newton has
little to do. A theta for which some state has no solution has none; so has one where this guess lies farther from u_i
than u_i is large: Newton would not arrive, and it takes long to say so. Trials are solved to as many digits as the
data can tell apart there (`start_from`); what is asked for by name is solved to all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.errors import FitError, SolveError
from holosym.fit.layout import Layout
from holosym.fit.seeds import nearest_rows
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.homotopy import ON_THE_WAY
from holosym.solve.least_squares import LeastSquares
from holosym.solve.newton import Stalled, newton
from holosym.solve.recoupled import recoupled
from holosym.solve.sensitivity import Observable, Unknowns

_FAR = 2.0  # the change of a profile, relative to its size, beyond which no guess is any good
_ROUGH = 1e-3  # the error, above their tolerance, of states with which a fit can still go on
PRECISION = 2e-14  # of the unknowns: the last digit costs as many rows as the two before it
_OF_MISFIT = 1e-3
_MOST, _HALVINGS = 8, 4  # steps of Newton, and halvings of one, after which a trial is a step too far


@dataclass
class FollowedStates:
    """Solutions at many theta, each from one nearby.

    Attributes:
        problem: the boundary value problem, with the known couplings and any for the unknown ones.
        layout: unknown couplings and parameters; a parameter is a free one of the problem.
        controls: of every state; targets (n,) where they differ.
        tolerance: the relative error of every row.
        start: (n, N), states at the layout's start, if only roughly.
        parameters: by unknown parameter, its value from a state's scalars, in the units that it is unknown in.
        theta, states, slopes: by seed, where trials start from: (S, P), (S, n, N), (S, n, N, P).
        precision: by seed, that of the unknowns in trials (S,).
        message: why the last state without a solution has none.
    """

    problem: BoundaryValueProblem
    layout: Layout
    controls: tuple[Control, ...]
    tolerance: float
    start: Tensor
    parameters: Mapping[str, Observable]
    theta: Tensor = field(init=False)
    states: Tensor = field(init=False)
    slopes: Tensor = field(init=False)
    precision: Tensor = field(init=False)
    message: str = ""
    _last: dict[int, tuple[Tensor, Tensor | None]] = field(init=False, default_factory=dict)
    _inverse: dict[int, LeastSquares] = field(init=False, default_factory=dict)
    _problem: tuple[Tensor, BoundaryValueProblem] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        nothing = torch.zeros(1, self.layout.size, dtype=self.start.dtype)
        self.theta, self.states = nothing, self.start[None]
        self.slopes = self.start.new_zeros(1, *self.start.shape, self.layout.size)
        self.precision = self.start.new_full((1,), PRECISION)

    def memory(self) -> dict[str, Tensor]:
        """Where the next states are guessed from, and the last ones that were solved for; by seed."""
        theta, states = torch.full_like(self.theta, torch.nan), torch.full_like(self.states, torch.nan)
        for seed, (at, found) in self._last.items():
            theta[seed] = at
            if found is not None:
                states[seed] = found
        here = {"theta": self.theta, "states": self.states, "slopes": self.slopes, "precision": self.precision}
        return {**here, "last_theta": theta, "last_states": states}

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self.theta, self.states, self.slopes = memory["theta"], memory["states"], memory["slopes"]
        self.precision = memory["precision"]
        self._forget()
        for seed, (at, states) in enumerate(zip(memory["last_theta"], memory["last_states"], strict=True)):
            if bool(at.isfinite().all()):
                self._last[seed] = at, (states if bool(states.isfinite().all()) else None)

    def for_seeds(self, theta: Tensor) -> None:
        """As many starts as there are seeds: those of the nearest ones, where their number is another."""
        if len(self.theta) != len(theta):
            near = nearest_rows(self.theta, theta)
            self.theta, self.states, self.slopes = self.theta[near], self.states[near], self.slopes[near]
            self.precision = self.precision[near]
            self._forget()

    def start_from(
        self, seed: int, theta: Tensor, states: Tensor, slopes: Tensor, inverse: LeastSquares, misfit: Tensor
    ) -> None:
        """Trials of a seed start from here, where the data are missed by `misfit`, relative to their size."""
        digits = (_OF_MISFIT * misfit).nan_to_num(nan=PRECISION).clamp(PRECISION, ON_THE_WAY)
        self.precision = _with_row(self.precision, seed, digits)
        self.theta, self.states, self.slopes = (
            _with_row(kept, seed, value)
            for kept, value in ((self.theta, theta), (self.states, states), (self.slopes, slopes))
        )
        self._inverse[seed] = inverse

    def _forget(self) -> None:
        self._last.clear()
        self._inverse.clear()

    def at(self, theta: Tensor) -> BoundaryValueProblem:
        """The problem at theta (P,)."""
        if self._problem is None or not torch.equal(self._problem[0], theta):
            self._problem = theta.clone(), recoupled(self.problem, self.about.couplings(theta))
        return self._problem[1]

    @property
    def about(self) -> Unknowns:
        """Which part of theta is which coupling."""
        entries = [entry for entry in self.layout.entries if entry.kind == "coupling"]
        functions = {entry.name: entry.function for entry in entries if entry.function is not None}
        return Unknowns(functions, {name: self.layout.slices[name] for name in functions}, self.layout.size)

    def every_control(self, theta: Tensor) -> tuple[Control, ...]:
        """The controls, with those that hold the unknown parameters at their values."""
        numbers = self.layout.numbers(self.layout.split(theta[None]))
        held = (Control(f"parameter {name}", self.parameters[name], value[0, 0]) for name, value in numbers.items())
        return (*self.controls, *held)

    def system(self, theta: Tensor) -> Controlled:
        """All rows at theta."""
        return self.at(theta).with_controls(self.every_control(theta))

    def nearest(self, theta: Tensor) -> Tensor:
        """The states (n, N) at theta (P,) to all digits, from those of the nearest seed.

        Raises:
            FitError: some have no solution.
        """
        seed = int(nearest_rows(self.theta, theta[None]))
        states = self.solved(seed, theta)
        if states is not None and float(self.precision[seed]) > PRECISION:
            states = self._newton(self.system(theta), states, self._near(seed), PRECISION)
        if states is None:
            raise FitError(f"a state of the fit has no solution: {self.message}", mend="run it again with fewer seeds")
        return states

    def solved(self, seed: int, theta: Tensor) -> Tensor | None:
        """The states (n, N) of a seed at theta (P,); None where some have no solution."""
        if seed in self._last and torch.equal(self._last[seed][0], theta):
            return self._last[seed][1]
        change = self.slopes[seed] @ (theta - self.theta[seed])
        found: Tensor | None = None
        if self._far(change, self.states[seed]):
            self.message = "the step is too long for the states to follow"
        else:
            digits = float(self.precision[seed])
            found = self._newton(self.system(theta), self.states[seed] + change, self._near(seed), digits)
        self._last[seed] = theta.clone(), found
        return found

    def _far(self, change: Tensor, states: Tensor) -> bool:
        """Whether some profile of some state would change by more than a few times its size."""
        moved, size = (self.problem.fields.split(one)[0] for one in (change, states))
        return any(bool((moved[n].abs().amax(-1) > _FAR * (1 + size[n].abs().amax(-1))).any()) for n in moved)

    def _near(self, seed: int) -> LeastSquares | None:
        """J^+ at the states that trials start from, made again after an interruption; None without slopes."""
        if seed not in self._inverse and bool(self.slopes[seed].any()):
            system = self.system(self.theta[seed])
            self._inverse[seed] = LeastSquares(system, (system.rough or system).linearise(self.states[seed]))
        return self._inverse.get(seed)

    def _newton(
        self, system: Controlled, guess: Tensor, inverse: LeastSquares | None, precision: float
    ) -> Tensor | None:
        """The solution near a guess. One a little short of its tolerance, for want of nodes, will do on the way."""
        try:
            return newton(
                system,
                guess,
                tolerance=self.tolerance,
                max_iterations=_MOST,
                inverse=inverse,
                precision=precision,
                halvings=_HALVINGS,
            )[0]
        except Stalled as error:
            self.message = error.message
            return error.unknowns if error.residual <= _ROUGH else None
        except SolveError as error:
            self.message = error.message
            return None


def _with_row(kept: Tensor, seed: int, value: Tensor) -> Tensor:
    """A copy: what `memory` gave away stays as it is."""
    new = kept.clone()
    new[seed] = value
    return new
