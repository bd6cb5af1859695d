"""Elements as SymPy expressions: sums of products, for people to read and for printers to take apart."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, S

from holosym.dsl.symbols import Profile, ProfileHead, coupling_head
from holosym.jets.composites import (
    Applied,
    Compound,
    CosineSquared,
    CouplingJet,
    Exponential,
    Logarithm,
    Sine,
)
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.jets.ring import Ring

Namer = Callable[[Generator], Any]


class Writer:
    """Elements as SymPy expressions.

    Args:
        ring: the ring.
        name: optional; the symbol a generator is written as, or None for the default.
    """

    def __init__(self, ring: Ring, name: Namer | None = None) -> None:
        self.ring = ring
        self.name = name
        self._powers: dict[tuple[int, int], Any] = {}

    def __call__(self, element: Element) -> Expr:
        """The sum of the element's terms."""
        return Add(*self.terms(element))

    def terms(self, element: Element) -> list[Expr]:
        """The element's terms, as products."""
        written = []
        for monomial, coefficient in element.terms.items():
            number = _rational(coefficient)
            factors = [self._power(g, e) for g, e in self.ring.decode(monomial)]
            written.append(Mul(number, *factors))
        return written

    def _power(self, position: int, e: int) -> Any:
        made = self._powers.get((position, e))
        if made is None:
            generator = self.ring.generators[position]
            named = self.name(generator) if self.name else None
            base, exponent = (named, Rational(e, UNIT)) if named is not None else self._default(generator, e)
            made = self._powers[position, e] = Pow(base, exponent)
        return made

    def _default(self, generator: Generator, e: int) -> tuple[Any, Any]:
        exponent = Rational(e, UNIT)
        arguments = [self(a) for a in generator.arguments]
        if isinstance(generator, CosineSquared):
            return (sympy.cosh if generator.hyperbolic else sympy.cos)(arguments[0]), 2 * exponent
        if isinstance(generator, Compound):
            return arguments[0], exponent
        if isinstance(generator, Exponential):
            return self._exponential(generator, exponent), S.One
        if isinstance(generator, Logarithm):
            return sympy.log(arguments[0]), exponent
        if isinstance(generator, Sine):
            return (sympy.sinh if generator.hyperbolic else sympy.sin)(arguments[0]), exponent
        if isinstance(generator, CouplingJet):
            return coupling_head(generator.name, generator.orders)(*arguments), exponent
        if isinstance(generator, Applied):
            return generator.function(*arguments), exponent
        return atom_symbol(generator), exponent

    def _exponential(self, generator: Exponential, exponent: Any) -> Any:
        """exp(a), or a power where a is a symbolic exponent times one logarithm."""
        digits = self.ring.decode(next(iter(generator.arguments[0].terms)))
        logs = [(g, e) for g, e in digits if isinstance(self.ring.generators[g], Logarithm)]
        if len(logs) == 1 and logs[0][1] == UNIT:
            base = self(self.ring.generators[logs[0][0]].arguments[0])
            rest = Mul(*[self._power(g, e) for g, e in digits if g != logs[0][0]])
            return Pow(base, rest * exponent)
        return sympy.exp(self(generator.arguments[0]) * exponent)


def atom_symbol(generator: Generator) -> Any:
    """The SymPy object of an atom: a coordinate, a constant, a profile or its derivative."""
    if isinstance(generator, CoordinateGenerator | ConstantGenerator):
        return generator.symbol
    assert isinstance(generator, JetGenerator)
    unknown = generator.unknown
    if unknown.kind == "profile":
        applied = ProfileHead(unknown.name, bases=(Profile,))(*unknown.coordinates)
    else:
        applied = sympy.Function(unknown.name)(*unknown.coordinates)
    counts = [(c, n) for c, n in zip(unknown.coordinates, generator.orders, strict=True) if n]
    return applied.diff(*counts) if counts else applied


def _rational(number: int | Fraction) -> Any:
    return Integer(number) if isinstance(number, int) else Rational(number.numerator, number.denominator)


def to_sympy(element: Element) -> Expr:
    """An element as a SymPy expression in profiles and their derivatives."""
    return Writer(element.ring)(element)
