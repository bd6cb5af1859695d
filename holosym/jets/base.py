"""Generators of a ring, monomials read and packed, sums and products."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from holosym.errors import RingError
from holosym.jets.element import (
    BITS,
    HALF_RANGE,
    UNIT,
    Element,
    Exponent,
    Terms,
    accumulate,
    digits,
    exact,
    lowest_exponent,
)
from holosym.jets.generators import Generator


class RingBase:
    """Generators and arithmetic; `Ring` adds powers and relations."""

    def __init__(self, truncate: int | None = None) -> None:
        self.generators: list[Generator] = []
        self._index: dict[object, int] = {}
        self._decoded: dict[int, tuple[tuple[int, int], ...]] = {0: ()}
        self.truncate = truncate
        self.zero = Element(self, {})
        self.one = Element(self, {0: 1})

    # ---- building -----------------------------------------------------------------------------------------------

    def constant(self, number: int | Fraction) -> Element:
        """The element of a rational number."""
        return Element(self, {0: exact(number)} if number else {})

    def index(self, generator: Generator) -> int:
        """The position of a generator, which joins the ring when it is new."""
        position = self._index.get(generator.key)
        if position is None:
            position = len(self.generators)
            self._index[generator.key] = position
            self.generators.append(generator)
        return position

    def known(self, key: object) -> bool:
        """Whether a generator of that key has joined already."""
        return key in self._index

    def generator(self, generator: Generator, exponent: Exponent = 1) -> Element:
        """The element g^exponent."""
        return Element(self, {self.packed(exponent) << (BITS * self.index(generator)): 1})

    def packed(self, exponent: Exponent) -> int:
        scaled = exponent * UNIT
        if isinstance(scaled, Fraction):
            if scaled.denominator != 1:
                raise RingError(f"an exponent {exponent} is no multiple of 1/{UNIT}")
            scaled = scaled.numerator
        if abs(scaled) >= HALF_RANGE:
            raise RingError(f"an exponent {exponent} is too large")
        return scaled

    # ---- reading ------------------------------------------------------------------------------------------------

    def decode(self, monomial: int) -> tuple[tuple[int, int], ...]:
        """Pairs (generator position, exponent in units of 1/60) of a monomial."""
        found = self._decoded.get(monomial)
        if found is None:
            found = self._decoded[monomial] = tuple(digits(monomial))
        return found

    def positions(self, element: Element) -> set[int]:
        """Positions of the generators that stand in an element."""
        return {g for m in element.terms for g, _ in self.decode(m)}

    def collect(self, element: Element, position: int) -> dict[int, Element]:
        """Coefficients of the powers of one generator, by exponent in units of 1/60."""
        parts: dict[int, Terms] = {}
        shift = BITS * position
        for m, c in element.terms.items():
            e = next((e for g, e in self.decode(m) if g == position), 0)
            parts.setdefault(e, {})[m - (e << shift)] = c
        return {e: Element(self, terms) for e, terms in parts.items()}

    # ---- arithmetic ---------------------------------------------------------------------------------------------

    def product(self, a: Element, b: Element) -> Element:
        """a times b, cut at the order of truncation if there is one."""
        left, right = a.terms, b.terms
        if len(left) > len(right):
            left, right = right, left
        out: Terms = {}
        get = out.get
        for m, c in left.items():
            for n, k in right.items():
                e = m + n
                out[e] = get(e, 0) + c * k
        if self.truncate is not None:
            limit = self.truncate * UNIT
            return Element(self, {m: c for m, c in out.items() if c and lowest_exponent(m) <= limit})
        return Element(self, {m: c for m, c in out.items() if c})

    def sum(self, elements: Iterable[Element]) -> Element:
        """The sum of many elements without intermediate copies."""
        out: Terms = {}
        for element in elements:
            accumulate(out, element.terms, 1)
        return Element(self, out)
