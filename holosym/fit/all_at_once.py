r"""All at once: fields, couplings and parameters together lower data and equations (a physics-informed fit).

The rows of equation e at point x_i, and their derivatives by theta, are

    r_ei = R_e / scale_e,
    dr_ei/dtheta = sum over jet entries of R_e,(p,k) dp^(k)/dtheta + sum over coupling jets of R_e,(c,k) dc^(k)/dtheta
                   + sum over parameters of R_e,q dq/dtheta,

with R_e and all its derivatives from the generated package, and those of jets from the ansatz: no automatic
differentiation of the physics. The scale of an equation is the size of its terms and of its derivatives at the
start, so that weights compare like with like. Generated equations are free of denominators, so they have spurious
solutions where a metric function vanishes altogether; divided by the size that their terms have at theta (`relative`)
they do not: dr = dR/m - R dm/m^2, with dm automatic, one number an equation and state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.ansatz.shapes import broadcast_shape
from holosym.fit.autograd_rows import rows_jacobian
from holosym.fit.layout import Layout
from holosym.fit.term_rows import TermRows
from holosym.fit.trajectory import Parts, Slopes, Surroundings, SurroundingsOf
from holosym.solve.couplings import Coupling, coupling_orders
from holosym.solve.fitted import FittedCoupling
from holosym.solve.package import Coordinates, GeneratedPackage, Jets, Parameters
from holosym.solve.scalars import coupling_jets

State = tuple[Coordinates, Jets, Jets, Parameters]
_FLOOR = 1e-3


class FieldModel(Protocol):
    """Fields as functions of theta, at the collocation points; `around` are the parameters and the open couplings."""

    def coordinates(self) -> dict[str, Tensor]:
        """By name, (m,)."""
        ...

    def jets(self, parts: Parts, around: Surroundings) -> dict[str, tuple[Tensor, ...]]:
        """The entries of every profile's jet, each (S, n, m), in the order of PROFILES."""
        ...

    def slopes(self, theta: Tensor, parts: Parts, around: SurroundingsOf) -> Slopes:
        """By profile, the derivatives of its jet by its own entry, and by all of theta under the name ""."""
        ...


@dataclass
class AllAtOnce:
    """The objective.

    Attributes:
        layout: what theta holds: all profiles of `fields`, couplings, parameters.
        fixed: parameters with a value.
        known: couplings that the model leaves open and that are known here.
        others: data, conditions, priors.
        equations: whether the physics is there at all.
        relative: divide by the size of the terms where theta is, and not where it began.
    """

    package: GeneratedPackage
    fields: FieldModel
    layout: Layout
    fixed: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, Coupling] = field(default_factory=dict)
    others: Sequence[TermRows] = ()
    equations: bool = True
    relative: bool = False
    scale: dict[str, Tensor] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return self.layout.size

    def memory(self) -> dict[str, Tensor]:
        """The scales, which belong to the start."""
        return {f"scale {name}": value for name, value in self.scale.items()}

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self.scale = {name.removeprefix("scale "): value for name, value in memory.items()}

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """Rows by term, each (S, m)."""
        parts = self.layout.split(theta)
        found = {}
        if self.equations:
            state = self._state(parts)
            sizes = self._sizes(state)
            for name, value in self.package.residuals(*state).items():
                found[f"equation {name}"] = self._rows(value / sizes[name], state)
        for one in self.others:
            found[one.term] = one.residual(theta)
        return found

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Rows by term with their derivatives (S, m, P)."""
        parts = self.layout.split(theta)
        found = {}
        if self.equations:
            found.update(self._equations(theta, parts, self._state(parts)))
        for one in self.others:
            found[one.term] = one.jacobian(theta)
        return found

    def _equations(self, theta: Tensor, parts: Parts, state: State) -> dict[str, tuple[Tensor, Tensor]]:
        sizes, changes = self._size_slopes(theta, state)
        residuals = self.package.residuals(*state)
        by_jets, by_couplings, by_parameters = self.package.linearisation(*state)
        fields, couplings = self.fields.slopes(theta, parts, self.around), self._coupling_slopes(parts, state)
        blank = self._blank(state)
        found = {}
        for name, residual in residuals.items():
            matrix = self._empty(blank)
            for profile, entries in by_jets.get(name, {}).items():
                for owner, slopes in fields[profile]:
                    self._add(matrix, owner, sum((entries[i] + blank)[..., None] * slopes[i] for i in entries))
            for coupling, entries in by_couplings.get(name, {}).items():
                if coupling in couplings:
                    slopes = couplings[coupling]
                    self._add(matrix, coupling, sum((entries[i] + blank)[..., None] * slopes[i] for i in entries))
            for entry in self.layout.entries:
                if entry.kind == "parameter" and entry.name in by_parameters.get(name, {}):
                    slope = entry.slope(parts[entry.name][..., 0])[..., None]
                    self._add(matrix, entry.name, (by_parameters[name][entry.name] * slope + blank)[..., None])
            rows = self._rows(residual / sizes[name], state)
            matrix = matrix / sizes[name][..., None]
            if name in changes:
                matrix = matrix - ((residual + blank) / sizes[name])[..., None] * changes[name] / sizes[name][..., None]
            found[f"equation {name}"] = rows, matrix.flatten(-3, -2)
        return found

    def parameters(self, parts: Parts) -> dict[str, Tensor | float]:
        """All parameters; unknown ones are (S, copies, 1)."""
        unknown = {name: value[..., None] for name, value in self.layout.numbers(parts).items()}
        return {**self.fixed, **unknown}

    def around(self, parts: Parts) -> Surroundings:
        """What the fields may depend on: parameters, and couplings without a closed form."""
        open_couplings = {n: FittedCoupling(function, theta) for n, (function, theta) in self._unknown(parts).items()}
        return self.parameters(parts), {**self.known, **open_couplings}

    def _unknown(self, parts: Parts) -> dict[str, tuple[Function, Tensor]]:
        """The unknown couplings: function, and its part of theta (S, size)."""
        return {
            entry.name: (entry.function, parts[entry.name][..., 0, :])
            for entry in self.layout.entries
            if entry.kind == "coupling" and entry.function is not None
        }

    def _state(self, parts: Parts) -> State:
        around = self.around(parts)
        coordinates, jets = self.fields.coordinates(), self.fields.jets(parts, around)
        return coordinates, jets, coupling_jets(self.package, coordinates, jets, *around), around[0]

    def _coupling_slopes(self, parts: Parts, state: State) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives (S, n, m, size) of the unknown couplings' jets by their own part of theta."""
        coordinates, jets, _, parameters = state
        arguments = self.package.coupling_arguments(coordinates, jets, parameters)
        return {
            name: FittedCoupling(function, theta).sensitivity(
                arguments[name], coupling_orders(self.package.COUPLINGS[name])
            )
            for name, (function, theta) in self._unknown(parts).items()
        }

    def _sizes(self, state: State) -> dict[str, Tensor]:
        """What every equation is divided by, (S, n, 1)."""
        self._measure(state)
        if not self.relative:
            return {name: scale[None, None, None] for name, scale in self.scale.items()}
        blank = self._blank(state)
        magnitudes = self.package.magnitudes(*state)
        return {n: (m + blank).mean(dim=-1, keepdim=True) + _FLOOR * self.scale[n] for n, m in magnitudes.items()}

    def _size_slopes(self, theta: Tensor, state: State) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The sizes, and, where they change with theta, their derivatives (S, n, 1, P)."""
        if not self.relative:
            return self._sizes(state), {}
        self._measure(state)
        names = list(self.scale)

        def sizes(point: Tensor) -> Tensor:
            found = self._sizes(self._state(self.layout.split(point)))
            return torch.cat([found[name] for name in names], dim=-1).flatten(-2)

        values, slopes = rows_jacobian(sizes, theta)
        values = values.reshape(len(theta), -1, len(names))
        slopes = slopes.reshape(*values.shape, theta.shape[-1])
        return (
            {name: values[..., i, None] for i, name in enumerate(names)},
            {name: slopes[:, :, i, None, :] for i, name in enumerate(names)},
        )

    def _measure(self, state: State) -> None:
        """The scale of every equation at the start: the largest size of its terms and partial derivatives."""
        if self.scale:
            return
        with torch.no_grad():
            partials = self.package.linearisation(*state)[0]
            blank = self._blank(state)
            for name, magnitude in self.package.magnitudes(*state).items():
                size = magnitude + blank
                for entries in partials.get(name, {}).values():
                    size = size + sum(abs(partial) for partial in entries.values())
                largest = size.mean(dim=0).amax()
                self.scale[name] = torch.where(largest > 0, largest, torch.ones_like(largest))

    def _blank(self, state: State) -> Tensor:
        """Zeros (S, n, m)."""
        first = next(iter(state[1].values()))[0]
        return first.new_zeros(_shape(state))

    def _rows(self, value: Tensor, state: State) -> Tensor:
        return value.expand(_shape(state)).flatten(-2)

    def _empty(self, like: Tensor) -> Tensor:
        """Zeros (S, n, m, P)."""
        return like.new_zeros(*like.shape, self.size)

    def _add(self, matrix: Tensor, name: str, slope: Tensor | int) -> None:
        """Adds derivatives (S, n, m, size) by one entry to their columns; with copies, each state sees its own."""
        assert isinstance(slope, Tensor)
        if not name:
            matrix += slope
            return
        place = self.layout.slices[name]
        entry = next(one for one in self.layout.entries if one.name == name)
        if entry.copies == 1:
            matrix[..., place] += slope
            return
        for copy in range(entry.copies):
            start = place.start + copy * entry.size
            matrix[..., copy, :, start : start + entry.size] += slope[..., copy, :, :]


def _shape(state: State) -> torch.Size:
    """(S, n, m)."""
    return broadcast_shape(*(jet[0].shape for jet in state[1].values()))
