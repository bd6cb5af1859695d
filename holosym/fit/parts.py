"""From the words of an experiment file to entries of the layout, checked against what the theory has."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.errors import ExperimentError
from holosym.fit.experiment import Experiment
from holosym.fit.functions import anchored, conditions_of, function_of
from holosym.fit.layout import Entry
from holosym.fit.measured import ASSUMED, Column, Measured
from holosym.fit.unknown_sections import Ansatz, Polynomial, Unknown
from holosym.solve.couplings import Coupling, PolynomialCoupling, coupling_orders
from holosym.solve.package import GeneratedPackage

FLAT = ("chebyshev", "bspline")
_GUESS_POINTS = 101


@dataclass(frozen=True)
class Split:
    """One observable's points: those that are fitted, and those that are held back.

    Attributes:
        used, held: (w,) bool each.
        scale: (n,), what residuals are measured in: the errors, or, where no data have any, the size of the data.
    """

    measured: Measured
    column: Column
    used: Tensor
    held: Tensor
    scale: Tensor


def unknowns(experiment: Experiment, package: GeneratedPackage, elsewhere: Sequence[str] = ()) -> list[Entry]:
    """Entries of the unknown couplings and parameters; those named `elsewhere` have their values already.

    Raises:
        ExperimentError: an unknown that the theory does not have or that it already knows, a coupling of several
            arguments, one without a range, a parameter without a start.
    """
    _require_known(experiment, package, elsewhere)
    return [_entry(name, unknown, package) for name, unknown in experiment.unknown.items()]


def _entry(name: str, unknown: Unknown, package: GeneratedPackage) -> Entry:
    _require_kind(name, unknown, name in package.PARAMETERS)
    if name in package.PARAMETERS:
        if unknown.start is None:
            raise ExperimentError(
                f"the parameter {name} has no start", mend=f"give [unknown.{name}] start = ...", key=("unknown", name)
            )
        if unknown.positive and unknown.start <= 0:
            what = f"{name} shall be positive, and starts at {unknown.start:g}"
            raise ExperimentError(what, mend="start above zero", key=("unknown", name, "start"))
        return Entry(name, "parameter", None, 1, unknown.start, unknown.positive, unknown.spread)
    if package.COUPLINGS[name]["arguments"] != 1:
        raise ExperimentError(
            f"{name} depends on several fields, and functions of one variable alone are fitted",
            mend="give it under [couplings], or a closed form in the model file",
            key=("unknown", name),
        )
    if unknown.range is None:
        raise ExperimentError(
            f"the coupling {name} has no range", mend=f"give [unknown.{name}] range = [from, to]", key=("unknown", name)
        )
    if not unknown.range[0] < unknown.range[1]:
        raise ExperimentError(
            f"the range of {name} is empty",
            mend="write range = [from, to] with from < to",
            key=("unknown", name, "range"),
        )
    ansatz = unknown.ansatz or Ansatz(kind="chebyshev", coefficients=12)
    conditions = conditions_of(unknown.anchors)
    strangers = sorted(set(conditions) - {name})
    if strangers:
        raise ExperimentError(
            f"the anchors of {name} name {strangers[0]}",
            mend=f'write "{name}(0)" = ...',
            key=("unknown", name, "anchors"),
        )
    low, high = unknown.range
    outside = [at for at in conditions.get(name, {}) if not low <= at <= high]
    if outside:
        raise ExperimentError(
            f"{name} has an anchor at {outside[0]:g}, outside of its range [{low:g}, {high:g}]",
            mend=f"widen [unknown.{name}] range, or take the anchor out",
            key=("unknown", name, "anchors"),
        )
    order = max((sum(one) for one in coupling_orders(package.COUPLINGS[name])), default=0)
    key = ("unknown", name, "ansatz")
    function = anchored(name, function_of(ansatz, unknown.range, order, key), conditions.get(name, {}))
    return Entry(name, "coupling", function, guess=_guess(name, function, ansatz, unknown))


def _require_kind(name: str, unknown: Unknown, parameter: bool) -> None:
    """A key of the wrong kind of unknown would be silently without effect."""
    kind, other = ("parameter", "coupling") if parameter else ("coupling", "parameter")
    wrong = ("ansatz", "range", "guess", "anchors") if parameter else ("start", "positive")
    given = [key for key in wrong if key in unknown.model_fields_set]
    if given:
        raise ExperimentError(
            f"{name} is a {kind}, and {given[0]!r} is for a {other}",
            mend=f"take {given[0]} out of [unknown.{name}]",
            key=("unknown", name, given[0]),
        )
    if unknown.true is not None and isinstance(unknown.true, Polynomial) == parameter:
        form = "a number" if parameter else "{ polynomial = [...] }"
        raise ExperimentError(
            f"{name} is a {kind}, and its true value is not", mend=f"write true = {form}", key=("unknown", name, "true")
        )


def _guess(name: str, function: Function, ansatz: Ansatz, unknown: Unknown) -> Tensor | None:
    """Coefficients nearest to the guess; zero without one. Networks begin at random."""
    if ansatz.kind not in FLAT:
        if unknown.guess is not None:
            raise ExperimentError(
                f"{name} is a network, which cannot begin at a guess",
                mend="use chebyshev or bspline",
                key=("unknown", name, "guess"),
            )
        return None
    zero = torch.zeros(function.size, dtype=torch.float64)
    if unknown.guess is None:
        return zero
    x = torch.linspace(*function.interval, _GUESS_POINTS, dtype=torch.float64)
    wanted = sum((c * x**k for k, c in enumerate(unknown.guess.polynomial)), torch.zeros_like(x))
    rest = wanted - function.jet(zero, x, 0)[0]
    nearest: Tensor = torch.linalg.lstsq(function.sensitivity(zero, x, 0)[0], rest[:, None], driver="gelsd").solution
    return nearest[:, 0]


def _require_known(experiment: Experiment, package: GeneratedPackage, elsewhere: Sequence[str]) -> None:
    """Every name is the theory's, nothing is given twice, nothing is left open."""
    open_couplings = [name for name, entry in package.COUPLINGS.items() if not entry["closed"]]
    able = [*open_couplings, *package.PARAMETERS]
    for section, names, valid in (
        ("unknown", experiment.unknown, able),
        ("fixed", experiment.fixed, list(package.PARAMETERS)),
        ("couplings", experiment.couplings, open_couplings),
    ):
        for name in names:
            if name in valid:
                continue
            if package.COUPLINGS.get(name, {}).get("closed"):
                raise ExperimentError(
                    f"{name} has a closed form in {package.NAME}, so it is not {section}",
                    mend="take it out here, or take its closed form out of the model file",
                    key=(section, name),
                )
            near = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
            mend = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(valid) or 'none'}"
            what = f"[{section}] {name}: {package.NAME} has nothing of that name"
            raise ExperimentError(what, mend=mend, key=(section, name))
    given = [*experiment.unknown, *experiment.fixed, *experiment.couplings, *elsewhere]
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise ExperimentError(f"{twice[0]} is given twice", mend="let it stand in one of unknown, fixed and couplings")
    absent = [name for name in able if name not in given]
    if absent:
        raise ExperimentError(
            f"{package.NAME} leaves {', '.join(absent)} open",
            mend="name each under [unknown], [fixed] or [couplings]",
        )


def known_couplings(couplings: Mapping[str, Polynomial]) -> dict[str, Coupling]:
    """Couplings that the experiment gives as polynomials."""
    return {name: PolynomialCoupling(one.polynomial) for name, one in couplings.items()}


def splits(experiment: Experiment, data: Sequence[Measured]) -> list[Split]:
    """The points of every observable, with those that validation holds back, drawn evenly with the experiment's seed.

    Without errors residuals are measured in the size of the data; beside data that have errors, in the error that they
    are assumed to have, because otherwise they would not count.
    """
    noisy = any(column.errors is not None for measured in data for column in measured.columns)
    generator = torch.Generator().manual_seed(experiment.seed)
    found = []
    for measured in data:
        held = torch.zeros(len(measured), dtype=torch.bool)
        if experiment.stop.validation is not None:
            count = max(1, min(len(measured) - 1, round(experiment.stop.validation * len(measured))))
            held[torch.randperm(len(measured), generator=generator)[:count]] = True
        for column in measured.columns:
            size = torch.full_like(column.values, column.size * (ASSUMED if noisy else 1.0))
            scale = column.errors if column.errors is not None else size
            found.append(Split(measured, column, ~held, held, scale))
    return found
