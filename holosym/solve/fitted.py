r"""Couplings that are to be found: an unknown function of `ansatz` where equations expect a coupling.

    V(phi) = u(phi; theta),      dV^(k)/dtheta = du^(k)/dtheta.

theta has the axes of an ensemble in front, and so have the arguments: a coefficient vector belongs to each seed,
and whatever axes an argument has after those of the seeds are points of that seed's function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.function import Function, Jet
from holosym.solve.couplings import Orders


@dataclass(frozen=True)
class FittedCoupling:
    """A coupling of one argument from a function and its coefficients.

    Attributes:
        function: the function.
        theta: (P,), or (seeds, P) for an ensemble.
        values: those of an `Anchored` function, (conditions,) or (seeds, conditions), if it has none of its own.

    Raises:
        TypeError: from `jet`, several arguments, or numbers other than tensors.
        ValueError: from `jet`, an argument without the axes of the seeds.
    """

    function: Function
    theta: Tensor
    values: Tensor | None = None

    def jet(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> Jet:
        """See `Coupling`. An argument (seeds, ...) or, without seeds, (...) gives entries of its shape."""
        x, shape = self._points(arguments)
        highest = max((order for (order,) in orders), default=0)
        if self.values is None:
            found = self.function.jet(self.theta, x, highest)
        else:
            if not isinstance(self.function, Anchored):
                raise TypeError("values are those of an anchored function, and this one has no anchors")
            found = self.function.jet(self.theta, x, highest, self.values)
        return tuple(found[order].reshape(shape) for (order,) in orders)

    def sensitivity(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> Jet:
        """The derivatives by theta of the entries of the jet, each of the argument's shape and one axis P more."""
        x, shape = self._points(arguments)
        highest = max((order for (order,) in orders), default=0)
        found = self.function.sensitivity(self.theta, x, highest)
        return tuple(found[order].reshape(*shape, self.function.size) for (order,) in orders)

    def _points(self, arguments: Sequence[Tensor]) -> tuple[Tensor, torch.Size]:
        """The argument as (seeds, points), and the shape of the answer."""
        if len(arguments) != 1 or not isinstance(arguments[0], Tensor):
            raise TypeError("a fitted coupling is a function of one tensor")
        (u,) = arguments
        seeds = self.theta.shape[:-1]
        own, points = u.shape[: len(seeds)], u.shape[len(seeds) :]
        if len(own) < len(seeds) or any(m not in (1, n) and n != 1 for m, n in zip(own, seeds, strict=True)):
            raise ValueError(f"an argument of shape {tuple(u.shape)} does not begin with the seeds {tuple(seeds)}")
        leading = torch.broadcast_shapes(own, seeds)  # type: ignore[no-untyped-call]
        return u.reshape(*own, -1), torch.Size((*leading, *points))
