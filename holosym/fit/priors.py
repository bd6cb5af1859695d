"""Rows that are neither equations nor points: a smoothness prior, observables and controls of states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from holosym.ansatz.function import Function
from holosym.ansatz.roughness import roughness, roughness_sensitivity
from holosym.fit.autograd_rows import rows_jacobian
from holosym.fit.layout import Layout


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
