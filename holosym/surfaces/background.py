r"""The fields of a background anywhere on the radial line.

A solved state is known by its peeled ansatz: near the boundary p = sum of c x^e (log x)^k + x^n u, with u on Chebyshev
nodes. It is evaluated here with the powers written out, so that f - 1 is right relative to itself at any x > 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Protocol

import torch
from torch import Tensor

from holosym.ansatz.peeled import PeeledAnsatz, peeled_jets
from holosym.solve.couplings import Coupling
from holosym.solve.package import Parameters
from holosym.solve.state import State
from holosym.surfaces.lazy import LazyJets

Jets = Mapping[str, tuple[Tensor, ...]]
ORDER = 2
"""Surfaces need jets through this order, whatever the equations hold."""
CHUNK = 65536
"""Points at a time: the interpolation matrix has as many rows."""


class Background(Protocol):
    """A background, static and homogeneous."""

    @property
    def parameters(self) -> Parameters:
        """The theory's parameters."""
        ...

    @property
    def couplings(self) -> Mapping[str, Coupling]:
        """The couplings without a closed form."""
        ...

    @property
    def end(self) -> float:
        """x of the horizon or the wall."""
        ...

    @property
    def ends_at(self) -> str:
        """What is there: "horizon", "wall" or "none"."""
        ...

    @property
    def data(self) -> Mapping[str, Tensor] | None:
        """The boundary data by name; None where they are not known."""
        ...

    @property
    def taylor(self) -> Mapping[str, tuple[Tensor, ...]]:
        """Derivatives of open couplings at the boundary."""
        ...

    def jets(self, x: Tensor) -> Jets:
        """The jets of the profiles along the package's coordinate, at x of any shape."""
        ...


@dataclass(frozen=True)
class FunctionBackground:
    """A background of given functions: closed forms, fitted ones, networks.

    Attributes:
        functions: profile to a function from x to its jet along the radial coordinate.
    """

    functions: Mapping[str, Callable[[Tensor], tuple[Tensor, ...]]]
    parameters: Parameters = field(default_factory=dict)
    couplings: Mapping[str, Coupling] = field(default_factory=dict)
    end: float = math.inf
    ends_at: str = "none"
    data: Mapping[str, Tensor] | None = None
    taylor: Mapping[str, tuple[Tensor, ...]] = field(default_factory=dict)

    def jets(self, x: Tensor) -> Jets:
        """See `Background`."""
        return LazyJets({name: partial(function, x) for name, function in self.functions.items()})


@dataclass(frozen=True)
class SolvedBackground:
    """One solved state, its horizon at x = `scale`.

    Under x -> x/scale a profile of mass dimension D is divided by scale^D, and so are the parameters.

    Attributes:
        state: not a batch, with the horizon at 1.
        scale: where the horizon is to be.
    """

    state: State
    scale: float = 1.0
    ends_at: str = "horizon"

    @property
    def end(self) -> float:
        """Where the horizon is."""
        return self.scale

    @property
    def couplings(self) -> Mapping[str, Coupling]:
        """The couplings without a closed form."""
        return self.state.fields.couplings

    @cached_property
    def _rescaled(self) -> Any:
        return self.state.rescaled(self.scale)

    @property
    def parameters(self) -> Parameters:
        """The theory's parameters where the horizon is at `scale`."""
        found: Parameters = self._rescaled.parameters
        return found

    @property
    def data(self) -> Mapping[str, Tensor]:
        """The boundary data where the horizon is at `scale`."""
        found: Mapping[str, Tensor] = self._rescaled.data
        return found

    @property
    def taylor(self) -> Mapping[str, tuple[Tensor, ...]]:
        """Derivatives of open couplings at the boundary."""
        found: Mapping[str, tuple[Tensor, ...]] = self._rescaled.taylor
        return found

    @cached_property
    def _parts(self) -> dict[str, tuple[PeeledAnsatz, tuple[tuple[float, int], ...], Tensor, Tensor]]:
        """By profile: the ansatz, the powers of the written terms with their coefficients, and the jet of u, (3, n)."""
        fields = self.state.fields
        here = fields.expanded(self.state.unknowns)
        matrices = list(fields.panels.derivatives)
        while len(matrices) <= ORDER:
            matrices.append(fields.panels.derivatives[1] @ matrices[-1])
        found = {}
        for name, ansatz in fields.ansatz.items():
            powers = fields.boundary.TERMS[name]
            rest = here.rest[name]
            jet = torch.stack([rest @ matrix.mT for matrix in matrices])
            chosen = tuple(powers[i] for i in ansatz.terms)
            found[name] = ansatz, chosen, here.coefficients[name][list(ansatz.terms)], jet.detach()
        return found

    def jets(self, x: Tensor) -> Jets:
        """See `Background`; x between 0 and the horizon."""
        flat = (x / self.scale).reshape(-1)
        parts = [self._jets(piece) for piece in torch.split(flat, CHUNK)]
        dimensions = getattr(self.state.fields.boundary, "PROFILE_DIMENSIONS", {})
        found = {}
        for name in self._parts:
            joined = [torch.cat([part[name][k] for part in parts]) for k in range(len(parts[0][name]))]
            weight = float(dimensions.get(name, 0.0))
            found[name] = tuple(
                value.reshape(x.shape) * self.scale ** -(weight + self._direction * k) for k, value in enumerate(joined)
            )
        return found

    @property
    def _direction(self) -> int:
        """d/dz has the dimension of a mass, d/dr that of a length."""
        return 1 if self.state.fields.boundary.BOUNDARY == 0 else -1

    def _jets(self, x: Tensor) -> Jets:
        """Jets with the horizon at 1, at points (m,)."""
        fields, parts = self.state.fields, self._parts
        near = x < fields.panels.grids[0].nodes[-1]
        rests = fields.panels.interpolate(torch.stack([jet for *_, jet in parts.values()]), x)
        inverse = fields.boundary.BOUNDARY != 0
        return {
            name: peeled_jets(x, near, powers, coefficients, ansatz.power, rest, inverse=inverse)
            for (name, (ansatz, powers, coefficients, _)), rest in zip(parts.items(), rests, strict=True)
        }
