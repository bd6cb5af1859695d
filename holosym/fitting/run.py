"""Fits what was prepared, and writes what was found."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from holosym import __version__
from holosym.errors import FitError
from holosym.fit.assembled import Assembled
from holosym.fit.balance import Balance
from holosym.fit.device import moved, require_device
from holosym.fit.experiment import Experiment
from holosym.fit.outcome import Outcome
from holosym.fit.progress import Progress
from holosym.fit.reading import as_text
from holosym.fit.stages import stage_of, stop_of
from holosym.fit.summarise import summarise
from holosym.fit.summary import FitSummary
from holosym.fit.trainer import train
from holosym.fit.writing import write_summary
from holosym.fitting.prepare import Prepared
from holosym.report.fit_page import page
from holosym.report.fit_plots import draw
from holosym.solve.package import GeneratedPackage
from holosym.whole_files import write_text


@dataclass(frozen=True)
class Fit:
    """A fit that is done or was interrupted.

    Attributes:
        folder: where everything was written.
    """

    summary: FitSummary
    outcome: Outcome
    folder: Path


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
        outcome = trained(made, folder, resume, progress, prepared.identity)
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


def trained(
    made: Assembled, folder: Path, resume: bool, progress: Progress | None, identity: Mapping[str, str]
) -> Outcome:
    """The end of the fit alone: nothing but checkpoints is written, in `folder`.

    Raises:
        FitError: a checkpoint that cannot be used.
    """
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


def _provenance(experiment: Experiment, package: GeneratedPackage) -> dict[str, Any]:
    return {
        "holosym": __version__,
        "torch": str(torch.__version__),
        "python": platform.python_version(),
        "model": package.NAME,
        "model_hash": package.MODEL_HASH,
        "experiment": dict(as_text(experiment)),
    }
