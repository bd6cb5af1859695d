"""An experiment made ready: what the trainer lowers, and what the summary needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from holosym.errors import ExperimentError
from holosym.fit.coupling_file import coupling_text
from holosym.fit.experiment import Experiment
from holosym.fit.layout import Layout
from holosym.fit.parts import Split
from holosym.fit.term_rows import JointRows, SmoothnessRows, TermRows
from holosym.fit.views import View
from holosym.optimise.objective import Objective
from holosym.solve.package import GeneratedPackage

HELD = "held"
_GIVES_WAY = 1e-2  # of the data's relative error
_MOST = 1e12


@dataclass(frozen=True)
class Assembled:
    """What the trainer takes, and what the summary needs to know of it.

    Attributes:
        view: what the summary asks.
        weights: of the terms that are lowered; a term without one is held back.
        noisy: terms of data that all have errors, whose chi squared says when to stop.
        held: the term of the points that were held back; empty if there are none.
    """

    experiment: Experiment
    package: GeneratedPackage
    layout: Layout
    objective: Objective
    splits: tuple[Split, ...]
    view: View
    weights: dict[str, float]
    noisy: tuple[str, ...] = ()
    held: str = ""

    def couplings(self, theta: Tensor) -> dict[str, str]:
        """Every unknown coupling at theta (P,) as the text of a file that `load_coupling` reads."""
        parts = self.layout.split(theta[None])
        return {
            entry.name: coupling_text(entry.name, entry.function, parts[entry.name][0, 0])
            for entry in self.layout.entries
            if entry.kind == "coupling" and entry.function is not None
        }


def smoothness(experiment: Experiment, layout: Layout) -> list[TermRows]:
    """The prior of every unknown coupling, if the experiment wants one."""
    if not experiment.loss.smoothness:
        return []
    return [
        SmoothnessRows(f"smoothness {entry.name}", layout, entry.name, entry.function)
        for entry in layout.entries
        if entry.kind == "coupling" and entry.function is not None
    ]


def joined(rows: Sequence[TermRows]) -> list[TermRows]:
    """Rows of one name as one term; so is all that is held back, by which the best state is chosen."""
    found: dict[str, list[TermRows]] = {}
    for row in rows:
        found.setdefault(HELD if row.term.startswith(f"{HELD} ") else row.term, []).append(row)
    return [JointRows(term, tuple(own)) if own[0].term != term or own[1:] else own[0] for term, own in found.items()]


def finished(
    experiment: Experiment,
    package: GeneratedPackage,
    layout: Layout,
    objective: Objective,
    view: View,
    parts: Sequence[Split],
    terms: Sequence[str],
) -> Assembled:
    """All together; `terms` are those of the objective."""
    without = {part.column.name for part in parts if part.column.errors is None}
    noisy = tuple(dict.fromkeys(f"data {p.column.name}" for p in parts if p.column.name not in without))
    weights = _weights(experiment, terms, parts)
    return Assembled(
        experiment, package, layout, objective, tuple(parts), view, weights, noisy, HELD if HELD in terms else ""
    )


def _weights(experiment: Experiment, terms: Sequence[str], parts: Sequence[Split]) -> dict[str, float]:
    """The weight of every term that is lowered, by its first word; what is held back has none."""
    loss, exact = experiment.loss, _exact(parts)
    by_kind = {
        "equation": exact if loss.equations is None else loss.equations,
        "data": loss.data,
        "condition": exact if loss.conditions is None else loss.conditions,
        "smoothness": loss.smoothness,
    }
    found = {term: by_kind[term.split()[0]] for term in terms if term.split()[0] in by_kind}
    found = {term: weight for term, weight in found.items() if weight > 0}
    if not found:
        raise ExperimentError("nothing is left to lower", mend="give data, or equations a weight")
    return found


def _exact(parts: Sequence[Split]) -> float:
    """The weight of what is exact beside data with errors: it shall not give way for their noise."""
    relative = [
        float(column.errors.square().mean().sqrt()) / column.size
        for column in (part.column for part in parts)
        if column.errors is not None
    ]
    return min(max((_GIVES_WAY * min(relative)) ** -2, 1.0), _MOST) if relative else 1.0
