r"""Derivatives of solved states with respect to what they depend on, by the implicit function theorem.

On a state F(u; theta) = 0 for all rows, so along theta

    du/dtheta = -J^+ F_theta,        dO/dtheta = O_theta + O_u du/dtheta,

with J of the state and its least-squares inverse. theta are the coefficients of couplings. The equations see them at
the fields, R_(c,k) dc^(k)/dtheta, with R_(c,k) generated; and through the boundary series, whose coefficients depend on
V', V'', ... at the boundary; conditions see them through the latter alone. Both are exact: nothing is differenced.
Shapes: n states, N unknowns, M rows, P coefficients.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.function import Function
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.couplings import coupling_orders
from holosym.solve.fields import Expanded, Fields
from holosym.solve.fitted import FittedCoupling
from holosym.solve.scalars import Scalars, coupling_jets

Observable = Callable[[Scalars], Tensor]


@dataclass(frozen=True)
class Unknowns:
    """Which part of theta is which coupling.

    Attributes:
        functions: by coupling.
        columns: by coupling, its place in theta.
        size: P.
    """

    functions: Mapping[str, Function]
    columns: Mapping[str, slice]
    size: int

    def couplings(self, theta: Tensor) -> dict[str, FittedCoupling]:
        """The couplings at theta (..., P)."""
        return {
            name: FittedCoupling(function, theta[..., self.columns[name]]) for name, function in self.functions.items()
        }


@dataclass(frozen=True)
class Sensitivity:
    """Derivatives at solved states.

    Attributes:
        problem: with the couplings at theta.
        states: (n, N).
        theta: (P,).
        about: what theta is.
    """

    problem: BoundaryValueProblem
    states: Tensor
    theta: Tensor
    about: Unknowns

    @cached_property
    def here(self) -> Expanded:
        """The states in their parts."""
        return self.problem.fields.expanded(self.states, partials=True)

    @cached_property
    def through(self) -> dict[str, Tensor]:
        """The boundary series' coefficients by theta (n, terms, P), by profile."""
        return _series_slopes(self.problem.fields, self.here.scalars, self.theta, self.about)

    def rows(self, system: Controlled) -> Tensor:
        """F_theta (n, M, P) of all rows but the controls, whose part is zero here; see `with_controls`."""
        equations = _equations(system.fields, self.here, self.theta, self.about, self.through)
        return torch.cat([*equations, _conditions(system, self.here, self.through)], dim=-2)

    def scalars(self, functions: Sequence[Observable]) -> tuple[Tensor, Tensor, Tensor]:
        """Functions of scalars: values (n, q), derivatives by the unknowns (n, q, N), and by theta at fixed unknowns.

        They see the scalars, the jets at the horizon, and the couplings; each function sees copies of its own, so that
        one pass backwards is enough. The jets depend on both unknowns and, through the series, theta.
        """
        fields, here, about = self.problem.fields, self.here, self.about
        jets = fields.horizon.value(here.rest, here.scalars, here.coefficients)
        point = torch.cat([here.scalars, jets], dim=-1).detach()
        copies = [point.clone().requires_grad_() for _ in functions]
        thetas = [self.theta.detach().expand(len(point), -1).clone().requires_grad_() for _ in functions]
        with torch.enable_grad():
            values = [
                function(_recoupled_fields(fields, about, theta).seen(copy)) + 0 * copy[..., 0] + 0 * theta[..., 0]
                for function, copy, theta in zip(functions, copies, thetas, strict=True)
            ]
            slopes = torch.autograd.grad([value.sum() for value in values], [*copies, *thetas])
        by_point, direct = (torch.stack(part, dim=-2) for part in (slopes[: len(copies)], slopes[len(copies) :]))
        count = here.scalars.shape[-1]
        by_jets = by_point[..., count:]
        own = torch.nn.functional.pad(by_point[..., :count], (fields.size - count, 0))
        by_state = by_jets @ fields.horizon.jacobian(here.partials) + own
        by_theta = by_jets @ fields.horizon.by_series(self.through) + direct
        return torch.stack([value.detach() for value in values], dim=-1), by_state, by_theta


def with_controls(rows: Tensor, controls: Sequence[Control], slopes: Tensor) -> Tensor:
    """The rows' F_theta (n, M, P) with that of the controls, (n, controls, P), in their places, the last ones."""
    count = len(controls)
    return torch.cat([rows[..., : rows.shape[-2] - count, :], slopes], dim=-2)


def _series_slopes(fields: Fields, scalars: Tensor, theta: Tensor, about: Unknowns) -> dict[str, Tensor]:
    """The series' coefficients by theta (n, terms, P), by profile: through the jets of couplings that they are made of.

    Where these cannot be had apart, by one pass backwards.
    """
    orders = fields.boundary.TAYLOR
    sizes = [len(fields.boundary.TERMS[name]) for name in fields.ansatz]
    if not any(name in about.functions for name in orders):
        return {n: scalars.new_zeros(len(scalars), k, about.size) for n, k in zip(fields.ansatz, sizes, strict=True)}
    arguments = fields.data(scalars), fields.taylor(scalars), fields.parameters(scalars)
    by_taylor = fields.numbers.by_taylor(*arguments)
    if by_taylor is not None:
        jets = _taylor_slopes(fields, scalars, theta, about)
        return {name: by_taylor[name] @ jets for name in fields.ansatz}
    with torch.enable_grad():
        copies = theta.detach().expand(len(scalars), sum(sizes), -1).clone().requires_grad_()
        own = scalars.detach().unsqueeze(-2).expand(-1, sum(sizes), -1)
        other = _recoupled_fields(fields, about, copies)
        found = torch.cat(list(other.coefficients(own, copies=True).values()), dim=-1)
        (slopes,) = torch.autograd.grad(found.diagonal(dim1=-2, dim2=-1).sum(), copies)
    return dict(zip(fields.ansatz, torch.split(slopes, sizes, dim=-2), strict=True))


def _taylor_slopes(fields: Fields, scalars: Tensor, theta: Tensor, about: Unknowns) -> Tensor:
    """The entries of `Fields.taylor`, coupling after coupling, by theta: (n, j, P)."""
    couplings, arguments = about.couplings(theta), fields.taylor_arguments(scalars)
    blocks = []
    for name, orders in fields.boundary.TAYLOR.items():
        block = theta.new_zeros(len(scalars), len(orders), about.size)
        if name in couplings:
            found = couplings[name].sensitivity(arguments[name], orders)
            block[..., about.columns[name]] = torch.stack(torch.broadcast_tensors(*found), dim=-2)  # type: ignore[no-untyped-call]
        blocks.append(block)
    return torch.cat(blocks, dim=-2)


def _recoupled_fields(fields: Fields, about: Unknowns, theta: Tensor) -> Fields:
    new = copy.copy(fields)
    object.__setattr__(new, "couplings", {**fields.couplings, **about.couplings(theta)})
    object.__setattr__(new, "_constant", {})
    return new


def _equations(
    fields: Fields, here: Expanded, theta: Tensor, about: Unknowns, through: Mapping[str, Tensor]
) -> list[Tensor]:
    """F_theta (n, m, P) of every equation."""
    package = fields.package
    coordinates = {package.COORDINATES[0]: fields.rows if fields.boundary.BOUNDARY == 0 else 1 / fields.rows}
    every = {name: a.jets(here.coefficients[name], here.rest[name]) for name, a in fields.row_ansatz.items()}
    jets = {p: tuple(every[p][i[0]] for i in indices) for p, indices in package.PROFILES.items()}
    parameters = {
        name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
        for name, value in fields.parameters(here.scalars).items()
    }
    state = (coordinates, jets, coupling_jets(package, coordinates, jets, parameters, fields.couplings), parameters)
    by_jets, by_couplings, _ = package.linearisation(*state)
    arguments = package.coupling_arguments(coordinates, jets, parameters)
    zero = next(iter(jets.values()))[0] * 0
    slopes = {
        name: coupling.sensitivity(
            [argument + zero for argument in arguments[name]], coupling_orders(package.COUPLINGS[name])
        )
        for name, coupling in about.couplings(theta).items()
    }
    found = []
    for name in package.EQUATIONS:
        total = zero.new_zeros(*zero.shape, about.size)
        for profile, entries in by_jets.get(name, {}).items():
            ansatz, slope = fields.row_ansatz[profile], through[profile]
            for i, partial in entries.items():
                order = package.PROFILES[profile][i][0]
                total += (partial + zero)[..., None] * (ansatz.basis[order] @ slope[..., list(ansatz.terms), :])
        for coupling, entries in by_couplings.get(name, {}).items():
            if coupling in slopes:
                for i, partial in entries.items():
                    total[..., about.columns[coupling]] += (partial + zero)[..., None] * slopes[coupling][i]
        found.append(total)
    return found


def _conditions(system: Controlled, here: Expanded, through: Mapping[str, Tensor]) -> Tensor:
    """F_theta (n, conditions, P): all but the controls are linear in the series' coefficients."""
    scalars = torch.zeros_like(here.scalars)

    def only(coefficients: Mapping[str, Tensor]) -> Tensor:
        rest = {name: torch.zeros_like(value).expand(about, *value.shape) for name, value in here.rest.items()}
        blank = scalars.expand(about, *scalars.shape)
        return system.conditions.linear(Expanded(rest, blank, dict(coefficients), {}))

    about = next(iter(through.values())).shape[-1]
    by_column = {name: slope.movedim(-1, 0) for name, slope in through.items()}
    zeros = {name: torch.zeros_like(slope) for name, slope in by_column.items()}
    change = (only(by_column) - only(zeros)).movedim(0, -1)
    controls = change.new_zeros(*change.shape[:-2], len(system.controls), change.shape[-1])
    return torch.cat([change, controls], dim=-2)
