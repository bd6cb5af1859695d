"""One-point functions of a theory as series: the slice, its counterterms, and how responses are read off."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, S, Symbol

from holosym.dsl.forms import ScalarField
from holosym.dsl.symbols import Profile
from holosym.errors import ExpansionError
from holosym.expand.equations import theory_of
from holosym.expand.series import BoundaryDatum, BoundarySeries
from holosym.observe.asymptotic import Asymptotics, metric_data
from holosym.observe.boundary_stress import Slice, bulk
from holosym.observe.coefficients import ring_of
from holosym.observe.counterterms import Renormalisation
from holosym.observe.directions import beta, directions, driven
from holosym.observe.puiseux import below
from holosym.observe.superpotential import resonant


class OnePoint:
    """One-point functions of a theory.

    Args:
        series: the boundary series.
        exact: whether coefficients lie in a field of numbers and symbols, or are expressions.
    """

    def __init__(self, series: BoundarySeries, exact: bool = True) -> None:
        self.series = series
        self.d = series.dimension
        self.theory = theory_of(series.system)
        self.parts = bulk(series)
        self.fixed = flat(series)
        self.scalars: dict[Profile, ScalarField] = {}
        for field in self.theory.scalars:
            for profile in sorted(field.ansatz.atoms(Profile), key=str):
                self.scalars.setdefault(profile, field)
        moduli = self._moduli()
        self.at = Asymptotics(series, ring_of(series, self.parts, self.fixed, moduli, exact), self.fixed)
        self.slice = Slice(self.parts, self.at)
        self.irrelevant = {p for p in self.parts.fields if self._is_irrelevant(p)}
        self.seen = {p: self.slower(p) for p in self.parts.fields if p not in self.irrelevant}
        sources = {p: datum for p, power in self.seen.items() if (datum := self.datum(p, power)) is not None}
        along = directions(self.at, self.seen, sources)
        powers = {p: self.powers(f)[0] for p, f in self.scalars.items() if p not in self.irrelevant}
        weights = {p: power for p, power in powers.items() if power != 0}
        self.given, self.w_type = self._given(weights)
        self.logs = {p: sources[p].log if p in sources else 0 for p in self.seen}
        more = max((driven(self.at, p, power, self.logs[p]) for p, power in weights.items()), default=0)
        self.fit = Renormalisation(self.slice, along, weights, self.d, self.given, 2 * more)
        self._marginal(set(moduli.values()))

    def _moduli(self) -> dict[Profile, Symbol]:
        """The sources of marginal operators: couplings may be any function of them.

        Raises:
            ExpansionError: where such a source runs with log x.
        """
        found = {}
        for profile, field in self.scalars.items():
            if self.powers(field)[0] != 0:
                continue
            if any(t.power == 0 and t.log for t in self.series.series[profile.func.name]):
                raise ExpansionError(
                    f"the operator of {field.name} is marginal, and its source runs with log x",
                    mend="energy and pressure are made for operators of dimension below d, or with a flat potential",
                )
            source = self.source(profile)
            if isinstance(source, Symbol):
                found[profile] = source
        return found

    def _marginal(self, sources: set[Symbol]) -> None:
        """Counterterms must not be functions of a marginal source: their variation would be missed."""
        for one in self.fit.terms:
            if one.coefficient.free_symbols & sources:
                raise ExpansionError(
                    f"the counterterm {one.operator} is multiplied with a function of the marginal source "
                    f"{sorted(map(str, one.coefficient.free_symbols & sources))[0]}",
                    mend="energy and pressure are made for operators of dimension below d",
                )

    # ---- sources and responses ----------------------------------------------------------------------------------

    def powers(self, field: ScalarField) -> tuple[Expr, Expr]:
        """The smaller and the larger falloff of a scalar."""
        known = self.series.operators
        (profile,) = sorted(field.ansatz.atoms(Profile), key=str)[:1]
        delta, other = known[field.name] if field.name in known else known[profile.func.name]
        return (other, delta) if not below(delta, other) else (delta, other)

    def slower(self, profile: Profile) -> Expr:
        """The power of x of the slower falloff: of a one-form zero, unless it is massive."""
        field = self.scalars.get(profile)
        if field is not None:
            return self.powers(field)[0]
        falloffs = [m.power for m in self.series.modes if m.profiles == (profile.func.name,) and m.kind == "source"]
        return falloffs[0] if falloffs else S.Zero

    def _is_irrelevant(self, profile: Profile) -> bool:
        """Whether the slower falloff grows towards the boundary: it is absent, and with it all that is renormalised.

        Raises:
            ExpansionError: where other fields drive such a profile, so that it does not begin with its response.
        """
        low = self.slower(profile)
        if not below(low, S.Zero):
            return False
        first = [t.power for t in self.series.series[profile.func.name][:1]]
        faster = [m.power for m in self.series.modes if profile.func.name in m.profiles and m.kind == "response"]
        if any(below(power, min(faster, key=float)) for power in first):
            raise ExpansionError(
                f"other fields drive {profile.func.name}, which is dual to an irrelevant operator: counterterms would "
                "be needed to every order in it",
                mend="temperature, entropy and conserved charges do not need them",
            )
        return True

    def datum(self, profile: Profile, power: Expr) -> BoundaryDatum | None:
        """The datum of a profile at a power, the one with the most logarithms."""
        found = [o for o in self.series.data if o.profile == profile.func.name and sympy.expand(o.power - power) == 0]
        return max(found, key=lambda o: o.log, default=None)

    def source(self, profile: Profile) -> Expr:
        """The coefficient of the slower falloff; zero where the series has none."""
        datum = self.datum(profile, self.slower(profile))
        return datum.symbol if datum is not None else S.Zero

    def running(self, profile: Profile) -> Expr:
        """x dJ/dx at a fixed field: (d - Delta) J, and what other sources add."""
        power = self.slower(profile)
        more = self.value(self.at.ring(beta(self.at, profile, power, self.logs[profile])))
        return sympy.expand(power * self.source(profile) + more)

    def _given(self, weights: dict[Profile, Expr]) -> tuple[dict[Expr, Expr], tuple[str, ...]]:
        """Counterterms known beforehand: phi^2 of a scalar without source, and what a superpotential fixes."""
        given: dict[Expr, Expr] = {}
        said = []
        for profile, weight in weights.items():
            field = self.scalars[profile]
            if self.source(profile) == 0:
                given[profile**2] = self.normalisation(profile) * weight / 2
            value = resonant(self.theory, field, self.d, weight)
            if value is not None:
                given[profile ** int(self.d / weight)] = value
                said.append(field.name)
        return given, tuple(said)

    def normalisation(self, profile: Profile) -> Expr:
        """kappa of -(kappa/2) (d phi)^2 at the boundary."""
        radial = self.theory.radial
        slope = self.parts.matter.diff(profile.diff(radial), 2) / self.parts.inverse
        return -self.at(slope).ground(S.Zero)

    # ---- values -------------------------------------------------------------------------------------------------

    def value(self, element: Any) -> Expr:
        """An element of the ring as an expression."""
        field, symbols = self.at.ring.domain, self.at.ring.symbols
        parts = []
        for monomial, c in element.terms():
            number = sympy.factor_terms(field.to_sympy(c))
            parts.append(number * sympy.Mul(*[s**n for s, n in zip(symbols, monomial, strict=True)]))
        return sympy.Add(*parts)

    def reduced(self, expression: Expr) -> Expr:
        """An expression modulo the relations among the data, where one of them is linear in a datum."""
        expression = sympy.expand(expression)
        for relation in self.series.relations:
            for one in reversed(self.series.data):
                slope = relation.diff(one.symbol)
                if slope != 0 and not slope.has(one.symbol) and expression.has(one.symbol):
                    solved = sympy.together(one.symbol - relation / slope)
                    expression = sympy.expand(sympy.together(expression.subs(one.symbol, solved)))
                    break
        return expression

    def anomaly(self) -> Expr:
        """The anomalous trace: what the explicit log x of the counterterms leaves under a change of scale."""
        found = S.Zero
        for one in self.fit.terms:
            if one.log:
                density = (self.slice.volume * self.slice.of(one.operator)).shifted(0, one.log - 1)
                found -= one.log * one.coefficient * self.value(density.constant())
        return sympy.expand(found)


def flat(series: BoundarySeries) -> dict[Symbol, Expr]:
    """Values of the data that scale the boundary metric: those at which light has speed one, where there are such."""
    return {one.symbol: one.vacuum for one in metric_data(series) if one.vacuum is not None}
