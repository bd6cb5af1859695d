"""The generated package of an experiment's model, compiled into the folder of the run, and the truth that it knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from holosym import pipeline
from holosym.dsl.theory import KnownSolution
from holosym.errors import ExperimentError
from holosym.fit.experiment import Experiment
from holosym.fit.known_sections import Exact
from holosym.fit.summarise import Truth
from holosym.report import exact
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package


def compiled(
    experiment: Experiment, path: Path, folder: Path, stages: pipeline.Progress
) -> tuple[GeneratedPackage, Truth]:
    """The generated package, and the exact fields if the model knows them for these parameters.

    Raises:
        HolosymError: a model that does not compile or has several theories, a solution that it does not know.
    """
    target: str | Path = experiment.model
    beside = path.parent / experiment.model
    if beside.exists():
        target = beside
    if Path(target).is_dir():
        if experiment.exact is not None:
            raise ExperimentError(
                f"[exact] names a known solution, and the generated package {experiment.model} has none",
                mend="give the model file as model",
            )
        return load_package(target), Truth()
    models = pipeline.load(target, stages)
    if len(models) != 1:
        names = ", ".join(model.name for model in models)
        raise ExperimentError(
            f"{experiment.model} has several theories: {names}", mend="fit a file with one", file=path
        )
    made = pipeline.compile_models([target], folder / "package", stages)
    package = load_package(made.folders[0])
    return package, _truth(experiment, models[0], package, path)


def _truth(experiment: Experiment, model: Any, package: GeneratedPackage, path: Path) -> Truth:
    """The fields of the known solution that the experiment names."""
    if experiment.exact is None:
        return Truth()
    solutions = {one.name: one for one in model.known_solutions}
    if experiment.exact.solution not in solutions:
        raise ExperimentError(
            f"{model.name} has no known solution {experiment.exact.solution!r}",
            mend=f"it has {', '.join(solutions) or 'none'}",
            file=path,
        )
    _require_parameters(experiment.exact, solutions[experiment.exact.solution], path)
    values = exact.jets(solutions[experiment.exact.solution], dict.fromkeys(package.PROFILES, (0,)))
    try:
        values(torch.tensor([0.5], dtype=torch.float64), experiment.exact.parameters)
    except KeyError as error:
        what = f"[exact] has no value for {error.args[0]}, on which the known solution depends"
        raise ExperimentError(what, mend=f"give parameters = {{ {error.args[0]} = ... }}", file=path) from None

    def of(name: str) -> Callable[[Tensor], Tensor]:
        return lambda points: values(points, experiment.exact.parameters)[name][0]  # type: ignore[union-attr]

    return Truth({name: of(name) for name in package.PROFILES})


def _require_parameters(given: Exact, solution: KnownSolution, path: Path) -> None:
    """Every parameter of the known solution has a value, and no other."""
    asked = {s.name for q, form in solution.profiles.items() for s in form.free_symbols - set(q.args)}
    absent, strangers = sorted(asked - set(given.parameters)), sorted(set(given.parameters) - asked)
    if absent or strangers:
        what = f"has no value of {absent[0]}" if absent else f"has no parameter {strangers[0]}"
        raise ExperimentError(
            f"the known solution {solution.name!r} {what}",
            mend=f"give [exact] parameters = {{ {', '.join(f'{name} = ...' for name in sorted(asked))} }}",
            file=path,
        )
