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
from typing import Any

from holosym.errors import SolveError

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
