"""An experiment made ready: what the trainer lowers, and what the summary needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holosym.errors import ExperimentError
from holosym.fit.all_at_once import TermRows
from holosym.fit.experiment import Experiment
from holosym.fit.layout import Layout
from holosym.fit.parts import Split
from holosym.fit.priors import SmoothnessRows
from holosym.optimise.objective import Objective
from holosym.solve.package import GeneratedPackage


@dataclass(frozen=True)
class Assembled:
    """What the trainer takes, and what the summary needs to know of it.

    Attributes:
        weights: of the terms that are lowered; a term without one is held back.
        noisy: terms of data with errors, whose chi squared says when to stop.
        held: terms of points that were held back.
    """

    experiment: Experiment
    package: GeneratedPackage
    layout: Layout
    objective: Objective
    splits: tuple[Split, ...]
    weights: dict[str, float]
    noisy: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def smoothness(experiment: Experiment, layout: Layout) -> list[TermRows]:
    """The prior of every unknown coupling, if the experiment wants one."""
    if not experiment.loss.smoothness:
        return []
    return [
        SmoothnessRows(f"smoothness {entry.name}", layout, entry.name, entry.function)
        for entry in layout.entries
        if entry.kind == "coupling" and entry.function is not None
    ]


def weights_of(experiment: Experiment, terms: Sequence[str], equations: Sequence[str]) -> dict[str, float]:
    """The weight of every term that is lowered; zero takes a term out."""
    loss = experiment.loss
    by_kind = {"data": loss.data, "condition": loss.conditions, "smoothness": loss.smoothness}
    found = {f"equation {name}": loss.equations for name in equations}
    found.update({term: by_kind[term.split()[0]] for term in terms if term.split()[0] in by_kind})
    found = {term: weight for term, weight in found.items() if weight > 0}
    if not found:
        raise ExperimentError("nothing is left to lower", mend="give data, or equations a weight")
    return found
