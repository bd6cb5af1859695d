r"""Simplified Newton: further steps from a Jacobian that is already factorised.

After a full step p_0 from the Jacobian J at u_0 the next correction from the same J,

    p_(k+1) = -J^+ r(u_k + p_k),

is known from the test of that step, and shrinks by about theta = || p_1 || / || p_0 || at a time. Where theta is
small, a few of these cost one evaluation of the rows each, and none of the Jacobian and its factorisation.
They end where the next would be rounding.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from holosym.solve.system import System

FAST = 0.02
_SHRINKS = 0.25
_MOST = 8
_ROUNDING = 4e-15


class Inverse(Protocol):
    """What stands for J^+ at some point."""

    def step(self, residual: Tensor) -> Tensor:
        """-J^+ residual, for rows (..., M)."""
        ...


class Trial(NamedTuple):
    """Where a step leads.

    Attributes:
        unknowns: (..., N).
        residual: the rows there (..., M).
        step: the step to here (..., N).
        onward: the next correction from the same Jacobian (..., N).
    """

    unknowns: Tensor
    residual: Tensor
    step: Tensor
    onward: Tensor

    @property
    def contraction(self) -> Tensor:
        """theta, by state (...); zero where there was nothing to do."""
        before, after = length(self.step), length(self.onward)
        return torch.where(after == 0, torch.zeros_like(after), after / before)


def corrected(system: System, inverse: Inverse, trial: Trial, eligible: Tensor) -> tuple[Trial, Tensor]:
    """Applies corrections to the `eligible` states (...) as long as they shrink.

    Returns:
        Where that leads, and which states (...) have nothing left to correct but rounding.
    """
    settled = eligible & _negligible(trial)
    moving = eligible & ~settled
    for _ in range(_MOST):
        if not moving.any():
            break
        following = attempt(system, inverse, trial.unknowns, torch.where(moving[..., None], trial.onward, 0.0))
        shrinks = moving & (following.contraction <= _SHRINKS)
        tiny = largest(trial.onward) <= small(trial.unknowns)
        # A correction that does not shrink is rounding if it is tiny; otherwise it is of no use and is not made.
        made = shrinks | (moving & tiny)
        trial = Trial(*(torch.where(made[..., None], new, old) for new, old in zip(following, trial, strict=True)))
        settled = settled | (made & (~shrinks | _negligible(trial)))
        moving = shrinks & ~settled
    return trial, settled


def attempt(system: System, inverse: Inverse, unknowns: Tensor, step: Tensor) -> Trial:
    """A full step, with the correction that follows; infinite where some row is not finite there."""
    there = unknowns + step
    residual = system.residual(there)
    finite = residual.isfinite().all(dim=-1, keepdim=True)
    onward = inverse.step(torch.where(finite, residual, 0.0))
    return Trial(there, residual, step, torch.where(finite, onward, torch.inf))


def small(unknowns: Tensor) -> Tensor:
    """The size of a step whose square is rounding, by state (...)."""
    return 1e-8 * (1 + largest(unknowns))


def length(values: Tensor) -> Tensor:
    """Euclidean, by state."""
    size: Tensor = torch.linalg.vector_norm(values, dim=-1)
    return size


def largest(values: Tensor) -> Tensor:
    """The largest entry, by state."""
    return values.abs().amax(dim=-1)


def _negligible(trial: Trial) -> Tensor:
    return largest(trial.onward) <= _ROUNDING * (1 + largest(trial.unknowns))
