"""Derivations of the ring: total derivatives D_c along a coordinate, partial derivatives with respect to a
generator.

A derivation obeys Leibniz' rule, so it is known once it is known on the generators:
d(m) = sum_g m_g (m / g) dg for a monomial m, and dG = sum_i (dG/da_i) da_i for a composite G.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from holosym.jets.element import BITS, UNIT, Element, Terms
from holosym.jets.generators import CoordinateGenerator, Generator, JetGenerator
from holosym.jets.ring import Ring

Rule = Callable[[Generator], Element | None]


class Derivation:
    """A derivation given by its values on generators.

    Args:
        ring: the ring it acts on.
        rule: the derivative of a generator, zero included; None leaves an atom at zero, a composite to the
            chain rule.
    """

    def __init__(self, ring: Ring, rule: Rule) -> None:
        self.ring = ring
        self.rule = rule
        self._known: dict[int, tuple[tuple[int, Any], ...]] = {}

    def _of_generator(self, position: int) -> tuple[tuple[int, Any], ...]:
        known = self._known.get(position)
        if known is None:
            generator = self.ring.generators[position]
            value = self.rule(generator)
            if value is None and generator.arguments:
                known = self._of_composite(generator)
            else:
                known = tuple(value.terms.items()) if value else ()
            self._known[position] = known
        return known

    def _of_composite(self, generator: Generator) -> tuple[tuple[int, Any], ...]:
        inner = [self(a) for a in generator.arguments]
        if not any(inner):
            return ()
        pairs = zip(generator.partials(), inner, strict=True)
        return tuple(self.ring.sum(p * d for p, d in pairs if d).terms.items())

    def __call__(self, element: Element) -> Element:
        """The derivative of an element."""
        out: Terms = {}
        get = out.get
        decode = self.ring.decode
        for monomial, coefficient in element.terms.items():
            for g, e in decode(monomial):
                inner = self._of_generator(g)
                if not inner:
                    continue
                whole, rest = divmod(e, UNIT)
                factor = coefficient * (Fraction(e, UNIT) if rest else whole)
                base = monomial - (UNIT << (BITS * g))
                for n, k in inner:
                    out[base + n] = get(base + n, 0) + factor * k
        limit = self.ring.truncate
        result = Element(self.ring, {m: c for m, c in out.items() if c})
        return result if limit is None else self.ring.product(result, self.ring.one)


def total(ring: Ring, coordinate: Any) -> Derivation:
    """D_c: coordinates go to 0 or 1, a jet to the next jet."""

    def rule(generator: Generator) -> Element | None:
        if isinstance(generator, CoordinateGenerator):
            return ring.one if generator.symbol == coordinate else None
        if isinstance(generator, JetGenerator):
            raised = generator.raised(coordinate)
            return None if raised is None else ring.generator(raised)
        return None

    return Derivation(ring, rule)


def partial(ring: Ring, variable: Generator, hold: Callable[[Generator], bool] | None = None) -> Derivation:
    """The derivative with respect to one generator, through composites.

    Args:
        ring: the ring.
        variable: the generator.
        hold: which other generators are held fixed, whatever their arguments.
    """
    key = variable.key

    def rule(generator: Generator) -> Element | None:
        if generator.key == key:
            return ring.one
        return ring.zero if hold is not None and hold(generator) else None

    return Derivation(ring, rule)


class TotalDerivatives:
    """The total derivatives of a ring along its coordinates, each made once; `D(element, coordinate)`."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._along: dict[Any, Derivation] = {}

    def __call__(self, element: Element, coordinate: Any) -> Element:
        """D_c element."""
        if coordinate not in self._along:
            self._along[coordinate] = total(self.ring, coordinate)
        return self._along[coordinate](element)

    def repeated(self, element: Element, coordinates: tuple[Any, ...], orders: tuple[int, ...]) -> Element:
        """The derivative of given orders along given coordinates."""
        for coordinate, order in zip(coordinates, orders, strict=True):
            for _ in range(order):
                element = self(element, coordinate)
        return element
