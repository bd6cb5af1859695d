"""Small formulas in names: products, powers, quotients, sums, such as s/T^3 or 0.5*phi.source - phi.source^2.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed)*
    signed  = ("-" | "+") signed | power
    power   = atom (("^" | "**") signed)?
    atom    = number | name | "(" sum ")"

Python's own parser would stumble over parameters such as `lambda`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.scalars import Scalars

if TYPE_CHECKING:
    from holosym.solve.names import Name

Function = Callable[[Scalars], Tensor]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|[-+*/^()]))")


def evaluate(text: str, number: Callable[[float], Any], name: Callable[[str], Any]) -> Any:
    """The formula's value, from what `number` and `name` make of the atoms; these need + - * / ** and unary minus.

    Raises:
        SolveError: for a text that is not a formula.
    """
    reader = _Reader(text, number, name)
    value = reader.sum()
    if reader.tokens:
        raise reader.error()
    return value


class _Reader:
    def __init__(self, text: str, number: Callable[[float], Any], name: Callable[[str], Any]) -> None:
        self.text, self.number, self.name = text, number, name
        self.tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.error()
            kind = ("number", "name", "sign")[(match.lastindex or 1) - 1]
            self.tokens.append((kind, match.group(match.lastindex or 1)))
            at = match.end()

    def error(self) -> SolveError:
        return SolveError(
            f"{self.text!r} cannot be read as a formula", mend="write products and powers of names, such as s/T^3"
        )

    def take(self, *signs: str) -> str:
        """The next sign if it is one of these, else nothing."""
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def sum(self) -> Any:
        value = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Any:
        value = self.signed()
        while sign := self.take("*", "/"):
            other = self.signed()
            value = value * other if sign == "*" else value / other
        return value

    def signed(self) -> Any:
        sign = self.take("-", "+")
        if sign:
            value = self.signed()
            return -value if sign == "-" else value
        value = self.atom()
        return value ** self.signed() if self.take("^", "**") else value

    def atom(self) -> Any:
        if self.take("("):
            value = self.sum()
            if not self.take(")"):
                raise self.error()
            return value
        if not self.tokens or self.tokens[0][0] == "sign":
            raise self.error()
        kind, text = self.tokens.pop(0)
        return self.number(float(text)) if kind == "number" else self.name(text)


@dataclass(frozen=True)
class Term:
    """A formula as numerator and denominator, which keeps T/mu of use where mu vanishes.

    Attributes:
        above, below: their quotient is the formula.
        dimension: mass dimension; None where that is not known.
        product: whether it is a product of names.
        number: its value, if it is a number.
    """

    above: Function
    below: Function
    dimension: float | None
    product: bool
    number: float | None = None

    @classmethod
    def of(cls, name: Name) -> Term:
        """A name by itself."""
        return cls(name.function, ones, name.dimension, True)

    def function(self, scalars: Scalars) -> Tensor:
        """The formula's value."""
        return self.above(scalars) / self.below(scalars)

    def __mul__(self, other: Term) -> Term:
        number = None if self.number is None or other.number is None else self.number * other.number
        dimension = None if self.dimension is None or other.dimension is None else self.dimension + other.dimension
        above, below = _times(self.above, other.above), _times(self.below, other.below)
        return Term(above, below, dimension, self.product and other.product, number)

    def __truediv__(self, other: Term) -> Term:
        return self * other ** constant(-1.0)

    def __pow__(self, other: Term) -> Term:
        power = other.number
        if power is None:
            raise SolveError("a power must be a number", mend="write it as T^3 or s^(2/3)")
        if power < 0 and self.number == 0:
            raise SolveError("a formula divides by zero", mend="leave the division out")
        dimension = None if self.dimension is None else self.dimension * power
        number = None if self.number is None else self.number**power
        above, below = (self.above, self.below) if power >= 0 else (self.below, self.above)
        size = abs(power)
        return Term(lambda s: above(s) ** size, lambda s: below(s) ** size, dimension, self.product, number)

    def __add__(self, other: Term) -> Term:
        if self.number is not None and other.number is not None:
            return constant(self.number + other.number)
        return Term(lambda s: self.function(s) + other.function(s), ones, self.dimension, False)

    def __sub__(self, other: Term) -> Term:
        return self + (-other)

    def __neg__(self) -> Term:
        number = None if self.number is None else -self.number
        return Term(lambda s: -self.above(s), self.below, self.dimension, self.number is not None, number)


def constant(value: float) -> Term:
    """A number."""
    return Term(lambda s: torch.full_like(next(iter(s.data.values())), value), ones, 0.0, True, value)


def _times(one: Function, other: Function) -> Function:
    return lambda s: one(s) * other(s)


def ones(scalars: Scalars) -> Tensor:
    """One, for each state."""
    return torch.ones_like(next(iter(scalars.data.values())))
