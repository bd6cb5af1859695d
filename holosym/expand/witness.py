r"""A witness: numbers for everything in an element, which tell whether it vanishes identically.

Data, parameters and unknown couplings get pseudo-random numbers that depend on their names alone; jets that were
solved for get the values that follow. A polynomial that is not zero vanishes on no more than a set of measure zero,
so an element that is zero here to fifty digits is zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from holosym.derive.couplings import Closed
from holosym.dsl.symbols import AppliedCoupling
from holosym.errors import ExpansionError
from holosym.jets.composites import Applied, Compound, CouplingJet, Exponential, Logarithm, Sine
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import differentiate
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.jets.ring import Ring

DIGITS = 60
TOLERANCE = mpmath.mpf(10) ** -35  # of sums whose terms are of order one: 25 digits are left for cancellations


class Witness:
    """Numbers for the generators of a ring.

    Args:
        ring: the ring.
        point: the horizon's position, where it is a number.
        closed: closed forms of couplings.
        values: jets that were solved for, by position: numerator and denominator.
        seed: another one gives other numbers.
    """

    def __init__(
        self, ring: Ring, point: Any, closed: Closed, values: Mapping[int, tuple[Element, Element]], seed: int = 0
    ) -> None:
        self.ring = ring
        self.point = point
        self.closed = {name: form for name, form in closed.items() if not form[1].has(AppliedCoupling)}
        self.values = values
        self.seed = seed
        self._known: dict[int, Any] = {}

    def forget(self) -> None:
        """Numbers have to be found anew: a jet was solved for."""
        self._known.clear()

    def vanishes(self, element: Element) -> bool:
        """Whether an element is zero, compared with the size of its terms."""
        with mpmath.workdps(DIGITS):
            terms = [self._term(m, c) for m, c in element.terms.items()]
            return bool(abs(mpmath.fsum(terms)) <= TOLERANCE * (1 + max((abs(t) for t in terms), default=0)))

    def number(self, element: Element) -> Any:
        """The number of an element."""
        with mpmath.workdps(DIGITS):
            return mpmath.fsum(self._term(m, c) for m, c in element.terms.items())

    def _term(self, monomial: int, coefficient: int | Fraction) -> Any:
        exact = Fraction(coefficient)
        result = mpmath.mpf(exact.numerator) / exact.denominator
        for g, e in self.ring.decode(monomial):
            base = self._generator(g)
            result = result * (base ** (e // UNIT) if e % UNIT == 0 else base ** (mpmath.mpf(e) / UNIT))
        return result

    def _generator(self, position: int) -> Any:
        if position not in self._known:
            self._known[position] = self._evaluate(position, self.ring.generators[position])
        return self._known[position]

    def _evaluate(self, position: int, generator: Generator) -> Any:
        if isinstance(generator, JetGenerator):
            if position in self.values:
                above, below = self.values[position]
                return self.number(above) / self.number(below)
            return self._random(f"{generator.unknown.name}{generator.orders}")
        if isinstance(generator, CoordinateGenerator):
            named = self.point is not None and self.point.is_number
            return mpmath.mpmathify(self.point) if named else self._random("point")
        if isinstance(generator, ConstantGenerator):
            return self._constant(generator.symbol)
        arguments = [self.number(a) for a in generator.arguments]
        if isinstance(generator, Compound):
            return self.number(generator.value)
        if isinstance(generator, Exponential):
            return mpmath.exp(arguments[0])
        if isinstance(generator, Logarithm):
            return mpmath.log(arguments[0])
        if isinstance(generator, Sine):
            return mpmath.sinh(arguments[0]) if generator.hyperbolic else mpmath.sin(arguments[0])
        if isinstance(generator, CouplingJet):
            return self._coupling(generator, arguments)
        if isinstance(generator, Applied):
            return _applied(generator.function, arguments)
        raise ExpansionError(f"{type(generator).__name__} has no number")

    def _coupling(self, jet: CouplingJet, arguments: list[Any]) -> Any:
        if jet.name not in self.closed:
            return self._random(f"{jet.name}{jet.orders}{[mpmath.nstr(a, 20) for a in arguments]}")
        slots, form = self.closed[jet.name]
        derivative = sympy.sympify(differentiate(form, slots, jet.orders))
        constants = sorted(derivative.free_symbols - set(slots), key=str)
        function = sympy.lambdify([*slots, *constants], derivative, "mpmath")
        return function(*arguments, *map(self._constant, constants))

    def _constant(self, symbol: Any) -> Any:
        """A number's value; of a parameter a random one."""
        if symbol.is_number:
            return mpmath.mpmathify(sympy.N(symbol, DIGITS))
        return self._random(f"parameter {symbol}")

    def _random(self, name: str) -> Any:
        """A number between 1/2 and 3/2 that depends on a name and the seed."""
        digest = int.from_bytes(hashlib.sha256(f"{self.seed}{name}".encode()).digest()[:16], "big")
        return mpmath.mpf("0.5") + mpmath.mpf(digest) / mpmath.mpf(2**128)


def _applied(function: Any, arguments: list[Any]) -> Any:
    slots = [sympy.Dummy() for _ in arguments]
    return sympy.lambdify(slots, function(*slots), "mpmath")(*arguments)
