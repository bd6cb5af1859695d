"""The stage `entropy`: from a model to the surfaces and strings that hang in one of its backgrounds.

    a theory with an action     its state at given temperature, charge and sources, solved for
    `solution`                  a known solution in closed form, of a theory or of a bare metric
    a metric without profiles   itself

A model is compiled afresh into a folder that lives as long as the command.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holosym import pipeline
from holosym.backgrounds import Place, place_of
from holosym.dsl.theory import Theory
from holosym.errors import HolosymError, ModelFileError, SolveError, SurfaceError
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package
from holosym.solve.request import Request
from holosym.solving import chosen, reasons
from holosym.surfaces.answer import Answer, Wanted, answer
from holosym.surfaces.background import Background, SolvedBackground
from holosym.surfaces.ends import placed
from holosym.surfaces.functional import Functional, functional


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
    place = place_of(theory, package, request, solution, absent, progress)
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
