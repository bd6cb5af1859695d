r"""A solved state, its observables, and the same state in other units.

Under x -> x/lam, z_h = 1 becomes z_h = lam. A datum of dimension D is divided by lam^D; logarithms mix data
of the same power,

    c x^e (log x)^l  ->  c lam^(-e) x^e (log x - log lam)^l,

so the response of a theory with a logarithm changes by its source times log lam.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from holosym.solve.fields import Expanded, Fields
from holosym.solve.newton import Report
from holosym.solve.scalars import Scalars


@dataclass(frozen=True)
class State:
    """A solution, or a batch of them.

    Attributes:
        fields: what its unknowns mean.
        unknowns: (..., N).
        report: how Newton got there.
    """

    fields: Fields
    unknowns: Tensor
    report: Report | None = None

    @cached_property
    def jets(self) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives of the profiles at the nodes; at x = 0 only where they have a value."""
        return self.fields.jets(self.unknowns)

    @property
    def data(self) -> dict[str, Tensor]:
        """Boundary data, z_h = 1."""
        return self.fields.data(self.fields.split(self.unknowns)[1])

    @property
    def parameters(self) -> dict[str, Tensor | float]:
        """The theory's parameters, z_h = 1."""
        return self.fields.parameters(self.fields.split(self.unknowns)[1])

    @cached_property
    def scalars(self) -> Scalars:
        """All scalars, z_h = 1."""
        return scalars_of(self.fields, self.fields.expanded(self.unknowns))

    def quantities(self) -> dict[str, Tensor]:
        """Every observable by name, z_h = 1."""
        return self.scalars.quantities()

    def rescaled(self, length: Tensor | float) -> Scalars:
        """The same state where z_h = `length` (r_h = 1/length), for everything that is read off at the boundary."""
        seen, boundary = self.scalars, self.fields.boundary
        length = torch.as_tensor(length, dtype=self.unknowns.dtype)
        dimensions = getattr(boundary, "PARAMETER_DIMENSIONS", {})
        parameters = {
            name: value * length ** -dimensions[name] if dimensions.get(name) else value
            for name, value in seen.parameters.items()
        }
        data = {}
        for name, entry in boundary.DATA.items():
            total = torch.zeros_like(length * seen.data[name])
            for i, (power, logs) in enumerate(boundary.TERMS[entry["profile"]]):
                if power == entry["power"] and logs >= entry["log"]:
                    mixing = math.comb(logs, entry["log"]) * (-torch.log(length)) ** (logs - entry["log"])
                    total = total + mixing * self._coefficients[entry["profile"]][..., i]
            data[name] = total * length ** -entry["dimension"]
        return replace(seen, data=data, parameters=parameters)

    @cached_property
    def _coefficients(self) -> dict[str, Tensor]:
        return self.fields.expanded(self.unknowns).coefficients


def scalars_of(fields: Fields, here: Expanded) -> Scalars:
    """The scalars of unknowns in their parts."""
    jets = fields.horizon.value(here.rest, here.scalars, here.coefficients)
    return fields.seen(torch.cat([here.scalars.expand(*jets.shape[:-1], -1), jets], dim=-1))
