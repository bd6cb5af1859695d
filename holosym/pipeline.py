"""The stages, by name, one call each: read this file first.

    load      a model file, or a name of the gallery, becomes its theories       holosym.dsl
    derive    a theory becomes its equations, derived twice and compared         holosym.derive
    observe   expansions at both ends, thermodynamics, transport                 holosym.expand, holosym.observe
    verify    known solutions and published equations against the equations      holosym.verify
    generate  the equations become the text of a torch package                   holosym.codegen
    write     the texts become folders, all of them or none                      holosym.codegen.output
    solve     a generated package becomes black branes                           holosym.solving, holosym.solve

`check_models` runs load, derive and verify; `compile_models` runs load, derive, observe, generate and write; `drift`
compares instead of writing. Each stage says through `progress(stage, name)` that it begins, and imports what it needs
then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from holosym import resources
from holosym.errors import HolosymError, ModelFileError, RingError

if TYPE_CHECKING:
    from holosym.codegen.observables import Observables
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Model
    from holosym.verify import Check

Target = str | PathLike[str]
"""A path of a model file, or a name of the gallery."""

Progress = Callable[[str, str], None]
"""Told the stage and the model's name as a stage begins."""


def silent(stage: str, name: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Checked:
    """A theory with its checks.

    Attributes:
        theory: its name.
        checks: all of them, in the order in which they were made.
        notes: what else the derivation says of itself, such as that the reduced route was not valid.
    """

    theory: str
    checks: Sequence[Check]
    notes: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True)
class Compiled:
    """What a compilation wrote.

    Attributes:
        folders: every package's folder.
        changed: names of the packages that were not already as they should be.
        failed: for every check that fails, the package and what does not hold.
    """

    folders: tuple[Path, ...]
    changed: tuple[str, ...]
    failed: tuple[str, ...]


def load(target: Target, progress: Progress = silent) -> list[Model]:
    """All theories and systems of a model file.

    Raises:
        ModelError: for a file or a model that cannot be used.
    """
    progress("loading", Path(target).stem)
    from holosym.dsl import loader

    return loader.load(resources.resolve(target))


def derive(model: Model, progress: Progress = silent) -> EquationSystem:
    """The equations of a model, with both derivations compared.

    Raises:
        ModelError: where the model cannot be used.
        DerivationError: where the two derivations disagree.
    """
    progress("deriving the equations of", model.name)
    with _about(model):
        return model.equations()


def observe(model: Model, progress: Progress = silent) -> Observables:
    """What is known of a model's solutions; for what a model has not, the reason."""
    system = derive(model, progress)
    progress("expanding the solutions of", model.name)
    from holosym.codegen.observables import observables

    with _about(model):
        return observables(system)


def verify(model: Model, progress: Progress = silent) -> list[Check]:
    """What the derivation proved, known solutions, and published equations."""
    derive(model, progress)
    progress("checking what is known of", model.name)
    from holosym import verify as checks

    with _about(model):
        return checks.verify(model)


def generate(model: Model, progress: Progress = silent) -> dict[str, str]:
    """The files of a model's torch package, by name.

    Raises:
        PrinterError: where an expression cannot be written as torch code.
    """
    system = derive(model, progress)
    known = observe(model, progress)
    progress("writing torch code for", model.name)
    from holosym.codegen.package import generate as render

    with _about(model):
        return render(system, known)


@contextmanager
def _about(model: Model) -> Iterator[None]:
    """An error that knows no place is about the model as a whole."""
    try:
        yield
    except HolosymError as error:
        if error.file is None:
            error.file, error.line = model.place.file, model.place.line
        if isinstance(error, RingError) and not error.mend:
            error.mend = "write the model with powers, exp, log, and the trigonometric and hyperbolic functions"
        raise


def check_models(targets: Sequence[Target], progress: Progress = silent) -> tuple[list[Checked], list[HolosymError]]:
    """Verify models; one that cannot be used does not keep the others from being checked.

    Args:
        targets: model files or names of the gallery; none for the whole gallery.
        progress: told of every stage.

    Returns:
        The checked theories, and the errors of those that cannot be used.
    """
    checked: list[Checked] = []
    errors: list[HolosymError] = []
    for target in targets or resources.gallery():
        try:
            for model in load(target, progress):
                notes = derive(model, progress).proof.notes
                checked.append(Checked(model.name, verify(model, progress), notes))
        except HolosymError as error:
            errors.append(error)
    return checked, errors


def compile_models(targets: Sequence[Target], out: Target = "generated", progress: Progress = silent) -> Compiled:
    """Compile models into `out/<theory>/`, all of them or, on any failure, none.

    Args:
        targets: model files or names of the gallery; none for the whole gallery.
        out: the folder of the packages.
        progress: told of every stage.

    Raises:
        HolosymError: for a model that cannot be used, or a folder that cannot be written.
    """
    packages = _packages(targets, progress)
    progress("writing to", str(out))
    from holosym.codegen import output

    changed = output.write_all(packages, Path(out))
    folders = tuple(Path(out) / name for name in packages)
    return Compiled(folders, tuple(changed), tuple(_failures(packages)))


def _failures(packages: dict[str, dict[str, str]]) -> Iterator[str]:
    """What a package's manifest says does not hold."""
    for name, files in packages.items():
        for check in json.loads(files["manifest.json"])["checks"]:
            if not check["passed"]:
                what = {"solution": "known solution", "published": "published equation"}[check["kind"]]
                yield f"{name}: the {what} {check['name']!r} does not hold"


def drift(targets: Sequence[Target], out: Target = "generated", progress: Progress = silent) -> str:
    """How the packages in `out` differ from what their models compile to now; empty where they do not.

    With no targets the whole gallery is compared, and a package in `out` that no model of it makes is a difference.
    """
    from holosym.codegen import output

    packages = _packages(targets, progress)
    found = [output.drift(files, Path(out) / name) for name, files in packages.items()]
    orphans = [] if targets else [name for name in output.packages_in(Path(out)) if name not in packages]
    return "".join([*found, *(output.orphan(Path(out) / name) for name in orphans)])


def _packages(targets: Sequence[Target], progress: Progress) -> dict[str, dict[str, str]]:
    models: dict[str, Model] = {}
    for target in targets or resources.gallery():
        for model in load(target, progress):
            other = models.setdefault(model.name, model)
            if other is not model:
                raise ModelFileError(
                    f"two models are named {model.name!r}, the other one in {other.place.file}:{other.place.line}",
                    mend="compile them into different folders with --out, or give one another name",
                    file=model.place.file,
                    line=model.place.line,
                )
    return {name: generate(model, progress) for name, model in models.items()}
