r"""Truncated power series: how derivatives of any order pass through an elementwise function.

A list a = [a_0, a_1, ..., a_K] stands for a(x + t) = sum_k a_k t^k, so a_k = a^(k)(x)/k!. Entries that are not in
the list are zero. Products are Cauchy's, and y = f(a) follows from the differential equation of f (Griewank and
Walther, Evaluating Derivatives, section 13.2): from y' = f'(a) a',

    k y_k = sum_{j=1..k} j a_j w_{k-j},        w = f'(a),

    tanh:  w = 1 - y y;        sin:  w = c,  c' = -y a';        silu:  y = a s,  s = sigmoid(a),  s' = (s - s s) a'.

This is Faa di Bruno's formula, at any order, in the fewest products.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Series = list[Tensor]
Activation = Callable[[Sequence[Tensor], int], tuple[Series, Series]]


def multiply(a: Sequence[Tensor], b: Sequence[Tensor], order: int) -> Series:
    """The product of two series up to t^order; shorter where both end earlier."""
    last = min(order, len(a) + len(b) - 2)
    return [product_entry(a, b, k) for k in range(last + 1)]


def product_entry(a: Sequence[Tensor], b: Sequence[Tensor], k: int) -> Tensor:
    """The coefficient of t^k in a b, for k <= len(a) + len(b) - 2."""
    first, last = max(0, k - len(b) + 1), min(k, len(a) - 1)
    total = a[first] * b[k - first]
    for i in range(first + 1, last + 1):
        total = torch.addcmul(total, a[i], b[k - i])
    return total


def to_derivatives(series: Sequence[Tensor], order: int) -> tuple[Tensor, ...]:
    """Taylor coefficients to derivatives of order 0 to `order`."""
    zero = torch.zeros_like(series[0])
    entries = [*series, *([zero] * (order + 1 - len(series)))]
    return tuple(c if k < 2 else c * float(math.factorial(k)) for k, c in enumerate(entries[: order + 1]))


def tanh(a: Sequence[Tensor], order: int) -> tuple[Series, Series]:
    """tanh(a) and the derivative of tanh there, both up to t^order."""
    # half the time of torch.tanh, and right to rounding of 1
    y = [torch.rsub(torch.sigmoid(-2.0 * a[0]), 1.0, alpha=2.0)]
    slope = [torch.rsub(y[0] * y[0], 1.0)]
    twice = -2.0 * y[0] if order else y[0]
    for k in range(1, order + 1):
        y.append(_integrated(a, slope, k))
        slope.append(_square_entry(y, k, twice, -1.0))
    return y, slope


def silu(a: Sequence[Tensor], order: int) -> tuple[Series, Series]:
    """a sigmoid(a) and the derivative of that function there, both up to t^order."""
    s = [torch.sigmoid(a[0])]
    v = [s[0] - s[0] * s[0]]
    twice = 2.0 * s[0]
    for k in range(1, order + 1):
        s.append(_integrated(a, v, k))
        v.append(s[k] - _square_entry(s, k, twice))
    y = [product_entry(a, s, k) for k in range(order + 1)]
    return y, [s[k] + product_entry(a, v, k) for k in range(order + 1)]


def sin(a: Sequence[Tensor], order: int) -> tuple[Series, Series]:
    """sin(a) and cos(a), both up to t^order."""
    s, c = [torch.sin(a[0])], [torch.cos(a[0])]
    for k in range(1, order + 1):
        s.append(_integrated(a, c, k))
        c.append(_integrated(a, s, k, -1.0))
    return s, c


ACTIVATIONS: dict[str, Activation] = {"tanh": tanh, "silu": silu, "sin": sin}


def _integrated(a: Sequence[Tensor], slope: Sequence[Tensor], k: int, scale: float = 1.0) -> Tensor:
    """y_k of y' = scale slope a'. `slope` is known up to t^(k-1)."""
    last = min(k, len(a) - 1)
    if last < 1:
        return torch.zeros_like(slope[0])
    factor = scale * last / k
    total = (a[last] if factor == 1.0 else a[last] * factor) * slope[k - last]
    for j in range(1, last):
        total = torch.addcmul(total, a[j], slope[k - j], value=scale * j / k)
    return total


def _square_entry(y: Sequence[Tensor], k: int, twice: Tensor, scale: float = 1.0) -> Tensor:
    """The coefficient of t^k, for k >= 1, in scale y y; `twice` is 2 scale y_0. Each product stands once, doubled."""
    total = twice * y[k]
    for i in range(1, (k + 1) // 2):
        total = torch.addcmul(total, y[i], y[k - i], value=2.0 * scale)
    return torch.addcmul(total, y[k // 2], y[k // 2], value=scale) if k % 2 == 0 else total
