r"""Multilayer perceptrons of one variable whose derivatives are propagated forwards, all orders in one pass.

With s = (2 x - a - b)/(b - a) in [-1, 1] and L hidden layers of activation f with frequency omega,

    z^(0) = s,      a^(l) = W^(l) z^(l-1) + b^(l),      z^(l) = f(omega a^(l)),      u = W^(L+1) z^(L) + b^(L+1).

Along x + t each quantity is a power series in t (`taylor`), and `network` takes it through the layers, all networks
side by side. The derivatives by the weights are the same chain backwards, in the same arithmetic: with
d^(l)(t) = du/da^(l),

    d^(l) = omega f'(omega a^(l)) (W^(l+1))^T d^(l+1),      du/dW^(l) = d^(l) (z^(l-1))^T,      du/db^(l) = d^(l),

all products being of series. So one sweep gives the sensitivity of u and of all its derivatives.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from holosym.ansatz.function import Blocks, Jet, common_leading, require_interval
from holosym.ansatz.network import Form, hidden, jets
from holosym.ansatz.taylor import ACTIVATIONS, Series, multiply, product_entry, to_derivatives

_PIECE = 1 << 22  # numbers in one layer of one piece: 32 MB


@dataclass(frozen=True)
class Mlp:
    """A network 1 - widths - 1; theta holds W^(1), b^(1), W^(2), ... in order, each by rows.

    Attributes:
        widths: the widths of the hidden layers; at least one.
        interval: (a, b), scaled to [-1, 1].
        activation: "tanh", "silu" or "sin".
        omega: frequency that multiplies the pre-activations of all hidden layers. With "sin" it sets how fast the
            function may vary over the interval at the start (Sitzmann et al. 2020).

    Raises:
        ValueError: no hidden layer, an empty one, an unknown activation, a frequency or interval that is none.
    """

    widths: tuple[int, ...] = (32, 32)
    interval: tuple[float, float] = (0.0, 1.0)
    activation: str = "tanh"
    omega: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", require_interval(self.interval))
        object.__setattr__(self, "widths", tuple(int(width) for width in self.widths))
        if not self.widths or min(self.widths) < 1:
            raise ValueError(f"no network with hidden layers {self.widths}: at least one of width 1 or more")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"no activation {self.activation!r}: known are {', '.join(sorted(ACTIVATIONS))}")
        if not 0 < self.omega < math.inf:
            raise ValueError(f"omega = {self.omega}: the frequency is positive and finite")

    @property
    def blocks(self) -> Blocks:
        """Shapes of the weight matrices (out, in) and biases (out,), layer by layer."""
        sizes = (1, *self.widths, 1)
        return tuple(shape for m, n in itertools.pairwise(sizes) for shape in ((n, m), (n,)))

    @property
    def size(self) -> int:
        """The number of weights and biases."""
        return sum(math.prod(shape) for shape in self.blocks)

    def initial(self, generator: torch.Generator) -> Tensor:
        """Weights (P,) to start from.

        Glorot's uniform weights and zero biases; for "sin" those of Sitzmann et al. (2020), U(-1, 1) in the first
        layer and U(-c, c) with c = sqrt(6/n)/omega later, and phases: biases of the first layer within half a
        period. For one input tanh and silu have their first biases within their weights' range too, as
        otherwise every unit would have its centre at the middle of the interval.
        """
        parts = []
        for depth, (m, n) in enumerate(zip((1, *self.widths), (*self.widths, 1), strict=True)):
            weight = self._bound(depth, m, n)
            bias = 0.0 if depth else (math.pi / self.omega if self.activation == "sin" else weight)
            for count, bound in ((m * n, weight), (n, bias)):
                draw = torch.rand(count, generator=generator, dtype=torch.float64, device=generator.device)
                parts.append((2.0 * draw - 1.0) * bound)
        return torch.cat(parts)

    def _bound(self, layer: int, m: int, n: int) -> float:
        if self.activation != "sin":
            return math.sqrt(6.0 / (m + n))
        return 1.0 if layer == 0 else math.sqrt(6.0 / m) / self.omega

    def jet(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. Any order. Many points go in pieces, so that only one piece's layers are in memory."""
        rows = math.prod(common_leading(theta, x)) * max(self.widths) * (order + 1)
        piece = max(1, _PIECE // max(rows, 1))
        if x.shape[-1] <= piece or torch.compiler.is_compiling():
            return self._jet(theta, x, order)
        pieces = [
            checkpoint(self._jet, theta, some, order, use_reentrant=False) for some in torch.split(x, piece, dim=-1)
        ]
        return tuple(torch.cat(entries, dim=-1) for entries in zip(*pieces, strict=True))

    def _jet(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        flat, s, leading = self._side_by_side(theta, x)
        return tuple(entry.reshape(*leading, -1) for entry in jets(flat, s, self._form, order))

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. Any order; exact, and differentiable in turn."""
        flat, s, leading = self._side_by_side(theta, x)
        layers = self._form.layers(flat)
        entering, slopes = hidden(layers, s, self._form, order)
        parts: list[list[list[Tensor]]] = []  # from the last layer to the first, per order: by weights, by biases
        delta: Series = [x.new_ones((1, 1, 1))]
        omega = 1.0
        for (weight, _), z, slope in zip(layers[::-1], entering[::-1], [*slopes[::-1], None], strict=True):
            parts.append(_layer_rows([entry * omega for entry in delta], z, order, (len(flat), x.shape[-1])))
            if slope is not None:
                delta, omega = multiply([weight.mT @ entry for entry in delta], slope, order), self.omega
        rows = (torch.cat([piece for part in parts[::-1] for piece in part[k]], dim=-1) for k in range(order + 1))
        return tuple(entry.reshape(*leading, x.shape[-1], self.size) for entry in rows)

    @cached_property
    def _form(self) -> Form:
        a, b = self.interval
        return Form(self.widths, self.activation, self.omega, 2.0 / (b - a))

    def _side_by_side(self, theta: Tensor, x: Tensor) -> tuple[Tensor, Tensor, torch.Size]:
        """theta (B, P), the scaled variable (B or 1, points), and the leading axes that B stands for."""
        leading = common_leading(theta, x)
        a, b = self.interval
        s = (x - (a + b) / 2.0) * (2.0 / (b - a))
        s = s[None] if x.ndim == 1 else s.expand(*leading, -1).reshape(-1, x.shape[-1])
        return theta.expand(*leading, -1).reshape(-1, self.size), s, leading


def _layer_rows(delta: Series, entering: Series, order: int, shape: tuple[int, ...]) -> list[list[Tensor]]:
    """The derivatives by one layer's weights (*shape, n m) and biases (*shape, n) of each derivative of u."""
    z = [entry.mT.unsqueeze(-2) for entry in entering]
    pieces = []
    for k, d in enumerate(to_derivatives(delta, order)):
        scaled = [entry.mT.unsqueeze(-1) * float(math.factorial(k)) for entry in delta]
        reached = k <= len(scaled) + len(z) - 2
        weight = product_entry(scaled, z, k) if reached else torch.zeros_like(scaled[0] * z[0])
        pieces.append([weight.flatten(-2).expand(*shape, -1), d.mT.expand(*shape, -1)])
    return pieces
