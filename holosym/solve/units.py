r"""A state in other units, as a state like any other, with the horizon somewhere else.

With z = lam z' the horizon z' = 1 goes to z = lam, and a profile of dimension P with its derivatives to

    p(z) = lam^-P p'(z/lam),        p^(k)(lam) = lam^(-P - k) p'^(k)(1),

a parameter of dimension D to lam^-D times itself, and the terms of a boundary series at the power e to

    sum_m c'_(e,m) (z/lam)^e (log z - log lam)^m lam^-P :

where there are logarithms, data mix. Everything that follows from scalars is then in the new units too, whatever
its dimension. With the radial coordinate r = 1/z the horizon goes to r = 1/lam.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.solve.expansion import BoundaryModule, boundary_of
from holosym.solve.names import Name
from holosym.solve.scalars import Lazily, Scalars


@dataclass(frozen=True)
class Rescaled(Scalars):
    """Scalars of a state whose horizon is at z = scale, or r = 1/scale."""

    scale: Tensor | float = 1.0

    @property
    def _zero(self) -> Tensor:
        return torch.zeros_like(next(iter(self.horizon.values()))[0])

    @property
    def _coordinates(self) -> dict[str, Tensor]:
        one = 1 + self._zero
        inward = boundary_of(self.package).BOUNDARY == 0
        return {self.package.COORDINATES[0]: one * self.scale if inward else one / self.scale}


def rescaled(scalars: Scalars, scale: Tensor | float) -> Rescaled:
    """The state that a state with horizon at 1 is in units where its horizon is at `scale`."""
    boundary = boundary_of(scalars.package)
    one = torch.as_tensor(scale, dtype=next(iter(scalars.data.values())).dtype)
    dimensions = getattr(boundary, "PARAMETER_DIMENSIONS", {})
    profiles = getattr(boundary, "PROFILE_DIMENSIONS", {})
    sign = 1 if boundary.BOUNDARY == 0 else -1
    horizon = {
        name: tuple(
            entry * one ** -(profiles.get(name, 0.0) + sign * index[0])
            for entry, index in zip(entries, scalars.package.PROFILES[name], strict=True)
        )
        for name, entries in scalars.horizon.items()
    }
    parameters = {
        name: value if dimensions.get(name, 0.0) == 0 else value * one ** -dimensions[name]
        for name, value in scalars.parameters.items()
    }
    data = Lazily(lambda: _data(scalars, boundary, one))
    return Rescaled(scalars.package, data, parameters, horizon, scalars.taylor, scalars.open_couplings, scale=one)


def _data(scalars: Scalars, boundary: BoundaryModule, scale: Tensor) -> dict[str, Tensor]:
    coefficients = None
    found = {}
    for name, entry in boundary.DATA.items():
        value, log = scalars.data[name], entry["log"]
        terms = boundary.TERMS[entry["profile"]]
        for place, (power, logs) in enumerate(terms):
            if power == entry["power"] and logs > log:
                if coefficients is None:
                    coefficients = boundary.boundary_coefficients(scalars.data, scalars.taylor, scalars.parameters)
                mixed = coefficients[entry["profile"]][place]
                value = value + math.comb(logs, log) * (-torch.log(scale)) ** (logs - log) * mixed
        found[name] = value * scale ** -float(entry["dimension"])
    return found


def scale_of(scalars: Scalars, name: Name, value: float) -> Tensor:
    """The scale at which a quantity without logarithms has a given value."""
    return (name.function(scalars) / value) ** (1 / (name.dimension or 1.0))
