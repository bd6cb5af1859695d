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

    Attributes:
        caps: for every irrational exponent, how many powers of its source are kept.
        margin: how many more are kept on the way: a quantity over its leading power counts them from there.
        dimension: d.

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
        self.margin = 0
        self.dimension = 1
        self._excesses: dict[int, int] = {}
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
        """Whether a power counts for the arithmetic: `margin` more than for the result."""
        return not self._keys or self._excess(key) <= self.margin

    def wanted(self, key: int) -> bool:
        """Whether a power has no more powers of a source than its cap."""
        return not self._keys or self._excess(key) <= 0

    def _excess(self, key: int) -> int:
        """By how much the number of powers of a source exceeds its cap, at most.

        source^s response^r has the power  q + n D  with D = d - Delta, n = s - r and q >= r d, so that
        s <= n + q/d; a marginal response has no multiple of D.
        """
        found = self._excesses.get(key)
        if found is None:
            q, multiples = self.read(key)
            responses = q // self.dimension
            found = self._excesses[key] = max(
                n + (0 if i in self.marginal else responses) - self.caps[i] for i, n in enumerate(multiples)
            )
        return found

    def _decode(self, key: int) -> tuple[Fraction, tuple[int, ...]]:
        unit = self.scale // _FINE
        for multiples in _small(len(self._keys)):
            rest = key - sum(n * k for n, k in zip(multiples, self._keys, strict=True))
            if (rest * unit) % self.scale == 0:
                return Fraction(rest, self.scale), multiples
        raise ExpansionError("a power of the radial coordinate is no sum of the exponents of this expansion")

    def slack(self) -> int:
        """How far the keys of one power of x reach: over all powers of a marginal source."""
        return sum(self.caps[i] * self._keys[i] for i in self.marginal)

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
