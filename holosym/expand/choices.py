r"""Mass dimensions of parameters that only a boundary choice holds.

With a ~ [a], b ~ [b] the dimensions of the slower and the faster falloff's coefficient, a relation b = sum_n c_n a^n
asks for [c_n] = [b] - n [a], and a source J for the dimension of the coefficient that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Poly, PolynomialError, Symbol, linsolve

from holosym.dsl.forms import ScalarField
from holosym.dsl.symbols import Parameter, Profile
from holosym.expand.series import BoundaryDatum, BoundarySeries

_FALLOFFS = ("source", "response")


def falloffs(series: BoundarySeries, profile: str) -> tuple[BoundaryDatum, BoundaryDatum] | None:
    """The data of the slower and of the faster falloff of a scalar's profile; None where there are not two."""
    own = [one for one in series.data if one.profile == profile and one.kind in _FALLOFFS]
    if len(own) != 2:
        return None
    first, second = sorted(own, key=lambda one: (one.power, -one.log))
    return first, second


def with_choices(series: BoundarySeries, known: Mapping[str, Expr]) -> dict[str, Expr]:
    """The dimensions of parameters, with those that follow from boundary choices alone.

    What a relation that is no polynomial, or choices that contradict each other, leave open is not among them.
    """
    model: Any = series.system.model
    equations: list[Expr] = []
    unknowns: dict[Parameter, Symbol] = {}

    def weight(coefficient: Expr) -> Expr | None:
        total: Expr | None = None
        for factor, power in coefficient.as_powers_dict().items():
            if factor.is_number:
                continue
            if not isinstance(factor, Parameter):
                return None
            own = known[factor.name] if factor.name in known else unknowns.setdefault(factor, _unknown(factor))
            total = power * own if total is None else total + power * own
        return total

    for field, choice in getattr(model, "boundary_conditions", {}).items():
        profiles = [atom.func.name for atom in field.ansatz.atoms(Profile)]
        pair = falloffs(series, profiles[0]) if isinstance(field, ScalarField) and len(profiles) == 1 else None
        if pair is None:
            continue
        slow, fast = pair
        if choice.relation is not None:
            a = Symbol("a")
            try:
                terms = Poly(choice.relation(a), a).terms()
            except PolynomialError:
                continue
            wanted = [(c, fast.dimension - n * slow.dimension) for (n,), c in terms]
        else:
            wanted = [(choice.source, next(one.dimension for one in pair if one.kind == "source"))]
        for coefficient, dimension in wanted:
            for term in coefficient.as_ordered_terms() if coefficient is not None else ():
                found = weight(term)
                equations += [] if found is None else [found - dimension]
    symbols = sorted(unknowns.values(), key=lambda symbol: symbol.name)
    solutions = list(linsolve(equations, symbols)) if symbols else []
    if not solutions:
        return dict(known)
    values = dict(zip(symbols, solutions[0], strict=True))
    return {**known, **{p.name: values[s] for p, s in unknowns.items() if not values[s].free_symbols}}


def _unknown(parameter: Parameter) -> Symbol:
    return Symbol(f"w_{parameter.name}")
