r"""Numbers with a remainder: what keeps the digits of x^M below those of 1.

Near x = 0 the terms of an equation are of order one and cancel down to x^M, where the unknown function of the
peeled ansatz stands; in plain arithmetic its relative error there is eps/x^M. Here a quantity at a point x is

    q = x^v [ q_0 + q_1 x + ... + q_(M-1) x^(M-1) + x^M q_M ],

every q_j a number of its own (with the logarithms of x inside). Sums and products act on the parts:

    (p q)_k = sum_(i+j=k) p_i q_j   for k < M,      everything else, divided by x^M, goes into (p q)_M,

so nothing is cut off. The parts of an equation that the boundary series solves are then dropped exactly, and
the rest is known to eps of its own size. For 1/q, sqrt, log: their parts first, then the remainder from
what these miss; exp is a product of exponentials of monomials,

    e^y = sum_(k<m) y^k/k! + y^m r_m(y),      r_m(y) = sum_k y^k/(k+m)!.

Generated code is plain algebra and runs on these numbers as on tensors.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor

_SERIES = 32
_SMALL = 3.0


class Remainder:
    """One quantity at points x.

    Attributes:
        x: (..., m), the points, positive; as many dimensions as the batch has, each of length one.
        window: M.
        lowest: v.
        parts: (k, ..., m), q_0 ... q_(k-1), k <= M; the others are zero.
        rest: (..., m), q_M.
    """

    __slots__ = ("lowest", "parts", "rest", "window", "x")

    def __init__(self, x: Tensor, window: int, lowest: int, parts: Tensor, rest: Tensor | None = None) -> None:
        if parts.shape[0] > window:
            over = _horner(parts[window:], x)
            parts, rest = parts[:window], over if rest is None else rest + over
        self.x, self.window, self.lowest = x, window, lowest
        self.parts = parts
        self.rest = torch.zeros_like(parts[0]) if rest is None else rest

    @property
    def value(self) -> Tensor:
        """The quantity as a plain tensor."""
        return self.x**self.lowest * (self._low() + self.x**self.window * self.rest)

    def above(self, power: int) -> Tensor:
        """The quantity without its parts of powers below `power`, divided by x^power."""
        skip = min(max(power - self.lowest, 0), self.window)
        kept = _horner(self.parts[skip:], self.x) if skip < self.parts.shape[0] else torch.zeros_like(self.rest)
        inner = kept + self.x ** (self.window - skip) * self.rest
        return inner * self.x ** (self.lowest + skip - power)

    def part(self, power: int) -> Tensor:
        """The part that multiplies x^power, below the remainder."""
        place = power - self.lowest
        return self.parts[place] if 0 <= place < self.parts.shape[0] else torch.zeros_like(self.rest)

    def _low(self) -> Tensor:
        return _horner(self.parts, self.x)

    def _like(self, lowest: int, parts: Tensor, rest: Tensor | None = None) -> Remainder:
        return Remainder(self.x, self.window, lowest, parts, rest)

    def _lift(self, other: Any) -> Remainder:
        if isinstance(other, Remainder):
            return other
        value = other + torch.zeros_like(self.x)
        return self._like(0, value[None])

    def __mul__(self, other: Any) -> Remainder:
        if not isinstance(other, Remainder):
            return self._like(self.lowest, self.parts * other, self.rest * other)
        a, b = (self, other) if self.parts.shape[0] <= other.parts.shape[0] else (other, self)
        short = a.parts.shape[0]
        products = (_pad(a.parts[i] * b.parts, i, short - 1 - i) for i in range(short))
        parts = functools.reduce(torch.add, products)
        rest = a.rest * b._low() + b.rest * (a._low() + a.x**a.window * a.rest)
        return self._like(self.lowest + other.lowest, parts, rest)

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Remainder:
        a, b = self, self._lift(other)
        lowest = min(a.lowest, b.lowest)
        a, b = a._from(lowest), b._from(lowest)
        length = max(a.parts.shape[0], b.parts.shape[0])
        parts = _pad(a.parts, 0, length - a.parts.shape[0]) + _pad(b.parts, 0, length - b.parts.shape[0])
        return self._like(lowest, parts, a.rest + b.rest)

    __radd__ = __add__

    def _from(self, lowest: int) -> Remainder:
        """The same with a lower v."""
        shift = self.lowest - lowest
        if shift == 0:
            return self
        return self._like(lowest, _pad(self.parts, shift, 0), self.x**shift * self.rest)

    def __neg__(self) -> Remainder:
        return self * -1.0

    def __sub__(self, other: Any) -> Remainder:
        found: Remainder = self + -1.0 * other
        return found

    def __rsub__(self, other: Any) -> Remainder:
        found: Remainder = -self + other
        return found

    def __truediv__(self, other: Any) -> Remainder:
        return self * (other.inverse() if isinstance(other, Remainder) else 1.0 / other)

    def __rtruediv__(self, other: Any) -> Remainder:
        found: Remainder = self.inverse() * other
        return found

    def __pow__(self, power: Any) -> Remainder:
        if isinstance(power, int) and power >= 0:
            result, base = self._lift(1.0), self
            while power:
                result = result * base if power % 2 else result
                power //= 2
                base = base * base if power else base
            return result
        found: Remainder = self.inverse() ** (-power) if isinstance(power, int) else (self.log() * power).exp()
        return found

    def inverse(self) -> Remainder:
        """1/q, for q_0 not zero."""
        found = [1 / self.parts[0]]
        for k in range(1, self.window):
            terms = (self.parts[i] * found[k - i] for i in range(1, min(k + 1, self.parts.shape[0])))
            found.append(-found[0] * sum(terms, torch.zeros_like(found[0])))
        low = self._like(-self.lowest, torch.stack(found))
        missed = (1.0 - self * low).above(self.window)
        return self._like(-self.lowest, low.parts, missed / (self._low() + self.x**self.window * self.rest))

    def log(self) -> Remainder:
        """The logarithm, for v = 0."""
        self._require(self.lowest == 0, "log")
        slope = [k * self.parts[k] for k in range(1, self.parts.shape[0])]
        parts = [torch.log(self.parts[0])]
        if slope:
            ratio = self._like(1, torch.stack(slope)) * self._like(0, self.parts).inverse()
            parts += [ratio.parts[k - 1] / k for k in range(1, min(self.window, ratio.parts.shape[0] + 1))]
        low = self._like(0, torch.stack(parts))
        missed = (self * (-low).exp() - 1.0).above(self.window)
        power = self.x**self.window
        return self._like(0, low.parts, torch.log1p(power * missed) / power)

    def exp(self) -> Remainder:
        """The exponential, for v >= 0."""
        self._require(self.lowest >= 0, "exp")
        result = self._lift(1.0)
        for k in range(self.parts.shape[0]):
            result = result * self._exp_monomial(self.lowest + k, self.parts[k])
        power = self.x ** (self.window + self.lowest)
        tail = torch.expm1(power * self.rest) / self.x**self.window
        return result * self._like(0, torch.ones_like(tail)[None], tail)

    def _exp_monomial(self, power: int, factor: Tensor) -> Remainder:
        if power == 0:
            return self._like(0, torch.exp(factor)[None])
        count = -(-self.window // power)
        terms = [torch.ones_like(factor)]
        for k in range(1, count):
            terms.append(terms[-1] * factor / k)
        zero = torch.zeros_like(factor)
        parts = torch.stack([terms[j // power] if j % power == 0 else zero for j in range(self.window)])
        rest = factor**count * self.x ** (count * power - self.window) * _tail(factor * self.x**power, count)
        return self._like(0, parts, rest)

    @staticmethod
    def _require(condition: bool, name: str) -> None:
        if not condition:
            raise TypeError(f"{name} of a quantity that is singular at x = 0")

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, arguments: Sequence[Any] = (), options: Mapping[str, Any] | None = None
    ) -> Any:
        name = getattr(function, "__name__", "")
        if name not in _FUNCTIONS:
            raise TypeError(f"torch.{name} is not known for numbers with a remainder")
        return _FUNCTIONS[name](*arguments)


def monomial(x: Tensor, window: int, power: int) -> Remainder:
    """x^power."""
    return Remainder(x, window, power, torch.ones_like(x)[None])


def from_powers(x: Tensor, window: int, terms: Mapping[int, Tensor]) -> Remainder:
    """A sum of terms[k] x^k."""
    lowest, highest = min(terms), max(terms)
    shape = torch.broadcast_shapes(x.shape, *(value.shape for value in terms.values()))  # type: ignore[no-untyped-call]
    zeros = x.new_zeros(shape)
    return Remainder(x, window, lowest, torch.stack([terms.get(k, 0) + zeros for k in range(lowest, highest + 1)]))


def _pad(parts: Tensor, before: int, after: int) -> Tensor:
    """Zero parts put in front and behind. Not written in place: derivatives pass through here."""
    zeros = torch.zeros_like(parts[:1])
    return torch.cat([*([zeros] * before), parts, *([zeros] * after)]) if before or after else parts


def _horner(parts: Tensor, x: Tensor) -> Tensor:
    total = parts[-1]
    for part in reversed(parts[:-1].unbind(0)):
        total = total * x + part
    return total


def _tail(y: Tensor, order: int) -> Tensor:
    """r_order(y), by its series where y is small."""
    series = torch.zeros_like(y)
    for k in reversed(range(_SERIES)):
        series = series * y + 1 / math.factorial(k + order)
    large = torch.where(y.abs() < _SMALL, torch.full_like(y, _SMALL), y)
    direct = torch.exp(large)
    for k in range(order):
        direct = direct - large**k / math.factorial(k)
    return torch.where(y.abs() < _SMALL, series, direct / large**order)


def _cosh(q: Remainder) -> Remainder:
    return (q.exp() + (-q).exp()) * 0.5


def _sinh(q: Remainder) -> Remainder:
    return (q.exp() - (-q).exp()) * 0.5


def _multiply(a: Any, b: Any) -> Any:
    return b * a if isinstance(b, Remainder) else a * b


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": Remainder.exp,
    "log": Remainder.log,
    "cosh": _cosh,
    "sinh": _sinh,
    "tanh": lambda q: _sinh(q) * _cosh(q).inverse(),
    "sqrt": lambda q: q**0.5,
    "full_like": lambda q, value: torch.full_like(cast(Remainder, q).x, value),
    "ones_like": lambda q: torch.ones_like(q.x),
    "zeros_like": lambda q: torch.zeros_like(q.x),
    "add": lambda a, b: b + a if isinstance(b, Remainder) else a + b,
    "mul": _multiply,
    "__rmul__": _multiply,
    "div": lambda a, b: a / b if isinstance(a, Remainder) else b.inverse() * a,
    "sub": lambda a, b: a - b if isinstance(a, Remainder) else b.__rsub__(a),
}
