"""What a model may not be, as far as it shows without deriving: one message each, with the line and the
mend."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Expr, Symbol, sympify
from sympy.core.function import AppliedUndef

from holosym.dsl.forms import (
    CoordinateDifferential,
    GaugeField,
    ScalarField,
    is_form,
    terms,
)
from holosym.dsl.invariants import INVARIANTS, Contraction, Curvature
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Parameter, Profile, ProfileHead

if TYPE_CHECKING:
    from holosym.dsl.theory import System, Theory

_DECLARED = (Coordinate, Parameter, ScalarField, GaugeField, CoordinateDifferential, Curvature)


def model_name(name: Any) -> str:
    """A name that can also be that of a Python package."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise model_error(
            f"{name!r} cannot be the name of a theory", mend="use letters, digits and underscores: gubser_rocha"
        )
    return name


def unique(name: str, taken: Sequence[str], what: str, place: Place) -> None:
    """Names of solutions and equations must differ: reports and exit codes go by them."""
    if name in taken:
        raise model_error(f"a second {what} named {name!r}", mend="give each a name of its own", place=place)


def closed_forms(couplings: Mapping[Any, Any]) -> dict[AppliedCoupling, Expr]:
    """Closed forms of couplings, keyed by the applied coupling."""
    found = {}
    for key, value in couplings.items():
        if not isinstance(key, AppliedCoupling) or key.func.orders:
            raise model_error(
                f"{key} is not a coupling applied to its arguments",
                mend="write {V(phi): -6*cosh(phi)}, with V from couplings('V')",
            )
        form = sympify(value)
        strange = [s for s in form.free_symbols if s not in key.free_symbols and not isinstance(s, Parameter)]
        if strange:
            name = min(str(s) for s in strange)
            raise model_error(
                f"the closed form of {key} depends on {name}, which is neither an argument of it nor a parameter",
                mend=f"declare it, {name} = parameters({name!r}), or make it an argument of {key.func.base}",
            )
        found[key] = form
    return found


def declared(expression: Expr, what: str, place: Place) -> None:
    """Every symbol must come from holosym's declarations."""
    for symbol in sorted(expression.free_symbols, key=str):
        if isinstance(symbol, Symbol) and not isinstance(symbol, _DECLARED):
            raise model_error(
                f"{symbol} in {what} is not declared",
                mend=f"declare it: {symbol} = parameters({str(symbol)!r}), or coordinates, scalar, ...",
                place=place,
            )
    for applied in sorted(expression.atoms(AppliedUndef), key=str):
        if not isinstance(applied, Profile | AppliedCoupling):
            name = applied.func.__name__
            raise model_error(
                f"the function {applied} in {what} is not declared",
                mend=f"declare it: {name} = profiles({name!r}, z), or {name} = couplings({name!r})",
                place=place,
            )


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
    declared(one.metric, "the metric", place)
    if one.lagrangian is not None:
        declared(one.lagrangian, "the Lagrangian", place)
        _lagrangian(one.lagrangian, place)
    if one.radial is not None and one.radial not in one.coordinates:
        raise model_error(
            f"the radial coordinate {one.radial} is not a coordinate of the metric",
            mend="give radial=z with z from coordinates(...), or radial=None",
            place=place,
        )
    if one.time not in one.coordinates:
        raise model_error(f"the time coordinate {one.time} is not in the metric", mend="give time=t", place=place)
    for field in one.fields:
        declared(field.ansatz, f"the ansatz of {field}", place)
        _ansatz_coordinates(field, one, place)
    for profile in one.profiles:
        _profile_coordinates(profile, one.coordinates, one.radial, place)
    _names(one.profiles, place)


def _lagrangian(lagrangian: Expr, place: Place) -> None:
    naked = lagrangian.xreplace({i: Symbol("invariant") for i in lagrangian.atoms(*INVARIANTS)})
    if is_form(naked):
        raise model_error(
            "the Lagrangian is not a scalar: a form stands in it outside of square, dot and levi_civita",
            mend="contract forms: square(d(phi)), dot(A, d(phi))",
            place=place,
        )
    for profile in sorted(naked.atoms(Profile), key=str):
        raise model_error(
            f"the profile {profile} stands in the Lagrangian by itself",
            mend=f"make it a field, phi = scalar('phi', {profile.func.name}), and write the Lagrangian with the field",
            place=place,
        )
    for symbol in sorted(naked.free_symbols, key=str):
        if isinstance(symbol, Coordinate):
            raise model_error(
                f"the Lagrangian depends on the coordinate {symbol}, so the action is not covariant",
                mend="write it with fields and invariants only",
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


def system(one: System) -> None:
    """A plain system: equations in profiles of one variable."""
    place = one.place
    if not isinstance(one.variable, Coordinate):
        raise model_error(f"the variable {one.variable} is not a coordinate", mend="t = coordinates('t')", place=place)
    if not one.given:
        raise model_error("a system without equations", mend="give {'motion': expression}", place=place)
    for name, expression in one.given.items():
        declared(expression, f"the equation {name!r}", place)
        if is_form(expression) or expression.has(*INVARIANTS, ScalarField):
            raise model_error(
                f"the equation {name!r} holds fields, forms or invariants",
                mend="write a system with profiles, couplings and parameters; use Theory for an action",
                place=place,
            )
    for profile in one.profiles:
        _profile_coordinates(profile, (one.variable,), None, place)
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


def solution_profiles(
    model: str, name: str, profiles: Sequence[Profile], given: Mapping[Any, Any], place: Place
) -> dict[Profile, Expr]:
    """Every profile of a model, with its closed form."""
    made = {}
    for key, value in given.items():
        if key not in profiles:
            kind = "a profile" if isinstance(getattr(key, "func", None), ProfileHead) else "no profile"
            known = ", ".join(p.func.name for p in profiles)
            raise model_error(
                f"the solution {name!r} gives {key}, which is {kind} that {model} does not have"
                if kind == "a profile"
                else f"the solution {name!r} gives {key}, which is not a profile",
                mend=f"give closed forms for the profiles {known}",
                place=place,
            )
        made[key] = sympify(value)
    missing = [p.func.name for p in profiles if p not in made]
    if missing:
        raise model_error(
            f"the solution {name!r} says nothing of the profile {', '.join(missing)}",
            mend=f"add {missing[0]}: ... to its dictionary",
            place=place,
        )
    for profile, form in made.items():
        declared(form, f"the solution {name!r}", place)
        circular = form.atoms(Profile)
        if circular:
            raise model_error(
                f"the closed form of {profile.func.name} in {name!r} contains the profile {circular.pop()}",
                mend="write it with coordinates, parameters and known functions",
                place=place,
            )
        loose = {s for s in form.free_symbols if isinstance(s, Coordinate)} - set(profile.args)
        if loose:
            raise model_error(
                f"the closed form of {profile.func.name} in {name!r} depends on {loose.pop()}",
                mend=f"{profile} is a function of {', '.join(map(str, profile.args))} alone",
                place=place,
            )
    return made


def on_shell(name: str, expression: Any, profiles: Sequence[Profile], place: Place) -> Expr:
    """A published equation: profiles, couplings of profiles, parameters, coordinates."""
    made = sympify(expression)
    declared(made, f"the published equation {name!r}", place)
    if is_form(made) or made.has(*INVARIANTS):
        raise model_error(
            f"the published equation {name!r} holds forms or invariants",
            mend="write it in profiles and their derivatives",
            place=place,
        )
    strange = made.atoms(Profile) - set(profiles)
    if strange:
        raise model_error(
            f"the published equation {name!r} holds {strange.pop()}, which is not a profile of this model",
            mend=f"write it with {', '.join(str(p) for p in profiles)}",
            place=place,
        )
    return made
