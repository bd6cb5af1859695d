r"""A system on an interval, reduced: the motion solves the equations for given unknowns, which alone are fitted.

With collocation rows F(u; theta) = 0 and the data seen through the interpolation matrix P,

    r = (P u - data)/error,        dr/dtheta = -P J^+ F_theta / error,

F_theta from the generated linearisation by couplings and parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid
from holosym.errors import FitError, SolveError
from holosym.fit.layout import Layout
from holosym.fit.seeds import by_term, joined_seeds, nearest_rows, pairs_by_term
from holosym.fit.term_rows import TermRows
from holosym.solve.collocation import Collocation, CouplingFunction
from holosym.solve.conditions import BoundaryCondition
from holosym.solve.couplings import Coupling, coupling_orders
from holosym.solve.fitted import FittedCoupling
from holosym.solve.least_squares import LeastSquares
from holosym.solve.newton import Stalled, newton
from holosym.solve.package import GeneratedPackage

_MOST = 20
_NEAR = 1e-3  # a residual with which an iteration that stands still has found all that rounding lets it
_ROUNDING = "this is rounding: give fewer [interval] nodes, of which it grows with the fourth power, or more tolerance"


@dataclass(frozen=True)
class Seen:
    """Measured points of one profile: `term`, `profile`, and (w,) each."""

    term: str
    profile: str
    where: Tensor
    values: Tensor
    errors: Tensor


@dataclass
class ReducedSystem:
    """The objective.

    Attributes:
        grid: Chebyshev nodes on the interval.
        conditions: initial or boundary conditions.
        layout: unknown couplings and parameters.
        fixed, known: parameters and couplings with a value.
        seen: the data.
        others: rows that need no solution, such as a smoothness prior.
        tolerance: relative error of the equations.
    """

    package: GeneratedPackage
    grid: ChebyshevGrid
    conditions: Sequence[BoundaryCondition]
    layout: Layout
    fixed: Mapping[str, float]
    known: Mapping[str, Coupling]
    seen: Sequence[Seen]
    others: Sequence[TermRows]
    tolerance: float
    theta: Tensor = field(init=False)
    states: Tensor = field(init=False)
    message: str = ""
    mend: str = ""

    def __post_init__(self) -> None:
        self.theta = torch.zeros(1, self.layout.size, dtype=self.grid.nodes.dtype)
        self.states = torch.zeros(1, len(self.grid) * len(self.package.PROFILES), dtype=self.grid.nodes.dtype)

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return self.layout.size

    def memory(self) -> dict[str, Tensor]:
        """The motion from which the next is guessed, by seed."""
        return {"theta": self.theta, "states": self.states}

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self.theta, self.states = memory["theta"], memory["states"]

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """Rows by term, each (S, w), without a graph; NaN for a seed whose equations have no solution."""
        self._for_seeds(theta)
        solved = [self._solved(seed, here) for seed, here in enumerate(theta.detach())]
        rows = [torch.stack([self._row(one, u) for u in solved]) for one in self.seen]
        return {
            **by_term([one.term for one in self.seen], rows),
            **{one.term: one.residual(theta.detach()) for one in self.others},
        }

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Rows by term with their derivatives (S, w, P)."""
        self._for_seeds(theta)
        found: list[list[tuple[Tensor, Tensor]]] = [[] for _ in self.seen]
        states, places = self.states.clone(), self.theta.clone()
        for seed, here in enumerate(theta.detach()):
            u = self._solved(seed, here)
            slopes = torch.full((self.states.shape[-1], self.size), torch.nan, dtype=u.dtype)
            if bool(u.isfinite().all()):
                slopes, states[seed], places[seed] = self._response(here, u), u, here
            for parts, one in zip(found, self.seen, strict=True):
                matrix = self._matrix(one.where) @ self._part(slopes.mT, one.profile).mT / one.errors[:, None]
                parts.append((self._row(one, u), matrix))
        self.states, self.theta = states, places
        rows = pairs_by_term([one.term for one in self.seen], [joined_seeds(parts) for parts in found])
        return {**rows, **{one.term: one.jacobian(theta) for one in self.others}}

    def solved(self, theta: Tensor) -> dict[str, Tensor]:
        """Nodal values (n,) of every profile at theta (P,).

        Raises:
            FitError: the equations have no solution there.
        """
        u = self._solved(int(nearest_rows(self.theta, theta[None])), theta)
        if not bool(u.isfinite().all()):
            raise FitError(f"the equations have no solution at the end of the fit: {self.message}")
        return {name: self._part(u, name) for name in self.package.PROFILES}

    def problem(self, theta: Tensor) -> Collocation:
        """The collocation problem at theta (P,)."""
        couplings = {**self.known, **self._unknown(theta)}
        return Collocation(
            self.package,
            self.grid,
            self.conditions,
            {**self.fixed, **{n: v[0, 0] for n, v in self.layout.numbers(self.layout.split(theta[None])).items()}},
            {name: _function(self.package, name, coupling) for name, coupling in couplings.items()},
        )

    def _unknown(self, theta: Tensor) -> dict[str, FittedCoupling]:
        parts = self.layout.split(theta[None])
        return {
            entry.name: FittedCoupling(entry.function, parts[entry.name][0, 0])
            for entry in self.layout.entries
            if entry.function is not None
        }

    def _for_seeds(self, theta: Tensor) -> None:
        """As many starts as there are seeds: those of the nearest ones, where their number is another."""
        if len(self.theta) != len(theta):
            near = nearest_rows(self.theta, theta)
            self.theta, self.states = self.theta[near], self.states[near]

    def _solved(self, seed: int, theta: Tensor) -> Tensor:
        """The motion (N,); NaN where there is none. A guess that is far is tried once more from rest."""
        for start in (self.states[seed], torch.zeros_like(self.states[seed])):
            try:
                return newton(self.problem(theta), start, tolerance=self.tolerance, max_iterations=_MOST)[0]
            except SolveError as error:
                self.message = error.message
                near = isinstance(error, Stalled) and error.still and error.residual < _NEAR
                self.mend = _ROUNDING if near else ""
        return torch.full_like(self.states[seed], torch.nan)

    def _response(self, theta: Tensor, u: Tensor) -> Tensor:
        """du/dtheta (N, P)."""
        problem, package = self.problem(theta), self.package
        state = problem.state(problem.jets(u))
        _, by_couplings, by_parameters = package.linearisation(*state)
        arguments = package.coupling_arguments(state[0], state[1], state[3])
        parts = self.layout.split(theta[None])
        slopes = {
            name: coupling.sensitivity(arguments[name], coupling_orders(package.COUPLINGS[name]))
            for name, coupling in self._unknown(theta).items()
        }
        blank = torch.zeros_like(self.grid.nodes)
        rows = []
        for name in package.EQUATIONS:
            total = blank.new_zeros(len(blank), self.size)
            for coupling, entries in by_couplings.get(name, {}).items():
                if coupling in slopes:
                    for i, partial in entries.items():
                        total[:, self.layout.slices[coupling]] += (partial + blank)[:, None] * slopes[coupling][i]
            for entry in self.layout.entries:
                if entry.function is None and entry.name in by_parameters.get(name, {}):
                    slope = entry.slope(parts[entry.name][0, 0])
                    total[:, self.layout.slices[entry.name]] += (by_parameters[name][entry.name] + blank)[
                        :, None
                    ] * slope
            rows.append(total)
        rows.append(blank.new_zeros(len(self.conditions), self.size))
        inverse = LeastSquares(problem, problem.linearise(u))
        return inverse.step(torch.cat(rows).mT).mT

    def _row(self, one: Seen, u: Tensor) -> Tensor:
        return (self._matrix(one.where) @ self._part(u, one.profile) - one.values) / one.errors

    def _part(self, u: Tensor, profile: str) -> Tensor:
        """The nodal values (..., n) of a profile among the unknowns (..., N)."""
        at = list(self.package.PROFILES).index(profile) * len(self.grid)
        return u[..., at : at + len(self.grid)]

    def _matrix(self, where: Tensor) -> Tensor:
        """(w, n): from nodal values to values at points."""
        unit = torch.eye(len(self.grid), dtype=where.dtype)
        return self.grid.interpolate(unit, where).mT


def _function(package: GeneratedPackage, name: str, coupling: Coupling) -> CouplingFunction:
    orders = coupling_orders(package.COUPLINGS[name])
    return lambda arguments: coupling.jet(arguments, orders)
