"""The stage `entropy`: from a model to the surfaces and strings that hang in one of its backgrounds.

    a theory with an action     its state at given temperature, charge and sources, solved for
    `solution`                  a known solution in closed form, of a theory or of a bare metric
    a metric without profiles   itself

A model is compiled afresh into a folder that lives as long as the command.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from holosym import pipeline
from holosym.dsl.theory import Theory
from holosym.errors import HolosymError, ModelFileError, SolveError, SurfaceError
from holosym.report import closed_forms
from holosym.report.choices import with_choices
from holosym.solve.family import Point, solve_family
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package
from holosym.solve.request import Request
from holosym.solving import chosen, reasons, require_ends
from holosym.surfaces.answer import Answer, Wanted, answer
from holosym.surfaces.background import Background, FunctionBackground, SolvedBackground
from holosym.surfaces.ends import placed
from holosym.surfaces.functional import Functional, functional


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


def entropy(
    target: pipeline.Target,
    request: Request,
    wanted: Wanted,
    solution: str | None = None,
    theory: str | None = None,
    progress: pipeline.Progress = pipeline.silent,
) -> Answer:
    """Surfaces or strings in a background of a model.

    Args:
        target: a model file, a name of the gallery, or the folder of a generated package.
        request: the state that is to be solved for; its settings are parameters where nothing is solved.
        wanted: shape, direction, lengths, cutoff.
        solution: the name of a known solution, or a part of it.
        theory: which one, where a model file has several.
        progress: told of every stage.

    Raises:
        HolosymError: where the model has no such surfaces, and for a state that is not found.
    """
    if Path(target).is_dir():
        if solution is not None:
            raise HolosymError("a generated package has no closed forms", mend="give the model instead of the folder")
        return _of_package(load_package(Path(target)), None, request, wanted, None, reasons(Path(target)), progress)
    model = chosen(pipeline.load(target, progress), theory, target)
    if not isinstance(model, Theory):
        raise ModelFileError(
            f"{model.name} is a system of equations and has no metric", file=model.place.file, line=model.place.line
        )
    with tempfile.TemporaryDirectory(prefix="holosym-") as folder:
        from holosym.codegen import output

        output.write_all({model.name: pipeline.generate(model, progress)}, Path(folder))
        made = Path(folder) / model.name
        try:
            return _of_package(load_package(made), model, request, wanted, solution, reasons(made), progress)
        except (SurfaceError, SolveError) as error:
            error.file, error.line = error.file or model.place.file, error.line or model.place.line
            raise


def _of_package(
    package: GeneratedPackage,
    theory: Theory | None,
    request: Request,
    wanted: Wanted,
    solution: str | None,
    absent: Mapping[str, str],
    progress: pipeline.Progress,
) -> Answer:
    """The answer from a package, with the theory that it was made of where it is at hand."""
    if package.entanglement is None:
        raise SurfaceError(absent.get("entanglement.py", f"{package.NAME} has no entanglement functional"))
    name = wanted.surface(package)
    place = _place(theory, package, request, solution, absent, progress)
    progress("hanging surfaces in", package.NAME)
    return answer(_functional(package, place.background, name), wanted, _said(package, request, place))


def _functional(package: GeneratedPackage, background: Background, name: str) -> Functional:
    """The functional; closed forms end where they do, not where the theory's solver has its horizon."""
    found = functional(package, background, name)
    if isinstance(background, SolvedBackground):
        return found
    assert package.entanglement is not None
    strips = [one for one, entry in package.entanglement.SURFACES.items() if entry["kind"] == "strip"]
    return placed(found, functional(package, background, strips[0]) if strips else found)


def _place(
    theory: Theory | None,
    package: GeneratedPackage,
    request: Request,
    solution: str | None,
    absent: Mapping[str, str],
    progress: pipeline.Progress,
) -> Place:
    """The background that a request names."""
    if theory is None:
        return _solved(package, request, absent, progress)
    if solution is not None or (theory.lagrangian is None and theory.profiles):
        return _known(theory, package, request, solution)
    if theory.lagrangian is None:
        return Place(package, _given(theory, {}, request.settings), "of the metric", "the metric as it is written")
    return _solved(package, with_choices(package, theory, request), absent, progress)


def _known(theory: Theory, package: GeneratedPackage, request: Request, name: str | None) -> Place:
    """A known solution in closed form."""
    known = theory.known_solutions
    exact = [one for one in known if one.name == name]
    found = exact or [one for one in known if name is None or name.lower() in one.name.lower()]
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
            end, ends_at = (at if theory.boundary == 0 else 1 / at), kind
    if theory.boundary != 0:
        functions = {name: _in_inverse(function) for name, function in functions.items()}
    return FunctionBackground(functions, dict(values), {}, end, ends_at)


def _in_inverse(function: closed_forms.Function) -> closed_forms.Function:
    """A function of r = 1/x as one of x; its jet stays along r."""
    return lambda x: function(1 / x)


def _solved(
    package: GeneratedPackage, request: Request, absent: Mapping[str, str], progress: pipeline.Progress
) -> Place:
    """The state of least free energy at given settings."""

    def told(stage: str, done: int, total: int) -> None:
        progress(stage, f"{done} of {total}")

    try:
        require_ends(package, dict(absent))
        family = solve_family(package, request, told)
    except SolveError as error:
        error.exit_code = HolosymError.exit_code
        raise
    if family.failure is not None:
        raise family.failure
    points = [(branch.label, point) for branch in family.branches for point in branch.points]
    label, point = min(points, key=lambda one: _rank(one[1]))
    more = f", branch {label}" if len(points) > 1 else ""
    with torch.no_grad():
        background = SolvedBackground(point.state, point.scale)
    return Place(package, background, family.unit, f"the state with {_settings(request)}{more}")


def _rank(point: Point) -> int:
    return {True: 0, None: 1, False: 2}[point.dominant]


def _settings(request: Request) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in request.settings.items()) or "no settings"


def _said(package: GeneratedPackage, request: Request, place: Place) -> dict[str, Any]:
    """Provenance."""
    return {
        "model": package.NAME,
        "model_hash": package.MODEL_HASH,
        "background": place.said,
        "units": place.unit,
        "settings": dict(request.settings),
    }
