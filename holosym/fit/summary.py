"""What a fit found, as plain arrays: what is written, drawn and printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from holosym.fit.measured import ASSUMED, size_of


@dataclass(frozen=True)
class Curve:
    """A function: recovered, or a field.

    Attributes:
        name: such as "V".
        argument: such as "phi".
        x: (k,).
        members: (S, k), one row a seed.
        best: the index of the best seed.
        band: (k,), one standard deviation from the data's errors; None where it is not known.
        true: (k,), what it should be; None where that is not known.
        probed: the part of the axis that the solutions reach; None where that has no meaning.
        states: (S, n, k), of a field in every state, of which `members` is the first; None without states.
    """

    name: str
    argument: str
    x: Tensor
    members: Tensor
    best: int
    band: Tensor | None = None
    true: Tensor | None = None
    probed: tuple[float, float] | None = None
    states: Tensor | None = None

    @property
    def spread(self) -> Tensor | None:
        """(k,), the standard deviation over the ensemble; None for one seed. Seeds that were lost do not count."""
        kept = self.members[self.members.isfinite().all(dim=-1)]
        return kept.std(dim=0) if len(kept) > 1 else None

    @property
    def values(self) -> Tensor:
        """(k,), of the best seed."""
        return self.members[self.best]

    def error(self) -> float | None:
        """The largest error where the solutions reach, relative to the largest true value there."""
        if self.true is None:
            return None
        inside = self._inside()
        size = float(self.true[inside].abs().max()) or 1.0
        return float((self.values - self.true)[inside].abs().max()) / size

    def _inside(self) -> Tensor:
        low, high = self.probed if self.probed is not None else (float(self.x[0]), float(self.x[-1]))
        inside = (self.x >= low) & (self.x <= high)
        return inside if bool(inside.any()) else ~inside


@dataclass(frozen=True)
class Number:
    """A recovered parameter.

    Attributes:
        members: (S,).
        error: one standard deviation from the data's errors; None where it is not known.
        true: what it should be; None where that is not known.
    """

    name: str
    members: Tensor
    best: int
    error: float | None = None
    true: float | None = None

    @property
    def value(self) -> float:
        """Of the best seed."""
        return float(self.members[self.best])

    @property
    def off(self) -> float | None:
        """How far it is from the true value; None where that is not known."""
        return None if self.true is None else self.value - self.true


@dataclass(frozen=True)
class Compared:
    """Data and fit.

    Attributes:
        name: what was measured.
        against: the quantity on the axis.
        where, values: (w,).
        errors: (w,); None where the data have none.
        fitted: (w,), of the best seed.
        line: (x, y) of the fit between and beyond the points; None where there are only the points.
        held: (w,) bool, points that were held back.
        exact: (x, y) of the known solution; None where there is none.
        units: by column, of `name` and of `against`; empty or absent where there is none.
    """

    name: str
    against: str
    where: Tensor
    values: Tensor
    errors: Tensor | None
    fitted: Tensor
    line: tuple[Tensor, Tensor] | None = None
    held: Tensor | None = None
    exact: tuple[Tensor, Tensor] | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def chi2(self) -> float | None:
        """Chi squared per point; None without errors."""
        if self.errors is None:
            return None
        return float((((self.fitted - self.values) / self.errors) ** 2).mean())

    @property
    def misfit(self) -> float:
        """The root mean square deviation of the points that were fitted, relative to the size of all values."""
        used = slice(None) if self.held is None else ~self.held
        return float((self.fitted - self.values)[used].square().mean().sqrt()) / size_of(self.values)

    @property
    def assumed(self) -> float | None:
        """The relative error that data without errors are taken to have: no less than they are missed by."""
        return None if self.errors is not None else max(ASSUMED, self.misfit)

    @property
    def taken(self) -> Tensor:
        """(w,), the errors that bands are made of."""
        if self.assumed is not None:
            return torch.full_like(self.values, self.assumed * size_of(self.values))
        assert self.errors is not None
        return self.errors

    @property
    def largest(self) -> float:
        """The largest deviation, relative to the largest value."""
        return float((self.fitted - self.values).abs().max()) / (float(self.values.abs().max()) or 1.0)


@dataclass(frozen=True)
class FitSummary:
    """Everything that a fit found.

    Attributes:
        provenance: versions, hashes, the experiment with all its defaults.
        loss: term to its last mean square, of the best seed.
        losses: (S,), the total of every seed.
        history: term to (steps, losses of the best seed); "total" among them.
        singular: singular values of the data's Jacobian; empty where there are no data.
        directions: how many directions of the unknowns the data determine.
        sentences: for people.
        ended: why every stage ended.
        seconds: of wall clock; kept out of `as_json`, which is the same from run to run.
    """

    title: str
    model: str
    way: str
    provenance: dict[str, Any]
    numbers: tuple[Number, ...] = ()
    functions: tuple[Curve, ...] = ()
    fields: tuple[Curve, ...] = ()
    compared: tuple[Compared, ...] = ()
    loss: dict[str, float] = field(default_factory=dict)
    losses: tuple[float, ...] = ()
    history: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    singular: tuple[float, ...] = ()
    directions: int = 0
    sentences: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    interrupted: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain data for `result.json`; what is not finite, such as the loss of a seed that was lost, is null."""
        content: dict[str, Any] = _plain(self._content())
        return content

    def _content(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "model": self.model,
            "way": self.way,
            "interrupted": self.interrupted,
            "parameters": {
                one.name: {
                    "value": one.value,
                    "error": one.error,
                    "true": one.true,
                    "seeds": [float(value) for value in one.members],
                }
                for one in self.numbers
            },
            "functions": {
                one.name: {
                    "argument": one.argument,
                    "file": f"{one.name}.csv",
                    "probed": list(one.probed) if one.probed else None,
                    "relative_error": one.error(),
                }
                for one in self.functions
            },
            "fields": {one.name: {"relative_error": one.error()} for one in self.fields},
            "data": [
                {
                    "observable": one.name,
                    "against": one.against,
                    "units": {name: one.units.get(name, "") for name in (one.name, one.against)},
                    "points": len(one.where),
                    "chi2_per_point": one.chi2,
                    "largest_relative_deviation": one.largest,
                }
                for one in self.compared
            ],
            "loss": self.loss,
            "losses_of_seeds": list(self.losses),
            "identifiability": {"singular_values": list(self.singular), "directions": self.directions},
            "sentences": list(self.sentences),
            "stages": list(self.ended),
            "provenance": self.provenance,
        }


def _plain(value: Any) -> Any:
    """The same without infinities and NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
