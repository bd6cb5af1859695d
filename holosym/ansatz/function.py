"""Unknown functions of one variable whose coefficients are a vector theta: what a fit fits.

All of them answer with jets, u and its derivatives, and with the derivatives of these by theta. Leading axes of
theta and of the points broadcast: one call serves all seeds of an ensemble, or all networks of a theory, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.shapes import broadcast_shape

Jet = tuple[Tensor, ...]
Blocks = tuple[tuple[int, ...], ...]


class Function(Protocol):
    """An unknown function of one variable on an interval; its coefficients are a vector.

    Attributes:
        interval: (a, b), where the function is meant to be used; nothing is clamped outside.
        size: the number of coefficients P.
        blocks: shapes of the parts of theta (weight matrices, biases) in order; their products sum to `size`.
    """

    @property
    def interval(self) -> tuple[float, float]: ...

    @property
    def size(self) -> int: ...

    @property
    def blocks(self) -> Blocks: ...

    def initial(self, generator: torch.Generator) -> Tensor:
        """Coefficients (P,) to start from, float64, drawn from `generator` alone."""
        ...

    def jet(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """The value and the derivatives up to `order`: theta (..., P) and x (..., m) to entries (..., m)."""
        ...

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """The derivative of each entry of the jet by theta: (..., m, P)."""
        ...


def derivatives(function: Function, theta: Tensor, x: Tensor, orders: Sequence[int]) -> Jet:
    """The derivatives of some orders, by `derivatives` of the function where it has that, or from its jet."""
    own = getattr(function, "derivatives", None)
    if own is not None:
        return tuple(own(theta, x, orders))
    jet = function.jet(theta, x, max(orders, default=0))
    return tuple(jet[order] for order in orders)


def common_leading(theta: Tensor, x: Tensor) -> torch.Size:
    """The leading axes that theta (..., P) and x (..., m) broadcast to."""
    return broadcast_shape(theta.shape[:-1], x.shape[:-1])


def require_interval(interval: tuple[float, float]) -> tuple[float, float]:
    """The interval with its ends as floats.

    Raises:
        ValueError: not a < b, both finite.
    """
    a, b = float(interval[0]), float(interval[1])
    if not (a < b and abs(a) < float("inf") and abs(b) < float("inf")):
        raise ValueError(f"no interval [{a}, {b}]: its ends must be finite and ascend")
    return a, b
