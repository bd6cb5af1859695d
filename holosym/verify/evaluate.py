"""High-precision evaluation of ring elements, generator by generator.

Values of atoms are given; composites are evaluated with mpmath from their arguments. Closed forms of
couplings enter through SymPy's own derivatives, so nothing here relies on the ring's rules of derivation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import sympy

from holosym.dsl.symbols import AppliedCoupling
from holosym.errors import RingError
from holosym.jets.composites import Applied, Compound, CosineSquared, CouplingJet, Exponential, Logarithm, Sine
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import differentiate
from holosym.jets.generators import Generator
from holosym.jets.ring import Ring

Atoms = Callable[[Generator], Any]
WORKING_DIGITS = 75


class NotAdmissible(Exception):
    """A point where something is not finite."""


class Evaluator:
    """Values of elements at one point.

    Args:
        ring: the ring.
        atoms: the value of an atom.
        closed: closed forms of couplings, by name, as (slots, expression).
    """

    def __init__(
        self, ring: Ring, atoms: Atoms, closed: Mapping[str, tuple[tuple[Any, ...], Any]] | None = None
    ) -> None:
        self.ring = ring
        self.atoms = atoms
        self.closed = {name: c for name, c in (closed or {}).items() if not c[1].has(AppliedCoupling)}
        self._known: dict[int, Any] = {}

    def __call__(self, element: Element) -> tuple[Any, Any]:
        """(value, sum of the absolute values of the terms)."""
        total, magnitude = mpmath.mpf(0), mpmath.mpf(0)
        for monomial, coefficient in element.terms.items():
            term = _number(coefficient)
            for g, e in self.ring.decode(monomial):
                term = term * self._power(g, e)
            total += term
            magnitude += abs(term)
        if not mpmath.isfinite(total) or not mpmath.isfinite(magnitude):
            raise NotAdmissible
        return total, magnitude

    def value(self, element: Element) -> Any:
        """The value alone."""
        return self(element)[0]

    def _power(self, g: int, e: int) -> Any:
        base = self._generator(g)
        try:
            if e % UNIT == 0:
                return base ** (e // UNIT)
            if isinstance(self.ring.generators[g], CosineSquared) and (2 * e) % UNIT == 0:
                return self._cosine(self.ring.generators[g]) ** (2 * e // UNIT)
            return mpmath.power(base, mpmath.mpf(e) / UNIT)
        except ZeroDivisionError:
            raise NotAdmissible from None

    def _cosine(self, generator: Any) -> Any:
        angle = self.value(generator.arguments[0])
        return mpmath.cosh(angle) if generator.hyperbolic else mpmath.cos(angle)

    def _generator(self, g: int) -> Any:
        if g not in self._known:
            self._known[g] = self._evaluate(self.ring.generators[g])
        return self._known[g]

    def _evaluate(self, generator: Generator) -> Any:
        if not generator.arguments:
            return self.atoms(generator)
        if isinstance(generator, CouplingJet) and generator.name not in self.closed:
            return self.atoms(generator)
        arguments = [self.value(a) for a in generator.arguments]
        if isinstance(generator, CosineSquared):
            return self._cosine(generator) ** 2
        if isinstance(generator, Compound):
            return arguments[0]
        if isinstance(generator, Exponential):
            return mpmath.exp(arguments[0])
        if isinstance(generator, Logarithm):
            if arguments[0] == 0:
                raise NotAdmissible
            return mpmath.log(arguments[0])
        if isinstance(generator, Sine):
            return mpmath.sinh(arguments[0]) if generator.hyperbolic else mpmath.sin(arguments[0])
        if isinstance(generator, CouplingJet):
            return self._coupling(generator, arguments)
        assert isinstance(generator, Applied)
        slots = [sympy.Dummy() for _ in arguments]
        return numerical(generator.function(*slots), slots)(*arguments)

    def _coupling(self, generator: CouplingJet, arguments: list[Any]) -> Any:
        slots, form = self.closed[generator.name]
        derivative = differentiate(form, slots, generator.orders)
        inner = sorted((s for s in derivative.free_symbols if s not in slots), key=str)
        values = [self.atoms(_constant(s)) for s in inner]
        return numerical(derivative, [*slots, *inner])(*arguments, *values)


def _constant(symbol: Any) -> Generator:
    from holosym.jets.generators import ConstantGenerator

    return ConstantGenerator(symbol)


def _number(coefficient: Any) -> Any:
    if isinstance(coefficient, int):
        return mpmath.mpf(coefficient)
    return mpmath.mpf(coefficient.numerator) / coefficient.denominator


def numerical(expression: Any, symbols: list[Any]) -> Callable[..., Any]:
    """A SymPy expression as an mpmath function.

    Raises:
        NotAdmissible: when called where the expression is not finite.
    """
    function = sympy.lambdify(symbols, expression, modules="mpmath")

    def call(*values: Any) -> Any:
        try:
            value = mpmath.mpmathify(function(*values))
        except (ZeroDivisionError, ValueError, OverflowError):
            raise NotAdmissible from None
        except (NameError, TypeError, AttributeError) as error:
            raise RingError(f"{expression} has no numerical value") from error
        if not mpmath.isfinite(value):
            raise NotAdmissible
        return value

    return call
