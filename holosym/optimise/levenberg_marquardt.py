r"""Levenberg-Marquardt with geodesic acceleration, for many seeds at once.

With weighted rows r(theta), loss |r|^2, and their Jacobian J, a step is

    p = -(J^T J + lambda)^(-1) J^T r,        a = -(J^T J + lambda)^(-1) J^T r'',
    r'' = (2/h) [ (r(theta + h p) - r(theta))/h - J p ],        theta <- theta + p + a/2,

r'' the second derivative along p by a finite difference, h = 0.1, with the acceleration a only where
2 |a| <= 0.75 |p| (Transtrum and Sethna 2012). The damping follows the ratio rho of the gain to the gain that
the linear model predicts (Nielsen 1999):

    rho > 0:  lambda <- lambda max(eta, 1 - (2 rho - 1)^3),  nu <- 2;      else  lambda <- nu lambda,  nu <- 2 nu,

with eta = 1/3 as he has it, or less where `shrink` is: then a step that fails sets eta to 1/3, and each that is good at
once squares it, so that the damping does not fall at every step to where it has just failed.

The linear algebra depends on the shape. Few unknowns: QR of J on top of sqrt(lambda), which does not square the
condition of J. Many unknowns and fewer rows: p = -J^T (J J^T + lambda)^(-1) r. Otherwise the normal equations.
The last two by Cholesky with one step of refinement. Every seed has its own damping and its own acceptance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.optimise.objective import Step, Weighted

Solve = Callable[[Tensor], Tensor]
_FEW = 200
_PROBE = 0.1
_ACCELERATION = 0.75
_NIELSEN = 1 / 3
_MOST = 1e8  # of the damping, in the units of the first one


@dataclass(frozen=True)
class LevenbergMarquardt:
    """The optimiser; its state is the damping of every seed, and whether it is stuck.

    A seed is stuck after a step in which every trial point failed, when its damping has grown as far as it can: from
    then on it has one trial a step, so that it does not hold up the others.

    Attributes:
        damping: the first lambda, in units of the largest squared column length of J.
        tries: trial points of one step before it is given up.
        accelerate: use the geodesic acceleration.
        shrink: the least factor of the damping after a good step: 1/3 as Nielsen has it; less for residuals that are
            few, smooth and costly.
    """

    damping: float = 1e-3
    tries: int = 10
    accelerate: bool = True
    shrink: float = _NIELSEN

    def start(self, theta: Tensor) -> dict[str, Tensor]:
        """A damping of zero stands for "not chosen yet": the first step takes its scale from J."""
        zero = theta.new_zeros(theta.shape[0])
        stuck = torch.zeros_like(zero, dtype=torch.bool)
        return {"damping": zero, "growth": zero + 2.0, "least": zero + self.shrink, "stuck": stuck}

    def retreat(self, state: dict[str, Tensor], seeds: Tensor) -> dict[str, Tensor]:
        """A hundred times more damping for the seeds (S,) whose step went wrong."""
        return {**state, "damping": torch.where(seeds, 100 * state["damping"], state["damping"])}

    def step(self, theta: Tensor, state: dict[str, Tensor], problem: Weighted) -> Step:
        """One accepted step of every seed that can find one.

        A seed whose trial points all fail keeps its place, with `accepted` False: it stands at a minimum as far as
        rounding can tell, or where the model is useless.
        """
        residual, jacobian = problem.rows(theta)
        loss = (residual**2).sum(dim=-1)
        gradient = _times(jacobian.mT, residual)
        largest = (jacobian**2).sum(dim=-2).amax(dim=-1)
        damping = torch.where(state["damping"] > 0, state["damping"], self.damping * largest)
        growth, least, found, best = state["growth"], state["least"], theta, loss
        accepted = failed = torch.zeros_like(loss, dtype=torch.bool)
        trying = ~accepted
        for _ in range(self.tries):
            move, step = self._move(problem, theta, residual, jacobian, damping)
            trial = problem.loss(theta + move)
            predicted = (step * (damping[..., None] * step - gradient)).sum(dim=-1)
            ratio = (loss - trial) / predicted
            good = trying & (trial < loss) & (ratio > 0)
            found = torch.where(good[..., None], theta + move, found)
            best = torch.where(good, trial, best)
            shrink = torch.maximum(1 - (2 * ratio - 1) ** 3, least)
            failed = failed | (trying & ~good)
            least = torch.where(failed, torch.full_like(least, _NIELSEN), least)
            grown = torch.minimum(damping * growth, _MOST * largest)
            damping = torch.where(good, damping * shrink, torch.where(trying, grown, damping))
            growth = torch.where(good, torch.full_like(growth, 2.0), torch.where(trying, 2 * growth, growth))
            accepted = accepted | good
            trying = trying & ~good & ~state["stuck"]
            if not bool(trying.any()):
                break
        calm = torch.where(failed, least, torch.clamp(least**2, min=self.shrink))
        return Step(found, {"damping": damping, "growth": growth, "least": calm, "stuck": ~accepted}, best, accepted)

    def _move(
        self, problem: Weighted, theta: Tensor, residual: Tensor, jacobian: Tensor, damping: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The whole step with its acceleration, and the plain step p, each (S, P)."""
        solve = _solver(jacobian, damping)
        step = solve(residual)
        if not self.accelerate:
            return step, step
        ahead = problem.residual(theta + _PROBE * step)
        bend = 2 / _PROBE * ((ahead - residual) / _PROBE - _times(jacobian, step))
        usable = bend.isfinite().all(dim=-1, keepdim=True)
        turn = solve(torch.where(usable, bend, torch.zeros_like(bend)))
        length = torch.linalg.vector_norm(step, dim=-1, keepdim=True)
        small = 2 * torch.linalg.vector_norm(turn, dim=-1, keepdim=True) <= _ACCELERATION * length
        return step + torch.where(usable & small, turn / 2, torch.zeros_like(turn)), step


def _solver(jacobian: Tensor, damping: Tensor) -> Solve:
    """right -> -(J^T J + lambda)^(-1) J^T right, factorised once."""
    rows, unknowns = jacobian.shape[-2:]
    if unknowns <= _FEW:
        return _by_qr(jacobian, damping)
    if rows < unknowns:
        dual = _by_cholesky(jacobian @ jacobian.mT, damping)
        return lambda right: -_times(jacobian.mT, dual(right))
    primal = _by_cholesky(jacobian.mT @ jacobian, damping)
    return lambda right: -primal(_times(jacobian.mT, right))


def _by_qr(jacobian: Tensor, damping: Tensor) -> Solve:
    """By QR of J above sqrt(lambda)."""
    unknowns = jacobian.shape[-1]
    unit = torch.eye(unknowns, dtype=jacobian.dtype, device=jacobian.device)
    stacked = torch.cat([jacobian, damping.sqrt()[..., None, None] * unit], dim=-2)
    q, r = torch.linalg.qr(torch.where(stacked.isfinite(), stacked, torch.zeros_like(stacked)))
    top = q[..., : jacobian.shape[-2], :]

    def solve(right: Tensor) -> Tensor:
        solution: Tensor = torch.linalg.solve_triangular(r, -_times(top.mT, right)[..., None], upper=True)
        return solution[..., 0]

    return solve


def _by_cholesky(square: Tensor, damping: Tensor) -> Solve:
    """right -> (square + lambda)^(-1) right, with one refinement; NaN where the factorisation fails."""
    unit = torch.eye(square.shape[-1], dtype=square.dtype, device=square.device)
    matrix = square + damping[..., None, None] * unit
    factor, info = torch.linalg.cholesky_ex(torch.where(matrix.isfinite(), matrix, unit))
    failed = (info != 0)[..., None]

    def solve(right: Tensor) -> Tensor:
        first = torch.cholesky_solve(right[..., None], factor)
        better = first + torch.cholesky_solve(right[..., None] - matrix @ first, factor)
        return torch.where(failed, torch.full_like(right, torch.nan), better[..., 0])

    return solve


def _times(matrix: Tensor, vector: Tensor) -> Tensor:
    """Batched matrix times vector."""
    product: Tensor = (matrix @ vector[..., None])[..., 0]
    return product
