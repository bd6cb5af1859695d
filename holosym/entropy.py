"""The stage `entropy`: from a model to the surfaces and strings that hang in one of its backgrounds.

    a theory with an action     its state at given temperature, charge and sources, solved for
    `solution`                  a known solution in closed form, of a theory or of a bare metric
    a metric without profiles   itself

A model is compiled afresh into a folder that lives as long as the command.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from holosym import pipeline
from holosym.backgrounds import Place, place_of
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError, HolosymError, ModelFileError, SolveError, SurfaceError
from holosym.report.choices import with_choices
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package
from holosym.solve.request import Request
from holosym.solve.settings import read
from holosym.solving import chosen, reasons
from holosym.surfaces.answer import Answer, Wanted, answer
from holosym.surfaces.background import Background, SolvedBackground
from holosym.surfaces.ends import placed
from holosym.surfaces.functional import Functional, functional

DATA = (".csv", ".nc", ".json", ".txt", ".dat", ".tsv")
VANISHES = 1e-6
"""Scalars below are zero, as they are where condensed branches are looked for."""


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
    _require_model(Path(target))
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


def _require_model(target: Path) -> None:
    """Files of data are not run as Python."""
    if target.suffix.lower() in DATA and target.is_file():
        mend = "give a model file, a name of the gallery, or the folder of a generated package"
        if target.suffix.lower() == ".csv":
            mend += f"; entropies become a metric with `holosym reconstruct {target}`"
        raise ModelFileError("this is a file of data, no model", mend=mend, file=target)


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
        raise _without_surfaces(package, theory, absent.get("entanglement.py", ""))
    name = wanted.surface(package)
    place = place_of(theory, package, request, solution, absent, progress)
    place, notes = _on_a_branch(place, theory, request)
    progress("hanging surfaces in", package.NAME)
    try:
        found = answer(_functional(package, place.background, name), wanted, _said(package, request, place))
    except KeyError as error:
        parameter = str(error.args[0])
        if parameter not in package.PARAMETERS or parameter in place.background.parameters:
            raise
        mend = f"fix it in the model: theory.known_solution(..., parameters={{{parameter}: ...}})"
        raise SurfaceError(f"{place.said} leaves {parameter} of the metric open", mend=mend) from None
    return replace(found, notes=(*notes, *found.notes))


def _without_surfaces(package: GeneratedPackage, theory: Theory | None, reason: str) -> SurfaceError:
    """Why there are none; the mend is not in a package, but where the model is at hand it is known."""
    error = SurfaceError(reason or f"{package.NAME} has no entanglement functional")
    if theory is None:
        error.mend = "give the model file instead of its package, and what to change is said"
        return error
    from holosym.observe.surfaces import surfaces

    try:
        surfaces(theory.equations(), None)
    except ExpansionError as known:
        if " ".join(known.message.split()) == error.message:
            error.mend, error.file, error.line = known.mend, known.file, known.line
    return error


def _on_a_branch(place: Place, theory: Theory | None, request: Request) -> tuple[Place, list[str]]:
    """Where a scalar vanishes that could condense, and its condensed branch was not found or not looked for: so said.

    Of several states the place names the branch by itself.
    """
    background = place.background
    if not isinstance(background, SolvedBackground) or request.branch == "condensed" or ", branch " in place.said:
        return place, []
    asked = with_choices(place.package, theory, request) if theory is not None else request
    able = {one.field for one in read(place.package, asked).conditions if one.field and one.value == 0}
    rest = background.state.fields.split(background.state.unknowns)[0]
    zero = [name for name, values in rest.items() if name in able and float(values.abs().max()) < VANISHES]
    if not zero:
        return place, []
    why = "condensed branches were not looked for" if request.branch == "normal" else "no condensed branch was found"
    verb = "vanishes" if len(zero) == 1 else "vanish"
    note = f"the state is on the branch normal, where {' and '.join(zero)} {verb}: {why}"
    return replace(place, said=f"{place.said}, branch normal"), [note]


def _functional(package: GeneratedPackage, background: Background, name: str) -> Functional:
    """The functional; closed forms end where they do, not where the theory's solver has its horizon."""
    found = functional(package, background, name)
    if isinstance(background, SolvedBackground):
        return found
    assert package.entanglement is not None
    strips = [one for one, entry in package.entanglement.SURFACES.items() if entry["kind"] == "strip"]
    return placed(found, functional(package, background, strips[0]) if strips else found)


def _said(package: GeneratedPackage, request: Request, place: Place) -> dict[str, Any]:
    """Provenance."""
    return {
        "model": package.NAME,
        "model_hash": package.MODEL_HASH,
        "background": place.said,
        "units": place.unit,
        "variable": package.entanglement.VARIABLE if package.entanglement is not None else "x",
        "settings": dict(request.settings),
    }
