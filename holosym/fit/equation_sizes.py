r"""What the residuals of equations are divided by, so that weights compare like with like.

The scale of an equation is the size of its terms and of its derivatives at the start. Generated equations are free of
denominators, so they have spurious solutions where a metric function vanishes altogether; divided by the size that
their terms have where the fields are (`relative`) they do not. An equation of one term is measured by its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.shapes import broadcast_shape
from holosym.fit.autograd_rows import rows_by_state
from holosym.fit.layout import Layout
from holosym.fit.trajectory import Parts
from holosym.solve.couplings import coupling_orders
from holosym.solve.package import Coordinates, GeneratedPackage, Jets, Parameters

State = tuple[Coordinates, Jets, Jets, Parameters]
_FLOOR = 1e-3
_GENERIC = 32


@dataclass
class EquationSizes:
    """The sizes of all equations.

    Attributes:
        relative: where the fields are, and not where they began.
        scale: by equation, at the start; measured at the first state that is seen.
    """

    package: GeneratedPackage
    relative: bool = False
    scale: dict[str, Tensor] = field(default_factory=dict)

    def at(self, state: State) -> dict[str, Tensor]:
        """By equation, (S, n, 1)."""
        self._measure(state)
        if not self.relative:
            return {name: scale[None, None, None] for name, scale in self.scale.items()}
        sizes = {n: (m + zeros(state)).mean(dim=-1, keepdim=True) for n, m in self.package.magnitudes(*state).items()}
        sizes |= self._sizes_of_single(state)
        return {name: size + _FLOOR * self.scale[name] for name, size in sizes.items()}

    def _sizes_of_single(self, state: State) -> dict[str, Tensor]:
        """By equation of a single term, c p^(k) = 0: |c| times the size of p with its derivatives."""
        if not self.single:
            return {}
        blank, partials, found = zeros(state), self.package.linearisation(*state)[0], {}
        for name in self.single:
            size = blank
            for profile, entries in partials[name].items():
                field = sum((entry + blank).abs().mean(dim=-1, keepdim=True) for entry in state[1][profile])
                size = size + sum(abs(partial) for partial in entries.values()) * field
            found[name] = size.mean(dim=-1, keepdim=True)
        return found

    @cached_property
    def single(self) -> tuple[str, ...]:
        """Equations of a single term: relative to itself it would always be one."""
        package, generator = self.package, torch.Generator().manual_seed(0)

        def numbers(count: int) -> tuple[Tensor, ...]:
            """Positive values, and derivatives of either sign: terms add up to their sizes in no other case."""
            found = 0.5 + torch.rand(count, _GENERIC, generator=generator, dtype=torch.float64)
            signs = torch.randint(0, 2, found[1:].shape, generator=generator) * 2 - 1
            return tuple(torch.cat([found[:1], found[1:] * signs]))

        jets = {name: numbers(len(indices)) for name, indices in package.PROFILES.items()}
        couplings = {name: numbers(len(coupling_orders(entry))) for name, entry in package.COUPLINGS.items()}
        coordinates = {name: numbers(1)[0] for name in package.COORDINATES}
        parameters = {name: numbers(1)[0] for name in package.PARAMETERS}
        state = (coordinates, jets, couplings, parameters)
        residuals, magnitudes = package.residuals(*state), package.magnitudes(*state)
        return tuple(name for name, one in residuals.items() if torch.allclose(abs(one), magnitudes[name], rtol=1e-12))

    def slopes(
        self, parts: Parts, state_of: Callable[[Parts], State], layout: Layout, count: int
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Those at n = `count` states and, where they change, their derivatives (S, n, 1, P), by equation."""
        names = list(self.package.EQUATIONS)

        def rows(own: Parts) -> Tensor:
            found = self.at(state_of(own))
            return torch.cat([found[name] for name in names], dim=-1)

        values, found = rows_by_state(rows, parts, count)
        matrix = values.new_zeros(*values.shape, layout.size)
        for name, slope in found.items():
            layout.add(matrix, name, slope)
        places = {name: slice(i, i + 1) for i, name in enumerate(names)}
        return (
            {name: values[..., place] for name, place in places.items()},
            {name: matrix[..., place, :] for name, place in places.items()},
        )

    def _measure(self, state: State) -> None:
        """The largest size of the terms and partial derivatives of every equation."""
        if self.scale:
            return
        with torch.no_grad():
            partials: Mapping[str, Mapping[str, Mapping[int, Tensor]]] = self.package.linearisation(*state)[0]
            blank = zeros(state)
            for name, magnitude in self.package.magnitudes(*state).items():
                size = magnitude + blank
                for entries in partials.get(name, {}).values():
                    size = size + sum(abs(partial) for partial in entries.values())
                largest = size.mean(dim=0).amax()
                self.scale[name] = torch.where(largest > 0, largest, torch.ones_like(largest))


def zeros(state: State) -> Tensor:
    """Zeros (S, n, m): seeds, states, points."""
    first = next(iter(state[1].values()))[0]
    return first.new_zeros(broadcast_shape(*(jet[0].shape for jet in state[1].values())))
