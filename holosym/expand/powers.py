r"""Powers of x near the boundary, as integers that add and compare exactly.

A power is  q + sum_i n_i Delta_i  with q rational, n_i integers and Delta_i irrational or symbolic exponents. Its
key is that sum in units of 1/scale, Delta_i replaced with a rational number that agrees to 2^-64 and more: keys add
as powers do, are ordered as powers are, and no two powers share one, for a coincidence would need n_i of sixty
binary digits. A marginal source (Delta = d) has the exponent zero and a tiny key: it counts the source's powers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import lcm

from sympy import Expr, Integer, Rational

from holosym.errors import ExpansionError
from holosym.jets.element import UNIT, Element
from holosym.jets.ring import Ring

_FINE = 1 << 80
_SEARCH = 60


class Powers:
    """The powers of one expansion.

    Args:
        ring: the ring of the expansion's coefficients, in which a power is written as a number.
        rationals: exponents whose denominators the keys must hold.
        irrationals: exponents beyond the rational numbers: (element, expression, value).
    """

    def __init__(
        self, ring: Ring, rationals: tuple[Fraction, ...] = (), irrationals: tuple[tuple[Element, Expr, Expr], ...] = ()
    ) -> None:
        self.ring = ring
        self.step = UNIT * _FINE
        self.scale = self.step * lcm(1, *[q.denominator for q in rationals])
        self.irrationals = irrationals
        self.caps: tuple[int, ...] = (_SEARCH,) * len(irrationals)
        self.marginal = {i for i, (element, _, _) in enumerate(irrationals) if not element.terms}
        self._keys = [self._key_of(value) for _, _, value in irrationals]
        self._kept: dict[int, bool] = {}
        self._read: dict[int, tuple[Fraction, tuple[int, ...]]] = {}

    def _key_of(self, value: Expr) -> int:
        return UNIT * int((value * (self.scale // UNIT)).evalf(60).round())

    def key(self, number: int | Fraction, *multiples: int) -> int:
        """The key of  number + sum_i multiples_i Delta_i."""
        scaled = Fraction(number) * self.scale
        if scaled.denominator != 1:
            raise ExpansionError(f"a power {number} of the radial coordinate, whose denominator is not foreseen")
        return scaled.numerator + sum(n * k for n, k in zip(multiples, self._keys, strict=False))

    def times(self, key: int, factor: int | Fraction) -> int:
        """The key of a rational multiple of a power."""
        scaled = Fraction(factor) * key
        if scaled.denominator != 1:
            raise ExpansionError(f"a root of the radial coordinate, of order {Fraction(factor).denominator}")
        return scaled.numerator

    def read(self, key: int) -> tuple[Fraction, tuple[int, ...]]:
        """The rational part and the multiples of a key.

        Raises:
            ExpansionError: where no small multiples fit.
        """
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self._decode(key)
        return found

    def kept(self, key: int) -> bool:
        """Whether a power has no more multiples of an irrational exponent than its cap."""
        if not self._keys:
            return True
        found = self._kept.get(key)
        if found is None:
            _, multiples = self.read(key)
            found = self._kept[key] = all(n <= cap for n, cap in zip(multiples, self.caps, strict=True))
        return found

    def _decode(self, key: int) -> tuple[Fraction, tuple[int, ...]]:
        unit = self.scale // _FINE
        for multiples in _small(len(self._keys)):
            rest = key - sum(n * k for n, k in zip(multiples, self._keys, strict=True))
            if (rest * unit) % self.scale == 0:
                return Fraction(rest, self.scale), multiples
        raise ExpansionError("a power of the radial coordinate is no sum of the exponents of this expansion")

    def plain(self, key: int) -> int:
        """The key without the multiples of marginal sources: that of the same power of x."""
        number, multiples = self.read(key)
        return self.key(number, *(0 if i in self.marginal else n for i, n in enumerate(multiples)))

    def element(self, key: int) -> Element:
        """A power as a number in the ring of coefficients."""
        number, multiples = self.read(key)
        total = self.ring.constant(number)
        for n, (element, _, _) in zip(multiples, self.irrationals, strict=True):
            total = total + element * n
        return total

    def expression(self, key: int) -> Expr:
        """A power as a SymPy number or expression."""
        number, multiples = self.read(key)
        total: Expr = Rational(number.numerator, number.denominator)
        for n, (_, expression, _) in zip(multiples, self.irrationals, strict=True):
            total = total + Integer(n) * expression
        return total

    def value(self, key: int) -> float:
        """A power as a float."""
        return key / self.scale


def _small(count: int) -> Iterator[tuple[int, ...]]:
    """Tuples of integers, the smaller ones first."""
    if not count:
        yield ()
        return
    bound = _SEARCH if count == 1 else 16
    numbers = sorted(range(-bound, bound + 1), key=abs)
    yield from sorted(product(numbers, repeat=count), key=lambda t: sum(map(abs, t)))
