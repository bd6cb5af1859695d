"""Energy, pressure, sources and responses of homogeneous planar states, by minimal holographic renormalisation.

With L = c R + matter, 16 pi G = 1/c, in the boundary metric diag(-1, 1, .., 1):

    <T^i_j> = lim sqrt(-gamma) [2 c (K delta^i_j - K^i_j) + counterterms],     energy = -<T^t_t>,  pressure_x = <T^x_x>,
    <O> = dS_ren/dJ = lim x^(d - Delta) Pi_ren,      <J^t> = dS_ren/dA_t = charge density,
    -energy + sum of pressures = (d - Delta) J <O> + anomaly,
    d(energy) = T ds + mu d(rho) - <O> dJ  at fixed slopes of axions,      Omega = energy - T s - mu rho.

A scalar phi = J x^(d - Delta) + .. + phi_D x^Delta has <O> = (2 Delta - d) phi_D + local terms (times the normalisation
of its kinetic term: 1 for -(d phi)^2/2). Alternate quantisation exchanges the two, S' = S - int J <O>; a relation
between them adds int <O> dJ along it to the energy.
"""

from __future__ import annotations

import sympy
from sympy import Expr, S, Symbol
from sympy.polys.polyerrors import CoercionFailed, PolynomialError

from holosym.derive.system import EquationSystem
from holosym.dsl.forms import CoordinateDifferential, ScalarField, terms
from holosym.dsl.symbols import Coordinate, Profile
from holosym.errors import ExpansionError
from holosym.expand.series import BoundarySeries
from holosym.observe.one_point import OnePoint
from holosym.observe.quantity import BoundaryQuantity

SOURCE = "Balasubramanian and Kraus 1999; de Haro, Skenderis and Solodukhin 2001"


def boundary_quantities(system: EquationSystem, series: BoundarySeries) -> tuple[BoundaryQuantity, ...]:
    """What a boundary observer measures, in the data of the boundary series.

    Args:
        system: the equations.
        series: their boundary series.

    Raises:
        ExpansionError: where the theory or its ansatz is outside of what is renormalised here.
    """
    assert series.system is system
    made = Quantities(renormalised(series))
    return (*made.gauge(), *made.operators(), *made.stress())


def trace_identity(series: BoundarySeries) -> Expr:
    """-energy + sum of pressures - (x dJ/dx) <O> - anomaly: zero by the Weyl Ward identity; x dJ/dx = (d - Delta) J."""
    one = renormalised(series)
    left = sum(one.value(one.fit.finite(c)) for c in one.slice.metric)
    for profile in one.seen:
        left -= one.running(profile) * one.value(one.fit.finite(profile))
    return one.reduced(left - one.anomaly())


class Quantities:
    """What is handed out, from the one-point functions of a theory."""

    def __init__(self, one: OnePoint) -> None:
        self.one = one
        self.theory = one.theory
        self.d = one.d

    def gauge(self) -> list[BoundaryQuantity]:
        """Chemical potentials and charge densities, sources and currents along the boundary."""
        found = []
        for field in self.theory.gauge_fields:
            for atom, coefficient in sorted(terms(field.ansatz).items(), key=str):
                assert isinstance(atom, CoordinateDifferential)
                for profile in sorted(coefficient.atoms(Profile), key=str):
                    if atom.coordinate != self.theory.radial and profile not in self.one.irrelevant:
                        found += self._gauge(field.name, atom.coordinate, coefficient, profile)
        return found

    def _gauge(self, name: str, along: Coordinate, coefficient: Expr, profile: Profile) -> list[BoundaryQuantity]:
        low = self.one.slower(profile)
        temporal = along == self.theory.time and low == 0
        source = self.one.value(self.one.at(coefficient).constant(low))
        current = self.one.value(self.one.fit.finite(profile))
        texts = (
            ("chemical_potential", rf"\mu_{{{name}}}", "the boundary value of A_t, which vanishes at the horizon"),
            ("charge_density", rf"\rho_{{{name}}}", "dS/dA_t: the electric flux into the boundary"),
        )
        if not temporal:
            value = "the boundary value" if low == 0 else "what multiplies the slower falloff"
            texts = (
                ("source", rf"{name}^{{(0)}}_{{{along.name}}}", f"{value} of A_{along.name}"),
                ("current", rf"\langle J_{{{along.name}}}\rangle", f"dS/dA_{along.name}: the current it drives"),
            )
        suffix = name if temporal else f"{name}_{along.name}"
        (a, latex_a, text_a), (b, latex_b, text_b) = texts
        return [
            BoundaryQuantity(f"{a}_{suffix}", latex_a, source, 1 + low, text_a),
            BoundaryQuantity(f"{b}_{suffix}", latex_b, current, self.d - 1 - low, text_b),
        ]

    def operators(self) -> list[BoundaryQuantity]:
        """Sources and expectation values of scalar operators."""
        found = []
        for profile, field in self.one.scalars.items():
            if profile in self.one.irrelevant:
                continue
            low, high = self.one.powers(field)
            source, vev = self.one.source(profile), self.one.value(self.one.fit.finite(profile))
            text = "J, what multiplies the slower falloff", f"dS/dJ, with (2 Delta - d) = {high - low}; {self.scheme}"
            if self._alternate(field):
                datum = self.one.datum(profile, high)
                slope = vev.coeff(datum.symbol) if datum is not None else S.Zero
                source, vev = (sympy.expand(vev / slope), -slope * source) if slope != 0 else (S.Zero, S.Zero)
                text = (
                    "alternate quantisation: the faster falloff and local terms",
                    f"the slower falloff; {self.scheme}",
                )
                low, high = high, low
            shared = sum(profile in one.ansatz.atoms(Profile) for one in self.theory.scalars) > 1
            name = profile.func.name if shared else field.name
            tex = sympy.latex(Symbol(name))
            found.append(BoundaryQuantity(f"{name}_source", f"J_{{{tex}}}", source, low, text[0]))
            found.append(BoundaryQuantity(f"{name}_vev", rf"\langle O_{{{tex}}}\rangle", vev, high, text[1]))
        return found

    def stress(self) -> list[BoundaryQuantity]:
        """Energy density and pressures."""
        time = self.theory.time
        moved, said = self._legendre()
        energy = -self.one.value(self.one.fit.finite(time)) + moved
        spatial = [c for c in self.one.slice.metric if c != time]
        pressures = {c: sympy.expand(self.one.value(self.one.fit.finite(c)) - moved) for c in spatial}
        kept = spatial[:1] if len(set(pressures.values())) == 1 else spatial
        units = f"16 pi G = {1 / self.one.parts.strength}"
        text = f"-<T^t_t>, with {units}; {said}{self.scheme}. Omega = energy_density - T s - mu rho"
        found = [BoundaryQuantity("energy_density", r"\varepsilon", sympy.expand(energy), S(self.d), text, SOURCE)]
        for c in kept:
            text = (
                f"<T_{c.name}{c.name}>; {said}{self.scheme}. It is -Omega only where axions and magnetic fields vanish"
            )
            found.append(
                BoundaryQuantity(f"pressure_{c.name}", f"p_{{{c.name}}}", pressures[c], S(self.d), text, SOURCE)
            )
        anomaly = self.one.anomaly()
        if anomaly != 0:
            run = [
                p for p, low in self.one.seen.items() if self.one.running(p) != sympy.expand(low * self.one.source(p))
            ]
            beta = f" - beta <O>, beta of {', '.join(p.func.name for p in run)} from other sources" if run else ""
            text = f"-energy + sum of pressures - (d - Delta) J <O>{beta}; from the log x of the counterterms"
            found.append(BoundaryQuantity("trace_anomaly", r"\mathcal{A}", anomaly, S(self.d), text, SOURCE))
        return found

    def _alternate(self, field: ScalarField) -> bool:
        chosen = getattr(self.theory, "boundary_conditions", {}).get(field)
        return bool(chosen is not None and chosen.alternate)

    def _legendre(self) -> tuple[Expr, str]:
        """What alternate quantisation, or a relation between the falloffs, adds to the energy."""
        moved, said = S.Zero, ""
        for profile, field in self.one.scalars.items():
            chosen = getattr(self.theory, "boundary_conditions", {}).get(field)
            if chosen is None or not (chosen.alternate or chosen.relation is not None):
                continue
            source, vev = self.one.source(profile), self.one.value(self.one.fit.finite(profile))
            if chosen.relation is None:
                moved += source * vev
                said += f"J <O> of {field.name} is added (alternate quantisation); "
                continue
            datum = self.one.datum(profile, self.one.powers(field)[1])
            if datum is None:
                continue
            slow = sympy.Dummy("slow")
            curve = vev.xreplace({datum.symbol: chosen.relation(source)}).xreplace({source: slow})
            moved += sympy.integrate(sympy.expand(curve), (slow, 0, source))
            said += f"int <O> dJ of {field.name} along its relation is added; "
        return sympy.expand(moved), said

    @property
    def scheme(self) -> str:
        """The scheme in words."""
        parts = []
        if self.one.irrelevant:
            names = ", ".join(sorted(p.func.name for p in self.one.irrelevant))
            parts.append(f"the source of what is irrelevant is zero, and its response has no part in it ({names})")
        if self.one.w_type:
            parts.append(f"W-type, the finite counterterm of {', '.join(self.one.w_type)} is the superpotential's")
        logs = ", ".join(sorted({self._spelled(t.operator) for t in self.one.fit.terms if t.log}))
        parts.append(f"minimal subtraction with log({self.one.series.variable}) for {logs}" if logs else "no log")
        left = ", ".join(sorted(map(self._spelled, self.one.fit.open)))
        parts.append(f"finite counterterms set to zero: {left}" if left else "no finite counterterm is left open")
        return "scheme: " + "; ".join(parts)

    def _spelled(self, operator: Expr) -> str:
        names = {symbol: Symbol(f"g^{c.name}{c.name}") for c, symbol in self.one.parts.raising.items()}
        fields = {p: Symbol(p.func.name) for p in self.one.parts.fields}
        return str(operator.xreplace({**names, **fields})).replace("**", "^")


def renormalised(series: BoundarySeries) -> OnePoint:
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
        return OnePoint(series)
    except (CoercionFailed, PolynomialError, NotImplementedError):
        pass
    except ValueError as error:
        raise _beyond(error) from error
    try:
        return OnePoint(series, exact=False)
    except (CoercionFailed, PolynomialError, ValueError) as error:
        raise _beyond(error) from error


def _beyond(error: Exception) -> ExpansionError:
    """SymPy's polynomial rings refuse a coefficient with a function of the data, such as exp(phi_0)."""
    return ExpansionError(
        f"the counterterms would be functions of the data that are no polynomials ({error})",
        mend="temperature, entropy and conserved charges do not need them",
    )
