"""Rows that are not equations: a smoothness prior, observables and controls of states, several terms as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.ansatz.roughness import roughness, roughness_sensitivity
from holosym.fit.autograd_rows import rows_by_state
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
class StateRows:
    """One quantity of every state: (function(parts) - values)/errors of those that were chosen.

    Attributes:
        term: its name among the losses.
        function: the parts of theta to (S, n).
        count: n.
        chosen: (w,), which states.
        values, errors: (w,) each.
    """

    term: str
    layout: Layout
    function: Callable[[Mapping[str, Tensor]], Tensor]
    count: int
    chosen: Tensor
    values: Tensor
    errors: Tensor

    def residual(self, theta: Tensor) -> Tensor:
        """(S, w)."""
        return self._rows(self.function(self.layout.split(theta)))

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """(S, w) and (S, w, P)."""
        parts = self.layout.split(theta)
        seen, slopes = rows_by_state(lambda own: self.function(own)[..., None], parts, self.count)
        matrix = theta.new_zeros(len(theta), self.count, 1, self.layout.size)
        for name, slope in slopes.items():
            self.layout.add(matrix, name, slope)
        return self._rows(seen[..., 0]), matrix[:, self.chosen, 0] / self.errors[:, None]

    def _rows(self, seen: Tensor) -> Tensor:
        return (seen[..., self.chosen] - self.values) / self.errors


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
