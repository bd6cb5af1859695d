r"""Laurent polynomials in several variables, written out: what a generated function of plain algebra comes to.

    p = sum_m a_m x_1^(e_m1) ... x_k^(e_mk),        e_mj whole numbers, negative ones too.

Sums, products and whole powers stay of this kind; a quotient does where the divisor is a single term. Everything
else is refused by a TypeError, and so is what grows beyond MOST terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import add

MOST = 4_000  # terms: beyond, a polynomial takes longer than the function that it comes from
Exponents = tuple[int, ...]
Number = int | float


class Laurent:
    """One polynomial.

    Attributes:
        terms: the number in front, by exponents.
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Exponents, float]) -> None:
        if len(terms) > MOST:
            raise TypeError(f"a polynomial of more than {MOST} terms")
        self.terms = terms

    def _lift(self, other: Laurent | Number) -> Laurent:
        if isinstance(other, Laurent):
            return other
        if not isinstance(other, int | float):
            raise TypeError(f"no polynomial: {other!r}")
        return Laurent({(0,) * len(next(iter(self.terms), ())): float(other)})

    def __add__(self, other: Laurent | Number) -> Laurent:
        total = dict(self.terms)
        for exponents, number in self._lift(other).terms.items():
            total[exponents] = total.get(exponents, 0.0) + number
        return Laurent(total)

    __radd__ = __add__

    def __neg__(self) -> Laurent:
        return self * -1.0

    def __sub__(self, other: Laurent | Number) -> Laurent:
        return self + -1.0 * other

    def __rsub__(self, other: Number) -> Laurent:
        return -self + other

    def __mul__(self, other: Laurent | Number) -> Laurent:
        if not isinstance(other, Laurent):
            (factor,) = self._lift(other).terms.values()
            return Laurent({exponents: number * factor for exponents, number in self.terms.items()})
        if len(self.terms) * len(other.terms) > 20 * MOST:
            raise TypeError(f"a product of {len(self.terms)} and {len(other.terms)} terms")
        total: dict[Exponents, float] = {}
        for one, a in self.terms.items():
            for two, b in other.terms.items():
                both = tuple(map(add, one, two))
                total[both] = total.get(both, 0.0) + a * b
        return Laurent(total)

    __rmul__ = __mul__

    def __truediv__(self, other: Laurent | Number) -> Laurent:
        if isinstance(other, Laurent):
            return self * other**-1
        (divisor,) = self._lift(other).terms.values()
        return Laurent({exponents: number / divisor for exponents, number in self.terms.items()})

    def __rtruediv__(self, other: Number) -> Laurent:
        return self**-1 * other

    def __pow__(self, power: int) -> Laurent:
        if not isinstance(power, int) or (power < 0 and len(self.terms) != 1):
            raise TypeError("only whole powers are polynomials, and negative ones of single terms alone")
        if len(self.terms) == 1:
            ((exponents, number),) = self.terms.items()
            return Laurent({tuple(power * e for e in exponents): number**power})
        result = self._lift(1.0)
        for _ in range(power):
            result = result * self
        return result


def variables(count: int) -> list[Laurent]:
    """x_1, ..., x_k."""
    return [Laurent({tuple(int(i == j) for j in range(count)): 1.0}) for i in range(count)]
