"""A change of coordinates, and derivatives along the new ones by the chain rule.

    d/dr_i = sum_j (J^-1)_ji d/dz_j,      J_ij = d r_i / d z_j.

What is carried over is written in private copies of the theory's coordinates, which know that a radial
coordinate is positive: sqrt(r) with r = 1/z is 1/sqrt(z) only there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sympy import Dummy, Expr, Matrix
from sympy.core.function import AppliedUndef

from holosym.dsl.chart_rules import Rules
from holosym.dsl.inversion import NoInverse, inverses
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import Coordinate, Parameter
from holosym.dsl.vocabulary import Vocabulary


@dataclass(frozen=True)
class CoordinateMap:
    """The theory's coordinates and the chart's.

    Attributes:
        replaced: from a coordinate of the theory to the one that stands in its place.
        forward: every coordinate of the chart in private coordinates.
        private: the private copy of every coordinate of the theory.
    """

    replaced: dict[Coordinate, Coordinate]
    forward: dict[Coordinate, Expr]
    private: dict[Coordinate, Dummy]

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """The chart's coordinates, in the order of the theory's."""
        return tuple(self.replaced.get(c, c) for c in self.private)

    def public(self, expression: Expr) -> Expr:
        """An expression in the theory's own coordinates."""
        return expression.xreplace({dummy: c for c, dummy in self.private.items()})

    @cached_property
    def _backward(self) -> Matrix:
        rows = [[self.forward[c].diff(old) for old in self.private.values()] for c in self.coordinates]
        return Matrix(rows).inv()

    def derivative(self, expression: Expr, along: Coordinate) -> Expr:
        """The derivative along a coordinate of the chart."""
        column = self.coordinates.index(along)
        olds = list(self.private.values())
        terms = [self._backward[j, column] * expression.diff(old) for j, old in enumerate(olds)]
        total: Expr = sum(term for term in terms if term != 0)
        return total.expand()


def coordinate_map(here: Vocabulary, rules: Rules, place: Place) -> CoordinateMap:
    """Read the change of coordinates.

    Raises:
        ModelError: where it has no inverse.
    """
    private = {
        c: Dummy(c.name, positive=True) if c in here.positive else Dummy(c.name, real=True) for c in here.coordinates
    }
    if rules.coordinates_here and rules.coordinates_there:
        raise model_error(
            "a change of coordinates goes both ways",
            mend="write the theory's coordinates in terms of the new ones: {z: 1/r}",
            place=place,
        )
    for key, value in (*rules.coordinates_here.items(), *rules.coordinates_there.items()):
        strange = [s for s in value.free_symbols if not isinstance(s, Coordinate | Parameter)]
        if strange or not value.atoms(Coordinate) or value.has(AppliedUndef):
            raise model_error(
                f"{key} = {value} is no change of coordinates",
                mend="write an invertible function of the new coordinate: {z: 1/r}",
                place=place,
            )
    if rules.coordinates_there:
        replaced, moved = _direct(here, rules.coordinates_there, private, place)
    else:
        replaced, moved = _inverted(here, rules.coordinates_here, private, place)
    kept = {c: dummy for c, dummy in private.items() if c not in replaced}
    made = CoordinateMap(replaced, {**kept, **moved}, private)
    jacobian = Matrix([[made.forward[c].diff(old) for old in private.values()] for c in made.coordinates])
    if jacobian.det() == 0:
        raise _no_inverse(rules, "its Jacobian vanishes", place)
    return made


def _direct(
    here: Vocabulary, said: dict[Coordinate, Expr], private: dict[Coordinate, Dummy], place: Place
) -> tuple[dict[Coordinate, Coordinate], dict[Coordinate, Expr]]:
    """{r: 1/z}: the new coordinates are given; which ones they replace must be plain."""
    used = sorted({c for value in said.values() for c in value.atoms(Coordinate)}, key=lambda c: c.position)
    foreign = [c for c in used if c not in here.coordinates]
    if foreign or len(used) != len(said):
        new, value = next(iter(said.items()))
        why = f"{foreign[0]} is not a coordinate of {here.name}" if foreign else "what it replaces cannot be told"
        raise model_error(
            f"the new coordinate is {new} = {value}, and {why}",
            mend="write the theory's coordinate in terms of the new one: {z: 1/r}",
            place=place,
        )
    moved = {new: value.xreplace(private) for new, value in said.items()}
    return dict(zip(used, sorted(said, key=lambda c: c.position), strict=True)), moved


def _inverted(
    here: Vocabulary, said: dict[Coordinate, Expr], private: dict[Coordinate, Dummy], place: Place
) -> tuple[dict[Coordinate, Coordinate], dict[Coordinate, Expr]]:
    """{z: 1/r}: the theory's coordinates are given, and solved for the new ones."""
    kept = set(here.coordinates) - set(said)
    new = sorted({c for value in said.values() for c in value.atoms(Coordinate)} - kept, key=lambda c: c.position)
    if len(new) != len(said):
        key, value = next(iter(said.items()))
        raise model_error(
            f"{key} = {value}: {len(new)} new coordinates take the place of {len(said)}",
            mend="give as many coordinates as you replace: {z: 1/r}",
            place=place,
        )
    unknown = {c: Dummy(c.name, real=True) for c in new}
    outside = {c: private[c] for c in kept}
    equations = [private[old] - value.xreplace({**outside, **unknown}) for old, value in said.items()]
    try:
        found = inverses(equations, list(unknown.values())) if new else {}
    except NoInverse as reason:
        raise _no_inverse(Rules(coordinates_here=said), str(reason), place) from None
    return dict(zip(said, new, strict=True)), {c: found[dummy] for c, dummy in unknown.items()}


def _no_inverse(rules: Rules, reason: str, place: Place) -> Exception:
    key, value = next(iter({**rules.coordinates_here, **rules.coordinates_there}.items()))
    return model_error(
        f"the change of coordinates {key} = {value} cannot be inverted: {reason}",
        mend="give the new coordinate in terms of the theory's, as {r: 1/z}, on one branch",
        place=place,
    )
