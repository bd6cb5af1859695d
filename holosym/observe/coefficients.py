"""The field in which the coefficients of a theory's boundary quantities lie.

Data and parameters of the slice are generators of a polynomial ring; everything else in the coefficients belongs to the
field below it: other parameters, roots and logarithms of numbers, the value phi_0 of a scalar of dimension d, of which
couplings may be any function, and exponentials exp(c phi_0) of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr, Symbol

from holosym.derive.couplings import closed_couplings
from holosym.dsl.symbols import Coordinate, Parameter, Profile
from holosym.expand.series import BoundarySeries
from holosym.observe.asymptotic import closed_form
from holosym.observe.boundary_stress import Bulk
from holosym.observe.puiseux import coefficient_ring


def ring_of(
    series: BoundarySeries, parts: Bulk, fixed: Mapping[Symbol, Expr], moduli: Mapping[Profile, Symbol], exact: bool
) -> Any:
    """The ring.

    Args:
        series: the boundary series.
        parts: the ansatz.
        fixed: values of the scales of the boundary metric.
        moduli: sources of marginal operators, by profile.
        exact: False: the field of expressions, slow, which takes everything.
    """
    values = set(moduli.values())
    free = [one.symbol for one in series.data if one.kind != "metric" and one.symbol not in values]
    inside = {s for e in parts.building for s in e.free_symbols if isinstance(s, Parameter)}
    terms = [t for name in sorted(series.series) for t in series.series[name]]
    found = [closed_form(series, t.coefficient).xreplace(dict(fixed)) for t in terms]
    found += [t.power for t in terms]
    found += _leading_roots(series)
    closed = [form for _, form in closed_couplings(series.system.model).values()]
    expressions = [parts.strength, *parts.metric.values(), parts.matter, *closed]
    found += [
        n
        for e in expressions
        for n in e.atoms(sympy.Pow, Parameter)
        if not n.atoms(Coordinate, Profile) and (n.is_number or n.is_Symbol)
    ]
    return coefficient_ring([*free, *sorted(inside, key=str)], [*found, *_exponentials(series, parts, moduli)], exact)


def _leading_roots(series: BoundarySeries) -> list[Expr]:
    """Roots of the leading coefficients of the metric: of the AdS radius."""
    profiles = sorted(series.system.model.metric.atoms(Profile), key=str)  # type: ignore[attr-defined]
    first = [series.series[p.func.name][0].coefficient for p in profiles]
    return [sympy.sqrt(c) for c in first if c.is_number and c.is_positive]


def _exponentials(series: BoundarySeries, parts: Bulk, moduli: Mapping[Profile, Symbol]) -> list[Expr]:
    """Exponentials of couplings at the value of a marginal source."""
    found: list[Expr] = []
    for symbol in moduli.values():
        forms = [form.xreplace(dict.fromkeys(slots, symbol)) for slots, form in _unary(series)]
        found += [*forms, parts.matter.xreplace(dict(moduli))]
    return [
        one
        for e in found
        for one in e.rewrite(sympy.exp).atoms(sympy.exp)
        if one.free_symbols and not one.atoms(Coordinate, Profile)
    ]


def _unary(series: BoundarySeries) -> list[tuple[Any, Expr]]:
    return [pair for pair in closed_couplings(series.system.model).values() if len(pair[0]) == 1]
