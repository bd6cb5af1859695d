r"""Networks side by side acting on power series, with their derivative by the weights written out.

Along x + t every quantity is a series in t with coefficients 0 ... K, kept as a list. With z^(0) = s, for hidden layers
l = 1 ... L of activation f,

    a^(l) = W^(l) z^(l-1) + b^(l),      z^(l) = f(a^(l)),      S^(l) = f'(a^(l)),      u = W^(L+1) z^(L) + b^(L+1)

(all products of series; b belongs to the value alone). A change of a changes z by S da, so that the gradients g_k of a
number by the coefficients of u go back as

    dL/da^(l)_j = sum_{k >= j} S^(l)_{k-j} dL/dz^(l)_k,         dL/dz^(l-1)_j = (W^(l))^T dL/da^(l)_j,
    dL/dW^(l) = sum_j dL/da^(l)_j (z^(l-1)_j)^T,                dL/db^(l) = sum over points of dL/da^(l)_0,

which is less than automatic differentiation of the recursions for f would do. Nothing is stacked or sliced in between.
On the last hidden layer dL/dz = (W^(L+1))^T g has rank one: its column is taken out of the sums, and multiplies
the matrices. Where the gradient itself is to be differentiated, z and S are made anew, as functions of W, b and s.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from holosym.ansatz.taylor import ACTIVATIONS, Series, to_derivatives

Layers = list[tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Form:
    """What networks side by side have in common.

    Attributes:
        widths: of the hidden layers.
        activation: a name of `taylor.ACTIVATIONS`.
        omega: multiplies the weights and biases of the hidden layers.
        slope: ds/dx.
    """

    widths: tuple[int, ...]
    activation: str
    omega: float
    slope: float

    def layers(self, theta: Tensor) -> Layers:
        """theta (B, P) to weights (B, n, m) and biases (B, n, 1), those of the hidden layers times omega."""
        sizes = list(itertools.pairwise((1, *self.widths, 1)))
        parts = torch.split(theta, [count for m, n in sizes for count in (n * m, n)], dim=-1)
        found = [
            (weight.reshape(-1, n, m), bias.unsqueeze(-1))
            for (m, n), weight, bias in zip(sizes, parts[::2], parts[1::2], strict=True)
        ]
        if self.omega == 1.0:
            return found
        return [*((weight * self.omega, bias * self.omega) for weight, bias in found[:-1]), found[-1]]


def jets(theta: Tensor, s: Tensor, form: Form, order: int) -> tuple[Tensor, ...]:
    """The networks' values and derivatives by x.

    Args:
        theta: (B, P), by rows the weights and biases of one network, layer by layer.
        s: (B or 1, points), what enters.
        form: of all of them.
        order: the highest derivative.

    Returns:
        By order, (B, points).
    """
    if torch.compiler.is_compiling() or not torch.is_grad_enabled():
        layers = form.layers(theta)
        return _outgoing(layers, hidden(layers, s, form, order)[0][-1], order)
    found: tuple[Tensor, ...] = _Networks.apply(theta, s, form, order)  # type: ignore[no-untyped-call]
    return found[: order + 1]


def hidden(layers: Layers, s: Tensor, form: Form, order: int) -> tuple[list[Series], list[Series]]:
    """What enters each layer, (B, n, points), the last included; and the slope dz/da of each hidden one, by order."""
    z: Series = [s.unsqueeze(-2)]
    if order:
        z.append(s.new_full((1, 1, 1), form.slope))
    entering, slopes = [z], []
    for weight, bias in layers[:-1]:
        if len(entering) == 1:
            linear = [torch.addcmul(bias, weight, z[0]), *(weight * entry for entry in z[1:])]
        else:
            linear = [torch.baddbmm(bias, weight, z[0]), *(torch.bmm(weight, entry) for entry in z[1:])]
        z, slope = ACTIVATIONS[form.activation](linear, order)
        entering.append(z)
        slopes.append(slope)
    return entering, slopes


def _outgoing(layers: Layers, z: Series, order: int) -> tuple[Tensor, ...]:
    """The last layer, and derivatives instead of coefficients."""
    weight, bias = layers[-1]
    out = [torch.baddbmm(bias, weight, z[0]), *(torch.bmm(weight, entry) for entry in z[1:])]
    return to_derivatives([entry.squeeze(-2) for entry in out], order)


class _Networks(torch.autograd.Function):
    @staticmethod
    def forward(theta: Tensor, s: Tensor, form: Form, order: int) -> tuple[Tensor, ...]:
        layers = form.layers(theta)
        entering, slopes = hidden(layers, s, form, order)
        kept = [entry for series in (*entering[1:], *slopes) for entry in series]
        return *_outgoing(layers, entering[-1], order), *kept

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        theta, s, ctx.form, ctx.order = inputs
        kept = output[ctx.order + 1 :]
        ctx.mark_non_differentiable(*kept)
        ctx.save_for_backward(theta, s, *kept)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        theta, s, *kept = ctx.saved_tensors
        form, order = ctx.form, ctx.order
        layers = form.layers(theta)
        if torch.is_grad_enabled():
            entering, slopes = hidden(layers, s, form, order)
        else:
            series = [list(kept[i : i + order + 1]) for i in range(0, len(kept), order + 1)]
            entering, slopes = [[s.unsqueeze(-2)], *series[: len(form.widths)]], series[len(form.widths) :]
        upper = [gradients[k].unsqueeze(-2) * float(math.factorial(k)) for k in range(order + 1)]
        by_theta, by_s = _transposed(layers, entering, slopes, upper, form)
        return by_theta, by_s.sum_to_size(s.shape) if ctx.needs_input_grad[1] else None, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], theta: Tensor, s: Tensor, form: Form, order: int) -> Any:
        """One more axis of networks is more networks."""
        many = info.batch_size
        theta = _spread(theta, in_dims[0], many)
        if in_dims[1] is not None or s.shape[0] != 1:
            s = _spread(s, in_dims[1], many)
            s = s.expand(many, theta.shape[1], -1).flatten(0, 1)
        found = _Networks.apply(theta.flatten(0, 1), s, form, order)  # type: ignore[no-untyped-call]
        return tuple(entry.unflatten(0, theta.shape[:2]) for entry in found), (0,) * len(found)


def _spread(value: Tensor, axis: int | None, many: int) -> Tensor:
    """With the new axis in front."""
    return value.expand(many, *value.shape) if axis is None else value.movedim(axis, 0)


def _transposed(
    layers: Layers, entering: list[Series], slopes: list[Series], upper: Series, form: Form
) -> tuple[Tensor, Tensor]:
    """The gradient by theta (B, P) and by s (B, points) from that by the coefficients of u, (B, 1, points)."""
    last = _products(upper, entering[-1])
    parts = [upper[0].sum(dim=-1), last.flatten(1)]  # from the last layer to the first
    column: Tensor | None = layers[-1][0].mT
    for depth in reversed(range(len(slopes))):
        weight = layers[depth][0]
        first = depth == 0
        found = [_by_linear(slopes[depth], upper, j) for j in range(min(2, len(upper)) if first else len(upper))]
        by_bias = found[0].sum(dim=-1, keepdim=True)
        if first:
            by_weight = found[0] @ entering[0][0].mT
            if len(found) > 1:
                by_weight = by_weight + form.slope * found[1].sum(dim=-1, keepdim=True)
        else:
            by_weight = _products(found, entering[depth])
        if column is not None:
            weight, by_weight, by_bias, column = weight * column, by_weight * column, by_bias * column, None
        if form.omega != 1.0:
            by_weight, by_bias = by_weight * form.omega, by_bias * form.omega
        parts += [by_bias.flatten(1), by_weight.flatten(1)]
        upper = [torch.bmm(weight.mT, entry) for entry in found[: 1 if first else None]]
    return torch.cat(parts[::-1], dim=-1), upper[0].squeeze(-2)


def _by_linear(slope: Sequence[Tensor], gradient: Sequence[Tensor], j: int) -> Tensor:
    """dL/da_j."""
    total = slope[0] * gradient[j]
    for k in range(j + 1, len(gradient)):
        total = torch.addcmul(total, slope[k - j], gradient[k])
    return total


def _products(left: Sequence[Tensor], right: Sequence[Tensor]) -> Tensor:
    """The sum of left_k right_k^T."""
    total = torch.bmm(left[0], right[0].mT)
    for one, other in zip(left[1:], right[1:], strict=True):
        total = torch.baddbmm(total, one, other.mT)
    return total
