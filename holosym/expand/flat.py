r"""Values of the scales of the boundary metric at which it is flat, and light has speed one.

    x^2 gamma_ii -> c_i,      c_i = number * prod_p p_0^n_p exp(sum_q k_q q_0),      all |c_i| = c

With f_0 = 4 at the boundary (an AdS radius of 1/2) the metric  (-f exp(-chi) dt^2 + dz^2/f + dx^2)/z^2  tends to
-4 exp(-chi_0) dt^2 + dx^2, so that chi_0 = log 4. The equations for the logarithms of the p_0 and for the q_0 are
linear; what stands in g_tt is moved first, then c, then what stands along the slices.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sympy
from sympy import Expr, S, Symbol

from holosym.expand.asymptotics import Asymptotics
from holosym.jets.composites import Exponential
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import CoordinateGenerator, Generator, JetGenerator
from holosym.jets.to_sympy import Writer

_COMMON = Symbol("common")


def flat_scales(
    shape: Asymptotics, solved: Mapping[str, Expr], free: Mapping[str, bool]
) -> tuple[dict[str, Expr], tuple[Expr, ...] | None]:
    """The values of the free scales.

    Args:
        shape: the asymptotics of the metric.
        solved: leading coefficients that the equations decide, by profile.
        free: for every other metric function whether it is additive (stands in exponentials).

    Returns:
        The values, which are 1 (0 for additive ones) where no numbers make the metric flat; and what the components of
        the metric then are, None where it is flat.
    """
    values: dict[str, Expr] = {name: S.Zero if additive else S.One for name, additive in free.items()}
    logs = _Logarithms(shape, solved, free)
    sizes = [logs.component(i) for i, _ in enumerate(shape.coordinates) if shape.coordinates[i] != shape.chart.radial]
    if any(one is None for one in sizes):
        return values, None
    unknowns = [Symbol(name) for name in sorted(free, key=lambda n: (n not in shape.temporal, n))]
    ahead = [u for u in unknowns if u.name in shape.temporal]
    order = [*ahead, _COMMON, *unknowns[len(ahead) :]]
    conditions = [sympy.expand_log(one - _COMMON, force=True) for one in sizes if one is not None]
    solutions = list(sympy.linsolve(conditions, order))
    if solutions:
        put = dict(zip(order, (sympy.sympify(v).subs(dict.fromkeys(order, 0)) for v in solutions[0]), strict=True))
        if all(value.is_number for value in put.values()):
            for name, additive in free.items():
                value = sympy.logcombine(put[Symbol(name)], force=True)
                values[name] = value if additive else sympy.exp(value)
            return values, None
    rest = dict.fromkeys(order, 0)
    return values, tuple(sympy.exp(sympy.logcombine(one.subs(rest), force=True)) for one in sizes if one is not None)


class _Logarithms:
    """log |c_i| of the diagonal components, linear in the logarithms of the scales."""

    def __init__(self, shape: Asymptotics, solved: Mapping[str, Expr], free: Mapping[str, bool]) -> None:
        self.shape = shape
        self.ring = shape.ring
        self.solved = solved
        self.free = free
        self.write = Writer(shape.ring, _named)

    def component(self, index: int) -> Expr | None:
        """log |c_i|; None where it is not one product of scales and numbers, as on a sphere."""
        element = self.shape.metric.get((index, index), self.ring.zero)
        kept = [(m, c) for m, c in element.terms.items() if not self._vanishes(m)]
        if len(kept) != 1:
            return None
        monomial, number = kept[0]
        total: Expr = sympy.log(abs(sympy.Rational(Fraction(number).numerator, Fraction(number).denominator)))
        for g, e in self.ring.decode(monomial):
            part = self._factor(self.ring.generators[g])
            if part is None:
                return None
            total += sympy.Rational(e, UNIT) * part
        return total

    def _vanishes(self, monomial: int) -> bool:
        """Whether a function that stands off the diagonal, and vanishes at the boundary, is a factor."""
        inside = (self.ring.generators[g] for g, _ in self.ring.decode(monomial))
        return any(isinstance(g, JetGenerator) and not self.shape.leading[g.unknown.name].present for g in inside)

    def _factor(self, generator: Generator) -> Expr | None:
        if isinstance(generator, CoordinateGenerator):
            return S.Zero if generator.symbol == self.shape.chart.radial else None
        if isinstance(generator, JetGenerator):
            name = generator.unknown.name
            return Symbol(name) if name in self.free else sympy.log(self.solved[name])
        if isinstance(generator, Exponential):
            return self._exponent(generator.arguments[0])
        written = self.write(self.ring.generator(generator))
        return None if written.free_symbols & set(self.shape.coordinates) else sympy.log(written)

    def _exponent(self, argument: Element) -> Expr | None:
        """The argument of an exponential; log x, or r = -log x, is no part of the coefficient."""
        found: Expr = self.write(argument)
        put = {self.shape.chart.radial: S.Zero, **{Symbol(n): c for n, c in self.solved.items()}}
        names = {n for n in self.shape.leading if found.has(Symbol(n))}
        return found.xreplace(put) if names <= {*self.free, *self.solved} else None


def _named(generator: Generator) -> Expr | None:
    """A function by its name, a radial coordinate as it is."""
    return Symbol(generator.unknown.name) if isinstance(generator, JetGenerator) else None
