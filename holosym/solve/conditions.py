"""Boundary conditions: what the jets of the fields must satisfy at one end of the interval.

A condition is one number that must vanish, with its derivatives with respect to the jet entries it sees:

    linear      sum_k c_k q_k - value = 0     f(0) = 1, A_t(0) = mu, h'(0) = sqrt(3) phi'(0)
    relation    F(jets) = 0                   phi''(0) + (2/sqrt 3) phi'(0)^2 = 0, a multi-trace deformation

Here a jet is the tuple of derivatives of order 0, 1, 2, ... at that end, and an entry is (profile, order).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import torch
from torch import Tensor

from holosym.solve.package import Jets

JetEntry = tuple[str, int]


class End(Enum):
    """The end of the interval at which a condition holds; its value is the index of the node there."""

    START = 0
    STOP = -1


class BoundaryCondition(Protocol):
    """One row of the collocation system.

    Attributes:
        name: how messages call it, such as "A_t(0) = mu".
        end: where it holds.
    """

    @property
    def name(self) -> str: ...

    @property
    def end(self) -> End: ...

    def row(self, jets: Jets) -> tuple[Tensor, Mapping[JetEntry, Tensor | float]]:
        """The value that must vanish, and its derivatives; an absent entry is zero.

        Args:
            jets: the fields' jets at `end`, each entry with the batch's shape and no axis of nodes.
        """
        ...


@dataclass(frozen=True)
class Linear:
    """A sum of jet entries with constant coefficients equals `value`, a number or a tensor over the batch."""

    name: str
    end: End
    terms: Mapping[JetEntry, float]
    value: Tensor | float = 0.0

    def row(self, jets: Jets) -> tuple[Tensor, Mapping[JetEntry, Tensor | float]]:
        total = sum((c * jets[profile][order] for (profile, order), c in self.terms.items()), torch.zeros(()))
        return total - self.value, self.terms


@dataclass(frozen=True)
class Relation:
    """A nonlinear relation between jet entries.

    Attributes:
        residual: jets at the end to the value that must vanish.
        partials: jets at the end to the derivatives of that value.
    """

    name: str
    end: End
    residual: Callable[[Jets], Tensor]
    partials: Callable[[Jets], Mapping[JetEntry, Tensor | float]]

    def row(self, jets: Jets) -> tuple[Tensor, Mapping[JetEntry, Tensor | float]]:
        return self.residual(jets), self.partials(jets)


def fixed(profile: str, end: End, value: Tensor | float = 0.0, *, order: int = 0) -> Linear:
    """The condition that a profile, or its derivative of the given order, has a given value at an end."""
    number = f"{value:g}" if isinstance(value, int | float) else "given"
    name = f"{profile}{chr(39) * order} at the {end.name.lower()} is {number}"
    return Linear(name, end, {(profile, order): 1.0}, value)
