r"""Black branes as functions of theta: the boundary series and both ends are built in.

On x = z/z_h (or r_h/r) from 0 to 1, with S_p the boundary series below its response x^n,

    p(x) = S_p(x; data) + x^n u(x),        u(x) = a (1 - x) + b x + x (1 - x) N(x),

a = the coefficient of x^n, which is the response, and b = -S_p(1) where p vanishes at the horizon; a profile without
one of these conditions goes without its factor. N is the unknown function. The equations have no other solution that
is smooth at the horizon, so regularity is built in as well. Everything is linear in N and in the coefficients c of
the series,

    p^(k)(x_i) = sum_t B_kit c_t + sum_j C_kji N^(j)(x_i),

with matrices that are made once (`brane_weights`). Units: z_h = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.fit.autograd_rows import rows_by_state
from holosym.fit.brane_weights import Weights, brane_weights
from holosym.fit.layout import Layout
from holosym.fit.trajectory import Parts, Slopes, Surroundings, SurroundingsOf
from holosym.solve.couplings import Coupling
from holosym.solve.expansion import BoundaryModule, boundary_of
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import Scalars


@dataclass(frozen=True)
class BraneFields:
    """The fields of black branes at points of x.

    Attributes:
        layout: holds N of every profile and the unknown boundary data.
        functions: N by profile, on [0, 1].
        points: (m,), ascending, in (0, 1], the last one 1.
        chosen: boundary data with a value, the same in all states.
    """

    package: GeneratedPackage
    layout: Layout
    functions: Mapping[str, Function]
    points: Tensor
    chosen: Mapping[str, float]
    boundary: BoundaryModule = field(init=False)
    weights: dict[str, Weights] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "boundary", boundary_of(self.package))
        object.__setattr__(self, "weights", brane_weights(self.package, self.points))

    def coordinates(self) -> dict[str, Tensor]:
        """The radial coordinate, by name."""
        x = self.points if self.boundary.BOUNDARY == 0 else 1 / self.points
        return {self.package.COORDINATES[0]: x}

    def jets(self, parts: Parts, around: Surroundings) -> dict[str, tuple[Tensor, ...]]:
        """The entries of every profile's jet, each (S, n, m), in the order of PROFILES."""
        coefficients = self.coefficients(parts, around)
        found = {}
        for name, indices in self.package.PROFILES.items():
            weights = self.weights[name]
            jet = torch.stack(self.functions[name].jet(parts[name], self.points, weights.order), dim=-2)
            every = (weights.function * jet[..., None, :, :]).sum(dim=-2)
            every = every + torch.einsum("kmt,...t->...km", weights.series, coefficients[name])
            found[name] = tuple(every[..., index[0], :] for index in indices)
        return found

    def slopes(self, parts: Parts, around: SurroundingsOf) -> Slopes:
        """By profile, the derivatives of its jet: by N's own part, and by all else through the coefficients."""
        through = self._series_slopes(parts, around)
        found: Slopes = {}
        for name, indices in self.package.PROFILES.items():
            weights, orders = self.weights[name], [index[0] for index in indices]
            own = self.functions[name].sensitivity(parts[name], self.points, weights.order)
            by_function = []
            for order in orders:
                terms = (weights.function[order, j][:, None] * own[j] for j in range(weights.order + 1))
                by_function.append(sum(terms, torch.zeros_like(own[0])))
            found[name] = [(name, tuple(by_function))]
            for owner, slopes in through[name].items():
                by_series = (torch.einsum("mt,...tp->...mp", weights.series[order], slopes) for order in orders)
                found[name].append((owner, tuple(by_series)))
        return found

    def _series_slopes(self, parts: Parts, around: SurroundingsOf) -> dict[str, dict[str, Tensor]]:
        """The coefficients' derivatives (S, n, terms, size) by every entry that is no N, by profile.

        Every state is there as often as there are coefficients, one of which each copy looks at: so one pass
        backwards gives them all.
        """
        widths = {name: one.series.shape[-1] for name, one in self.weights.items()}
        count, states = sum(widths.values()), parts[next(iter(widths))].shape[-2]
        # Of N the coefficients see no more than its axes.
        seen = {name: part[..., :1] if name in self.functions else part for name, part in parts.items()}
        copies = {name: part.expand(-1, states, -1).repeat_interleave(count, dim=-2) for name, part in seen.items()}

        def one_each(inside: Parts) -> Tensor:
            found = self.coefficients(inside, around(inside))
            every = torch.cat([found[name] for name in widths], dim=-1)
            return every.reshape(-1, states, count, count).diagonal(dim1=-2, dim2=-1).flatten(-2)[..., None]

        _, slopes = rows_by_state(one_each, copies, states * count)
        found: dict[str, dict[str, Tensor]] = {name: {} for name in widths}
        for owner in (name for name in slopes if name not in self.functions):
            every = slopes[owner].reshape(-1, states, count, slopes[owner].shape[-1])
            for name, part in zip(widths, torch.split(every, list(widths.values()), dim=-2), strict=True):
                found[name][owner] = part
        return found

    def data(self, parts: Parts) -> dict[str, Tensor]:
        """All boundary data (S, n): unknown, chosen, or those of a flat boundary in its gauge."""
        zero = 0 * parts[next(iter(self.package.PROFILES))][..., 0]
        unknown = self.layout.numbers(parts, "datum")
        found = {}
        for name, entry in self.boundary.DATA.items():
            default = self.boundary.VACUUM.get(name, 0.0) if entry["kind"] == "metric" else 0.0
            value = unknown[name] if name in unknown else self.chosen.get(name, default)
            found[name] = torch.as_tensor(value, dtype=zero.dtype, device=zero.device) + zero
        return found

    def coefficients(self, parts: Parts, around: Surroundings) -> dict[str, Tensor]:
        """The boundary series' coefficients (S, n, terms) by profile."""
        data, parameters = self.data(parts), _without_points(around[0])
        raw = self.boundary.boundary_coefficients(data, self._taylor(data, parameters, around[1]), parameters)
        zero = 0 * next(iter(data.values()))
        return {name: torch.stack([value + zero for value in raw[name]], dim=-1) for name in self.package.PROFILES}

    def scalars(self, parts: Parts, around: Surroundings) -> Scalars:
        """What observables and controls see of the states."""
        data, parameters, jets = self.data(parts), _without_points(around[0]), self.jets(parts, around)
        horizon = {name: tuple(entry[..., -1] for entry in jet) for name, jet in jets.items()}
        taylor = self._taylor(data, parameters, around[1])
        return Scalars(self.package, data, parameters, horizon, taylor, around[1])

    def _taylor(
        self, data: Mapping[str, Tensor], parameters: Mapping[str, Tensor | float], couplings: Mapping[str, Coupling]
    ) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives of the open couplings at the boundary, in TAYLOR's order."""
        zero = 0 * next(iter(data.values()))
        limits = {
            entry["profile"]: data[name]
            for name, entry in self.boundary.DATA.items()
            if entry["power"] == 0 and entry["log"] == 0 and entry["kind"] in ("source", "response")
        }
        jets = {p: (limits.get(p, zero), *(zero for _ in i[1:])) for p, i in self.package.PROFILES.items()}
        arguments = self.package.coupling_arguments({self.package.COORDINATES[0]: zero}, jets, parameters)
        return {name: couplings[name].jet(arguments[name], orders) for name, orders in self.boundary.TAYLOR.items()}


def unknown_data(package: GeneratedPackage, chosen: Mapping[str, object]) -> tuple[str, ...]:
    """Boundary data that are neither chosen nor fixed by the flatness and the gauge of the boundary."""
    data = boundary_of(package).DATA
    return tuple(n for n, entry in data.items() if n not in chosen and entry["kind"] not in ("metric", "gauge"))


def _without_points(parameters: Mapping[str, Tensor | float]) -> dict[str, Tensor | float]:
    """Parameters (S, n, 1) as (S, n)."""
    return {n: value[..., 0] if isinstance(value, Tensor) and value.ndim else value for n, value in parameters.items()}
