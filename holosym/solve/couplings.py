r"""Couplings without a closed form, as a solver takes them: any derivative at any point.

Equations need V, V', V'' along the solution, the boundary series V''', V'''' ... at one point. A coupling
given as a function of tensors is differentiated forwards: for elementwise functions the derivative in the
direction of ones is the derivative at each point. The cost doubles with every order, so a coupling that is a
polynomial should say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

import torch
from torch import Tensor

Orders = tuple[int, ...]
Function = Callable[..., Tensor]


class Coupling(Protocol):
    """A coupling and all its derivatives."""

    def jet(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> tuple[Tensor, ...]:
        """The derivatives of the given orders, one order per argument, at `arguments`."""
        ...


class FunctionCoupling:
    """A coupling from an elementwise function of one tensor per argument, by automatic differentiation."""

    def __init__(self, function: Function) -> None:
        self.function = function

    def jet(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> tuple[Tensor, ...]:
        """See `Coupling`."""
        return tuple(_derivative(self.function, order)(*arguments) for order in orders)


class PolynomialCoupling:
    """sum_k c_k u^k of one argument, with coefficients that are numbers or tensors over the batch."""

    def __init__(self, coefficients: Sequence[float]) -> None:
        self.coefficients = tuple(coefficients)

    def jet(self, arguments: Sequence[Tensor], orders: Sequence[Orders]) -> tuple[Tensor, ...]:
        """See `Coupling`."""
        (u,) = arguments
        found = []
        for (order,) in orders:
            coefficients = list(self.coefficients)
            for _ in range(order):
                coefficients = [k * c for k, c in enumerate(coefficients)][1:]
            total = torch.zeros_like(u)
            for c in reversed(coefficients):
                total = total * u + c
            found.append(total)
        return tuple(found)


def _derivative(function: Function, order: Orders) -> Function:
    for place, count in enumerate(order):
        for _ in range(count):
            function = _partial(function, place)
    return function


def _partial(function: Function, place: int) -> Function:
    def derivative(*arguments: Tensor) -> Tensor:
        def along(one: Tensor) -> Tensor:
            return function(*arguments[:place], one, *arguments[place + 1 :])

        here = arguments[place]
        return cast(Tensor, torch.func.jvp(along, (here,), (torch.ones_like(here),))[1])

    return derivative


def coupling_orders(entry: Mapping[str, object]) -> Sequence[Orders]:
    """The orders of a coupling's jet in the package's convention."""
    return cast(Sequence[Any], entry["orders"])
