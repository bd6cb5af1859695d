r"""Numbers with a remainder: what keeps the digits of x^M below those of 1.

Near x = 0 the terms of an equation are of order one and cancel down to x^M, where the unknown function of the
peeled ansatz stands; in plain arithmetic its relative error there is eps/x^M. Here a quantity at a point x is

    q = q_0 + q_1 + ... + q_(M-1) + q_M,          q_j of order x^(v+j) for j < M, q_M of order x^(v+M),

every q_j a number of its own, with its power of x and the logarithms of x inside. Sums and products act on the
grades, and whatever is of grade M or more goes into the last,

    (p q)_k = sum_(i+j=k) p_i q_j   for k < M,          (p q)_M = sum_(i+j>=M) p_i q_j,

so nothing is cut off. The grades of an equation that the boundary series solves are then dropped exactly, and
the rest is known to eps of its own size. For 1/q, sqrt, log: their grades first, then the remainder from
what these miss; for exp, with p = q - q_0,

    e^p = 1 + p (1 + p/2 (1 + ... p/M s_M(p))),      s_m(p) = sum_k p^k m!/(m+k)!,

summed as sum_k p^k/k!, where s_M may be a plain number, because p^M has no grade below M. Generated code is plain
algebra and runs on these numbers as on tensors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor

from holosym.ansatz.grades import horner, padded
from holosym.ansatz.shapes import broadcast_shape

_SERIES = 30
_SMALL = 3.0


class Remainder:
    """One quantity at points x.

    Attributes:
        x: (..., m), the points, positive; as many dimensions as the batch has, each of length one.
        window: M.
        lowest: v.
        grades: (k, ..., m), q_0 ... q_(k-1), k <= M + 1; the others are zero.
    """

    __slots__ = ("_suffixes", "grades", "lowest", "window", "x")

    def __init__(self, x: Tensor, window: int, lowest: int, grades: Tensor) -> None:
        if grades.shape[0] > window + 1:
            grades = torch.cat([grades[:window], grades[window:].sum(dim=0, keepdim=True)])
        self.x, self.window, self.lowest = x, window, lowest
        self.grades = grades
        self._suffixes: Tensor | None = None

    @property
    def value(self) -> Tensor:
        """The quantity as a plain tensor."""
        return self.grades.sum(dim=0)

    def above(self, power: int) -> Tensor:
        """The quantity without its grades of powers below `power`, divided by x^power."""
        skip = min(max(power - self.lowest, 0), self.window)
        return self.grades[skip:].sum(dim=0) / self.x**power

    def part(self, power: int) -> Tensor:
        """The factor of x^power, below the remainder."""
        place = power - self.lowest
        if 0 <= place < min(len(self.grades), self.window):
            return self.grades[place] / self.x**power
        return torch.zeros_like(self.grades[0])

    @property
    def rise(self) -> Remainder:
        """The quantity less its value at x = 0, for v >= 0."""
        if self.lowest > 0:
            return self
        return self._like(1, self.grades[1:] if len(self.grades) > 1 else torch.zeros_like(self.grades))

    def _like(self, lowest: int, grades: Tensor) -> Remainder:
        return Remainder(self.x, self.window, lowest, grades)

    def _lift(self, other: Any) -> Remainder:
        return other if isinstance(other, Remainder) else self._like(0, (other + torch.zeros_like(self.x))[None])

    def __mul__(self, other: Any) -> Remainder:
        if not isinstance(other, Remainder):
            return self._like(self.lowest, self.grades * other)
        short, long = (self, other) if len(self.grades) <= len(other.grades) else (other, self)
        lowest, window = self.lowest + other.lowest, self.window
        first, *factors = short.grades.unbind(0)
        if not factors:
            return self._like(lowest, first * long.grades)
        kept = min(len(factors) + len(long.grades), window)
        total = padded(first * long.grades[:kept], 0, max(kept - len(long.grades), 0))
        for i, factor in enumerate(factors, start=1):
            count = min(len(long.grades), kept - i)
            total[i : i + count].addcmul_(factor, long.grades[:count])
        if len(factors) + len(long.grades) == kept:
            return self._like(lowest, total)
        start = window + 1 - len(long.grades)
        above = (short.grades[start:] * long.suffixes[: len(short.grades) - start]).sum(dim=0, keepdim=True)
        return self._like(lowest, torch.cat([total, above]))

    __rmul__ = __mul__

    @property
    def suffixes(self) -> Tensor:
        """Sums of the last one, two, three, ... grades."""
        if self._suffixes is None:
            self._suffixes = self.grades.flip(0).cumsum(dim=0)
        return self._suffixes

    def __add__(self, other: Any) -> Remainder:
        a, b = self, self._lift(other)
        lowest = min(a.lowest, b.lowest)
        a, b = a._from(lowest), b._from(lowest)
        if len(a.grades) == len(b.grades):
            return self._like(lowest, a.grades + b.grades)
        if len(a.grades) < len(b.grades):
            a, b = b, a
        return self._like(lowest, a.grades + padded(b.grades, 0, len(a.grades) - len(b.grades)))

    __radd__ = __add__

    def _from(self, lowest: int) -> Remainder:
        """The same with a lower v."""
        shift = self.lowest - lowest
        return self._like(lowest, padded(self.grades, shift, 0)) if shift else self

    def __neg__(self) -> Remainder:
        return self._like(self.lowest, -self.grades)

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
            result, base = None, self
            while power:
                if power % 2:
                    result = base if result is None else result * base
                power //= 2
                base = base * base if power else base
            return self._lift(1.0) if result is None else result
        found: Remainder = self.inverse() ** (-power) if isinstance(power, int) else (self.log() * power).exp()
        return found

    def inverse(self) -> Remainder:
        """1/q, for q_0 not zero."""
        grades = self.grades.unbind(0)
        found = [1 / grades[0]]
        for k in range(1, self.window):
            terms = (grades[i] * found[k - i] for i in range(1, min(k + 1, len(grades))))
            found.append(-found[0] * sum(terms, torch.zeros_like(found[0])))
        missed = 1.0 - self * self._like(-self.lowest, torch.stack(found))
        return self._like(-self.lowest, torch.stack([*found, missed._last() / self.value]))

    def log(self) -> Remainder:
        """The logarithm, for v = 0."""
        self._require(self.lowest == 0, "log")
        grades, window = self.grades.unbind(0), self.window
        parts = [torch.log(grades[0])]
        if len(grades) > 1 and window > 1:
            slope = torch.stack([k * grades[k] for k in range(1, min(len(grades), window))])
            ratio = self._like(1, slope) * self.inverse()
            parts += [one / k for k, one in enumerate(ratio.grades[: window - 1], start=1)]
        low = self._like(0, torch.stack(parts))
        missed = (self * (-low).exp() - 1.0)._last()
        low = low._like(0, padded(low.grades, 0, window - len(low.grades)))
        return self._like(0, torch.cat([low.grades, torch.log1p(missed)[None]]))

    def exp(self) -> Remainder:
        """The exponential, for v >= 0."""
        self._require(self.lowest >= 0, "exp")
        if self.lowest == 0 and len(self.grades) == 1:
            return self._like(0, torch.exp(self.grades))
        rise = self.rise
        # sum_k p^k/k! with its remainder, in Horner's order
        last = _tail(rise.value, self.window)
        factors = [1 / math.factorial(k) for k in range(self.window, -1, -1)]
        constants = torch.stack([last * factors[0], *(torch.full_like(last, one) for one in factors[1:])])
        total = self._like(0, horner(rise.grades, rise.lowest, self.window, constants))
        return total if self.lowest else total * torch.exp(self.grades[0])

    def _last(self) -> Tensor:
        """The remainder."""
        return self.grades[self.window] if len(self.grades) > self.window else torch.zeros_like(self.grades[0])

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
    return Remainder(x, window, power, (x**power)[None])


def from_powers(x: Tensor, window: int, terms: Mapping[int, Tensor]) -> Remainder:
    """A sum of terms[k] x^k."""
    shape = broadcast_shape(x.shape, *(value.shape for value in terms.values()))
    return from_grades(x, window, {k: (value * x**k).expand(shape) for k, value in terms.items()})


def from_grades(x: Tensor, window: int, terms: Mapping[int, Tensor]) -> Remainder:
    """A sum of terms[k], of order x^k and of equal shapes."""
    lowest, highest = min(terms), max(terms)
    zero = torch.zeros_like(terms[lowest])
    return Remainder(x, window, lowest, torch.stack([terms.get(k, zero) for k in range(lowest, highest + 1)]))


def _tail(y: Tensor, order: int) -> Tensor:
    """s_order(y), by its series where y is small."""
    factors = [math.factorial(order) / math.factorial(order + k) for k in range(_SERIES)]
    weights = torch.tensor(factors, dtype=y.dtype, device=y.device)
    near = y.clamp(-_SMALL, _SMALL)[..., None].expand(*y.shape, _SERIES - 1)
    series = near.cumprod(dim=-1) @ weights[1:] + 1.0
    large = torch.where(y.abs() < _SMALL, torch.full_like(y, _SMALL), y)
    direct = torch.exp(large)
    for k in range(order):
        direct = (direct - 1.0) * ((k + 1) / large)
    return torch.where(y.abs() < _SMALL, series, direct)


def _exponentials(q: Remainder) -> tuple[Remainder, Remainder]:
    """exp(q) and exp(-q), in one evaluation."""
    both = Remainder(q.x[None], q.window, q.lowest, torch.stack([q.grades, -q.grades], dim=1)).exp()
    rising, falling = both.grades.unbind(dim=1)
    return Remainder(q.x, q.window, both.lowest, rising), Remainder(q.x, q.window, both.lowest, falling)


def _cosh(q: Remainder) -> Remainder:
    rising, falling = _exponentials(q)
    return (rising + falling) * 0.5


def _sinh(q: Remainder) -> Remainder:
    rising, falling = _exponentials(q)
    return (rising - falling) * 0.5


def _tanh(q: Remainder) -> Remainder:
    rising, falling = _exponentials(q)
    return (rising - falling) / (rising + falling)


def _multiply(a: Any, b: Any) -> Any:
    return b * a if isinstance(b, Remainder) else a * b


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": Remainder.exp,
    "log": Remainder.log,
    "cosh": _cosh,
    "sinh": _sinh,
    "tanh": _tanh,
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
