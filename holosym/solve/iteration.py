r"""The iteration of damped Gauss-Newton: steps, how far they are taken, and when a state is at rest.

`newton` says what it does; here is how a batch of states goes on together, each with its own t and its own end.
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
    Trial,
    attempt,
    corrected,
    length,
    squares_away,
)
from holosym.solve.least_squares import LeastSquares
from holosym.solve.system import Linearised, System

ROUGH = 1e-7  # below this, rough rows are rounding
_JUDGED = 1e-5  # rough rows cannot judge steps below its root


@dataclass
class Run:
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
            more = full & ~rest if precision <= ROUGH else full  # where no safe rows follow, these are the last digits
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


def _damped(system: System, inverse: Inverse, run: Run, precision: float, most: int) -> tuple[Tensor, Trial]:
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
