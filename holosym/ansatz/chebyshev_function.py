r"""Chebyshev series with unknown coefficients, at any points.

    u(x) = sum_{n<N} theta_n T_n(s),      s = (2 x - a - b)/(b - a).

Values are Clenshaw's, b_n = theta_n + 2 s b_{n+1} - b_{n+2}, u = theta_0 + s b_1 - b_2; where the polynomials
themselves are wanted, they are built by doubling, T_{m+n} = 2 T_m T_n - T_{m-n}, in log2(N) products. The derivative
acts on the coefficients: u'(x) = 2/(b - a) sum_n (D theta)_n T_n(s), where

    D_kn = 2 n / (1 + [k = 0])     for n > k with n - k odd,      0 otherwise.

Outside [a, b] the polynomial goes on, growing like |T_{N-1}(s)|.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.function import Blocks, Jet, require_interval
from holosym.ansatz.shapes import broadcast_shape


@dataclass(frozen=True)
class ChebyshevFunction:
    """A Chebyshev series; theta are its coefficients (N,), that of T_0 first.

    Attributes:
        count: N, one more than the degree.
        interval: (a, b).
        spread: standard deviation of the first coefficient at the start; the n-th has spread/(1 + n)^2.

    Raises:
        ValueError: no coefficients, or an empty interval.
    """

    count: int
    interval: tuple[float, float] = (0.0, 1.0)
    spread: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", require_interval(self.interval))
        if self.count < 1:
            raise ValueError(f"no Chebyshev series with {self.count} coefficients")

    @property
    def size(self) -> int:
        """The number of coefficients."""
        return self.count

    @property
    def degree(self) -> int:
        """That of the polynomial."""
        return self.count - 1

    @property
    def blocks(self) -> Blocks:
        """One block: all coefficients."""
        return ((self.count,),)

    def initial(self, generator: torch.Generator) -> Tensor:
        """Coefficients (N,), normal, falling like those of a function with a continuous slope."""
        draw = torch.randn(self.count, generator=generator, dtype=torch.float64, device=generator.device)
        return self.spread * draw / torch.arange(1, self.count + 1, dtype=draw.dtype, device=draw.device) ** 2

    def jet(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. Any order."""
        return self.derivatives(theta, x, range(order + 1))

    def derivatives(self, theta: Tensor, x: Tensor, orders: Sequence[int]) -> Jet:
        """Those of some orders alone; each to the last bit the same whatever the others are."""
        if not orders:
            return ()
        matrices = torch.stack([self._derivative(k, theta) for k in orders])
        rows = (theta[..., None, None, :] @ matrices.mT).movedim(-1, 0)  # (N, ..., K, 1)
        return tuple(_clenshaw(rows, self._scaled(x).unsqueeze(-2)).unbind(-2))

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`. The rows are the basis and its derivatives, whatever theta is."""
        basis = self._polynomials(x)
        leading = broadcast_shape(theta.shape[:-1], x.shape[:-1])
        rows = (basis @ self._derivative(k, theta) for k in range(order + 1))
        return tuple(row.expand(*leading, *row.shape[-2:]) for row in rows)

    def differentiate(self, theta: Tensor) -> Tensor:
        """The coefficients (..., N) of the derivative."""
        return theta @ self._derivative(1, theta).mT

    def _scaled(self, x: Tensor) -> Tensor:
        """s."""
        a, b = self.interval
        return 2.0 * (x - (a + b) / 2) / (b - a)

    def _polynomials(self, x: Tensor) -> Tensor:
        """T_0 ... T_{N-1} at x (..., m): (..., m, N)."""
        s = self._scaled(x).unsqueeze(-1)
        found = torch.cat([torch.ones_like(s), s], dim=-1)
        while (known := found.shape[-1]) < self.count:
            last = found[..., -1:]
            more = 2.0 * last * found[..., 1:] - found[..., :-1].flip(-1)
            found = torch.cat([found, more[..., : self.count - known]], dim=-1)
        return found[..., : self.count]

    def _derivative(self, order: int, like: Tensor) -> Tensor:
        while len(self._powers) <= order:
            self._powers.append(self._powers[-1] @ self._matrix)
        return self._powers[order].to(like)

    @cached_property
    def _powers(self) -> list[Tensor]:
        """1, D, D^2, ... as far as they were asked for."""
        return [torch.eye(self.count, dtype=torch.float64)]

    @cached_property
    def _matrix(self) -> Tensor:
        """D with the scale of the interval, (N, N)."""
        n = torch.arange(self.count)
        gaps = n - n[:, None]
        a, b = self.interval
        scale = 2.0 / (b - a)
        matrix: Tensor = scale * torch.where((gaps > 0) & (gaps % 2 == 1), 2.0 * n.to(torch.float64), 0.0)
        matrix[0] /= 2
        return matrix


def _clenshaw(rows: Tensor, s: Tensor) -> Tensor:
    """Series with coefficients (N, ..., K, 1) at s (..., 1, m): (..., K, m)."""
    twice = 2.0 * s
    last, after = rows[-1] + torch.zeros_like(s), torch.zeros_like(s)
    for row in reversed(rows[1:-1].unbind(0)):
        last, after = torch.addcmul(row - after, twice, last), last
    return torch.addcmul(rows[0] - after, s, last) if len(rows) > 1 else last
