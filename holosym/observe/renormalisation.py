"""Energy, pressure, sources and responses of homogeneous planar states, by minimal holographic renormalisation.

With 16 pi G = 1, in the boundary metric diag(-1, 1, .., 1):

    <T^i_j> = lim sqrt(-gamma) [2 (K delta^i_j - K^i_j) + counterterms],      energy = -<T^t_t>,  pressure_x = <T^x_x>,
    <O> = dS_ren/dJ = lim x^(d - Delta) Pi_ren,      <J^t> = dS_ren/dA_t = charge density,
    -energy + sum of pressures = (d - Delta) J <O> + anomaly,
    d(energy) = T ds + mu d(rho) - <O> dJ  at fixed slopes of axions,      Omega = energy - T s - mu rho.

A scalar phi = J x^(d - Delta) + .. + phi_D x^Delta has <O> = (2 Delta - d) phi_D + local terms (times the normalisation
of its kinetic term: 1 for -(d phi)^2/2). Alternate quantisation exchanges the two, S' = S - int J <O>; a relation
between them adds int <O> dJ along it to the energy.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, S, Symbol
from sympy.polys.polyerrors import CoercionFailed, PolynomialError

from holosym.derive.couplings import closed_couplings
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import CoordinateDifferential, ScalarField, terms
from holosym.dsl.symbols import Coordinate, Parameter, Profile
from holosym.errors import ExpansionError
from holosym.expand.series import BoundarySeries
from holosym.observe.asymptotic import Asymptotics, closed_form, metric_data
from holosym.observe.boundary_stress import Slice, bulk
from holosym.observe.counterterms import Renormalisation, Scale
from holosym.observe.puiseux import coefficient_ring
from holosym.observe.quantity import BoundaryQuantity
from holosym.observe.superpotential import resonant


def boundary_quantities(system: EquationSystem, series: BoundarySeries) -> tuple[BoundaryQuantity, ...]:
    """What a boundary observer measures, in the data of the boundary series.

    Args:
        system: the equations.
        series: their boundary series.

    Raises:
        ExpansionError: where the theory or its ansatz is outside of what is renormalised here.
    """
    assert series.system is system
    one = renormalised(series)
    return (*one.gauge(), *one.operators(), *one.stress())


def trace_identity(series: BoundarySeries) -> Expr:
    """-energy + sum of pressures - (d - Delta) J <O> - anomaly: zero by the Weyl Ward identity."""
    one = renormalised(series)
    left = sum(one.value(one.fit.finite(c)) for c in one.slice.metric)
    for profile, field in one.scalars.items():
        low = one.powers(field)[0]
        left -= low * one.source(profile) * one.value(one.fit.finite(profile))
    return one.reduced(left - one.anomaly())


class Renormalised:
    """One-point functions of a theory.

    Args:
        series: the boundary series.
        exact: whether coefficients lie in a field of numbers and symbols, or are expressions.
    """

    def __init__(self, series: BoundarySeries, exact: bool = True) -> None:
        self.series = series
        self.d = series.dimension
        self.theory: Any = series.system.model
        self.parts = bulk(series)
        self.fixed = flat(series)
        self.at = Asymptotics(series, self._ring(exact), self.fixed)
        self.slice = Slice(self.parts, self.at)
        self.scalars: dict[Profile, ScalarField] = {}
        for field in self.theory.scalars:
            for profile in sorted(field.ansatz.atoms(Profile), key=str):
                self.scalars.setdefault(profile, field)
        scales = {p: self._scale(p) for p in self.parts.fields}
        weights = {p: self.powers(f)[0] for p, f in self.scalars.items()}
        self.given, self.w_type = self._given(weights)
        self.fit = Renormalisation(self.slice, scales, weights, self.d, self.given)

    def _ring(self, exact: bool) -> Any:
        free = [one.symbol for one in self.series.data if one.kind != "metric"]
        inside = {s for e in self.parts.building for s in e.free_symbols if isinstance(s, Parameter)}
        found = [
            closed_form(self.series, t.coefficient).xreplace(self.fixed)
            for name in sorted(self.series.series)
            for t in self.series.series[name]
        ]
        found += [t.power for name in sorted(self.series.series) for t in self.series.series[name]]
        closed = [form for _, form in closed_couplings(self.series.system.model).values()]
        expressions = [*self.parts.metric.values(), self.parts.matter, *closed]
        found += [
            n
            for e in expressions
            for n in e.atoms(sympy.Pow, Parameter)
            if not n.atoms(Coordinate, Profile) and (n.is_number or n.is_Symbol)
        ]
        return coefficient_ring([*free, *sorted(inside, key=str)], found, exact)

    # ---- sources and responses ----------------------------------------------------------------------------------

    def powers(self, field: ScalarField) -> tuple[Expr, Expr]:
        """The smaller and the larger falloff of a scalar."""
        known = self.series.operators
        (profile,) = sorted(field.ansatz.atoms(Profile), key=str)[:1]
        delta, other = known[field.name] if field.name in known else known[profile.func.name]
        return (other, delta) if not _less(delta, other) else (delta, other)

    def _datum(self, profile: Profile, power: Expr) -> Any:
        """The datum of a profile at a power, the one with the most logarithms."""
        found = [o for o in self.series.data if o.profile == profile.func.name and sympy.expand(o.power - power) == 0]
        return max(found, key=lambda o: o.log, default=None)

    def source(self, profile: Profile) -> Expr:
        """The coefficient of the slower falloff; zero where the series has none."""
        field = self.scalars.get(profile)
        datum = self._datum(profile, self.powers(field)[0] if field is not None else S.Zero)
        return datum.symbol if datum is not None else S.Zero

    def _scale(self, profile: Profile) -> Scale:
        field = self.scalars.get(profile)
        power = self.powers(field)[0] if field is not None else S.Zero
        datum = self._datum(profile, power)
        return Scale(power, datum.log if datum is not None else 0)

    def _given(self, weights: dict[Profile, Expr]) -> tuple[dict[Expr, Expr], tuple[str, ...]]:
        """Counterterms known beforehand: phi^2 of a scalar without source, and what a superpotential fixes."""
        given: dict[Expr, Expr] = {}
        said = []
        for profile, field in self.scalars.items():
            weight = weights[profile]
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

    # ---- quantities ---------------------------------------------------------------------------------------------

    def gauge(self) -> list[BoundaryQuantity]:
        """Chemical potentials and charge densities, sources and currents along the boundary."""
        found = []
        for field in self.theory.gauge_fields:
            for atom, coefficient in sorted(terms(field.ansatz).items(), key=str):
                assert isinstance(atom, CoordinateDifferential)
                for profile in sorted(coefficient.atoms(Profile), key=str):
                    if atom.coordinate != self.theory.radial:
                        found += self._gauge(field.name, atom.coordinate, coefficient, profile)
        return found

    def _gauge(self, name: str, along: Coordinate, coefficient: Expr, profile: Profile) -> list[BoundaryQuantity]:
        temporal = along == self.theory.time
        source = self.value(self.at(coefficient).constant())
        current = self.value(self.fit.finite(profile))
        texts = (
            ("chemical_potential", rf"\mu_{{{name}}}", "the boundary value of A_t, which vanishes at the horizon"),
            ("charge_density", rf"\rho_{{{name}}}", "dS/dA_t: the electric flux into the boundary"),
        )
        if not temporal:
            texts = (
                ("source", rf"{name}^{{(0)}}_{{{along.name}}}", f"the boundary value of A_{along.name}"),
                ("current", rf"\langle J_{{{along.name}}}\rangle", f"dS/dA_{along.name}: the current it drives"),
            )
        suffix = name if temporal else f"{name}_{along.name}"
        (a, latex_a, text_a), (b, latex_b, text_b) = texts
        return [
            BoundaryQuantity(f"{a}_{suffix}", latex_a, source, S.One, text_a),
            BoundaryQuantity(f"{b}_{suffix}", latex_b, current, S(self.d - 1), text_b),
        ]

    def operators(self) -> list[BoundaryQuantity]:
        """Sources and expectation values of scalar operators."""
        found = []
        for profile, field in self.scalars.items():
            low, high = self.powers(field)
            source, vev = self.source(profile), self.value(self.fit.finite(profile))
            text = "J, what multiplies the slower falloff", f"dS/dJ, with (2 Delta - d) = {high - low}; {self.scheme}"
            if self._alternate(field):
                datum = self._datum(profile, high)
                slope = vev.coeff(datum.symbol) if datum is not None else S.Zero
                source, vev = (sympy.expand(vev / slope), -slope * source) if slope != 0 else (S.Zero, S.Zero)
                text = (
                    "alternate quantisation: the faster falloff and local terms",
                    f"the slower falloff; {self.scheme}",
                )
                low, high = high, low
            shared = sum(profile in one.ansatz.atoms(Profile) for one in self.theory.scalars) > 1
            name = profile.func.name if shared else field.name
            found.append(BoundaryQuantity(f"{name}_source", f"J_{{{name}}}", source, low, text[0]))
            found.append(BoundaryQuantity(f"{name}_vev", rf"\langle O_{{{name}}}\rangle", vev, high, text[1]))
        return found

    def stress(self) -> list[BoundaryQuantity]:
        """Energy density and pressures."""
        time = self.theory.time
        moved, said = self._legendre()
        energy = -self.value(self.fit.finite(time)) + moved
        spatial = [c for c in self.slice.metric if c != time]
        pressures = {c: sympy.expand(self.value(self.fit.finite(c)) - moved) for c in spatial}
        kept = spatial[:1] if len(set(pressures.values())) == 1 else spatial
        text = f"-<T^t_t>, with 16 pi G = 1; {said}{self.scheme}. Omega = energy_density - T s - mu rho"
        found = [BoundaryQuantity("energy_density", r"\varepsilon", sympy.expand(energy), S(self.d), text)]
        for c in kept:
            text = (
                f"<T_{c.name}{c.name}>; {said}{self.scheme}. It is -Omega only where axions and magnetic fields vanish"
            )
            found.append(BoundaryQuantity(f"pressure_{c.name}", f"p_{{{c.name}}}", pressures[c], S(self.d), text))
        anomaly = self.anomaly()
        if anomaly != 0:
            text = "-energy + sum of pressures - (d - Delta) J <O>; from the log x of the counterterms"
            found.append(BoundaryQuantity("trace_anomaly", r"\mathcal{A}", anomaly, S(self.d), text))
        return found

    def _alternate(self, field: ScalarField) -> bool:
        chosen = getattr(self.theory, "boundary_conditions", {}).get(field)
        return bool(chosen is not None and chosen.alternate)

    def _legendre(self) -> tuple[Expr, str]:
        """What alternate quantisation, or a relation between the falloffs, adds to the energy."""
        moved, said = S.Zero, ""
        for profile, field in self.scalars.items():
            chosen = getattr(self.theory, "boundary_conditions", {}).get(field)
            if chosen is None or not (chosen.alternate or chosen.relation is not None):
                continue
            source, vev = self.source(profile), self.value(self.fit.finite(profile))
            if chosen.relation is None:
                moved += source * vev
                said += f"J <O> of {field.name} is added (alternate quantisation); "
                continue
            datum = self._datum(profile, self.powers(field)[1])
            slow = sympy.Dummy("slow")
            curve = vev.xreplace({datum.symbol: chosen.relation(source)}).xreplace({source: slow})
            moved += sympy.integrate(sympy.expand(curve), (slow, 0, source))
            said += f"int <O> dJ of {field.name} along its relation is added; "
        return sympy.expand(moved), said

    @property
    def scheme(self) -> str:
        """The scheme in words."""
        logs = [t for t in self.fit.terms if t.log]
        open_ = "finite local counterterms are zero"
        if self.w_type:
            open_ = f"W-type: the finite counterterm of {', '.join(self.w_type)} is the superpotential's"
        if logs:
            variable = self.series.variable
            said = ", ".join(sorted({self._spelled(t.operator) for t in logs}))
            return f"scheme: minimal subtraction with log({variable}) for {said}; {open_}"
        return f"scheme: minimal subtraction, no logarithm; {open_}" if not self.w_type else f"scheme: {open_}"

    def _spelled(self, operator: Expr) -> str:
        names = {symbol: Symbol(f"g^{c.name}{c.name}") for c, symbol in self.parts.raising.items()}
        return str(operator.xreplace({**names, **{p: Symbol(p.func.name) for p in self.parts.fields}}))


def flat(series: BoundarySeries) -> dict[Symbol, Expr]:
    """Values of the data that scale the boundary metric: factors are 1, exponents 0."""
    return {one.symbol: S.One if one.symbol.is_positive else S.Zero for one in metric_data(series)}


def renormalised(series: BoundarySeries) -> Renormalised:
    """The one-point functions, with coefficients in the smallest field that holds them.

    Raises:
        ExpansionError: where the boundary is not that of AdS, or what is asked for is outside of reach.
    """
    if series.asymptotics != "AdS":
        raise ExpansionError(
            f"the boundary is {series.asymptotics}: energy and pressure are renormalised for AdS only",
            mend="temperature, entropy and conserved charges do not need it",
        )
    unknown = sorted(name for name, pair in series.operators.items() if not pair[0].is_number)
    if unknown:
        raise ExpansionError(
            f"the dimension of the operator dual to {unknown[0]} is not known, so neither are its counterterms",
            mend=f"say it: theory.boundary_condition({unknown[0]}, dimension=...), or give V in closed form",
        )
    if series.dimension < 3 and series.system.model.gauge_fields:  # type: ignore[attr-defined]
        raise ExpansionError("a gauge field in three dimensions grows as log x: its source is not renormalised here")
    try:
        return Renormalised(series)
    except (CoercionFailed, PolynomialError, NotImplementedError):
        return Renormalised(series, exact=False)


def _less(a: Expr, b: Expr) -> bool:
    return bool(sympy.N(a - b, 30) < 0)
