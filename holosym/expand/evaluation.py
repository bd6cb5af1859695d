r"""Elements of the jet ring on truncated series.

A monomial's leading power is known before it is multiplied out, so every factor is needed only as far beyond its own
leading power as the limit lies beyond the monomial's.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from holosym.errors import ExpansionError
from holosym.expand.chart import Chart
from holosym.expand.taylor import Singular, Taylor
from holosym.expand.truncated import Arithmetic, Series, log_parts, tidy
from holosym.jets.composites import (
    Applied,
    Compound,
    CouplingJet,
    Exponential,
    Logarithm,
    Sine,
)
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter, differentiate
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, JetGenerator
from holosym.jets.ring import Ring

_PATIENCE = 8


class Evaluation:
    """Elements of one ring on given series of the profiles.

    Args:
        ring: the ring of jets.
        arithmetic: of the coefficients.
        chart: how the radial coordinate and its derivative act on powers of x.
        taylor: the derivatives of couplings.
        profiles: every profile's series.
    """

    def __init__(
        self, ring: Ring, arithmetic: Arithmetic, chart: Chart, taylor: Taylor, profiles: Mapping[str, Series]
    ) -> None:
        self.ring = ring
        self.ar = arithmetic
        self.chart = chart
        self.taylor = taylor
        self.profiles = dict(profiles)
        self._leading: dict[int, int | None] = {}
        self._series: dict[int, tuple[int, Series]] = {}
        self._powers: dict[tuple[int, int], tuple[int, Series]] = {}
        self._jets: dict[tuple[str, int], Series] = {}

    def __call__(self, element: Element, limit: int) -> Series:
        """The series of an element, up to x^limit."""
        parts = []
        for monomial, coefficient in element.terms.items():
            factors = self.ring.decode(monomial)
            total = self._lowest(factors)
            if total is None or total > limit:
                continue
            width = limit - total
            part: Series = {0: self.ar.ring.constant(coefficient)}
            for g, e in factors:
                part = self.ar.product(part, self._power(g, e, width), width)
            parts.append({k + total: c for k, c in part.items()})
        return self.ar.sum(parts)

    def lowest(self, element: Element) -> int | None:
        """The smallest power among the element's terms, as if none cancelled; None for zero."""
        found = [self._lowest(self.ring.decode(m)) for m in element.terms]
        return min((k for k in found if k is not None), default=None)

    def leading(self, element: Element, reach: int) -> tuple[int, Element] | None:
        """The leading power and coefficient; None for what vanishes up to `reach` beyond its smallest term."""
        start = self.lowest(element)
        if start is None:
            return None
        width = 0
        while width <= reach:
            found = self(element, start + width)
            if found:
                k = min(found)
                return k, found[k]
            width += self.ar.powers.scale
        return None

    # ---- monomials ----------------------------------------------------------------------------------------------

    def _lowest(self, factors: tuple[tuple[int, int], ...]) -> int | None:
        total = 0
        for g, e in factors:
            k = self._generator_leading(g)
            if k is None:
                if e < 0:
                    raise ExpansionError(f"division by {self.ring.generator(self.ring.generators[g])}, which is zero")
                return None
            total += self.ar.powers.times(k, Fraction(e, UNIT))
        return total

    def _power(self, g: int, e: int, width: int) -> Series:
        """g^e over its leading power of x."""
        known = self._powers.get((g, e))
        if known is not None and known[0] >= width:
            return known[1]
        base = self._of_generator(g, width)
        k = self._generator_leading(g)
        assert k is not None
        raised = self.ar.power({j - k: c for j, c in base.items()}, Fraction(e, UNIT), width)
        self._powers[g, e] = (width, raised)
        return raised

    def _generator_leading(self, g: int) -> int | None:
        if g not in self._leading:
            series = self._of_generator(g, 0)
            self._leading[g] = min(series) if series else None
        return self._leading[g]

    def _of_generator(self, g: int, width: int) -> Series:
        known = self._series.get(g)
        if known is None or known[0] < width:
            known = self._series[g] = (width, self._made(self.ring.generators[g], width))
        return known[1]

    # ---- generators ---------------------------------------------------------------------------------------------

    def _made(self, generator: Any, width: int) -> Series:
        """A generator's series, at least `width` beyond its leading power."""
        if isinstance(generator, CoordinateGenerator):
            return self.chart.coordinate(self.ar, generator)
        if isinstance(generator, ConstantGenerator):
            return {0: self.ar.ring.generator(generator)}
        if isinstance(generator, JetGenerator):
            return self._jet(generator)
        if isinstance(generator, Compound):
            return self._relative(generator.value, width)
        if isinstance(generator, Exponential):
            return self.ar.exponential(self(generator.arguments[0], width), width)
        if isinstance(generator, Logarithm):
            return self.ar.logarithm(self._relative(generator.arguments[0], width), width)
        if isinstance(generator, CouplingJet | Applied):
            return self._coupling(generator, width)
        if isinstance(generator, Sine):
            return self._sine(generator, width)
        raise ExpansionError(f"{type(generator).__name__} has no series near the boundary")

    def _jet(self, jet: JetGenerator) -> Series:
        name, order = jet.unknown.name, sum(jet.orders)
        if len(jet.orders) != 1:
            raise ExpansionError(
                f"the profile {name} depends on several coordinates",
                mend="boundary series are made for profiles of the radial coordinate alone",
            )
        if order == 0:
            return self.profiles[name]
        found = self._jets.get((name, order))
        if found is None:
            below = self._jet(JetGenerator(jet.unknown, (order - 1,)))
            found = self._jets[name, order] = self.chart.derivative(self.ar, below)
        return found

    def _relative(self, element: Element, width: int) -> Series:
        """An element up to `width` beyond its true leading power."""
        start = self.lowest(element)
        for attempt in range(_PATIENCE):
            if start is None:
                break
            found = self(element, start + width + attempt * self.ar.powers.scale)
            if found and min(found) + width <= start + width + attempt * self.ar.powers.scale:
                return found
        return {}

    def _sine(self, generator: Sine, width: int) -> Series:
        """sin(a + s) = sin a cos s + cos a sin s."""
        series = self(generator.arguments[0], width)
        at = series.pop(0, self.ar.ring.zero)
        sign = 1 if generator.hyperbolic else -1
        if at.terms and not series:
            return {0: self.ar.ring.generator(Sine(at, generator.hyperbolic))}
        if at.terms:
            raise ExpansionError("a sine of a profile that does not vanish at the boundary")
        coefficients, factor = [], Fraction(1)
        for n in range(self.ar.orders(series, width + min(series, default=0)) + 1):
            coefficients.append(self.ar.ring.constant(factor if n % 2 else 0))
            factor = factor / (n + 1) * (sign if n % 2 else 1)
        return self.ar.composed(coefficients, series, width + min(series, default=0))

    def _coupling(self, jet: CouplingJet | Applied, width: int) -> Series:
        """The Taylor series about the boundary values of the arguments; the closed form itself where it has none."""
        try:
            for extra in range(_PATIENCE):
                wide = width + extra * self.ar.powers.scale
                found = self._taylor_series(jet, wide)
                if found and min(found) + width <= wide:
                    return found
            return {}
        except Singular:
            if not isinstance(jet, CouplingJet) or jet.name not in self.taylor.closed:
                raise
            slots, form = self.taylor.closed[jet.name]
            values = dict(zip(slots, jet.arguments, strict=True))
            derived = differentiate(form, slots, jet.orders)
            return self._relative(Converter(self.ring, values, self.taylor.closed)(derived), width)

    def _taylor_series(self, jet: CouplingJet | Applied, width: int) -> Series:
        ar = self.ar
        at, small = [], []
        for argument in jet.arguments:
            series = dict(self(argument, width))
            value = series.pop(0, ar.ring.zero)
            if set(log_parts(value)) - {0}:
                raise ExpansionError(
                    f"an argument of {getattr(jet, 'name', 'a function')} grows as log x at the boundary"
                )
            at.append(value)
            small.append(series)
        counts = [range(ar.orders(s, width) + 1) for s in small]
        powers = [[ar.one] for _ in small]
        for chain, s, count in zip(powers, small, counts, strict=True):
            for _ in count[1:]:
                chain.append(ar.product(chain[-1], s, width))
        parts = []
        for orders in product(*counts):
            term = {0: tidy(self.taylor.coefficient(jet, orders, tuple(at)))}
            for chain, n in zip(powers, orders, strict=True):
                if not chain[n]:
                    term = {}
                    break
                if n:
                    term = ar.product(term, chain[n], width)
            parts.append({k: c for k, c in term.items() if c.terms})
        return ar.sum(parts)
