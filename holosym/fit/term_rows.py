"""Rows that are not equations: a smoothness prior, observables and controls of states, several terms as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.ansatz.roughness import roughness, roughness_sensitivity
from holosym.fit.autograd_rows import rows_jacobian
from holosym.fit.layout import Layout


class TermRows(Protocol):
    """Rows that are not equations: data, conditions, a prior."""

    @property
    def term(self) -> str:
        """Its name among the losses."""
        ...

    def residual(self, theta: Tensor) -> Tensor:
        """(S, w)."""
        ...

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """(S, w) and (S, w, P)."""
        ...


@dataclass(frozen=True)
class SmoothnessRows:
    """The third derivative of an unknown function, sqrt(w_q) u'''(x_q) with the weights of a quadrature.

    Attributes:
        term: its name among the losses.
        name: whose function.
    """

    term: str
    layout: Layout
    name: str
    function: Function

    def residual(self, theta: Tensor) -> Tensor:
        """(S, rows)."""
        return roughness(self.function, self.layout.split(theta)[self.name][..., 0, :])

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """(S, rows) and (S, rows, P)."""
        slopes = roughness_sensitivity(self.function, self.layout.split(theta)[self.name][..., 0, :])
        matrix = slopes.new_zeros(*slopes.shape[:-1], theta.shape[-1])
        matrix[..., self.layout.slices[self.name]] = slopes
        return self.residual(theta), matrix


@dataclass(frozen=True)
class SeenRows:
    """Rows that are few and see everything: (function(theta) - values)/errors.

    Attributes:
        term: its name among the losses.
        function: theta (S, P) to (S, w).
        values, errors: (w,) each.
    """

    term: str
    function: Callable[[Tensor], Tensor]
    values: Tensor
    errors: Tensor

    def residual(self, theta: Tensor) -> Tensor:
        """(S, w)."""
        return (self.function(theta) - self.values) / self.errors

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """(S, w) and (S, w, P)."""
        return rows_jacobian(self.residual, theta)


@dataclass(frozen=True)
class JointRows:
    """Several terms as one.

    Attributes:
        term: its name among the losses.
        members: what it is made of.
    """

    term: str
    members: tuple[TermRows, ...]

    def residual(self, theta: Tensor) -> Tensor:
        """(S, all rows)."""
        return torch.cat([member.residual(theta) for member in self.members], dim=-1)

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """(S, all rows) and (S, all rows, P)."""
        found = [member.jacobian(theta) for member in self.members]
        return torch.cat([rows for rows, _ in found], dim=-1), torch.cat([matrix for _, matrix in found], dim=-2)
