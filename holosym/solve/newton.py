r"""Damped Gauss-Newton for over-determined, consistent systems.

At unknowns u with rows r(u) and Jacobian J, J^+ the weighted least-squares inverse, the iteration is

    p = -J^+ r(u),        u <- u + t p,        t = 1, 1/2, 1/4, ...,

with the first t whose next correction from the same Jacobian shrinks (Deuflhard's natural monotonicity test),

    || J^+ r(u + t p) || <= (1 - t/4) || p ||.

Both sides are distances in the fields, so the test does not care how rows are scaled; lowering the residual
itself forces tiny steps on these ill-conditioned systems. Near a solution the full step is taken and
convergence is quadratic: a state counts as solved when every row's relative error is within the tolerance
and the last step was full and so small that its square is rounding.

All states of a batch move together, each with its own t; a solved state moves no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.least_squares import LeastSquares
from holosym.solve.system import Linearised, System

TOLERANCE = 1e-9
_SMALL_STEP = 1e-8
_HALVINGS = 12


@dataclass(frozen=True)
class Report:
    """How a solve went.

    Attributes:
        iterations: steps taken, by state (...).
        history: the largest relative error of any row, before the first step and after each, by state (...).
        lengths: the t of each iteration, by state (...); 0 for a state that did not move.
    """

    iterations: Tensor
    history: tuple[Tensor, ...]
    lengths: tuple[Tensor, ...]

    @property
    def residual(self) -> Tensor:
        """The last relative error, by state."""
        return self.history[-1]


def newton(
    system: System, start: Tensor, *, tolerance: float = TOLERANCE, max_iterations: int = 50
) -> tuple[Tensor, Report]:
    """Solves `system` from unknowns `start` (..., N); leading dimensions are independent states.

    Args:
        system: the equations.
        start: the initial guess; it is broadcast to the batch of the system's rows.
        tolerance: the relative error that every row must reach.
        max_iterations: steps after which a state is given up.

    Returns:
        The unknowns (..., N), and how they were reached.

    Raises:
        SolveError: a row that is not finite, unknowns that no row determines, a point where the iteration
            stands still short of a solution, too many iterations. The message names the last residual's row.
    """
    here = system.linearise(start)
    unknowns = start.expand(*here.residual.shape[:-1], start.shape[-1])
    active = torch.ones(unknowns.shape[:-1], dtype=torch.bool, device=unknowns.device)
    still = ~active
    history: list[Tensor] = [here.error()]
    lengths: list[Tensor] = []
    while active.any() and len(lengths) < max_iterations:
        _require_finite(system, here)
        inverse = LeastSquares(system, here)
        step = inverse.step(here.residual)
        length = torch.where(active, _step_length(system, inverse, unknowns, step, here, tolerance), 0.0)
        unknowns = unknowns + length[..., None] * step
        here = system.linearise(unknowns)
        history.append(here.error())
        lengths.append(length)
        small = _largest(step) <= _SMALL_STEP * (1 + _largest(unknowns))
        rest = active & ((length == 0) | ((length == 1) & small))
        still = still | (rest & ~(history[-1] <= tolerance))
        active = active & ~rest
    if (still | active).any():
        raise _no_solution(system, here, still, active, len(lengths))
    moved = torch.stack([length > 0 for length in lengths])
    return unknowns, Report(moved.sum(dim=0), tuple(history), tuple(lengths))


def _step_length(
    system: System, inverse: LeastSquares, unknowns: Tensor, step: Tensor, here: Linearised, tolerance: float
) -> Tensor:
    """By state, the first t = 1, 1/2, 1/4, ... that is good (monotone or within the tolerance); 0 if none.

    A trial where some row is not finite (a metric function gone negative under a root) is not good.
    """
    before = torch.linalg.vector_norm(step, dim=-1)
    length = torch.ones_like(before)
    good = torch.zeros_like(before, dtype=torch.bool)
    for _ in range(_HALVINGS):
        trial = system.residual(unknowns + length[..., None] * step)
        finite = trial.isfinite().all(dim=-1)
        trial = torch.where(finite[..., None], trial, torch.zeros_like(trial))
        after = torch.linalg.vector_norm(inverse.step(trial), dim=-1)
        within = here._replace(residual=trial).error() <= tolerance
        good = good | (finite & ((after <= (1 - length / 4) * before) | within))
        if good.all():
            break
        length = torch.where(good, length, length / 2)
    return torch.where(good, length, torch.zeros_like(length))


def _largest(values: Tensor) -> Tensor:
    return values.abs().amax(dim=-1)


def _require_finite(system: System, here: Linearised) -> None:
    """LAPACK answers NaN with misleading messages, so the first bad row is named before it is asked."""
    bad_value = ~(here.residual.isfinite() & here.scale.isfinite())
    bad = bad_value | ~here.jacobian.isfinite().all(dim=-1)
    if not bad.any():
        return
    row = int(bad.reshape(-1, bad.shape[-1]).any(dim=0).nonzero()[0])
    what = "not finite" if bad_value[..., row].any() else "finite with derivatives that are not"
    raise SolveError(
        f"{system.row_name(row)} is {what}: its residual is "
        f"{float(here.residual[..., row][bad[..., row]].reshape(-1)[0])}",
        mend="start from a guess on which every equation and coupling is finite",
    )


def _no_solution(system: System, here: Linearised, still: Tensor, active: Tensor, steps: int) -> SolveError:
    failed = still | active
    relative = torch.where(failed[..., None], here.residual.abs() / here.scale, 0.0)
    worst, row = relative.reshape(-1, relative.shape[-1]).amax(dim=0).max(dim=0)
    states = f" in {int(failed.sum())} of {failed.numel()} states" if failed.ndim else ""
    how = "the iteration ran out of steps" if active.any() else "the iteration stands still short of a solution"
    return SolveError(
        f"{how}{states}: after {steps} steps the last residual is {float(worst):.2e}, "
        f"largest in {system.row_name(int(row))}",
        mend="take more nodes if the fields vary fast, or start from a solution at nearby parameters",
    )
