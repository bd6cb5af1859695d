r"""One layer of a network acting on power series, with its derivative written out.

The coefficients of t^0 ... t^K stand side by side along the points' axis. With Z the series that enters,

    A = W Z + b,      Y = f(A),      S = f'(A)        (all products of series).

A change of A changes Y by S dA, again a product of series. So the gradient G = dL/dY goes back as

    dL/dA_j = sum_{k >= j} S_{k-j} G_k,
    dL/dW = dL/dA Z^T,      dL/db = sum over points of dL/dA_0,      dL/dZ = W^T dL/dA,

less than automatic differentiation of the recursions for Y would do. Where the gradient itself is to be
differentiated, S is made anew, as a function of W, b and Z.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from holosym.ansatz.taylor import ACTIVATIONS, Series


def layer(weight: Tensor, bias: Tensor, entering: Tensor, activation: str, order: int, omega: float = 1.0) -> Tensor:
    """The series f(omega (W z + b)).

    Args:
        weight: (..., n, m).
        bias: (..., n, 1).
        entering: (..., m, (order + 1) points), the coefficients one after the other.
        activation: a name of `taylor.ACTIVATIONS`.
        order: K.
        omega: the frequency.

    Returns:
        (..., n, (order + 1) points).
    """
    if torch.compiler.is_compiling() or not torch.is_grad_enabled():
        return _forward(weight, bias, entering, activation, order, omega)[0]
    found: tuple[Tensor, ...] = _Layer.apply(weight, bias, entering, activation, order, omega)  # type: ignore[no-untyped-call]
    return found[0]


def split(stacked: Tensor, order: int) -> Series:
    """(..., (order + 1) points) to the coefficients (..., points)."""
    return list(stacked.unflatten(-1, (order + 1, -1)).unbind(-2))  # type: ignore[no-untyped-call]


def joined(series: Series) -> Tensor:
    """The inverse of `split`."""
    return torch.stack(series, dim=-2).flatten(-2)


def _forward(
    weight: Tensor, bias: Tensor, entering: Tensor, activation: str, order: int, omega: float
) -> tuple[Tensor, Series]:
    """Y, and S by its coefficients."""
    linear = split(weight @ entering, order)
    linear[0] = linear[0] + bias
    if omega != 1.0:
        linear = [entry * omega for entry in linear]
    value, slope = ACTIVATIONS[activation](linear, order)
    return joined(value), slope if omega == 1.0 else [entry * omega for entry in slope]


class _Layer(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(
        weight: Tensor, bias: Tensor, entering: Tensor, activation: str, order: int, omega: float
    ) -> tuple[Tensor, ...]:
        value, slope = _forward(weight, bias, entering, activation, order, omega)
        return value, *slope

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        _, *slope = output
        ctx.mark_non_differentiable(*slope)
        ctx.save_for_backward(*inputs[:3], *slope)
        ctx.how = inputs[3:]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        weight, bias, entering, *slope = ctx.saved_tensors
        if torch.is_grad_enabled():
            slope = _forward(weight, bias, entering, *ctx.how)[1]
        order = len(slope) - 1
        parts = split(gradient, order)
        linear = [_transposed(slope, parts, j) for j in range(order + 1)]
        by_linear = joined(linear)
        wanted = ctx.needs_input_grad
        return (
            (by_linear @ entering.mT).sum_to_size(weight.shape) if wanted[0] else None,
            linear[0].sum(dim=-1, keepdim=True).sum_to_size(bias.shape) if wanted[1] else None,
            (weight.mT @ by_linear).sum_to_size(entering.shape) if wanted[2] else None,
            None,
            None,
            None,
        )


def _transposed(slope: Series, gradient: Series, j: int) -> Tensor:
    """dL/dA_j."""
    total = slope[0] * gradient[j]
    for k in range(j + 1, len(slope)):
        total = torch.addcmul(total, slope[k - j], gradient[k])
    return total
