r"""What a derivation of a boundary series hands on: terms, data with kind and dimension, symbols, notes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Add, Expr, Mul, N, Poly, Rational, Symbol, factor, re
from sympy.polys.polyerrors import PolynomialError

from holosym.errors import ExpansionError
from holosym.expand import exponents as meaning
from holosym.expand.asymptotics import Asymptotics
from holosym.expand.kinds import METRIC, RESPONSE, SOURCE, Exponent, Fields, dimension_of
from holosym.expand.orders import Orders
from holosym.expand.powers import Powers
from holosym.expand.scaling import mass_dimensions
from holosym.expand.series import BoundaryDatum, BoundarySeries, Term
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Coefficients, log_parts
from holosym.expand.vacuum import Vacuum
from holosym.jets.element import Element
from holosym.jets.generators import ConstantGenerator
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem


class Outcome:
    """The result of a derivation, which fills in the attributes."""

    system: EquationSystem
    fields: Fields
    dimension: int
    ring: Coefficients
    write: Writer
    taylor: Taylor
    notes: list[str]
    shape: Asymptotics
    vacuum: Vacuum
    powers: Powers
    exponents: list[Exponent]

    def exponent(self, profile: str, key: int) -> Exponent:
        """The exponent of a free coefficient."""
        return next(e for e in self.exponents if e.key == key and profile in e.block.profiles)

    def kind(self, profile: str, key: int, log: int) -> str:
        """A double root has both kinds: of a scalar the logarithm is the source, of a one-form the constant."""
        exponent = self.exponent(profile, key)
        if exponent.multiplicity == 2 and self.fields.of(profile) != "metric":
            return "source" if (log > 0) == (self.fields.of(profile) == "scalar") else "response"
        return exponent.kind

    def outcome(self, orders: Orders, last: int) -> BoundarySeries:
        """The series, with its data, symbols and notes."""
        used = self._used(orders)
        operators = meaning.operators(self.powers, self.fields, self.exponents)
        for name, pair in operators.items():
            self._as_declared(name, pair)
        return BoundarySeries(
            system=self.system,
            variable=self.shape.chart.variable,
            dimension=self.dimension,
            asymptotics="AdS",
            exponents={},
            modes=meaning.modes(self.powers, self.exponents),
            operators=operators,
            data=self._data(orders),
            series={name: self._terms(orders, name) for name in sorted(orders.series)},
            taylor=tuple(self.taylor.symbols[s] for s in sorted(self.taylor.symbols, key=str) if s in used),
            relations=tuple(self.write(r) for r in orders.relations),
            order=self.powers.expression(self.powers.plain(last)),
            notes=(*self.vacuum.notes, *self.notes, *self._log_notes(orders)),
        )

    def _as_declared(self, name: str, pair: tuple[Expr, Expr]) -> None:
        """A declared dimension is one that the mass allows."""
        condition = self.fields.condition(name)
        declared = None if condition is None else condition.dimension
        if declared is None or not (declared.is_number and all(one.is_number for one in pair)):
            return
        if not any(abs(N(declared - one, 30)) < 1e-20 for one in pair):
            raise ExpansionError(
                f"the operator of {name} has dimension {pair[0]} by the action, and {declared} was declared",
                mend="take dimension= out of theory.boundary_condition, or mend the potential",
            )

    def _terms(self, orders: Orders, name: str) -> tuple[Term, ...]:
        found: dict[tuple[int, int], Element] = {}
        for key in sorted(orders.series[name]):
            for log, c in log_parts(orders.series[name][key]).items():
                place = (self.powers.plain(key), log)
                found[place] = found[place] + c if place in found else c
        return tuple(Term(self.powers.expression(k), log, self._written(c)) for (k, log), c in _sorted(found))

    def _used(self, orders: Orders) -> set[Symbol]:
        positions: set[int] = set()
        for series in orders.series.values():
            for c in series.values():
                positions |= self.ring.positions(c)
        return {g.symbol for p in positions if isinstance(g := self.ring.generators[p], ConstantGenerator)}

    def _data(self, orders: Orders) -> tuple[BoundaryDatum, ...]:
        weights = self._weights()
        found = []
        for name, (symbol, _) in self.vacuum.free.items():
            power = rational(self.vacuum.profiles[name][0])
            found.append((name, power, 0, symbol, METRIC if self.fields.of(name) == "metric" else SOURCE))
        for one in orders.free:
            power = self.powers.expression(one.key + orders.leading[one.profile])
            found.append((one.profile, power, one.log, one.symbol, self.kind(one.profile, one.key, one.log)))
        made = []
        for name, power, log, symbol, kind in found:
            leading = rational(self.vacuum.profiles[name][0])
            weight = dimension_of(self.fields, weights, name, power, leading)
            value = self.vacuum.free[name][1] if kind == METRIC else None
            made.append(BoundaryDatum(symbol.name, symbol, name, power, log, kind, weight, value))
        return tuple(sorted(made, key=lambda one: (one.profile, self._place(one), -one.log)))

    def _place(self, datum: BoundaryDatum) -> float:
        symbols = sorted(datum.power.free_symbols, key=str)
        # A symbolic mass may make the root complex at the sample; the order among the data is all that is wanted.
        return float(re(N(datum.power.xreplace({s: Rational(3 * self.dimension, 4) for s in symbols}))))

    def _weights(self) -> dict[str, Expr] | None:
        try:
            return mass_dimensions(self.system).profiles
        except ExpansionError:
            return None

    def _log_notes(self, orders: Orders) -> list[str]:
        """Which resonances have a logarithm."""
        found = []
        unknown = sorted(self._unknown_dimensions(), key=str)
        generic = f" for generic {', '.join(map(str, unknown))}" if unknown else ""
        for name, series in sorted(orders.series.items()):
            for key in sorted({e.key for e in self.exponents if name in e.block.profiles and self._faster(e, name)}):
                parts: dict[int, Element] = {}
                place = self.powers.plain(key + orders.leading[name])
                for c in (c for k, c in series.items() if self.powers.plain(k) == place):
                    for j, part in log_parts(c).items():
                        parts[j] = parts.get(j, self.ring.zero) + part
                power = self.powers.expression(key)
                logs = {j: self._written(c) for j, c in sorted(parts.items()) if j and c.terms}
                if logs:
                    text = ", ".join(f"log(x)^{j}: {c}" for j, c in logs.items())
                    found.append(f"{name} has a logarithm at relative power {power}: {text}")
                else:
                    found.append(f"{name} has no logarithm at relative power {power}{generic}")
        return found

    def _faster(self, e: Exponent, profile: str) -> bool:
        """Whether an exponent is that at which logarithms may appear: of a scalar's two falloffs the faster one."""
        condition = self.fields.condition(profile)
        swapped = self.fields.of(profile) == "scalar" and condition is not None and condition.alternate
        return e.kind == (SOURCE if swapped else RESPONSE)

    def _unknown_dimensions(self) -> set[Symbol]:
        return set().union(*(text.free_symbols for _, text, _ in self.powers.irrationals))

    def _written(self, c: Element) -> Expr:
        """A coefficient; where it is rational in unknown dimensions, with factors in them."""
        expression = self.write(c)
        unknown = expression.free_symbols & self._unknown_dimensions()
        if not unknown:
            return expression
        rest = sorted(expression.free_symbols - unknown, key=str)
        try:
            return Add(
                *[
                    factor(v) * Mul(*[s**n for s, n in zip(rest, m, strict=True)])
                    for m, v in _collected(expression, rest)
                ]
            )
        except PolynomialError:
            return expression


def _collected(expression: Expr, symbols: list[Symbol]) -> list[tuple[tuple[int, ...], Expr]]:
    """Coefficients of the monomials in symbols."""
    if not symbols:
        return [((), expression)]
    return list(Poly(expression, *symbols, domain="EX").terms())


def _sorted(found: dict[tuple[int, int], Element]) -> list[tuple[tuple[int, int], Element]]:
    """Ascending in power, then in the power of the logarithm."""
    return sorted(found.items(), key=lambda item: item[0])


def rational(number: Fraction) -> Expr:
    """A fraction as a SymPy number."""
    return Rational(number.numerator, number.denominator)
