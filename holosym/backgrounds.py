"""The background of surfaces and strings that a request names: a solved state, a known solution, a metric as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from holosym import pipeline
from holosym.dsl.theory import Theory
from holosym.errors import HolosymError, SolveError
from holosym.report import closed_forms
from holosym.report.choices import with_choices
from holosym.solve.family import Point, solve_family
from holosym.solve.package import GeneratedPackage
from holosym.solve.request import Request
from holosym.solving import require_ends
from holosym.surfaces.background import Background, FunctionBackground, SolvedBackground


@dataclass(frozen=True)
class Place:
    """A background with what is to be said of it.

    Attributes:
        unit: what is one, in words.
        said: of the state: which one it is.
    """

    package: GeneratedPackage
    background: Background
    unit: str
    said: str


def place_of(
    theory: Theory | None,
    package: GeneratedPackage,
    request: Request,
    solution: str | None,
    absent: Mapping[str, str],
    progress: pipeline.Progress,
) -> Place:
    """The background that a request names.

    Args:
        theory: what the package was made of, where it is at hand.
        package: generated.
        request: the state that is to be solved for; its settings are parameters where nothing is solved.
        solution: the name of a known solution, or a part of it.
        absent: why the package lacks a part, by the part's name.
        progress: told of every stage.

    Raises:
        HolosymError: for parameters without a value, settings without a meaning, and a state that is not found.
    """
    if theory is None:
        return _solved(package, request, absent, progress)
    if solution is not None or (theory.lagrangian is None and theory.profiles):
        _require_plain(request, "a known solution")
        return _known(theory, package, request, solution)
    if theory.lagrangian is None:
        _require_plain(request, "a metric as it is written")
        _require_parameters(theory, package, request)
        return Place(package, _given(theory, {}, request.settings), "of the metric", "the metric as it is written")
    return _solved(package, with_choices(package, theory, request), absent, progress, theory)


def _require_plain(request: Request, what: str) -> None:
    """Nothing is solved: what says how has no meaning."""
    plain = Request()
    for name in ("relations", "units", "branch", "nodes", "tolerance"):
        if getattr(request, name) != getattr(plain, name):
            option = "relation" if name == "relations" else name
            raise HolosymError(f"{what} is not solved for, and --{option} has no meaning", mend=f"leave --{option} out")
    sources = [name for name in request.settings if name.endswith(".source")]
    if sources:
        raise HolosymError(f"{what} has the sources that it has", mend=f"leave the source {sources[0]} out")


def _require_parameters(theory: Theory, package: GeneratedPackage, request: Request) -> None:
    """A value for every parameter, and no other setting."""
    names = set(package.PARAMETERS)
    names |= {s.name for at in (theory.horizon, theory.wall) if at is not None for s in at.free_symbols}
    missing, strange = sorted(names - set(request.settings)), sorted(set(request.settings) - names)
    file, line = theory.place.file, theory.place.line
    if strange:
        mend = f"it has {', '.join(sorted(names))}" if names else "it has none: leave --set out"
        raise HolosymError(f"{theory.name} has no parameter {strange[0]}", mend=mend, file=file, line=line)
    if missing:
        mend = f"give {' '.join(f'--set {name}=...' for name in missing)}"
        raise HolosymError(f"{theory.name} needs a value of {', '.join(missing)}", mend=mend, file=file, line=line)


def _known(theory: Theory, package: GeneratedPackage, request: Request, name: str | None) -> Place:
    """A known solution in closed form."""
    known = theory.known_solutions
    exact = [one for one in known if one.name == name]
    same = [one for one in known if name is not None and one.name.lower() == name.lower()]
    found = exact or same or [one for one in known if name is None or name.lower() in one.name.lower()]
    names = ", ".join(repr(one.name) for one in known) or "none"
    if len(found) != 1:
        what = f"{theory.name} has {len(found)} known solutions" + (f" with {name!r} in their name" if name else "")
        mend = f"say which with --solution: it has {names}"
        if not known:
            mend = "add theory.known_solution(name, {profile: closed form}) to the model"
        raise HolosymError(what, mend=mend, file=theory.place.file, line=theory.place.line)
    (solution,) = found
    functions = closed_forms.functions(solution, request.settings)
    values = closed_forms.parameter_values(solution, request.settings)
    numbers = {symbol.name: float(value) for symbol, value in values.items()}
    background = _given(theory, functions, {**request.settings, **numbers})
    return Place(package, background, "of the solution", f"the known solution {solution.name!r}")


def _given(theory: Theory, functions: Mapping[str, Any], values: Mapping[str, float]) -> FunctionBackground:
    """A background of closed forms, and where it ends."""
    end, ends_at = float("inf"), "none"
    for place, kind in ((theory.horizon, "horizon"), (theory.wall, "wall")):
        if place is not None:
            missing = sorted({s.name for s in place.free_symbols} - set(values))
            if missing:
                raise HolosymError(f"the {kind} is at {place}", mend=f"give --set {missing[0]}=...")
            at = float(place.xreplace({s: values[s.name] for s in place.free_symbols}))
            if not at > 0:
                raise HolosymError(f"the {kind} is at {place} = {at:g}", mend="choose parameters that make it positive")
            end, ends_at = (at if theory.boundary == 0 else 1 / at), kind
    if theory.boundary != 0:
        functions = {name: _in_inverse(function) for name, function in functions.items()}
    return FunctionBackground(functions, dict(values), {}, end, ends_at)


def _in_inverse(function: closed_forms.Function) -> closed_forms.Function:
    """A function of r = 1/x as one of x; its jet stays along r."""
    return lambda x: function(1 / x)


def _with_hint(error: SolveError, theory: Theory | None) -> SolveError:
    """What else could be asked for."""
    error.exit_code = HolosymError.exit_code
    names = ", ".join(repr(one.name) for one in theory.known_solutions) if theory is not None else ""
    hint = f"ask for a known solution with --solution: {names}" if names else ""
    if theory is None:
        hint = "give the model file instead of its package, with --solution NAME"
    error.mend = "; or ".join(one for one in (hint, error.mend) if one)
    return error


def _solved(
    package: GeneratedPackage,
    request: Request,
    absent: Mapping[str, str],
    progress: pipeline.Progress,
    theory: Theory | None = None,
) -> Place:
    """The state of least free energy at given settings."""

    def told(stage: str, done: int, total: int) -> None:
        progress(stage, f"{done} of {total}")

    try:
        require_ends(package, dict(absent))
    except SolveError as error:
        raise _with_hint(error, theory) from None
    try:
        family = solve_family(package, request, told)
    except SolveError as error:
        error.exit_code = HolosymError.exit_code
        raise
    if family.failure is not None:
        raise family.failure
    points = [(branch.label, point) for branch in family.branches for point in branch.points]
    if not points:
        raise SolveError(
            f"{package.NAME} has no {request.branch} state with {settings_of(request)}",
            mend="leave --branch out, or ask for a colder state",
        )
    label, point = min(points, key=lambda one: _rank(one[1]))
    more = f", branch {label}" if len(points) > 1 else ""
    with torch.no_grad():
        background = SolvedBackground(point.state, point.scale)
    return Place(package, background, family.unit, f"the state with {settings_of(request)}{more}")


def _rank(point: Point) -> int:
    return {True: 0, None: 1, False: 2}[point.dominant]


def settings_of(request: Request) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in request.settings.items()) or "no settings"
