r"""Truncated series in x with coefficients in a ring that holds log x as its first generator.

    s = sum_k c_k x^k,        c_k polynomials of L = log x, of data and parameters,        theta = x d/dx,
    theta (x^k c) = x^k (k c + dc/dL)

A series is a dictionary from the keys of powers (see `powers`) to coefficients; zeros are not held.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sympy import Rational, Symbol

from holosym.errors import ExpansionError
from holosym.expand.powers import Powers
from holosym.jets.composites import Compound
from holosym.jets.element import BITS, UNIT, Element, Terms, accumulate, exact, lowest_exponent
from holosym.jets.functions import exponential, logarithm
from holosym.jets.generators import ConstantGenerator, Generator
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy

Series = dict[int, Element]
LOG = Symbol("L", real=True)


class Coefficients(Ring):
    """A ring whose first generator is log x, and that knows which of its compounds are roots of numbers."""

    def __init__(self) -> None:
        self.roots: dict[int, int | Fraction] = {}
        self.compounds: set[int] = set()
        super().__init__()
        self.index(ConstantGenerator(LOG))

    def index(self, generator: Generator) -> int:
        position = super().index(generator)
        if isinstance(generator, Compound) and position not in self.roots:
            value = generator.arguments[0].terms
            if set(value) == {0}:
                self.roots[position] = value[0]
            else:
                self.compounds.add(position)
        return position


def rooted(c: Element) -> Element:
    """A coefficient with exponents of roots of numbers in [0, 1): p^(-1/2) is p^(1/2)/p, so each is written once."""
    ring: Coefficients = c.ring  # type: ignore[assignment]
    roots = ring.roots
    if not roots:
        return c
    decode = ring.decode
    if all(0 <= e < UNIT for m in c.terms for g, e in decode(m) if g in roots):
        return c
    out: Terms = {}
    for m, k in c.terms.items():
        n = m
        for g, e in decode(m):
            if g in roots and not 0 <= e < UNIT:
                whole = e // UNIT
                k = k * (Fraction(roots[g]) ** whole if whole < 0 else roots[g] ** whole)
                n -= (whole * UNIT) << (BITS * g)
        accumulate(out, {n: exact(k)}, 1)
    return Element(ring, out)


def tidy(c: Element) -> Element:
    """A coefficient with its roots multiplied out; zero where it is zero."""
    c = rooted(c)
    ring: Coefficients = c.ring  # type: ignore[assignment]
    if not ring.compounds or not ring.positions(c) & ring.compounds:
        return c
    c = rooted(ring.expanded(c))
    return ring.zero if ring.is_zero(c) else c


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


def as_rational(c: Element) -> Fraction | None:
    """The rational number that a coefficient is, whatever it is written with; None where it is none."""
    if not set(c.terms) - {0}:
        return Fraction(c.terms.get(0, 0))
    written = to_sympy(c)
    generic = {s: Rational(37 + 11 * i, 1009) for i, s in enumerate(sorted(written.free_symbols, key=str))}
    value = written.xreplace(generic).evalf(40)
    if not value.is_real:
        return None
    guess = Fraction(str(value)).limit_denominator(10**6)
    return guess if c.ring.is_zero(tidy(c - guess)) else None


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
            return {k: c for k, c in b.items() if k <= limit and self.powers.kept(k)}
        out: dict[int, Terms] = {}
        kept = self.powers.kept
        for i, c in a.items():
            for j, d in b.items():
                if i + j <= limit and kept(i + j):
                    accumulate(out.setdefault(i + j, {}), self.ring.product(c, d).terms, 1)
        return {k: e for k, terms in out.items() if (e := rooted(Element(self.ring, terms))).terms}

    def scaled(self, a: Series, factor: Element, shift: int = 0) -> Series:
        """factor x^shift a."""
        return {k + shift: rooted(c * factor) for k, c in a.items()}

    def theta(self, a: Series) -> Series:
        """x da/dx."""
        found = {k: rooted(c * self.powers.element(k) + log_derivative(c)) for k, c in a.items()}
        return {k: c for k, c in found.items() if c.terms}

    def split(self, a: Series) -> tuple[int, Element, Series]:
        """(k, c, rest) with  a = c x^k (1 + rest).

        Raises:
            ExpansionError: where the leading coefficient depends on log x.
        """
        if not a:
            raise ExpansionError("the logarithm or a negative power of something that vanishes at the boundary")
        k = min(a)
        lead = a[k]
        if set(log_parts(lead)) != {0}:
            raise ExpansionError("a quantity that is divided by, or raised to a power, begins with a logarithm")
        one_over = inverse(lead)
        return k, lead, {j - k: rooted(c * one_over) for j, c in a.items() if j != k}

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
        most = width // lowest
        if not self.powers.irrationals or not any(self.powers.read(lowest)[1]):
            return most
        others = [k for k in small if not any(n > 0 for n in self.powers.read(k)[1])]
        return min(
            most,
            sum(self.powers.caps)
            + len(self.powers.caps) * self.powers.margin
            + (width // min(others) if others else 0),
        )

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
