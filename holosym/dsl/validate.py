"""What a theory or a system may not be, as far as it shows without deriving: one message each, with line and mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, Mul, Symbol, oo, sympify

from holosym.dsl.boundary import UNSAID
from holosym.dsl.forms import CoordinateDifferential, GaugeField, ScalarField, degree, expand_forms, is_form, terms
from holosym.dsl.invariants import INVARIANTS, Contraction, LeviCivita
from holosym.dsl.place import Place, model_error
from holosym.dsl.reading import declared, expression, mapping
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Parameter, Profile

if TYPE_CHECKING:
    from holosym.dsl.theory import System, Theory


def time(given: Any, coordinates: tuple[Coordinate, ...], radial: Coordinate | None, place: Place) -> Coordinate:
    """The time coordinate: the given one, or the first that is not radial.

    Raises:
        ModelError: where time and radius are one coordinate.
    """
    if given is not None and given == radial:
        raise model_error(f"{given} is both time and radial coordinate", mend="give time= another one", place=place)
    if given is not None:
        found: Coordinate = given
        return found
    return next((one for one in coordinates if one != radial), coordinates[0])


def metric_coordinates(metric: Expr, place: Place) -> tuple[Coordinate, ...]:
    """The coordinates whose differentials stand in the metric, in the order in which they were declared."""
    found = [s.coordinate for s in metric.free_symbols if isinstance(s, CoordinateDifferential)]
    if not found:
        raise model_error(
            "the metric has no differentials", mend="write it with dt = d(t), dx = d(x), ...", place=place
        )
    return tuple(sorted(found, key=lambda c: (c.position, c.name)))


def theory(one: Theory) -> None:
    """A theory's parts must fit together."""
    place = one.place
    _metric(one.metric, place)
    if one.lagrangian is not None:
        declared(one.lagrangian, "the Lagrangian", place)
        _lagrangian(one.lagrangian, len(one.coordinates), place)
        _arities((one.lagrangian, *one.couplings.values()), place)
    if one.radial is not None and one.radial not in one.coordinates:
        raise model_error(
            f"the radial coordinate {one.radial!r} is not a coordinate of the metric",
            mend="give radial=z with z from coordinates(...), or radial=None",
            place=place,
        )
    if one.time not in one.coordinates:
        raise model_error(f"the time coordinate {one.time!r} is not in the metric", mend="give time=t", place=place)
    for field in one.fields:
        declared(field.ansatz, f"the ansatz of {field}", place)
        _ansatz_coordinates(field, one, place)
    for profile in one.profiles:
        _profile_coordinates(profile, one.coordinates, one.radial, place)
    _names(one.profiles, place)


def _metric(metric: Expr, place: Place) -> None:
    """The line element: quadratic in differentials, its coefficients made of profiles, parameters, coordinates."""
    declared(metric, "the metric", place)
    for strange in sorted(metric.atoms(ScalarField, GaugeField, *INVARIANTS), key=str):
        raise model_error(
            f"{strange} stands in the metric, and is no function of coordinates",
            mend="write the metric with profiles, parameters and coordinates",
            place=place,
        )
    for term in Add.make_args(expand_forms(metric)):
        powers = [factor.as_base_exp() for factor in Mul.make_args(term) if is_form(factor)]
        if not all(isinstance(base, CoordinateDifferential) for base, _ in powers) or sum(p for _, p in powers) != 2:
            raise model_error(
                f"the metric is not quadratic in the differentials: the term {term}",
                mend="write the line element as a sum of a function times dt**2, dt*dx, ...",
                place=place,
            )


def end(value: Any, what: str) -> Expr:
    """Where the boundary or the horizon is: a number, a parameter, or oo."""
    if value in (oo, -oo):
        return sympify(value)
    made = expression(value, f"the {what}")
    declared(made, f"the {what}")
    if not all(isinstance(symbol, Parameter) for symbol in made.free_symbols):
        raise model_error(
            f"the {what} is at {made}, which is not a constant", mend=f"give a number or a parameter: {what}=1"
        )
    return made


def inner_end(horizon: Any, wall: Any, boundary: Expr) -> tuple[Expr | None, Expr | None]:
    """Where the geometry ends: at a horizon, which is at 1 unless the user says otherwise, or at a wall."""
    if wall is None:
        place = 1 if horizon is UNSAID else horizon
        return (None if place is None else end(place, "horizon")), None
    if horizon is not UNSAID and horizon is not None:
        raise model_error(
            "a horizon and a wall are given, and the geometry ends at one of them",
            mend="leave horizon= or wall= out",
        )
    cut = end(wall, "wall")
    if cut == boundary:
        raise model_error(f"the wall is at {cut}, where the boundary is", mend="give a wall away from it: wall=z_m")
    return None, cut


def _lagrangian(lagrangian: Expr, dimension: int, place: Place) -> None:
    naked = lagrangian.xreplace({i: Symbol("invariant") for i in lagrangian.atoms(*INVARIANTS)})
    if is_form(naked):
        raise model_error(
            "the Lagrangian is not a scalar: a form stands in it outside of square, dot and levi_civita",
            mend="contract forms: square(d(phi)), dot(A, d(phi))",
            place=place,
        )
    for product in sorted(lagrangian.atoms(LeviCivita), key=str):
        total = sum(degree(form) for form in product.args)
        if total != dimension:
            raise model_error(
                f"{product} has {total} indices, and the volume tensor of this metric has {dimension}",
                mend=f"give it forms of total degree {dimension}: levi_civita(d(A), d(A)) in four dimensions",
                place=place,
            )
    for profile in sorted(lagrangian.atoms(Profile), key=str):
        raise model_error(
            f"the profile {profile} stands in the Lagrangian by itself",
            mend=f"make it a field, phi = scalar('phi', {profile.func.name}), and write the Lagrangian with the field",
            place=place,
        )
    for differential in sorted(lagrangian.atoms(CoordinateDifferential), key=str):
        raise model_error(
            f"the differential {differential} stands in the Lagrangian, so the action is not covariant",
            mend="put it into the ansatz of a field: B = gauge_field('B', ...)",
            place=place,
        )
    for symbol in sorted(lagrangian.free_symbols, key=str):
        if isinstance(symbol, Coordinate):
            raise model_error(
                f"the Lagrangian depends on the coordinate {symbol}, so the action is not covariant",
                mend="write it with fields and invariants only",
                place=place,
            )


def _arities(expressions: Sequence[Expr], place: Place) -> None:
    """A coupling has arguments, always as many."""
    counts: dict[str, int] = {}
    for applied in sorted(set().union(*(e.atoms(AppliedCoupling) for e in expressions)), key=str):
        name, count = applied.func.base, len(applied.args)
        if count == 0 or counts.setdefault(name, count) != count:
            raise model_error(
                f"{applied} has {count} arguments" + (f", and elsewhere {name} has {counts[name]}" if count else ""),
                mend=f"apply {name} to its fields, always to as many: {name}(phi)",
                place=place,
            )


def _ansatz_coordinates(field: Any, one: Theory, place: Place) -> None:
    for symbol in sorted(field.ansatz.free_symbols, key=str):
        coordinate = symbol.coordinate if isinstance(symbol, CoordinateDifferential) else symbol
        if isinstance(coordinate, Coordinate) and coordinate not in one.coordinates:
            raise model_error(
                f"the ansatz of {field} uses {coordinate}, which is not a coordinate of the metric",
                mend=f"use the metric's coordinates {', '.join(map(str, one.coordinates))}",
                place=place,
            )
    if isinstance(field, GaugeField) and field.ansatz != 0:
        for atom in terms(field.ansatz):
            if not isinstance(atom, CoordinateDifferential):
                raise model_error(f"the ansatz of {field} is not linear in differentials", place=place)


def _profile_coordinates(
    profile: Profile, coordinates: Sequence[Coordinate], radial: Coordinate | None, place: Place
) -> None:
    for argument in profile.args:
        if argument not in coordinates:
            raise model_error(
                f"the profile {profile} is of {argument}, which is not a coordinate of the metric",
                mend=f"declare it of one of them: profiles({profile.func.name!r}, {radial or coordinates[-1]})",
                place=place,
            )
    if radial is not None and radial not in profile.args:
        raise model_error(
            f"the profile {profile} does not depend on the radial coordinate {radial}",
            mend=f"declare it of {radial}: profiles({profile.func.name!r}, {radial}); or give radial=None",
            place=place,
        )


def _names(profiles: Sequence[Profile], place: Place) -> None:
    seen: dict[str, Profile] = {}
    for profile in profiles:
        other = seen.setdefault(profile.func.name, profile)
        if other != profile:
            raise model_error(
                f"two profiles of one name: {other} and {profile}", mend="give each a name of its own", place=place
            )


def weight(one: Theory, factor: Any, what: str) -> Expr:
    """A function of scalar fields, profiles, parameters and the radial coordinate, `exp(k*phi)`."""
    made = expression(factor, what)
    declared(made, what)
    foreign = [s for s in made.free_symbols if isinstance(s, Coordinate) and s != one.radial]
    if is_form(made) or made.has(*INVARIANTS, GaugeField, AppliedCoupling) or foreign:
        raise model_error(
            f"{what} is {made}, which is no function of scalar fields and parameters", mend="write exp(k*phi), say"
        )
    for profile in made.atoms(Profile):
        _profile_coordinates(profile, one.coordinates, one.radial, one.place)
    return made


def given(equations: Any) -> dict[str, Expr]:
    """The equations of a plain system, by name."""
    made = {}
    for name, value in mapping(equations, "equations", "{'motion': x.diff(t, 2) + x}").items():
        if not isinstance(name, str) or not name.strip():
            raise model_error(f"{name!r} cannot be the name of an equation", mend="give a word: 'motion'")
        made[name] = expression(value, f"the equation {name!r}")
    return made


def system(one: System) -> None:
    """A plain system: equations in profiles of one variable."""
    place = one.place
    if not isinstance(one.variable, Coordinate):
        raise model_error(f"the variable {one.variable} is not a coordinate", mend="t = coordinates('t')", place=place)
    if not one.given:
        raise model_error("a system without equations", mend="give {'motion': expression}", place=place)
    for name, equation in one.given.items():
        declared(equation, f"the equation {name!r}", place)
        if is_form(equation) or equation.has(*INVARIANTS, ScalarField):
            raise model_error(
                f"the equation {name!r} holds fields, forms or invariants",
                mend="write a system with profiles, couplings and parameters; use Theory for an action",
                place=place,
            )
    _arities((*one.given.values(), *one.couplings.values()), place)
    for profile in one.profiles:
        if profile.args != (one.variable,):
            raise model_error(
                f"the profile {profile} is not a function of the variable {one.variable}",
                mend=f"declare it of {one.variable}: profiles({profile.func.name!r}, {one.variable})",
                place=place,
            )
    if not one.profiles:
        raise model_error("a system without unknown functions", mend="x = profiles('x', t)", place=place)
    _names(one.profiles, place)


def fields_of(one: Theory, kind: type) -> tuple[Any, ...]:
    """Fields of one kind that stand in the action, or in closed forms of its couplings."""
    if one.lagrangian is None:
        return ()
    found = set(one.lagrangian.atoms(kind))
    for contraction in one.lagrangian.atoms(Contraction):
        found |= contraction.atoms(kind)
    names: dict[str, Any] = {}
    for field in sorted(found, key=lambda f: (f.name, str(f.ansatz))):
        if field.name in names:
            raise model_error(f"two fields named {field.name}", mend="give each a name of its own", place=one.place)
        names[field.name] = field
    return tuple(names.values())
