"""How fields on a slice move with a source: what multiplies their momenta in a one-point function.

    <O_a> = lim sum over p of  Pi_p dp/dJ_a,        dp/dJ_a ~ x^(d - Delta_p) or larger: the rest decays

By itself a source moves its own field, dp/dJ = x^(d - Delta) (log x at the bound of Breitenlohner and Freedman). Where
it drives others at least as strongly as their own sources do, as phi_1^2 phi_2 with Delta_1 = 3, Delta_2 = 2 in d = 4
gives phi_2 = x^2 (c J_1^2 log^2 x + J_2 log x + ..), their momenta are part of its one-point function. Then J_2 has a
beta function that is not linear: x d/dx of phi_2 x^(Delta - d) is what the trace of the stress tensor sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr

from holosym.dsl.symbols import Profile
from holosym.expand.series import BoundaryDatum
from holosym.observe.asymptotic import Asymptotics
from holosym.observe.puiseux import Puiseux, below, made, monomial

Directions = dict[Profile, dict[Profile, Puiseux]]


def directions(at: Asymptotics, lowest: Mapping[Profile, Expr], sources: Mapping[Profile, BoundaryDatum]) -> Directions:
    """For every profile the fields that its source moves, and how.

    Args:
        at: evaluates on the boundary series.
        lowest: the powers of the slower falloffs, by profile.
        sources: the data that are sources, by profile.
    """
    found: Directions = {}
    for profile, power in lowest.items():
        datum = sources.get(profile)
        own = monomial(at.ring, power, at.far).shifted(0, datum.log if datum is not None else 0)
        found[profile] = {profile: own}
        if datum is None or datum.symbol not in at.ring.symbols:
            continue
        for other, bound in lowest.items():
            moved = varied(at(other), datum, bound)
            if other != profile and moved.terms:
                found[profile][other] = moved
    return found


def varied(series: Puiseux, datum: BoundaryDatum, bound: Expr) -> Puiseux:
    """The derivative with respect to a datum, up to a power."""
    generator = series.ring.gens[series.ring.symbols.index(datum.symbol)]
    terms = {key: c.diff(generator) for key, c in series.terms.items() if not below(bound, key[0])}
    far = sympy.expand(bound + series.cut - series.first)
    return Puiseux(series.ring, made(series.ring, terms, bound, series.caps).terms, far, series.caps)


def driven(at: Asymptotics, profile: Profile, power: Expr, log: int) -> int:
    """How many logarithms beyond that of its source stand at the slower falloff of a field."""
    return max((k - log for e, k in at(profile).terms if e == power), default=0)


def beta(at: Asymptotics, profile: Profile, power: Expr, log: int) -> Any:
    """x dJ/dx at fixed field, beyond (d - Delta) J: an element of the ring."""
    return at(profile).constant(power, log + 1) * (log + 1)
