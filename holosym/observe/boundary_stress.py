"""What a slice x = const knows before renormalisation, for homogeneous planar states.

    S = int sqrt(-g) (c R + matter) + 2 c int sqrt(-gamma) K,   gamma_ij the induced metric, n the outward normal,
    sqrt(-gamma) T^i_j = 2 c sqrt(-gamma) (K delta^i_j - K^i_j),      K_ij = (n^r/2) d_r gamma_ij,
    Pi_p = (boundary at larger r: +, at smaller r: -)  d(sqrt(-g) L)/dp'      for every profile p of the matter

(Brown and York 1993; Balasubramanian and Kraus 1999, with 16 pi G = 1/c.) A counterterm
-int sqrt(-gamma) O(gamma^ij, p)  adds  sqrt(-gamma) (-O + 2 gamma^ii dO/dgamma^ii)  to T^i_i (no sum) and
-sqrt(-gamma) dO/dp  to Pi_p.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Dummy, Expr, Rational, S, oo
from sympy.core.function import AppliedUndef

from holosym.derive import ansatz
from holosym.derive.action import Action, full
from holosym.dsl.invariants import FormProduct, R
from holosym.dsl.symbols import Coordinate, Parameter, Profile
from holosym.errors import ExpansionError
from holosym.expand.series import BoundarySeries
from holosym.jets.from_sympy import Converter
from holosym.jets.to_sympy import Writer
from holosym.observe.asymptotic import Asymptotics
from holosym.observe.puiseux import Puiseux


@dataclass(frozen=True)
class Bulk:
    """The ansatz, written out.

    Attributes:
        strength: c, the coefficient of R.
        inverse: g^rr.
        metric: gamma_ii of every direction along the boundary.
        matter: L - c R.
        fields: profiles of scalars and one-forms, sorted by name.
        building: scalars on a slice that the Lagrangian contracts, in the symbols `raising` for gamma^ii.
        raising: symbols for gamma^ii.
        upper: whether the boundary is at larger values of the radial coordinate.
    """

    strength: Expr
    inverse: Expr
    metric: dict[Coordinate, Expr]
    matter: Expr
    fields: tuple[Profile, ...]
    building: tuple[Expr, ...]
    raising: dict[Coordinate, Dummy]
    upper: bool


def bulk(series: BoundarySeries) -> Bulk:
    """The ansatz of a theory of two derivatives.

    Raises:
        ExpansionError: for gravity other than R, or an ansatz that is not homogeneous and planar.
    """
    theory = series.system.model
    strength = strength_of_gravity(theory)
    read = ansatz.read(theory)  # type: ignore[arg-type]
    action = read.action()
    write = Writer(read.ring)
    at = read.coordinates.index(theory.radial)  # type: ignore[attr-defined]
    along = [i for i in range(len(read.coordinates)) if i != at]
    if any(i != j and i != at and j != at for i, j in read.metric):
        raise ExpansionError(
            "the metric mixes directions of the boundary",
            mend="energy and pressure are made for a diagonal boundary metric: go to the rest frame",
        )
    metric = {read.coordinates[i]: write(read.metric[i, i]) for i in along}
    raising = {c: Dummy(f"g_{c.name}", positive=True) for c in metric}
    matter = write(read.ring.expanded(action.lagrangian - action.value(R) * Converter(read.ring)(strength)))
    scalars = _profiles(theory.scalars)  # type: ignore[attr-defined]
    moduli = {p for p in scalars if p.func.name in series.operators and series.operators[p.func.name][1] == 0}
    building = _building_blocks(action, at, raising, write, moduli)
    _homogeneous(theory, [*metric.values(), matter, *building])
    fields = tuple(sorted(_profiles(theory.fields), key=lambda p: str(p.func.name)))  # type: ignore[attr-defined]
    upper = theory.boundary == oo  # type: ignore[attr-defined]
    return Bulk(strength, write(action.geometry.inverse[at, at]), metric, matter, fields, building, raising, upper)


def strength_of_gravity(theory: Any) -> Expr:
    """c of L = c R + matter.

    Raises:
        ExpansionError: where c is no constant, or there are other invariants of the curvature.
    """
    lagrangian = theory.lagrangian
    strength = S.Zero if lagrangian is None else sympy.expand(lagrangian).diff(R)
    constant = not strength.atoms(FormProduct, AppliedUndef) and all(
        isinstance(one, Parameter) for one in strength.free_symbols
    )
    if strength == 0 or not constant or any(str(one) != "R" for one in lagrangian.atoms(type(R))):
        raise ExpansionError(
            f"energy and pressure are made for L = c R + matter with a constant c, and {theory.name} is not of that "
            "form",
            mend="go to the frame in which R stands by itself; temperature, entropy and charges need none",
        )
    return strength


def _profiles(fields: Any) -> set[Profile]:
    return {p for one in fields for p in one.ansatz.atoms(Profile)}


def _building_blocks(
    action: Action, at: int, raising: dict[Coordinate, Dummy], write: Writer, moduli: set[Profile]
) -> tuple[Expr, ...]:
    """Contractions pulled back to a slice, with functions of marginal scalars: X F(phi), X F'(phi).

    Those that depend on coordinates one by one are added up.
    """
    found = []
    uneven: dict[Expr, Expr] = {}
    for invariant in action.invariants:
        if not isinstance(invariant, FormProduct):
            continue
        total = _pulled_back(action, invariant, at, raising, write)
        if total == 0:
            continue
        for coupling in _couplings(write(action.slope(invariant)), moduli):
            if total.atoms(Coordinate) - {action.geometry.coordinates[at]}:
                uneven[coupling] = uneven.get(coupling, S.Zero) + total
            else:
                found.append(sympy.expand(total * coupling))
    found += [sympy.expand(sympy.trigsimp(uneven[c]) * c) for c in sorted(uneven, key=str)]
    return tuple(found)


def _pulled_back(
    action: Action, invariant: FormProduct, at: int, raising: dict[Coordinate, Dummy], write: Writer
) -> Expr:
    """A contraction without the radial direction, in the symbols for gamma^ii."""
    v, w = (full(action.components(form)) for form in invariant.args)
    total = S.Zero
    for index, value in v.items():
        if at not in index and index in w:
            raised = sympy.Mul(*[raising[action.geometry.coordinates[i]] for i in index])
            total += write(value * w[index]) * raised
    return total


def _couplings(slope: Expr, moduli: set[Profile]) -> list[Expr]:
    """F(phi), what marginal scalars multiply a contraction with where other scalars vanish, and F' if it is not F."""
    if not slope.atoms(Profile) & moduli:
        return [S.One]
    others = slope.atoms(Profile) - moduli
    front = sympy.factor_terms(slope.xreplace(dict.fromkeys(others, S.Zero))).as_coeff_Mul()[1]
    slopes = [front.diff(p) for p in sorted(front.atoms(Profile), key=str)]
    return [front, *(one for one in slopes if sympy.simplify(one / front).atoms(Profile))]


def _homogeneous(theory: Any, expressions: list[Expr]) -> None:
    for e in expressions:
        strange = sorted(e.atoms(Coordinate) - {theory.radial}, key=str)
        if strange:
            raise ExpansionError(
                f"the reduced action of {theory.name} depends explicitly on {strange[0]}",
                mend="energy and pressure are made for homogeneous planar states",
            )


class Slice:
    """The bare quantities as series, and what a counterterm adds to them."""

    def __init__(self, parts: Bulk, at: Asymptotics) -> None:
        self.bulk = parts
        self.at = at
        self.metric = {c: at(g) for c, g in parts.metric.items()}
        timelike = self.metric_sign()
        self.raised = {parts.raising[c]: g.power(S.NegativeOne) for c, g in self.metric.items()}
        roots = [(g if c != timelike else -g).power(Rational(1, 2)) for c, g in self.metric.items()]
        self.volume = product(roots)
        normal = at(parts.inverse).power(Rational(1, 2)).scaled(1 if parts.upper else -1)
        self.lapse = at(parts.inverse).power(Rational(-1, 2))
        self.curvature = {
            c: (normal * at.slope(g) * self.raised[parts.raising[c]]).scaled(at.ring.ground_new(at.ring.domain(1) / 2))
            for c, g in self.metric.items()
        }

    def metric_sign(self) -> Coordinate:
        """The timelike direction."""
        for c, g in self.metric.items():
            if g.ground(g.first).is_negative:
                return c
        raise ExpansionError("no direction of the boundary is timelike")

    def stress(self, direction: Coordinate) -> Puiseux:
        """sqrt(-gamma) 2 c (K - K^i_i)."""
        others = [k for c, k in self.curvature.items() if c != direction]
        strength = self.at.ring.domain.from_sympy(2 * self.bulk.strength)
        return (total(others) * self.volume).scaled(self.at.ring.ground_new(strength))

    def momentum(self, profile: Profile) -> Puiseux:
        """Pi_p."""
        slope = self.bulk.matter.diff(profile.diff(self.at.radial))
        return (self.volume * self.lapse * self.at(slope)).scaled(1 if self.bulk.upper else -1)

    def of(self, expression: Expr) -> Puiseux:
        """A scalar of the slice, in the symbols for gamma^ii."""
        parts = []
        for term in sympy.Add.make_args(sympy.expand(expression)):
            rest, factors = S.One, []
            for base, exponent in term.as_powers_dict().items():
                if base in self.raised:
                    factors.append(self.raised[base].power(exponent))
                else:
                    rest *= base**exponent
            parts.append(product([self.at(rest), *factors]))
        return total(parts)


def product(factors: list[Puiseux]) -> Puiseux:
    """The product of series."""
    found = factors[0]
    for one in factors[1:]:
        found = found * one
    return found


def total(parts: list[Puiseux]) -> Puiseux:
    """The sum of series."""
    found = parts[0]
    for one in parts[1:]:
        found = found + one
    return found
