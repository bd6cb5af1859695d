r"""Truncated series in x with coefficients in a ring that holds log x as its first generator.

    s = sum_k c_k x^k,        c_k polynomials of L = log x, of data and parameters,        theta = x d/dx,
    theta (x^k c) = x^k (k c + dc/dL)

A series is a dictionary from the keys of powers (see `powers`) to coefficients; zeros are not held.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sympy import Symbol

from holosym.errors import ExpansionError
from holosym.expand.powers import Powers
from holosym.jets.composites import Compound
from holosym.jets.element import UNIT, Element, Terms, accumulate, exact, lowest_exponent
from holosym.jets.functions import exponential, logarithm
from holosym.jets.generators import ConstantGenerator
from holosym.jets.ring import Ring

Series = dict[int, Element]
LOG = Symbol("L", real=True)


def coefficient_ring() -> Ring:
    """A ring whose first generator is log x."""
    ring = Ring()
    ring.index(ConstantGenerator(LOG))
    return ring


def tidy(c: Element) -> Element:
    """A coefficient with its roots multiplied out, those of numbers with exponents in [0, 1); zero where it is zero."""
    ring = c.ring
    compounds = [g for g in ring.positions(c) if isinstance(ring.generators[g], Compound)] if c.terms else []
    if not compounds:
        return c
    for g in compounds:
        c = _root_of_number(c, g)
    c = ring.expanded(c)
    return ring.zero if ring.is_zero(c) else c


def _root_of_number(c: Element, g: int) -> Element:
    """p^(-1/2) is p^(1/2)/p: so that a number is written in one way."""
    value = c.ring.generators[g].arguments[0]
    if set(value.terms) != {0}:
        return c
    parts = []
    for e, part in c.ring.collect(c, g).items():
        whole, rest = divmod(e, UNIT)
        number = exact(Fraction(value.terms[0]) ** whole)
        parts.append(part * number * c.ring.generator(c.ring.generators[g], Fraction(rest, UNIT)) if e else part)
    return c.ring.sum(parts)


def log_parts(c: Element) -> dict[int, Element]:
    """The coefficients of the powers of L."""
    parts: dict[int, Terms] = {}
    for m, k in c.terms.items():
        j = lowest_exponent(m)
        parts.setdefault(j // UNIT, {})[m - j] = k
    return {j: Element(c.ring, terms) for j, terms in sorted(parts.items())}


def log_derivative(c: Element) -> Element:
    """dc/dL."""
    return Element(
        c.ring, {m - UNIT: k * (lowest_exponent(m) // UNIT) for m, k in c.terms.items() if lowest_exponent(m)}
    )


def inverse(c: Element) -> Element:
    """1/c, with a square root in c moved into the numerator: 1/(a + b s) = (a - b s)/(a^2 - b^2 s^2)."""
    ring = c.ring
    c = tidy(c)
    if len(c.terms) > 1:
        for g in sorted(ring.positions(c), reverse=True):
            parts = ring.collect(c, g)
            if isinstance(ring.generators[g], Compound) and set(parts) == {0, UNIT // 2}:
                conjugate = parts[0] - parts[UNIT // 2] * ring.generator(ring.generators[g], Fraction(1, 2))
                return tidy(conjugate * inverse(tidy(c * conjugate)))
    return c**-1


class Arithmetic:
    """Products, powers and functions of series, cut above a given key."""

    def __init__(self, ring: Ring, powers: Powers) -> None:
        self.ring = ring
        self.powers = powers
        self.log = ring.generator(ring.generators[0])
        self.one: Series = {0: ring.one}

    def sum(self, parts: Iterable[Series]) -> Series:
        """The sum of series."""
        out: dict[int, Terms] = {}
        for part in parts:
            for k, c in part.items():
                accumulate(out.setdefault(k, {}), c.terms, 1)
        return self.made(out)

    def made(self, out: dict[int, Terms]) -> Series:
        """A series of raw terms, without zeros."""
        return {k: e for k, terms in out.items() if terms and (e := tidy(Element(self.ring, terms))).terms}

    def product(self, a: Series, b: Series, limit: int) -> Series:
        """a b up to x^limit."""
        if len(a) == 1 and 0 in a and a[0] is self.ring.one:
            return {k: c for k, c in b.items() if k <= limit}
        out: dict[int, Terms] = {}
        for i, c in a.items():
            for j, d in b.items():
                if i + j <= limit:
                    accumulate(out.setdefault(i + j, {}), self.ring.product(c, d).terms, 1)
        return self.made(out)

    def scaled(self, a: Series, factor: Element, shift: int = 0) -> Series:
        """factor x^shift a."""
        return {k + shift: tidy(c * factor) for k, c in a.items()}

    def theta(self, a: Series) -> Series:
        """x da/dx."""
        found = {k: tidy(c * self.powers.element(k) + log_derivative(c)) for k, c in a.items()}
        return {k: c for k, c in found.items() if c.terms}

    def split(self, a: Series) -> tuple[int, Element, Series]:
        """(k, c, rest) with  a = c x^k (1 + rest).

        Raises:
            ExpansionError: where the leading coefficient depends on log x.
        """
        k = min(a)
        lead = a[k]
        if set(log_parts(lead)) != {0}:
            raise ExpansionError("a quantity that is divided by, or raised to a power, begins with a logarithm")
        one_over = inverse(lead)
        return k, lead, {j - k: tidy(c * one_over) for j, c in a.items() if j != k}

    def power(self, a: Series, exponent: Fraction, width: int) -> Series:
        """a^exponent, `width` beyond its leading power."""
        if exponent.denominator == 1 and exponent > 0:
            k = min(a)
            shifted = {j - k: c for j, c in a.items()}
            result = shifted
            for _ in range(exponent.numerator - 1):
                result = self.product(result, shifted, width)
            return {j + k * exponent.numerator: c for j, c in result.items() if j <= width}
        k, lead, rest = self.split(a)
        coefficients, binomial = [], Fraction(1)
        for n in range(self.orders(rest, width) + 1):
            coefficients.append(self.ring.constant(binomial))
            binomial = binomial * (exponent - n) / (n + 1)
        head = tidy(inverse(lead) ** -exponent.numerator if exponent.denominator == 1 else lead**exponent)
        return self.scaled(self.composed(coefficients, rest, width), head, self.powers.times(k, exponent))

    def orders(self, small: Series, width: int) -> int:
        """How many powers of a small series stand below x^width."""
        if not small:
            return 0
        lowest = min(small)
        if lowest <= 0:
            raise ExpansionError("a function of something that grows towards the boundary has no power series")
        return width // lowest

    def composed(self, coefficients: list[Element], small: Series, width: int) -> Series:
        """sum_n coefficients_n small^n, by Horner's rule."""
        result: Series = {}
        for c in reversed(coefficients):
            result = self.product(result, small, width) if result else {}
            if c.terms:
                total = tidy(result[0] + c) if 0 in result else c
                result = {**result, 0: total}
                if not total.terms:
                    del result[0]
        return result

    def exponential(self, a: Series, width: int) -> Series:
        """exp(a): a rational multiple of log x in a makes a power of x."""
        head = log_parts(a.get(0, self.ring.zero))
        rate = head.get(1, self.ring.zero)
        if set(head) - {0, 1} or set(rate.terms) - {0}:
            raise ExpansionError("an exponential of a logarithm of x with a coefficient that is no rational number")
        small = {k: c for k, c in a.items() if k}
        coefficients, factor = [], Fraction(1)
        for n in range(self.orders(small, width) + 1):
            coefficients.append(self.ring.constant(factor))
            factor = factor / (n + 1)
        outside = exponential(head[0]) if 0 in head else self.ring.one
        shift = self.powers.key(Fraction(rate.terms.get(0, 0)))
        return self.scaled(self.composed(coefficients, small, width), outside, shift)

    def logarithm(self, a: Series, width: int) -> Series:
        """log(a) = log c + k log x + log(1 + rest)."""
        k, lead, rest = self.split(a)
        count = self.orders(rest, width)
        series = [self.ring.zero] + [self.ring.constant(Fraction((-1) ** (n + 1), n)) for n in range(1, count + 1)]
        outside = tidy(logarithm(lead) + self.powers.element(k) * self.log)
        return self.sum([self.composed(series, rest, width), {0: outside} if outside.terms else {}])

