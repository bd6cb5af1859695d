r"""Leading powers of the metric functions, such that the line element approaches AdS:  g_xx, g_tt, g_ij ~ x^-2.

A component that is one product,  g = c x^k prod_p p^m_p exp(n q),  says  k + sum_p m_p a_p + n b_q = -2  for
p ~ x^a_p and q ~ b_q log x. The b_q are taken to be zero where that can be solved: chi tends to a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, S, Symbol, linsolve, oo

from holosym.derive.line_element import line_element
from holosym.dsl.symbols import Coordinate
from holosym.errors import ExpansionError
from holosym.expand.chart import Chart
from holosym.jets.composites import Exponential
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import CoordinateGenerator, JetGenerator
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Theory

Metric = dict[tuple[int, ...], Element]


@dataclass(frozen=True)
class Leading:
    """How a metric function begins: coefficient x^power + rate log x.

    Attributes:
        power: a_p.
        rate: b_p, of a function that stands in an exponential.
        additive: whether a constant may be added to it (it stands in exponentials alone).
        present: whether it begins so at all: one that stands off the diagonal alone vanishes at the boundary.
    """

    power: Fraction
    rate: Fraction = Fraction(0)
    additive: bool = False
    present: bool = True


@dataclass(frozen=True)
class Asymptotics:
    """The chart, the metric's components and the beginnings of its functions by name."""

    chart: Chart
    metric: Metric
    leading: dict[str, Leading]
    radial: tuple[str, ...]
    temporal: tuple[str, ...]
    coordinates: tuple[Coordinate, ...]
    ring: Ring

    def is_gauge(self, exponent: Fraction) -> bool:
        """Whether a change of the radial coordinate, x -> x (1 + eps x^e), keeps the form of the metric."""
        conditions = _gauge_conditions(self, self.ring, exponent)
        symbols = sorted(set().union(*(c.free_symbols for c in conditions)), key=str)
        if not symbols:
            return not any(conditions)
        return bool(list(linsolve(conditions, symbols)))


def _gauge_conditions(shape: Asymptotics, ring: Ring, exponent: Fraction) -> list[Expr]:
    """Equations for relative changes of the profiles that x -> x (1 + eps x^e) makes, component by component."""
    conditions = []
    radial = shape.coordinates.index(shape.chart.radial)
    for (i, j), element in sorted(shape.metric.items()):
        if i == j and len(element.terms) == 1:
            total: Expr = (
                -(2 * sympy.Rational(exponent.numerator, exponent.denominator)) if i == radial else sympy.Integer(2)
            )
            for g, e in ring.decode(next(iter(element.terms))):
                generator = ring.generators[g]
                for name in sorted(_functions(ring, ring.generator(generator))):
                    total += sympy.Rational(e, UNIT) * Symbol(f"u_{name}")
            conditions.append(total)
    return conditions


def asymptotics(system: EquationSystem, theory: Theory) -> Asymptotics:
    """The asymptotics of a theory's metric.

    Raises:
        ExpansionError: where no powers make the line element that of AdS.
    """
    assert theory.radial is not None
    metric = line_element(theory.metric, theory.coordinates, Converter(system.ring, angles=True))
    r, t = (theory.coordinates.index(c) for c in (theory.radial, theory.time))
    names = {i: _functions(system.ring, metric.get((i, i), system.ring.zero)) for i in (r, t)}
    failed = None
    for kind in ("z", "sqrt(u)") if theory.boundary == 0 else ("1/r", "exp(-r)"):
        chart = Chart(theory.radial, kind)
        try:
            leading = _Reading(system.ring, chart, metric, r).solve()
        except ExpansionError as error:
            failed = failed or error
            continue
        return Asymptotics(
            chart, metric, leading, tuple(sorted(names[r])), tuple(sorted(names[t])), theory.coordinates, system.ring
        )
    assert failed is not None
    raise failed


def check_ends(theory: Theory) -> None:
    """A boundary at 0 or at infinity, of one radial coordinate."""
    if theory.radial is None:
        raise ExpansionError("there is no radial coordinate, so there is no boundary", mend="give radial=z")
    if theory.boundary not in (S.Zero, oo):
        raise ExpansionError(
            f"the boundary is at {theory.radial} = {theory.boundary}",
            mend="use a radial coordinate whose boundary is at 0 or at oo",
        )
    for profile in theory.profiles:
        if profile.args != (theory.radial,):
            raise ExpansionError(
                f"the profile {profile} is no function of {theory.radial} alone",
                mend="boundary series are made for profiles of the radial coordinate alone",
            )


def _functions(ring: Ring, element: Element) -> set[str]:
    found = set()
    for g in ring.positions(element):
        generator = ring.generators[g]
        if isinstance(generator, JetGenerator):
            found.add(generator.unknown.name)
        for argument in generator.arguments:
            found |= _functions(ring, argument)
    return found


class _Reading:
    """The linear equations for the leading powers."""

    def __init__(self, ring: Ring, chart: Chart, metric: Metric, radial: int) -> None:
        self.ring = ring
        self.chart = chart
        self.metric = metric
        self.radial = radial
        self.powers: dict[str, Symbol] = {}
        self.rates: dict[str, Symbol] = {}

    def solve(self) -> dict[str, Leading]:
        """Leading powers and rates."""
        diagonal = [(i, e) for (i, j), e in sorted(self.metric.items()) if i == j]
        conditions = [
            self._weight(e, next(iter(e.terms))) - (2 * self.chart.shift if i == self.radial else -2)
            for i, e in diagonal
            if len(e.terms) == 1
        ]
        everything = [[self._weight(e, m) for m in e.terms] for e in self.metric.values()]
        unknowns = sorted([*self.powers.values(), *self.rates.values()], key=str)
        without = [c.subs(dict.fromkeys(self.rates.values(), 0)) for c in conditions]
        found = self._linear(without, sorted(self.powers.values(), key=str))
        if found is None:
            found = self._linear(conditions, unknowns)
        if found is None:
            raise ExpansionError(
                f"the line element does not approach that of AdS at {self.chart.radial} = "
                f"{0 if self.chart.shift < 0 else 'oo'}: no powers of {self.chart.variable} make every diagonal "
                "component grow as its second power",
                mend="boundary series are made for asymptotically AdS metrics, and for scaling solutions (Lifshitz, "
                "hyperscaling violating) whose exponents solve linear and quadratic equations",
            )
        values = {**dict.fromkeys(unknowns, S.Zero), **found}
        self._check([[w.subs(values) for w in row] for row in everything])
        return self._leading(values)

    def _linear(self, conditions: list[Expr], unknowns: list[Symbol]) -> dict[Symbol, Expr] | None:
        if any(c.is_Number and c != 0 for c in conditions):
            return None
        if not unknowns:
            return {}
        solutions = list(linsolve([c for c in conditions if c != 0], unknowns)) if any(conditions) else [()]
        if not solutions:
            return None
        zero = dict.fromkeys(unknowns, 0)
        return {u: sympy.sympify(v).subs(zero) for u, v in zip(unknowns, solutions[0], strict=False)}

    def _weight(self, element: Element, monomial: int) -> Expr:
        """The power of x of one product."""
        total: Expr = S.Zero
        for g, e in self.ring.decode(monomial):
            generator = self.ring.generators[g]
            power = sympy.Rational(e, UNIT)
            if isinstance(generator, CoordinateGenerator) and generator.symbol == self.chart.radial:
                total -= power * self.chart.shift
                if self.chart.kind == "exp(-r)":
                    raise ExpansionError(f"the metric holds {self.chart.radial} beside exponentials of it")
            elif isinstance(generator, JetGenerator) and not any(generator.orders):
                total += power * self.powers.setdefault(generator.unknown.name, Symbol(f"a_{generator.unknown.name}"))
            elif isinstance(generator, Exponential):
                total += power * self._rate(generator)
        return total

    def _rate(self, generator: Exponential) -> Expr:
        digits = self.ring.decode(next(iter(generator.arguments[0].terms)))
        inner = [self.ring.generators[g] for g, e in digits if e == UNIT]
        if len(digits) == 1 and len(inner) == 1:
            if isinstance(inner[0], JetGenerator) and not any(inner[0].orders):
                return self.rates.setdefault(inner[0].unknown.name, Symbol(f"b_{inner[0].unknown.name}"))
            if isinstance(inner[0], CoordinateGenerator) and inner[0].symbol == self.chart.radial:
                if self.chart.kind != "exp(-r)":
                    raise ExpansionError(f"the metric holds an exponential of {self.chart.radial}")
                return sympy.Integer(-1)
        return S.Zero

    def _check(self, weights: list[list[Expr]]) -> None:
        for (i, j), row in zip(self.metric, weights, strict=True):
            bound = -2 + (self.chart.shift + 1) * ((i == self.radial) + (j == self.radial))
            if any(not w.is_Rational or w < bound for w in row) or (i == j and min(row) != bound):
                raise ExpansionError(
                    "a component of the metric does not behave as that of AdS at the boundary",
                    mend="boundary series are made for asymptotically AdS metrics",
                )

    def _leading(self, values: dict[Symbol, Expr]) -> dict[str, Leading]:
        found = {}
        inside = set().union(*(_functions(self.ring, e) for e in self.metric.values()))
        for name in sorted(inside):
            power = values[self.powers[name]] if name in self.powers else S.Zero
            rate = values[self.rates[name]] if name in self.rates else S.Zero
            found[name] = Leading(
                Fraction(int(power.p), int(power.q)),
                Fraction(int(rate.p), int(rate.q)),
                name not in self.powers,
                self._present(name),
            )
        return found

    def _present(self, name: str) -> bool:
        """Whether a function stands on the diagonal otherwise than squared, as a shift does in (dx + w dt)^2."""
        for (i, j), element in self.metric.items():
            for monomial in element.terms if i == j else ():
                for g, e in self.ring.decode(monomial):
                    generator = self.ring.generators[g]
                    if isinstance(generator, JetGenerator):
                        if generator.unknown.name == name and not (e == 2 * UNIT and len(element.terms) > 1):
                            return True
                    elif any(name in _functions(self.ring, a) for a in generator.arguments):
                        return True
        return False
