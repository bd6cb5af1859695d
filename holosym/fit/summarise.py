"""From the end of a fit to its summary: functions with bands, numbers with errors, data beside fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from holosym.errors import FitError
from holosym.fit.assembled import Assembled
from holosym.fit.continued import continued
from holosym.fit.determined import grid_of, identified, targets_of
from holosym.fit.identifiability import Identified
from holosym.fit.met import met
from holosym.fit.outcome import Outcome
from holosym.fit.summary import Compared, Curve, FitSummary, Number
from holosym.fit.unknown_sections import Polynomial
from holosym.fit.views import argument_name
from holosym.optimise.objective import total

_FUNCTION_KINDS = ("coupling",)


@dataclass(frozen=True)
class Truth:
    """What is known of the answer and was not fitted.

    Attributes:
        fields: profile to a function of the coordinate's points (m,).
    """

    fields: Mapping[str, Callable[[Tensor], Tensor]] = field(default_factory=dict)


def summarise(made: Assembled, outcome: Outcome, provenance: Mapping[str, Any], truth: Truth) -> FitSummary:
    """Everything that a fit found.

    Raises:
        FitError: no seed was finite anywhere.
    """
    best = outcome.champion
    if not bool(outcome.value[best].isfinite()):
        raise FitError(
            "no seed of the fit was finite anywhere", mend="begin nearer to a solution, or with smaller steps"
        )
    theta, experiment = outcome.best, made.experiment
    parts = made.layout.split(theta)
    probed = made.view.reached(theta[best : best + 1])
    compared = tuple(_compared(made, theta, best, truth))
    targets = targets_of(made, theta, best, probed)
    known = identified(made, theta[best : best + 1], targets, compared)
    curves = []
    for entry in (one for one in made.layout.entries if one.kind in _FUNCTION_KINDS):
        assert entry.function is not None
        x = grid_of(entry)
        members = entry.function.jet(parts[entry.name][..., 0, :], x, 0)[0]
        band = known.bands.get(entry.name) if known else None
        true = _true(experiment.unknown[entry.name].true, x)
        curves.append(
            Curve(
                entry.name,
                argument_name(made.package, entry.name),
                x,
                members,
                best,
                band,
                true,
                probed.get(entry.name),
            )
        )
    remarks = (made.view.remark(theta[best : best + 1]), *met(compared, known.directions if known else 0))
    return FitSummary(
        title=experiment.title,
        model=made.package.NAME,
        way=experiment.way,
        provenance=dict(provenance),
        numbers=tuple(_numbers(made, parts, best, known)),
        functions=tuple(curves),
        fields=tuple(_fields(made, theta, best, truth)),
        compared=compared,
        loss={name: float(outcome.squares[name][best]) for name in outcome.history.terms},
        losses=tuple(float(value) for value in outcome.value),
        history=_history(outcome, best, made.weights),
        singular=tuple(known.singular.tolist()) if known else (),
        directions=known.directions if known else 0,
        sentences=tuple(text for text in (*remarks, *_said(known), *continued(curves)) if text),
        ended=tuple(outcome.sentences()),
        interrupted=outcome.interrupted,
        seconds=outcome.seconds,
    )


def _said(known: Identified | None) -> tuple[str, ...]:
    return known.sentences if known else ()


def _numbers(made: Assembled, parts: Mapping[str, Tensor], best: int, known: Identified | None) -> list[Number]:
    found = []
    for entry in made.layout.entries:
        if entry.kind != "parameter":
            continue
        true = made.experiment.unknown[entry.name].true
        error = float(known.bands[entry.name][0]) if known and made.noisy else None
        members = entry.value(parts[entry.name][..., 0, 0])
        found.append(Number(entry.name, members, best, error, true if isinstance(true, float) else None))
    return found


def _fields(made: Assembled, theta: Tensor, best: int, truth: Truth) -> list[Curve]:
    x, values = made.view.profiles(theta)
    found = []
    for name, members in values.items():
        exact = truth.fields[name](x) if name in truth.fields else None
        states = members if members.ndim == 3 else None
        shown = members if states is None else members[:, 0]  # with states, the first of them
        found.append(Curve(name, made.package.COORDINATES[0], x, shown, best, None, exact, states=states))
    return found


def _compared(made: Assembled, theta: Tensor, best: int, truth: Truth) -> list[Compared]:
    found = []
    for part in made.splits:
        column, measured = part.column, part.measured
        fitted, line = made.view.observed(theta[best : best + 1], part)
        held = part.held if bool(part.held.any()) else None
        field = truth.fields.get(column.observable)
        exact = (line[0], field(line[0])) if line is not None and field is not None else None
        found.append(
            Compared(
                column.name,
                measured.against,
                measured.where,
                column.values,
                column.errors,
                fitted,
                line,
                held,
                exact,
                measured.units,
            )
        )
    return found


def _true(given: object, x: Tensor) -> Tensor | None:
    """A known coupling on its grid."""
    if not isinstance(given, Polynomial):
        return None
    return sum((c * x**k for k, c in enumerate(given.polynomial)), torch.zeros_like(x))


def _history(outcome: Outcome, best: int, weights: Mapping[str, float]) -> dict[str, tuple[list[int], list[float]]]:
    """Every term, and the loss with the weights as they were given."""
    steps = outcome.history.steps.tolist()
    terms = {name: outcome.history.term(name)[:, best] for name in outcome.history.terms}
    return {name: (steps, values.tolist()) for name, values in {**terms, "total": total(terms, weights)}.items()}
