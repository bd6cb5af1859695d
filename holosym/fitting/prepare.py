"""From an experiment file to what the trainer takes: the model compiled, the data read, everything checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from holosym import pipeline
from holosym.errors import ExperimentError, HolosymError, ModelError, SolveError
from holosym.fit.assemble import assemble, require_kind
from holosym.fit.assembled import Assembled
from holosym.fit.beginning import require_constrained
from holosym.fit.data import read_data
from holosym.fit.device import keep_freed_memory, require_device
from holosym.fit.experiment import Experiment
from holosym.fit.identity import identity_of
from holosym.fit.reading import line_of, read_experiment
from holosym.fit.summarise import Truth
from holosym.fitting.model import compiled


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
        package, truth = compiled(experiment, path, folder, progress)
        require_kind(experiment, package)
        data = [read_data(one, path.parent) for one in experiment.data]
        made = assemble(experiment, package, data)
        require_constrained(made)
    except (ExperimentError, SolveError, ModelError) as error:
        if error.file is None:
            error.file, error.line = str(path), _line(error, path)
        error.exit_code = HolosymError.exit_code
        raise
    return Prepared(path, folder, made, truth, identity_of(experiment, package.MODEL_HASH, path.parent))


def _line(error: HolosymError, path: Path) -> int | None:
    """The line of an experiment file that an error is about: of its key, or of the section of what is solved."""
    if isinstance(error, ExperimentError):
        return line_of(path, *error.key) if error.key else None
    return line_of(path, "states") or line_of(path, "interval") if isinstance(error, SolveError) else None


def _require_device(experiment: Experiment, path: Path, settings: Sequence[str]) -> None:
    try:
        require_device(experiment.device)
    except ExperimentError as error:
        if not any(setting.partition("=")[0].strip() == "device" for setting in settings):
            error.file, error.line = str(path), line_of(path, "device")
        raise
