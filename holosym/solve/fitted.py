r"""Couplings that are to be found: an unknown function of `ansatz` where equations expect a coupling.

    V(phi) = u(phi; theta),      dV^(k)/dtheta = du^(k)/dtheta.

theta has the axes of an ensemble in front, and so have the arguments: a coefficient vector belongs to each seed,
and whatever axes an argument has after those of the seeds are points of that seed's function. Near the boundary the
argument may be a number with a remainder (`composition`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.composition import compose
from holosym.ansatz.function import Function, Jet, derivatives
from holosym.ansatz.remainder import Remainder
from holosym.ansatz.shapes import broadcast_shape
from holosym.solve.couplings import Orders


@dataclass(frozen=True)
class FittedCoupling:
    """A coupling of one argument from a function and its coefficients.

    Attributes:
        function: the function.
        theta: (P,), or (seeds, P) for an ensemble.
        values: those of an `Anchored` function, (conditions,) or (seeds, conditions), if it has none of its own.

    Raises:
        TypeError: from `jet`, several arguments, numbers other than tensors, or a number with a remainder where the
            function has knots: Taylor's formula does not know of them.
        ValueError: from `jet`, an argument without the axes of the seeds.
    """

    function: Function
    theta: Tensor
    values: Tensor | None = None

    def jet(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> Jet:
        """See `Coupling`. An argument (seeds, ...) or, without seeds, (...) gives entries of its shape.

        One number is the same argument for all seeds.
        """
        wanted = [order for (order,) in orders]
        if len(arguments) == 1 and isinstance(arguments[0], Remainder):
            if getattr(self.function, "intervals", 1) > 1:
                raise TypeError("a function with knots is not its Taylor series")
            return cast(Jet, compose(self._entries, arguments[0], wanted, getattr(self.function, "degree", None)))
        return self._entries(self._one(arguments), wanted)

    def sensitivity(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> Jet:
        """The derivatives by theta of the entries of the jet, each of the argument's shape and one axis P more."""
        x, shape = self._points(self._one(arguments))
        highest = max((order for (order,) in orders), default=0)
        found = self.function.sensitivity(self.theta, x, highest)
        return tuple(found[order].reshape(*shape, self.function.size) for (order,) in orders)

    def _entries(self, u: Tensor, orders: Sequence[int]) -> Jet:
        """The derivatives of these orders, of u's shape."""
        x, shape = self._points(u)
        if self.values is not None and not isinstance(self.function, Anchored):
            raise TypeError("values are those of an anchored function, and this one has no anchors")
        if isinstance(self.function, Anchored):
            found = self.function.derivatives(self.theta, x, orders, self.values)
        else:
            found = derivatives(self.function, self.theta, x, orders)
        return tuple(entry.reshape(shape) for entry in found)

    @staticmethod
    def _one(arguments: Sequence[Tensor]) -> Tensor:
        if len(arguments) != 1 or not isinstance(arguments[0], Tensor):
            raise TypeError("a fitted coupling is a function of one tensor")
        return arguments[0]

    def _points(self, u: Tensor) -> tuple[Tensor, torch.Size]:
        """The argument as (seeds, points), and the shape of the answer."""
        seeds = self.theta.shape[:-1]
        u = u if u.ndim else u.expand((1,) * len(seeds))
        own, points = u.shape[: len(seeds)], u.shape[len(seeds) :]
        if len(own) < len(seeds) or any(m != n and 1 not in (m, n) for m, n in zip(own, seeds, strict=True)):
            raise ValueError(f"an argument of shape {tuple(u.shape)} does not begin with the seeds {tuple(seeds)}")
        leading = broadcast_shape(own, seeds)
        return u.reshape(*own, -1), torch.Size((*leading, *points))
