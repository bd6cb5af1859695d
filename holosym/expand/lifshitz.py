r"""Boundaries that scale but are not AdS: Lifshitz and hyperscaling-violating asymptotics.

    ds^2 = rho^(2 theta/n) ( -dt^2/rho^(2 z) + (d rho^2 + dx_n^2)/rho^2 ),      rho = x^s

so that of the components' powers  s theta/n = w_rr/2 + 1,  s (theta/n - 1) = w_xx/2  and  s (theta/n - z) = w_tt/2.
The series is that of the scaling solution alone; what may be added to it falls off with the exponents of the modes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, S
from sympy.polys.polyerrors import BasePolynomialError

from holosym.derive.couplings import closed_couplings
from holosym.derive.line_element import line_element
from holosym.errors import ExpansionError
from holosym.expand.chart import Chart
from holosym.expand.equations import rows_of, theory_of
from holosym.expand.generic import tidied, vanishes
from holosym.expand.kinds import Fields
from holosym.expand.lifshitz_outcome import outcome
from holosym.expand.modes import NoClosedForm
from holosym.expand.power_law import LOG, POWER, REST, PowerLaw
from holosym.expand.power_law_equations import component, rows
from holosym.expand.power_law_modes import energy, falloffs
from holosym.expand.power_law_solve import Scaling, solutions
from holosym.expand.series import BoundarySeries
from holosym.jets.from_sympy import Converter
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Theory

Metric = dict[tuple[int, int], Expr]
_TERMS, _CHOICES = 400, 8
_MEND = (
    "boundary series are made for asymptotically AdS metrics and for scaling solutions whose exponents solve linear "
    "and quadratic equations"
)


def scaling_series(system: EquationSystem, not_ads: ExpansionError) -> BoundarySeries:
    """The beginning of the fields at a Lifshitz or hyperscaling-violating boundary, with exponents of perturbations.

    Args:
        system: the equations of a theory.
        not_ads: why its boundary is not that of AdS.

    Raises:
        ExpansionError: with that reason, where there is no scaling solution in closed form either.
    """
    theory = theory_of(system)
    failed: list[str] = []
    try:
        metric = _metric(system, theory)
        for one in _search(system, theory, metric, failed):
            exponents, sign = dynamical(one, metric)
            if exponents["z"] == 1 and exponents["theta"] == 0:
                continue  # AdS, for which there are reasons against
            top = energy(one, metric)
            found, notes = falloffs(one, top)
            if isinstance(not_ads, NoClosedForm):
                notes.append(f"there is an AdS vacuum too, about which {not_ads.message}")
            return outcome(system, theory, one, exponents, sign, top, found, notes)
    except ExpansionError as error:
        failed.append(error.message)
    except (BasePolynomialError, NotImplementedError):
        failed.append("its exponents have no closed form")
    why = "; ".join(dict.fromkeys(failed)) or "none of powers and logarithms solves the equations"
    raise ExpansionError(
        f"{not_ads.message}. There is no scaling solution (Lifshitz, hyperscaling violating) either: {why}",
        mend=not_ads.mend or _MEND,
    )


def _metric(system: EquationSystem, theory: Theory) -> Metric:
    write = Writer(system.ring)
    components = line_element(theory.metric, theory.coordinates, Converter(system.ring))
    return {(i, j): write(value) for (i, j), value in components.items()}


def _search(system: EquationSystem, theory: Theory, metric: Metric, failed: list[str]) -> Iterator[Scaling]:
    """Scaling solutions, those with most fields first; last those that need relations between parameters."""
    write = Writer(system.ring)
    elements = rows_of(system, theory)
    if sum(len(e.terms) for e in elements.values()) > _TERMS:
        raise ExpansionError(f"the equations have more than {_TERMS} terms, too many for the search")
    equations = {label: write(e) for label, e in elements.items()}
    closed = closed_couplings(theory)
    later: list[Scaling] = []
    assert theory.radial is not None
    for kinds in _kinds(theory, metric):
        for kind in ("z",) if theory.boundary == 0 else ("1/r", "exp(-r)"):
            law = PowerLaw(theory, Chart(theory.radial, kind), closed, kinds)
            try:
                _diagonal(law, metric)
                for one in solutions(law, rows(law, equations, metric), failed):
                    if not one.relations:
                        yield one
                    elif not any(v == 0 for v in one.relations.values()):
                        later.append(one)
            except ExpansionError as error:
                failed.append(error.message)
    yield from later


def _diagonal(law: PowerLaw, metric: Metric) -> None:
    for (i, j), value in metric.items():
        if i != j and any(law.term(p) is not None for p in law.in_jets(value)):
            raise ExpansionError("the line element is not diagonal")


def _kinds(theory: Theory, metric: Metric) -> Iterator[dict[str, str]]:
    """Which profile begins how: all matter in motion first."""
    fields = Fields(theory)
    fixed: dict[str, str] = {}
    optional: dict[str, str] = {}
    for profile in theory.profiles:
        name = profile.func.name
        if fields.of(name) != "metric":
            optional[name] = LOG if fields.of(name) == "scalar" else POWER
            continue
        diagonal = [e for (i, j), e in metric.items() if i == j and e.has(profile)]
        outside = [e for e in diagonal if e.replace(sympy.exp, lambda _: S.One).has(profile)]
        fixed[name] = REST if not diagonal else POWER if outside else LOG
    names = sorted(optional)
    choices = sorted(product((True, False), repeat=len(names)), key=lambda c: (-sum(c), [not x for x in c]))
    for chosen in choices[:_CHOICES]:
        yield {**fixed, **{n: optional[n] if c else REST for n, c in zip(names, chosen, strict=True)}}


def dynamical(one: Scaling, metric: Metric) -> tuple[dict[str, Expr], Expr]:
    """z and theta, and s, the power of x that rho is.

    Raises:
        ExpansionError: for a metric that scales differently along the directions of space.
    """
    law, chart = one.law, one.law.chart
    coordinates = law.theory.coordinates
    radial, time = coordinates.index(chart.radial), coordinates.index(law.theory.time)
    powers = {i: one.weight(component(law, metric[i, i]).weight) for i in range(len(coordinates))}
    space = [w for i, w in powers.items() if i not in (radial, time)]
    if any(not vanishes(w - space[0]) for w in space):
        raise ExpansionError("the directions of space scale differently")
    half = tidied((powers[radial] - 2 * (chart.shift + 1)) / 2 + 1)
    s = tidied(half - space[0] / 2)
    if s == 0:
        raise ExpansionError("space does not scale with the radial coordinate: z is infinite")
    return {"theta": tidied(len(space) * half / s), "z": tidied((half - powers[time] / 2) / s)}, s
