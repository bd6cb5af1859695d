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

from holosym.solve.system import Linearised, System

FAST = 0.02
STALE = 0.1
ROUNDING = 1e-16
_SHRINKS = 0.25
_MOST = 8
_UNITS = 40.0
_TINY = 1e-11


class Inverse(Protocol):
    """What stands for J^+ at some point."""

    def step(self, residual: Tensor) -> Tensor:
        """-J^+ residual, for rows (..., M)."""
        ...


class Prepared(Inverse, Protocol):
    """An inverse from elsewhere, with the sizes and weights of the rows."""

    @property
    def here(self) -> Linearised:
        """Rows near the point; only scale and weight are read."""
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


def corrected(
    system: System, inverse: Inverse, trial: Trial, eligible: Tensor, precision: float = ROUNDING
) -> tuple[Trial, Tensor]:
    """Applies corrections to the `eligible` states (...) as long as they shrink.

    Returns:
        Where that leads, and which states (...) have nothing left to correct that is above the precision or rounding.
    """
    settled = eligible & _negligible(trial, precision)
    moving = eligible & ~settled
    for _ in range(_MOST):
        if not moving.any():
            break
        following = attempt(system, inverse, trial.unknowns, torch.where(moving[..., None], trial.onward, 0.0))
        shrinks = moving & (following.contraction <= _SHRINKS)
        trial = Trial(*(torch.where(shrinks[..., None], new, old) for new, old in zip(following, trial, strict=True)))
        # What does not shrink is rounding if it is tiny, and of no use otherwise: it is not made in either case.
        tiny = largest(trial.onward) <= max(_TINY, precision) * (1 + largest(trial.unknowns))
        settled = settled | (moving & torch.where(shrinks, _negligible(trial, precision), tiny))
        moving = shrinks & ~settled
    return trial, settled


def attempt(system: System, inverse: Inverse, unknowns: Tensor, step: Tensor) -> Trial:
    """A full step, with the correction that follows; infinite where some row is not finite there."""
    there = unknowns + step
    residual = system.residual(there)
    finite = residual.isfinite().all(dim=-1, keepdim=True)
    onward = inverse.step(torch.where(finite, residual, 0.0))
    return Trial(there, residual, step, torch.where(finite, onward, torch.inf))


def squares_away(step: Tensor, unknowns: Tensor, precision: float = ROUNDING) -> Tensor:
    """By state, whether the square of a step is below the precision."""
    near: Tensor = largest(step) <= precision**0.5 * (1 + largest(unknowns))
    return near


def length(values: Tensor) -> Tensor:
    """Euclidean, by state."""
    size: Tensor = torch.linalg.vector_norm(values, dim=-1)
    return size


def largest(values: Tensor) -> Tensor:
    """The largest entry, by state."""
    size: Tensor = values.abs().amax(dim=-1)
    return size


def _negligible(trial: Trial, precision: float) -> Tensor:
    near: Tensor = largest(trial.onward) <= _UNITS * precision * (1 + largest(trial.unknowns))
    return near
