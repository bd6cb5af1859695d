"""The stage `fit`: from an experiment file to a folder with the result.

The model is compiled into the folder of the run, so what was fitted stands beside what came out:

    runs/NAME/  package/MODEL/, checkpoints/, result.json, V.csv, V.json, fields.nc, *.png, index.html
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from holosym import __version__, pipeline
from holosym.dsl.theory import KnownSolution
from holosym.errors import ExperimentError, FitError, HolosymError, ModelError, SolveError
from holosym.fit.assemble import assemble
from holosym.fit.assembled import Assembled
from holosym.fit.balance import Balance
from holosym.fit.beginning import require_constrained
from holosym.fit.data import read_data
from holosym.fit.device import keep_freed_memory, moved, require_device
from holosym.fit.experiment import Experiment
from holosym.fit.known_sections import Exact
from holosym.fit.outcome import Outcome
from holosym.fit.progress import Progress
from holosym.fit.reading import as_text, line_of, read_experiment
from holosym.fit.stages import stage_of, stop_of
from holosym.fit.summarise import Truth, summarise
from holosym.fit.summary import FitSummary
from holosym.fit.trainer import train
from holosym.fit.writing import write_summary
from holosym.report.fit_page import page
from holosym.report.fit_plots import draw
from holosym.solve.package import GeneratedPackage
from holosym.solve.package import load as load_package
from holosym.whole_files import write_text


@dataclass(frozen=True)
class Prepared:
    """An experiment whose model is compiled and whose data are read.

    Attributes:
        file: the experiment's.
        folder: of the run.
        truth: what is known of the answer.
        identity: what a checkpoint must agree in.
    """

    file: Path
    folder: Path
    made: Assembled
    truth: Truth
    identity: dict[str, str]


@dataclass(frozen=True)
class Fit:
    """A fit that is done or was interrupted.

    Attributes:
        folder: where everything was written.
    """

    summary: FitSummary
    outcome: Outcome
    folder: Path


def prepare(
    file: str | Path,
    *,
    settings: Sequence[str] = (),
    out: str | Path | None = None,
    progress: pipeline.Progress = pipeline.silent,
) -> Prepared:
    """Reads an experiment and its data, and compiles its model.

    Args:
        file: the TOML file.
        settings: "section.key=value" put over it.
        out: the folder of the run; runs/NAME by default.
        progress: told of every stage of the compilation.

    Raises:
        HolosymError: for the experiment, its data, its model, its folder, its device.
    """
    path = Path(file)
    experiment = read_experiment(path, settings)
    _require_device(experiment, path, settings)
    folder = Path(out) if out is not None else Path("runs") / path.stem
    torch.set_num_threads(experiment.threads)
    keep_freed_memory()
    try:
        package, truth = _package(experiment, path, folder, progress)
        data = [read_data(one, path.parent) for one in experiment.data]
        made = assemble(experiment, package, data)
        require_constrained(made)
    except (ExperimentError, SolveError, ModelError) as error:
        if error.file is None:
            error.file, error.line = str(path), _line(error, path)
        error.exit_code = HolosymError.exit_code
        raise
    return Prepared(path, folder, made, truth, _identity(experiment, package, path))


def _line(error: HolosymError, path: Path) -> int | None:
    """The line of an experiment file that an error is about, if it has a key."""
    return line_of(path, *error.key) if isinstance(error, ExperimentError) and error.key else None


def _require_device(experiment: Experiment, path: Path, settings: Sequence[str]) -> None:
    try:
        require_device(experiment.device)
    except ExperimentError as error:
        if not any(setting.partition("=")[0].strip() == "device" for setting in settings):
            error.file, error.line = str(path), line_of(path, "device")
        raise


def run(prepared: Prepared, *, resume: bool = False, progress: Progress | None = None) -> Fit:
    """Fits, and writes what was found.

    Args:
        prepared: see `prepare`.
        resume: go on from the last checkpoint in the folder of the run.
        progress: told of the fit.

    Raises:
        HolosymError: for a checkpoint or folder that cannot be used, and where no seed is finite.
    """
    made, folder = prepared.made, prepared.folder
    try:
        outcome = _train(made, folder, resume, progress, prepared.identity)
        if require_device(made.experiment.device).type != "cpu":
            outcome = moved(outcome, lambda one: one.cpu())
        summary = summarise(made, outcome, _provenance(made.experiment, made.package), prepared.truth)
    except FitError as error:
        error.file = error.file or str(prepared.file)
        raise
    write_summary(summary, folder)
    for name, text in made.couplings(outcome.best[outcome.champion]).items():
        write_text(folder / f"{name}.json", text)
    write_text(folder / "index.html", page(summary, draw(summary, folder)))
    return Fit(summary, outcome, folder)


def _train(
    made: Assembled, folder: Path, resume: bool, progress: Progress | None, identity: Mapping[str, str]
) -> Outcome:
    experiment = made.experiment
    balanced = experiment.loss.weights == "balanced"
    device = require_device(experiment.device)
    return train(
        made.objective if device.type == "cpu" else moved(made.objective, lambda one: one.to(device)),
        [stage_of(stage, made.layout.blocks, experiment.way == "reduced") for stage in experiment.all_stages()],
        weights=Balance(made.weights) if balanced else made.weights,
        theta=made.layout.initial(experiment.seeds, experiment.seed).to(device),
        folder=folder,
        resume=resume,
        identity=identity,
        progress=progress,
        stop=stop_of(made),
    )


def _package(
    experiment: Experiment, path: Path, folder: Path, stages: pipeline.Progress
) -> tuple[GeneratedPackage, Truth]:
    """The generated package, and the exact fields if the model knows them for these parameters."""
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
    compiled = pipeline.compile_models([target], folder / "package", stages)
    package = load_package(compiled.folders[0])
    return package, _truth(experiment, models[0], package, path)


def _truth(experiment: Experiment, model: Any, package: GeneratedPackage, path: Path) -> Truth:
    """The fields of the known solution that the experiment names."""
    if experiment.exact is None:
        return Truth()
    from holosym.report import exact

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


def _identity(experiment: Experiment, package: GeneratedPackage, path: Path) -> dict[str, str]:
    """What a checkpoint must agree in: the model, the data, the experiment but for what does not change its course."""
    content = dict(as_text(experiment))
    for free in ("title", "model", "threads", "exact", "device"):
        content.pop(free)
    content["unknown"] = {n: {k: v for k, v in one.items() if k != "true"} for n, one in content["unknown"].items()}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode())
    for one in experiment.data:
        digest.update((path.parent / one.file).read_bytes())
    return {"model": package.MODEL_HASH, "experiment": digest.hexdigest()}


def _provenance(experiment: Experiment, package: GeneratedPackage) -> dict[str, Any]:
    return {
        "holosym": __version__,
        "torch": str(torch.__version__),
        "python": platform.python_version(),
        "model": package.NAME,
        "model_hash": package.MODEL_HASH,
        "experiment": dict(as_text(experiment)),
    }
