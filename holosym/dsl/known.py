"""What is known of a model, against the model: known solutions and published equations."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from sympy import Expr

from holosym.dsl.forms import is_form
from holosym.dsl.invariants import INVARIANTS
from holosym.dsl.place import Place, model_error
from holosym.dsl.reading import declared, expression, mapping
from holosym.dsl.symbols import Coordinate, Parameter, Profile, ProfileHead


def solution_profiles(
    model: str, name: str, profiles: Sequence[Profile], given: Any, place: Place
) -> dict[Profile, Expr]:
    """Every profile of a model, with its closed form."""
    made = {}
    what = f"the profiles of the solution {name!r}"
    for key, value in mapping(given, what, "{f: 1 - z**3}", place).items():
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
        made[key] = expression(value, f"the closed form of {key.func.name} in {name!r}", place)
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


def on_shell(name: str, value: Any, profiles: Sequence[Profile], place: Place) -> Expr:
    """A published equation: profiles, couplings of profiles, parameters, coordinates."""
    made = expression(value, f"the published equation {name!r}", place)
    declared(made, f"the published equation {name!r}", place)
    if is_form(made) or made.has(*INVARIANTS):
        raise model_error(
            f"the published equation {name!r} holds forms or invariants",
            mend="write it in profiles and their derivatives",
            place=place,
        )
    if made == 0:
        raise model_error(
            f"the published equation {name!r} is zero as it is written, and says nothing of the model",
            mend="differentiate profiles, not fields: a field has no coordinates until its ansatz is put in",
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


def solution_parameters(name: str, given: Any, place: Place) -> dict[Parameter, Expr]:
    """Parameters that a solution fixes or relates."""
    made = {}
    what = f"the parameters of the solution {name!r}"
    for key, value in mapping(given, what, "{beta: 0}", place).items():
        if not isinstance(key, Parameter):
            raise model_error(
                f"the solution {name!r} fixes {key!r}, which is not a parameter",
                mend="give parameters that come from parameters('...')",
                place=place,
            )
        made[key] = expression(value, f"the value of {key} in {name!r}", place)
        declared(made[key], f"the value of {key} in {name!r}", place)
    return made


def solution_domain(name: str, given: Any, place: Place) -> dict[Any, tuple[float, float]]:
    """Ranges of parameters or coordinates from which points are drawn."""
    made = {}
    what = f"the domain of the solution {name!r}"
    for key, value in mapping(given, what, "{beta: (0, 1)}", place).items():
        try:
            low, high = (float(one) for one in value)
        except (TypeError, ValueError):
            low, high = 0.0, 0.0
        if not isinstance(key, Parameter | Coordinate) or not (low < high and isfinite(high - low)):
            raise model_error(
                f"{what} has {key!r}: {value!r}, which is not a parameter or coordinate with its range",
                mend="write {beta: (0, 1)}, the lower end first",
                place=place,
            )
        made[key] = (low, high)
    return made
