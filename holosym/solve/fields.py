r"""Unknowns, and the fields they stand for.

    unknowns = (u_1 at the nodes, u_2 at the nodes, ..., boundary data, free parameters),
    p(x) = S_p(x; data, parameters) + x^(n_p) u_p(x),

so the jets of the fields are linear in u and, through the coefficients of the boundary series, nonlinear in
few scalars; derivatives with respect to those go forwards through the generated coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.panels import Panels, Sites
from holosym.ansatz.peeled import PeeledAnsatz, peel
from holosym.solve.couplings import Coupling
from holosym.solve.expansion import BoundaryModule
from holosym.solve.linear_map import Layout, LinearMap, stacked
from holosym.solve.near import NearRows, window_for
from holosym.solve.package import GeneratedPackage, Jets, Parameters
from holosym.solve.peeling import peeling_power, require_complete
from holosym.solve.rows import concatenate
from holosym.solve.scalars import Scalars
from holosym.solve.series_numbers import SeriesNumbers

Stacked = dict[str, Tensor]
EXTRA_ROWS = 1


@dataclass(frozen=True)
class Expanded:
    """Unknowns in their parts.

    Attributes:
        rest: u by profile, (..., n).
        scalars: (..., k).
        coefficients: the boundary series' by profile, (..., terms).
        partials: their derivatives by the scalars, (..., terms, k); empty if not asked for.
    """

    rest: Stacked
    scalars: Tensor
    coefficients: Stacked
    partials: Stacked


@dataclass(frozen=True)
class Fields:
    """The map from unknowns to fields, batched over leading dimensions.

    Attributes:
        fixed: parameters that keep their values: numbers, or tensors over the batch.
        free: parameters that are unknowns.
        written: False leaves the logarithms to u (for comparison).
        exact: evaluate the rows near the boundary without cancellation, where that is possible.
        rows: the points where equations hold: a few more than there are nodes, because x = 0 is not among them.
        ansatz, row_ansatz: by profile, the ansatz at the nodes and at those points.
    """

    package: GeneratedPackage
    boundary: BoundaryModule
    panels: Panels
    fixed: Parameters
    free: tuple[str, ...]
    couplings: Mapping[str, Coupling]
    written: bool = True
    exact: bool = True
    rows: Tensor = field(init=False)
    ansatz: dict[str, PeeledAnsatz] = field(init=False)
    row_ansatz: dict[str, PeeledAnsatz] = field(init=False)
    near: NearRows | None = field(init=False)
    numbers: SeriesNumbers = field(init=False)
    _constant: dict[str, tuple[Tensor, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.panels.finer(EXTRA_ROWS)
        object.__setattr__(self, "rows", rows.points)
        object.__setattr__(self, "ansatz", self._peeled(self.panels.sites))
        object.__setattr__(self, "row_ansatz", self._peeled(rows))
        object.__setattr__(self, "near", self._near(rows.first) if self.exact else None)
        object.__setattr__(self, "numbers", SeriesNumbers(self.boundary))
        if not self.free:
            nothing = self.panels.nodes.new_zeros(len(self.scalars))
            self._constant.update(self.taylor(nothing))

    def _peeled(self, sites: Sites) -> dict[str, PeeledAnsatz]:
        order, inverse = len(self.panels.derivatives) - 1, self.boundary.BOUNDARY != 0
        terms = self.boundary.TERMS
        powers = {name: peeling_power(self.boundary, name) for name in self.package.PROFILES}
        for name, power in powers.items():
            require_complete(terms[name], name, power)
        return {
            name: peel(sites, terms[name], power, order, inverse=inverse, written=self.written)
            for name, power in powers.items()
        }

    def _near(self, count: int) -> NearRows | None:
        terms = self.boundary.TERMS
        window = window_for(terms, self.row_ansatz)
        if window is None:
            return None
        sign = -1 if self.boundary.BOUNDARY == 0 else 1
        return NearRows(self.package, self.couplings, self.rows[:count], window, sign, terms, self.row_ansatz)

    @cached_property
    def starts(self) -> dict[str, int]:
        """Where the unknown functions enter each equation on the first panel; empty where that is not known.

        The data are generic and not a solution; only those of the boundary metric have to be the vacuum's.
        """
        if self.near is None:
            return {}
        generic = [
            self.boundary.VACUUM.get(name, 0.21 + 0.13 * i) if entry["kind"] == "metric" else 0.21 + 0.13 * i
            for i, (name, entry) in enumerate(self.boundary.DATA.items())
        ]
        scalars = self.rows.new_tensor(generic + [0.7] * len(self.free))
        numbers = {n: torch.as_tensor(v, dtype=self.rows.dtype).reshape(-1)[0] for n, v in self.fixed.items()}
        try:
            parameters = {**numbers, **{n: scalars[len(self.boundary.DATA) + i] for i, n in enumerate(self.free)}}
            raw = self.boundary.boundary_coefficients(self.data(scalars), self.taylor(scalars), parameters)
            stacked = {name: _stacked(raw[name], 0 * scalars[0]) for name in self.ansatz}
            return self.near.starts(stacked, parameters)
        except TypeError:  # a function that numbers with a remainder do not know
            return {}

    @cached_property
    def layout(self) -> Layout:
        """Where things stand among the unknowns."""
        terms = {name: len(self.boundary.TERMS[name]) for name in self.ansatz}
        return Layout(self.ansatz, terms, len(self.panels), len(self.scalars))

    @cached_property
    def horizon(self) -> LinearMap:
        """The jets at the horizon, profile by profile in PROFILES' order."""
        entries = [(name, i[0]) for name, indices in self.package.PROFILES.items() for i in indices]
        return stacked([self.layout.jet(name, order, -1) for name, order in entries])

    @property
    def scalars(self) -> tuple[str, ...]:
        """Names of the scalar unknowns, data before parameters."""
        return (*self.boundary.DATA, *self.free)

    @property
    def size(self) -> int:
        """The number of unknowns."""
        return len(self.panels) * len(self.ansatz) + len(self.scalars)

    def split(self, unknowns: Tensor) -> tuple[Stacked, Tensor]:
        """Unknowns (..., N) to u by profile, (..., n) each, and the scalars (..., k)."""
        n, names = len(self.panels), tuple(self.ansatz)
        rest = unknowns[..., : n * len(names)].reshape(*unknowns.shape[:-1], len(names), n)
        return {name: rest[..., i, :] for i, name in enumerate(names)}, unknowns[..., n * len(names) :]

    def pack(self, rest: Mapping[str, Tensor], scalars: Tensor) -> Tensor:
        """The inverse of `split`."""
        return concatenate([*(rest[name] for name in self.ansatz), scalars])

    def data(self, scalars: Tensor) -> dict[str, Tensor]:
        """Boundary data by name."""
        return {name: scalars[..., i] for i, name in enumerate(self.boundary.DATA)}

    def parameters(self, scalars: Tensor, *, copies: bool = False) -> dict[str, Tensor | float]:
        """All parameters by name, fixed and free; with `copies` of the scalars on an axis behind the batch."""
        start, fixed = len(self.boundary.DATA), self.fixed
        if copies:
            fixed = {name: _behind(value) if isinstance(value, Tensor) else value for name, value in fixed.items()}
        return {**fixed, **{name: scalars[..., start + i] for i, name in enumerate(self.free)}}

    def taylor(self, scalars: Tensor, *, copies: bool = False) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives of the open couplings where the boundary is, in TAYLOR's order."""
        if not self.boundary.TAYLOR or (self._constant and not self._limits):
            return (
                {n: tuple(_behind(v) for v in jet) for n, jet in self._constant.items()} if copies else self._constant
            )
        arguments = self.taylor_arguments(scalars, copies=copies)
        return {name: self.couplings[name].jet(arguments[name], o) for name, o in self.boundary.TAYLOR.items()}

    def taylor_arguments(self, scalars: Tensor, *, copies: bool = False) -> dict[str, tuple[Tensor, ...]]:
        """What the couplings are functions of, where the boundary is."""
        zero, data = torch.zeros_like(scalars[..., 0]), self.data(scalars)
        limits = {profile: data[name] for profile, name in self._limits.items()}
        jets = {p: (limits.get(p, zero), *(zero for _ in indices[1:])) for p, indices in self.package.PROFILES.items()}
        parameters = self.parameters(scalars, copies=copies)
        return dict(self.package.coupling_arguments({self.package.COORDINATES[0]: zero}, jets, parameters))

    @cached_property
    def _limits(self) -> dict[str, str]:
        """By profile that does not vanish at the boundary, the datum that is its value there."""
        return {
            entry["profile"]: name
            for name, entry in self.boundary.DATA.items()
            if entry["power"] == 0 and entry["log"] == 0 and entry["kind"] in ("source", "response")
        }

    def coefficients(self, scalars: Tensor, *, copies: bool = False) -> Stacked:
        """The boundary series' coefficients by profile, (..., terms) each, in TERMS' order."""
        taylor, parameters = self.taylor(scalars, copies=copies), self.parameters(scalars, copies=copies)
        quick = self.numbers.values(self.data(scalars), taylor, parameters)
        if quick is not None:
            return {name: quick[name] for name in self.ansatz}
        raw = self.boundary.boundary_coefficients(self.data(scalars), taylor, parameters)
        zero = torch.zeros_like(scalars[..., 0])
        return {name: _stacked(raw[name], zero) for name in self.ansatz}

    def expanded(self, unknowns: Tensor, *, partials: bool = False) -> Expanded:
        """The unknowns in their parts, with the series' coefficients and, if asked for, their derivatives.

        All derivatives come from one evaluation: by complex steps; or, where couplings in the series depend on the
        scalars, from one pass backwards with as many copies of the scalars as there are coefficients, one output of
        each, behind the axes of the batch, whose couplings may differ. (Forward mode is slow in torch wherever a
        plain number takes part.)
        """
        rest, scalars = self.split(unknowns)
        values = self.coefficients(scalars)
        if not partials:
            return Expanded(rest, scalars, values, {})
        if (self._constant and not self._limits) or not self.boundary.TAYLOR:
            arguments = self.data(scalars), self.taylor(scalars), self.parameters(scalars)
            slopes = self.numbers.by_data(*arguments, self.scalars)
            if slopes is not None:
                return Expanded(rest, scalars, values, {name: slopes[name] for name in self.ansatz})
        sizes = [entry.shape[-1] for entry in values.values()]
        with torch.enable_grad():
            copies = scalars.detach().unsqueeze(-2).repeat_interleave(sum(sizes), dim=-2).requires_grad_()
            outputs = torch.cat(list(self.coefficients(copies, copies=True).values()), dim=-1)
            (found,) = torch.autograd.grad(outputs.diagonal(dim1=-2, dim2=-1).sum(), copies)
        split = torch.split(found, sizes, dim=-2)
        return Expanded(rest, scalars, values, dict(zip(values, split, strict=True)))

    def view(self, scalars: Tensor, horizon: Jets) -> Scalars:
        """What controls and observables see."""
        parameters = self.parameters(scalars)
        return Scalars(self.package, self.data(scalars), parameters, horizon, self.taylor(scalars), self.couplings)

    def seen(self, point: Tensor) -> Scalars:
        """What controls see, from scalars and jets at the horizon side by side (..., k + entries)."""
        count = len(self.scalars)
        entries = iter(point[..., count:].unbind(dim=-1))
        jets = {name: tuple(next(entries) for _ in indices) for name, indices in self.package.PROFILES.items()}
        return self.view(point[..., :count], jets)

    def jets(self, unknowns: Tensor) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives of order 0, 1, 2, ... of every profile at the nodes, each (..., n).

        At the boundary itself a field or a derivative of it may have no value.
        """
        rest, scalars = self.split(unknowns)
        coefficients = self.coefficients(scalars)
        return {name: ansatz.jets(coefficients[name], rest[name]) for name, ansatz in self.ansatz.items()}


def _behind(value: Tensor) -> Tensor:
    """A value over the batch with an axis for copies behind."""
    return value[..., None] if value.ndim else value


def _stacked(values: Sequence[Tensor], zero: Tensor) -> Tensor:
    """Values side by side. A coupling may have a batch that the scalars, at the first guess, do not have yet."""
    filled = [value + zero for value in values]
    blank = torch.zeros_like(sum(filled, zero))
    return torch.stack([value + blank for value in filled], dim=-1) if filled else zero.new_zeros(*zero.shape, 0)
