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
those, down to corrections of the size of _ROUGH, and ends with corrections from the safe rows.

All states of a batch move together, each with its own t; a solved state moves no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.corrections import (
    FAST,
    ROUNDING,
    STALE,
    Inverse,
    Prepared,
    Trial,
    attempt,
    corrected,
    length,
    squares_away,
)
from holosym.solve.least_squares import LeastSquares
from holosym.solve.system import HasRough, Linearised, System

TOLERANCE = 1e-9
_HALVINGS = 12
_ROUGH = 1e-7
_JUDGED = 1e-5  # rough rows cannot judge steps below its root
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
    run = _Run(tolerance, max_iterations, unknowns, here, active, ~active, inverse, [here.error()], halvings)
    if rough is not None:
        run.tolerance = max(tolerance, _ROUGH, _DERIVED * precision)  # below _ROUGH rough rows are rounding
        run.until(rough, max(_ROUGH, precision))
    if rough is None or precision <= _ROUGH or (run.still | run.active).any():
        run.finish(system, max(tolerance, _DERIVED * precision), precision, again=rough is not None)
    if (run.still | run.active).any():
        raise _no_solution(system, run)
    moved = torch.stack([taken > 0 for taken in run.lengths])
    return run.unknowns, Report(moved.sum(dim=0), tuple(run.history), tuple(run.lengths))


@dataclass
class _Run:
    """An iteration under way.

    Attributes:
        here: the rows and, where `inverse` is not given, their Jacobian at `unknowns`.
        active, still: states (...) that move, and that came to rest short of the tolerance.
        inverse: from an earlier point, if it may serve.
    """

    tolerance: float
    most: int
    unknowns: Tensor
    here: Linearised
    active: Tensor
    still: Tensor
    inverse: Inverse | None
    history: list[Tensor]
    halvings: int
    lengths: list[Tensor] = field(default_factory=list)

    def until(self, system: System, precision: float) -> None:
        """Iterates until every state is at rest to this precision, or the steps are used up."""
        while self.active.any() and len(self.lengths) < self.most:
            fresh = self.inverse is None  # a step from an old Jacobian is not shortened: there is a better one
            if self.inverse is None:
                _require_finite(system, self.here)
                self.inverse = LeastSquares(system, self.here)
            taken, trial = _damped(system, self.inverse, self, precision, self.halvings if fresh else 1)
            full = self.active & (taken == 1)
            judged = precision if precision <= ROUNDING else max(precision, _JUDGED)
            tiny = squares_away(trial.step, trial.unknowns, judged)
            rest = self.active & ((taken == 0) | (full & tiny)) if fresh else torch.zeros_like(full)
            more = full & ~rest if precision <= _ROUGH else full  # where no safe rows follow, these are the last digits
            again = more & ((trial.contraction <= (FAST if fresh else STALE)) | tiny)
            trial, settled = corrected(system, self.inverse, trial, again, precision)
            self.unknowns, self.here = trial.unknowns, self.here._replace(residual=trial.residual)
            error = self.here.error()
            final = precision <= ROUNDING
            if final and ((rest | settled) & ~(error <= self.tolerance)).any():  # the rows may have other sizes here
                error = system.linearise(self.unknowns).error()
            # Corrections that end short of the tolerance are at the end of the old Jacobian, not of the iteration.
            rest = rest | (settled & (error <= self.tolerance) if final else settled)
            self.history.append(error)
            self.lengths.append(taken)
            self.still = self.still | (rest & ~(self.history[-1] <= self.tolerance))
            self.active = self.active & ~rest
            if self.active.any():
                self._renew(system)

    def finish(self, system: System, tolerance: float, precision: float, *, again: bool) -> None:
        """Iterates on the safe rows; `again` after the rough ones, from where they came to rest."""
        self.tolerance = tolerance
        if again:
            self.active = torch.ones_like(self.active)
            self.still = ~self.active
            self.here = self.here._replace(residual=system.residual(self.unknowns))
            self.history[-1] = self.here.error()
        self.until(system, precision)

    def _renew(self, system: System) -> None:
        """The Jacobian where the states are now."""
        self.inverse, self.here = None, system.linearise(self.unknowns)
        self.history[-1] = torch.where(self.active, self.here.error(), self.history[-1])


def _damped(system: System, inverse: Inverse, run: _Run, precision: float, most: int) -> tuple[Tensor, Trial]:
    """By state, the first t = 1, 1/2, 1/4, ... that is good (monotone or within the tolerance), and where it leads.

    0 if none of `most` is good or the state is not active. A trial where some row is not finite (a metric function gone
    negative under a root) is not good. Rough rows cannot judge a step that is small, so it is good.
    """
    unknowns, here, tolerance = run.unknowns, run.here, run.tolerance
    step = inverse.step(here.residual)
    before, taken, good = length(step), run.active.to(step.dtype), ~run.active
    if precision > ROUNDING:
        good = good | squares_away(step, unknowns, max(precision, _JUDGED))
    for _ in range(most):
        trial = attempt(system, inverse, unknowns, taken[..., None] * step)
        within = here._replace(residual=trial.residual).error() <= tolerance
        good = (
            good | (length(trial.onward) <= (1 - taken / 4) * before) | (trial.onward.isfinite().all(dim=-1) & within)
        )
        if good.all():
            return taken, trial
        taken = torch.where(good, taken, taken / 2)
    stays = Trial(unknowns, here.residual, torch.zeros_like(step), step)
    kept = Trial(*(torch.where(good[..., None], new, old) for new, old in zip(trial, stays, strict=True)))
    return torch.where(good, taken, 0.0), kept


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


def _no_solution(system: System, run: _Run) -> Stalled:
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
