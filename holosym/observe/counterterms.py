"""Local counterterms, found from the demand that every divergence cancels.

    S_ct = - int sqrt(-gamma) [ sum_k c_k O_k + log x sum_k c~_k O_k ],       O_k = prod_a phi_a^(n_a) prod_j X_j^(m_j)

with X_j the contractions of the Lagrangian pulled back to the slice: (d psi)^2, F_ij F^ij, (d theta - q A)^2. All
operators of power below d enter, those of power d with log x (the anomaly), or with 1/log x for a scalar at the
Breitenlohner-Freedman bound, and with higher powers where one source drives another with log x. The c_k are numbers
(they may depend on the couplings, never on the state): T^i_j, every <O_phi> and every <J^i> must be finite identically
in the data, which is a linear system for them. What is left open is finite and a matter of scheme; it is set to zero,
or to the Taylor coefficient of a superpotential.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr, S
from sympy.polys.matrices import DomainMatrix

from holosym.dsl.symbols import Coordinate, Profile
from holosym.errors import ExpansionError
from holosym.observe.boundary_stress import Slice, total
from holosym.observe.directions import Directions
from holosym.observe.puiseux import Puiseux, below

Target = Any  # a direction of the boundary (for T^i_i) or a profile (for its momentum)


@dataclass(frozen=True)
class Counterterm:
    """coefficient * (log x)^log * operator; `operator` in profiles and gamma^ii."""

    operator: Expr
    power: Expr
    log: int
    coefficient: Expr


def operators(slice_: Slice, weights: Mapping[Profile, Expr], d: int) -> list[tuple[Expr, Expr]]:
    """Every monomial with its power of x, up to d, by power and length."""
    most = max((n for _, n in slice_.at.caps), default=None)
    factors = [(p, weight, None if weight.is_Rational else most) for p, weight in weights.items()]
    factors += [(one, slice_.of(one).first, None) for one in blocks(slice_)]
    for factor, weight, _ in factors:
        if not below(S.Zero, weight):
            raise ExpansionError(
                f"the boundary sees {factor} at every order: counterterms would be functions of it",
                mend="energy and pressure are made for operators of dimension below d",
            )
    found: list[tuple[Expr, Expr]] = [(S.One, S.Zero)]
    for factor, weight, limit in factors:
        grown = []
        for operator, power in found:
            n = 0
            while not below(S(d), power) and (limit is None or n <= limit):
                grown.append((operator, power))
                operator, power, n = operator * factor, sympy.expand(power + weight), n + 1
        found = grown
    return sorted(found, key=lambda pair: (float(pair[1]), len(sympy.Mul.make_args(pair[0])), str(pair[0])))


def blocks(slice_: Slice) -> list[Expr]:
    """The contractions on the slice; those with equal values on the ansatz are summed."""
    back = {symbol: 1 / slice_.bulk.metric[c] for c, symbol in slice_.bulk.raising.items()}
    groups: dict[Expr, Expr] = {}
    for one in slice_.bulk.building:
        value = sympy.expand(one.xreplace(back))
        groups[value] = groups.get(value, S.Zero) + one
    return [groups[value] for value in sorted(groups, key=str)]


def effect(slice_: Slice, operator: Expr, target: Target) -> Puiseux:
    """What -int sqrt(-gamma) operator adds to a bare quantity."""
    if isinstance(target, Coordinate):
        symbol = slice_.bulk.raising[target]
        varied = -operator + 2 * symbol * operator.diff(symbol)
    else:
        varied = -operator.diff(target)
    return slice_.volume * slice_.of(varied)


class Renormalisation:
    """Bare quantities, candidate counterterms, and what is left when divergences are gone.

    Args:
        slice_: the slice.
        along: for every profile of the matter the momenta in its one-point function, and what multiplies them.
        weights: for every scalar profile, the power of its source.
        d: the boundary's dimension.
        given: coefficients that are known beforehand, by operator.
        more: powers of log x beyond the first that operators of power d need, where sources drive one another.
    """

    def __init__(
        self,
        slice_: Slice,
        along: Directions,
        weights: Mapping[Profile, Expr],
        d: int,
        given: Mapping[Expr, Expr],
        more: int = 0,
    ) -> None:
        self.slice = slice_
        self.along = along
        self.ring = slice_.at.ring
        self.targets: list[Target] = [*slice_.metric, *along]
        bare = {one: self._bare(one) for one in self.targets}
        known = operators(slice_, weights, d)
        bounded = {p for p, w in weights.items() if w == sympy.Rational(d, 2)}
        columns: list[Counterterm] = []
        for operator, power in known:
            logs = [0] if below(power, S(d)) else ([0, 1, -1] if operator.atoms(Profile) & bounded else [1])
            columns += [Counterterm(operator, power, k, S.Zero) for k in logs if (operator, k) not in given]
        columns += [
            Counterterm(o, p, k, S.Zero) for k in range(2, 2 + more) for o, p in known if p == d and o.atoms(Profile)
        ]
        chosen = {c.operator for c in columns if c.log == 0} | set(given)
        self.open = [o for o, p in known if p == d and o not in chosen]
        effects = [self._effects(one.operator, one.log) for one in columns]
        for operator, value in given.items():
            factor = self.ring.ground_new(self.ring.domain.from_sympy(value))
            for one, series in self._effects(operator, 0).items():
                bare[one] = bare[one] + series.scaled(factor)
        solution = self._solve(bare, effects)
        self.terms = [
            Counterterm(c.operator, c.power, c.log, self.ring.domain.to_sympy(v))
            for c, v in zip(columns, solution, strict=True)
            if v
        ] + [Counterterm(o, S(d), 0, v) for o, v in given.items()]
        self.renormalised = {
            one: total(
                [
                    bare[one],
                    *[e[one].scaled(self.ring.ground_new(v)) for e, v in zip(effects, solution, strict=True) if v],
                ]
            )
            for one in self.targets
        }

    def _bare(self, target: Target) -> Puiseux:
        if isinstance(target, Coordinate):
            return self.slice.stress(target)
        return total([self.slice.momentum(p) * moved for p, moved in self.along[target].items()])

    def _effects(self, operator: Expr, log: int) -> dict[Target, Puiseux]:
        found: dict[Target, Puiseux] = {}
        momenta = {p: effect(self.slice, operator, p).shifted(0, log) for p in self.along}
        for one in self.targets:
            if isinstance(one, Coordinate):
                found[one] = effect(self.slice, operator, one).shifted(0, log)
            else:
                found[one] = total([momenta[p] * moved for p, moved in self.along[one].items()])
        return found

    def _solve(self, bare: Mapping[Target, Puiseux], effects: list[dict[Target, Puiseux]]) -> list[Any]:
        """The coefficients; those that no divergence fixes are zero."""
        field = self.ring.domain
        rows: dict[Any, dict[int, Any]] = {}
        for number, column in enumerate([*effects, bare]):
            for one, series in column.items():
                if below(series.cut, S.Zero):
                    raise ExpansionError(
                        f"the boundary series ends at x^{series.cut} relative to what energy and pressure need",
                        mend="ask for the boundary series at a higher order",
                    )
                for (e, k), c in series.terms.items():
                    if below(e, S.Zero) or (e == 0 and k > 0):
                        for monomial, value in c.terms():
                            rows.setdefault((str(one), str(e), k, monomial), {})[number] = value
        if not rows:
            return [field.zero] * len(effects)
        width = len(effects) + 1
        table = [[row.get(j, field.zero) for j in range(width)] for _, row in sorted(rows.items(), key=str)]
        reduced, pivots = DomainMatrix(table, (len(table), width), field).to_field().rref()
        if width - 1 in pivots:
            raise ExpansionError(
                "divergences are left that no local counterterm of this class cancels",
                mend="temperature, entropy and charges do not need it; the free energy is the integral of s dT",
            )
        solution = [reduced.domain.zero] * (width - 1)
        for row, pivot in enumerate(pivots):
            solution[pivot] = -reduced[row, width - 1].element
        return [field.convert_from(v, reduced.domain) for v in solution]

    def finite(self, target: Target) -> Any:
        """The renormalised quantity, as an element of the ring."""
        return self.renormalised[target].constant()
