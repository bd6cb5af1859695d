r"""Damped Gauss-Newton for over-determined, consistent systems.

At unknowns u with rows r(u) and Jacobian J, J^+ the weighted least-squares inverse, the iteration is

    p = -J^+ r(u),        u <- u + t p,        t = 1, 1/2, 1/4, ...,

with the first t whose next correction from the same Jacobian shrinks (Deuflhard's natural monotonicity test),

    || J^+ r(u + t p) || <= (1 - t/4) || p ||.

Both sides are distances in the fields, so the test does not care how rows are scaled; lowering the residual
itself forces tiny steps on these ill-conditioned systems. Near a solution the full step is taken and
convergence is quadratic; once a correction shrinks to a few percent, more follow from the same Jacobian
(`corrections`) and belong to the same iteration. A state counts as solved when every row's relative error is within
the tolerance and either the last step was full and so small that its square is rounding, or corrections are rounding.

Where a system has rows that cost less and are not as safe from rounding (`system.rough`), the iteration begins with
those, down to corrections of the size of ROUGH, and ends with corrections from the safe rows.

All states of a batch move together, each with its own t; a solved state moves no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.corrections import ROUNDING, Prepared
from holosym.solve.iteration import ROUGH, Run
from holosym.solve.system import HasRough, System

TOLERANCE = 1e-9
_HALVINGS = 12
_DERIVED = 100.0  # relative errors of rows, which have second derivatives, beside those of the unknowns
_CLOSE = 1e-4  # relative errors from which rough rows would not lead much nearer


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


class Stalled(SolveError):
    """An iteration that ended short of the tolerance.

    Attributes:
        unknowns: where it ended.
        residual: the largest relative error of any row there.
        still: whether it came to rest there; it ran out of steps otherwise.
        iterations: steps taken.
        failed: the states (...) that are no solution; the others are.
    """

    def __init__(
        self,
        message: str,
        mend: str,
        unknowns: Tensor,
        residual: float,
        *,
        still: bool,
        iterations: int,
        failed: Tensor,
    ) -> None:
        super().__init__(message, mend=mend)
        self.failed = failed
        self.unknowns, self.residual, self.still, self.iterations = unknowns, residual, still, iterations


def newton(
    system: System,
    start: Tensor,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = 50,
    inverse: Prepared | None = None,
    precision: float = ROUNDING,
    halvings: int = _HALVINGS,
) -> tuple[Tensor, Report]:
    """Solves `system` from unknowns `start` (..., N); leading dimensions are independent states.

    Args:
        system: the equations.
        start: the initial guess; it is broadcast to the batch of the system's rows.
        tolerance: the relative error that every row must reach.
        max_iterations: steps after which a state is given up.
        inverse: what stands for J^+ in the first step, if something near enough is known.
        precision: of the unknowns, relative; a larger one than rounding saves the last corrections. Rows need not be
            better than a hundred times this either.
        halvings: of a step, before it is given up; few of them where a failure shall be known soon.

    Returns:
        The unknowns (..., N), and how they were reached.

    Raises:
        SolveError: a row that is not finite, unknowns that no row determines, a point where the iteration
            stands still short of a solution, too many iterations (both `Stalled`). The message names the last
            residual's row.
    """
    rough = system.rough if isinstance(system, HasRough) else None
    if inverse is None:
        here = (rough or system).linearise(start)
    else:
        here = inverse.here._replace(residual=(rough or system).residual(start))
        if rough is not None and float(here.error().max()) < _CLOSE:
            rough, here = None, here._replace(residual=system.residual(start))
    unknowns = start.expand(*here.residual.shape[:-1], start.shape[-1])
    active = torch.ones(unknowns.shape[:-1], dtype=torch.bool, device=unknowns.device)
    run = Run(tolerance, max_iterations, unknowns, here, active, ~active, inverse, [here.error()], halvings)
    if rough is not None:
        run.tolerance = max(tolerance, ROUGH, _DERIVED * precision)
        run.until(rough, max(ROUGH, precision))
    if rough is None or precision <= ROUGH or (run.still | run.active).any():
        run.finish(system, max(tolerance, _DERIVED * precision), precision, again=rough is not None)
    if (run.still | run.active).any():
        raise _no_solution(system, run)
    moved = torch.stack([taken > 0 for taken in run.lengths])
    return run.unknowns, Report(moved.sum(dim=0), tuple(run.history), tuple(run.lengths))


def _no_solution(system: System, run: Run) -> Stalled:
    here, failed = run.here, run.still | run.active
    relative = torch.where(failed[..., None], here.residual.abs() / here.scale, 0.0)
    worst, row = relative.reshape(-1, relative.shape[-1]).amax(dim=0).max(dim=0)
    states = f" in {int(failed.sum())} of {failed.numel()} states" if failed.ndim else ""
    how = "the iteration ran out of steps" if run.active.any() else "the iteration stands still short of a solution"
    return Stalled(
        f"{how}{states}: after {len(run.lengths)} steps the last residual is {float(worst):.2e}, "
        f"largest in {system.row_name(int(row))}",
        "take more nodes if the fields vary fast, or start from a solution at nearby parameters",
        run.unknowns,
        float(worst),
        still=not bool(run.active.any()),
        iterations=len(run.lengths),
        failed=failed,
    )
