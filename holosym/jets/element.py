"""Elements of the ring of jets: sums of packed monomials with rational coefficients.

Exponents are packed into one signed integer, BITS bits a generator, in units of 1/UNIT: a product of monomials
is one addition. The dictionary from packed exponents to coefficients is canonical.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holosym.jets.base import RingBase
    from holosym.jets.ring import Ring

BITS = 24
UNIT = 60
HALF_RANGE = 1 << (BITS - 1)
MASK = (1 << BITS) - 1

Coefficient = int | Fraction
Terms = dict[int, Coefficient]
Exponent = int | Fraction


class Element:
    """An element of a `Ring`; immutable by convention. Supports +, -, *, and powers with rational exponents."""

    __slots__ = ("_key", "ring", "terms")

    def __init__(self, ring: RingBase, terms: Terms) -> None:
        self.ring: Ring = ring  # type: ignore[assignment]  # every ring is a `Ring`
        self.terms = terms
        self._key: frozenset[tuple[int, Coefficient]] | None = None

    @property
    def key(self) -> frozenset[tuple[int, Coefficient]]:
        """What makes two elements equal, hashable."""
        if self._key is None:
            self._key = frozenset(self.terms.items())
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.ring is other.ring and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __neg__(self) -> Element:
        return Element(self.ring, {m: -c for m, c in self.terms.items()})

    def __add__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            other = self.ring.constant(other)
        if len(self.terms) < len(other.terms):
            self, other = other, self
        out = dict(self.terms)
        accumulate(out, other.terms, 1)
        return Element(self.ring, out)

    __radd__ = __add__

    def __sub__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            other = self.ring.constant(other)
        out = dict(self.terms)
        accumulate(out, other.terms, -1)
        return Element(self.ring, out)

    def __rsub__(self, other: int | Fraction) -> Element:
        return self.ring.constant(other) - self

    def __mul__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            if not other:
                return self.ring.zero
            return Element(self.ring, {m: exact(c * other) for m, c in self.terms.items()})
        return self.ring.product(self, other)

    __rmul__ = __mul__

    def __pow__(self, exponent: Exponent) -> Element:
        return self.ring.power(self, exponent)

    def __truediv__(self, other: Element | int | Fraction) -> Element:
        if isinstance(other, Element):
            return self * other**-1
        return self * (Fraction(1) / other)

    def __repr__(self) -> str:
        from holosym.jets.to_sympy import to_sympy

        return str(to_sympy(self))


def accumulate(out: Terms, terms: Terms, sign: int) -> None:
    for m, c in terms.items():
        total = out.get(m, 0) + (c if sign > 0 else -c)
        if total:
            out[m] = total
        else:
            out.pop(m, None)


def exact(number: Coefficient) -> Coefficient:
    """An integer where the fraction is one: integer arithmetic is ten times faster."""
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


def lowest_exponent(monomial: int) -> int:
    """The exponent of the first generator."""
    digit = monomial & MASK
    return digit - (1 << BITS) if digit >= HALF_RANGE else digit


def digits(monomial: int) -> Iterator[tuple[int, int]]:
    position = 0
    while monomial:
        skip = ((monomial & -monomial).bit_length() - 1) // BITS
        monomial >>= BITS * skip
        position += skip
        digit = lowest_exponent(monomial)
        yield position, digit
        monomial = (monomial - digit) >> BITS
        position += 1
