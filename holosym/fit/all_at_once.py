r"""All at once: fields, couplings and parameters together lower data and equations (a physics-informed fit).

The rows of equation e at point x_i, and their derivatives by theta, are

    r_ei = R_e / scale_e,
    dr_ei/dtheta = sum over jet entries of R_e,(p,k) dp^(k)/dtheta + sum over coupling jets of R_e,(c,k) dc^(k)/dtheta
                   + sum over parameters of R_e,q dq/dtheta,

with R_e and all its derivatives from the generated package, and those of jets from the ansatz: no automatic
differentiation of the physics. The scales are those of `equation_sizes`; where one is the size m of the terms at
theta, dr = dR/m - R dm/m^2, with dm automatic, one number an equation and state.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.fit.equation_sizes import EquationSizes, State, zeros
from holosym.fit.layout import Entry, Layout
from holosym.fit.term_rows import TermRows
from holosym.fit.trajectory import Parts, Slopes, Surroundings, SurroundingsOf
from holosym.solve.couplings import Coupling, coupling_orders
from holosym.solve.fitted import FittedCoupling
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import coupling_jets


class FieldModel(Protocol):
    """Fields as functions of theta, at the collocation points; `around` are the parameters and the open couplings."""

    def coordinates(self) -> dict[str, Tensor]:
        """By name, (m,)."""
        ...

    def jets(self, parts: Parts, around: Surroundings) -> dict[str, tuple[Tensor, ...]]:
        """The entries of every profile's jet, each (S, n, m), in the order of PROFILES."""
        ...

    def slopes(self, parts: Parts, around: SurroundingsOf) -> Slopes:
        """By profile, the derivatives of its jet by every entry that it depends on, each (S, n, m, size)."""
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
        local: by parameter with a value of its own in every state, the entry that is this value.
    """

    package: GeneratedPackage
    fields: FieldModel
    layout: Layout
    fixed: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, Coupling] = field(default_factory=dict)
    others: Sequence[TermRows] = ()
    equations: bool = True
    relative: bool = False
    local: Mapping[str, str] = field(default_factory=dict)
    sizes: EquationSizes = field(init=False)

    def __post_init__(self) -> None:
        self.sizes = EquationSizes(self.package, self.relative)

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return self.layout.size

    def memory(self) -> dict[str, Tensor]:
        """The scales, which belong to the start."""
        return {f"scale {name}": value for name, value in self.sizes.scale.items()}

    def restore(self, memory: Mapping[str, Tensor]) -> None:
        """Takes over what `memory` gave."""
        self.sizes.scale = {name.removeprefix("scale "): value for name, value in memory.items()}

    def residuals(self, theta: Tensor) -> dict[str, Tensor]:
        """Rows by term, each (S, m)."""
        parts = self.layout.split(theta)
        found = {}
        if self.equations:
            state = self._state(parts)
            sizes, shape = self.sizes.at(state), zeros(state).shape
            for name, value in self.package.residuals(*state).items():
                found[f"equation {name}"] = (value / sizes[name]).expand(shape).flatten(-2)
        for one in self.others:
            found[one.term] = one.residual(theta)
        return found

    def jacobian(self, theta: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Rows by term with their derivatives (S, m, P)."""
        parts = self.layout.split(theta)
        found = {}
        if self.equations:
            found.update(self._equations(parts, self._state(parts)))
        for one in self.others:
            found[one.term] = one.jacobian(theta)
        return found

    def _equations(self, parts: Parts, state: State) -> dict[str, tuple[Tensor, Tensor]]:
        blank, found, changes = zeros(state), {}, dict[str, Tensor]()
        if self.relative:
            sizes, changes = self.sizes.slopes(parts, self._state, self.layout, blank.shape[1])
        else:
            sizes = self.sizes.at(state)
        residuals = self.package.residuals(*state)
        for name, matrix in self._slopes(parts, state):
            rows = (residuals[name] + blank) / sizes[name]
            matrix /= sizes[name][..., None]
            if name in changes:
                matrix -= rows[..., None] * (changes[name] / sizes[name][..., None])
            found[f"equation {name}"] = rows.flatten(-2), matrix.flatten(-3, -2)
        return found

    def _slopes(self, parts: Parts, state: State) -> Iterator[tuple[str, Tensor]]:
        """The derivatives (S, n, m, P) of the residuals, equation after equation: they are large."""
        by_jets, by_couplings, by_parameters = self.package.linearisation(*state)
        fields, couplings = self.fields.slopes(parts, self.around), self._coupling_slopes(parts, state)
        blank = zeros(state)
        for name in self.package.EQUATIONS:
            matrix = blank.new_zeros(*blank.shape, self.size)
            for profile, entries in by_jets.get(name, {}).items():
                for owner, slopes in fields[profile]:
                    self.layout.add(matrix, owner, _chained(entries, slopes, blank))
            for coupling, entries in by_couplings.get(name, {}).items():
                if coupling in couplings:
                    self.layout.add(matrix, coupling, _chained(entries, couplings[coupling], blank))
            for parameter, entry in self._parameter_entries.items():
                if parameter in by_parameters.get(name, {}):
                    slope = entry.slope(parts[entry.name][..., 0])[..., None]
                    self.layout.add(matrix, entry.name, (by_parameters[name][parameter] * slope + blank)[..., None])
            yield name, matrix

    @cached_property
    def _parameter_entries(self) -> dict[str, Entry]:
        """The entry that the equations see as a parameter, by its name."""
        entries = {entry.name: entry for entry in self.layout.entries}
        shared = {name: entry for name, entry in entries.items() if entry.kind == "parameter"}
        return {**shared, **{name: entries[own] for name, own in self.local.items()}}

    def parameters(self, parts: Parts) -> dict[str, Tensor | float]:
        """All parameters; unknown ones are (S, copies, 1)."""
        unknown = {n: e.value(parts[e.name][..., 0])[..., None] for n, e in self._parameter_entries.items()}
        return {**self.fixed, **unknown}

    def around(self, parts: Parts) -> Surroundings:
        """What the fields may depend on: parameters, and couplings without a closed form."""
        open_couplings = {n: FittedCoupling(function, theta) for n, (function, theta) in self._unknown(parts).items()}
        return self.parameters(parts), {**self.known, **open_couplings}

    def _unknown(self, parts: Parts) -> dict[str, tuple[Function, Tensor]]:
        """The unknown couplings: function, and its part of theta (S, size), or (S, n, size) with copies."""
        return {
            entry.name: (entry.function, _squeezed(parts[entry.name]))
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


def _chained(entries: Mapping[int, Tensor], slopes: Sequence[Tensor], blank: Tensor) -> Tensor:
    """The chain rule: partial derivatives (S, n, m) by entries of a jet, and those by their own unknowns."""
    terms = ((entries[i] + blank)[..., None] * slopes[i] for i in entries)
    return functools.reduce(torch.add, terms)


def _squeezed(part: Tensor) -> Tensor:
    return part[..., 0, :] if part.shape[-2] == 1 else part
