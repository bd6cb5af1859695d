"""The stage `solve`: from a model, or a generated package, to a family of black branes.

A model is compiled afresh into a folder that lives as long as the solve, so what is solved is what the model says.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from holosym import pipeline
from holosym.errors import HolosymError, ModelFileError, SolveError
from holosym.report.choices import with_choices
from holosym.solve.family import Family, solve_family
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package
from holosym.solve.request import Request

if TYPE_CHECKING:
    from holosym.dsl.theory import Model


def use_threads(count: int) -> None:
    """How many threads torch may use; these systems are too small to gain from more than one."""
    torch.set_num_threads(count)


def solve_model(
    target: pipeline.Target, request: Request, progress: pipeline.Progress = pipeline.silent, theory: str | None = None
) -> Family:
    """Black branes of a theory, as a request describes them.

    Args:
        target: a model file, a name of the gallery, or the folder of a generated package.
        request: settings, sweep, units.
        progress: told of every stage, and of every state.
        theory: which one, where a model file has several.

    Raises:
        HolosymError: for a model that has no such states, and for a request that makes no sense for it. What does not
            converge is in the family's `failure`.
    """

    try:
        return _solve(target, request, progress, theory)
    except SolveError as error:
        error.exit_code = HolosymError.exit_code  # what does not converge is no exception: this is what cannot be asked
        raise


def _solve(target: pipeline.Target, request: Request, progress: pipeline.Progress, theory: str | None) -> Family:
    def told(stage: str, done: int, total: int) -> None:
        progress(stage, f"{done} of {total}")

    if Path(target).is_dir():
        package = load_package(Path(target))
        require_ends(package, reasons(Path(target)))
        return solve_family(package, request, told)
    model = chosen(pipeline.load(target, progress), theory, target)
    with tempfile.TemporaryDirectory(prefix="holosym-") as folder:
        from holosym.codegen import output

        output.write_all({model.name: pipeline.generate(model, progress)}, Path(folder))
        package = load_package(Path(folder) / model.name)
        try:
            require_ends(package, reasons(Path(folder) / model.name))
        except SolveError as error:
            error.file, error.line = model.place.file, model.place.line
            raise
        return solve_family(package, with_choices(package, model, request), told)


def chosen(models: list[Model], theory: str | None, target: pipeline.Target) -> Model:
    """The model that is meant, of those of a file."""
    names = [model.name for model in models]
    if theory is not None and theory not in names:
        raise ModelFileError(
            f"this file has no theory {theory!r}", mend=f"it has {', '.join(names)}", file=os.fspath(target)
        )
    if theory is None and len(models) > 1:
        raise ModelFileError(
            f"this file has several theories: {', '.join(names)}",
            mend="say which one with --theory",
            file=os.fspath(target),
        )
    return next(model for model in models if theory in (None, model.name))


def reasons(folder: Path) -> dict[str, str]:
    """Why a package lacks a part, by the part's name."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(reason) for name, reason in found.get("absent", {}).items()}


def require_ends(package: GeneratedPackage, absent: dict[str, str]) -> None:
    """Refuse a package without the two expansions, or with couplings that are not known."""
    for part, what in (("horizon", "a horizon expansion"), ("boundary", "a boundary expansion")):
        if getattr(package, part, None) is None:
            reason = absent.get(f"{part}.py") or absent.get(part) or "the theory has none"
            raise SolveError(f"{package.NAME} has no black branes to be solved for: it lacks {what}: {reason}")
    open_couplings = sorted(name for name, entry in package.COUPLINGS.items() if not entry["closed"])
    if open_couplings:
        raise SolveError(
            f"{package.NAME} cannot be solved while {' and '.join(open_couplings)} "
            f"{'is' if len(open_couplings) == 1 else 'are'} unknown",
            mend="give the closed form in the model file: couplings={V(phi): ...}",
        )
