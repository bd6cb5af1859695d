r"""A scaling solution as a boundary series: amplitudes, leading terms, modes and what they are.

The logarithms of the amplitudes are linear in those of the Y; the amplitudes of g_rr and of the gauge fields are solved
for first, so that the unit of time, and a scalar's constant where it may be shifted, stay free.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import sympy
from sympy import Dummy, Expr, Mul, S, Symbol

from holosym.expand.generic import tidied, vanishes
from holosym.expand.kinds import GAUGE, METRIC, RESPONSE, SOURCE, Fields
from holosym.expand.naming import Names
from holosym.expand.power_law import LOG, POWER
from holosym.expand.power_law_modes import Falloff
from holosym.expand.power_law_solve import Scaling, independent
from holosym.expand.series import BoundaryDatum, BoundarySeries, Mode, Term

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Theory


def outcome(
    system: EquationSystem,
    theory: Theory,
    one: Scaling,
    exponents: dict[str, Expr],
    rate: Expr,
    top: Expr,
    found: list[Falloff],
    notes: list[str],
) -> BoundarySeries:
    """The series."""
    fields = Fields(theory)
    amplitudes, free = _amplitudes(theory, one, fields)
    data = []
    for name, symbol in sorted(free.items()):
        metric = fields.of(name) == "metric"
        power = one.exponents[name] if one.law.kinds[name] == POWER else S.Zero
        vacuum = S.One if one.law.kinds[name] == POWER else S.Zero
        kind = METRIC if metric else SOURCE
        data.append(BoundaryDatum(symbol.name, symbol, name, power, 0, kind, S.Zero, vacuum if metric else None))
    meaning = f"t -> lambda^({exponents['z']}) t, x -> lambda x, ds -> lambda^(theta/{fields.dimension - 1}) ds"
    words = [f"{meaning}: z is the dynamical exponent here; rho = x^({rate})", *_conditions(one, rate, found), *notes]
    if any(kind != POWER and kind != LOG for kind in one.law.kinds.values()):
        rest = sorted(n for n, kind in one.law.kinds.items() if kind not in (POWER, LOG))
        words.append(f"at rest in the scaling solution: {', '.join(rest)}")
    return BoundarySeries(
        system=system,
        variable=one.law.chart.variable,
        dimension=fields.dimension,
        asymptotics="Lifshitz" if exponents["theta"] == 0 else "hyperscaling violating",
        exponents=exponents,
        modes=tuple(Mode(f.power, f.profiles, _kind(one, fields, f, top, found)) for f in found),
        operators={},
        data=tuple(data),
        series={name: _terms(one, name, amplitudes) for name in sorted(one.law.kinds)},
        taylor=(),
        relations=tuple(symbol - value for symbol, value in sorted(one.relations.items(), key=str)),
        order=S.Zero,
        notes=tuple(words),
    )


def _terms(one: Scaling, name: str, amplitudes: dict[str, Expr]) -> tuple[Term, ...]:
    kind = one.law.kinds[name]
    if kind == POWER:
        return (Term(one.exponents[name], 0, amplitudes[name]),)
    if kind == LOG:
        both = (Term(S.Zero, 0, amplitudes[name]), Term(S.Zero, 1, one.exponents[name]))
        return tuple(t for t in both if t.coefficient != 0)
    return ()


def _amplitudes(theory: Theory, one: Scaling, fields: Fields) -> tuple[dict[str, Expr], dict[str, Symbol]]:
    """Leading coefficients by profile, and the symbols of those that stay free."""
    law = one.law
    moving = [n for n, kind in law.kinds.items() if kind in (POWER, LOG)]
    radial = law.metric_of(law.chart.radial)
    rank = {"metric": 3, "gauge": 1, "scalar": 2}
    moving.sort(key=lambda n: (0 if n in radial else rank[fields.of(n)], n))
    logs = {n: Dummy(n) for n in moving}
    basis, _ = independent(tuple(c for c in one.classes if c[1]))
    classes = [(c, one.classes[c]) for c in basis]
    values = [Dummy(f"v{i}") for i in range(len(classes))]
    equations = [sum(one.put(m) * logs[n] for n, m in c[1]) - y for (c, _), y in zip(classes, values, strict=True)]
    (solved,) = sympy.linsolve(equations, list(logs.values())) if equations else [tuple(logs.values())]
    symbols = set().union(*(p.free_symbols for row in one.rows for p in row.products)) - set(law.jets)
    names = Names({str(s) for s in (*symbols, *theory.coordinates)} | {p.func.name for p in theory.profiles})
    free = {n: _symbol(names, one, n) for n, s in zip(moving, solved, strict=True) if s == logs[n]}
    found = {}
    for name, total in zip(moving, solved, strict=True):
        parts = [(v, one.classes[c], S.One) for v, (c, _) in zip(values, classes, strict=True)]
        powers = [(value, tidied(sympy.expand(total).coeff(v))) for v, value, _ in parts]
        rest = [(n, tidied(sympy.expand(total).coeff(logs[n]))) for n in free]
        if law.kinds[name] == POWER:
            factors = [value**p for value, p in powers]
            factors += [free[n] ** p if law.kinds[n] == POWER else sympy.exp(p * free[n]) for n, p in rest]
            found[name] = Mul(*factors)
        else:
            sums = [p * sympy.log(value) for value, p in powers]
            found[name] = sum(sums + [p * (sympy.log(free[n]) if law.kinds[n] == POWER else free[n]) for n, p in rest])
    return found, free


def _symbol(names: Names, one: Scaling, name: str) -> Symbol:
    power = one.exponents[name] if one.law.kinds[name] == POWER else S.Zero
    exact = Fraction(int(power.p), int(power.q)) if power.is_Rational else None
    return names.symbol(name, exact, kind="leading", positive=one.law.kinds[name] == POWER)


def _kind(one: Scaling, fields: Fields, f: Falloff, top: Expr, found: list[Falloff]) -> str:
    """0 and E are those of time's unit and the energy; the slower one of a pair about E/2 is a source."""
    if f.power == 0:
        return METRIC if any(fields.of(n) == "metric" for n in f.profiles) else SOURCE
    if vanishes(f.power - top):
        return RESPONSE
    if any(fields.of(n) == "gauge" and one.law.kinds[n] == POWER for n in f.profiles) and any(
        vanishes(f.power + one.exponents[n]) for n in f.profiles if fields.of(n) == "gauge"
    ):
        return SOURCE
    paired = any(vanishes(f.power + other.power - top) for other in found if other.profiles == f.profiles)
    if not paired and any(fields.of(n) == "metric" for n in f.profiles):
        return GAUGE
    middle = sympy.re(one.number(f.power - top / 2))
    return SOURCE if middle <= 0 else RESPONSE


def _conditions(one: Scaling, rate: Expr, found: list[Falloff]) -> list[str]:
    """Where it exists, which end it is, and whether it is stable."""
    notes = []
    positive = [v for c, v in one.classes.items() if c[1] and not v.is_positive]
    if positive:
        notes.append(f"it exists where {', '.join(f'{v} > 0' for v in positive)}")
    if one.number(rate) < 0:
        at = ", ".join(f"{s} = {v}" for s, v in sorted(one.at.items(), key=str))
        notes.append(f"the boundary is the end of large rho{f' (for {at})' if at else ''}")
    if any(not one.number(f.power).is_real for f in found):
        notes.append("exponents are complex: the scaling solution is not stable")
    if one.relations:
        text = ", ".join(f"{s} = {v}" for s, v in sorted(one.relations.items(), key=str))
        notes.append(f"the metric ansatz fixes the unit of length: {text}")
    return notes
