r"""The equations at the points of the ansatz, with their Jacobian.

With J_p^(k) = B_k c_p(s) + M_k u_p the jets of profile p there, s the scalars,

    dR/du_p = sum_k R_(p,k) M_k,     dR/ds = sum_(p,k) R_(p,k) B_k dc_p/ds + dR/dparameters,

with R_(p,k) from the package's `linearisation`. On the first panel the residual itself is free of cancellation;
its derivatives with respect to the scalars keep their rounding, which costs Newton nothing: it corrects.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.shapes import broadcast_shape
from holosym.solve.fields import Expanded, Fields
from holosym.solve.package import Coordinates, Jets, Parameters
from holosym.solve.scalars import coupling_jets
from holosym.solve.system import Linearised

Derivatives = Mapping[str, Mapping[str, Mapping[int, Tensor]]]
State = tuple[Coordinates, Jets, Jets, Parameters]
_INTERIOR_CONSTRAINT_WEIGHT = 1e-4
_ROUNDING = 1e-13


@dataclass(frozen=True)
class EquationRows:
    """The rows of the equations, batched over leading dimensions.

    Attributes:
        safe: evaluate those near the boundary without cancellation, where that is possible.
    """

    fields: Fields
    safe: bool = True

    def residual(self, here: Expanded) -> Tensor:
        """The rows (..., equations x points)."""
        plain = self.fields.package.residuals(*self._state(here))
        return self._merged(plain, here).flatten(start_dim=-2)

    def linearise(self, here: Expanded, batch: torch.Size, room: int) -> Linearised:
        """The rows with their derivatives, over `batch` and the package's own; `here` has its derivatives.

        The Jacobian has `room` rows more, below, which are left to the caller.
        """
        package, state = self.fields.package, self._state(here)
        residual = self._merged(package.residuals(*state), here)
        by_jets, by_couplings, by_parameters = package.linearisation(*state)
        given = [partial for one in by_jets.values() for entries in one.values() for partial in entries.values()]
        shapes = (partial.shape for partial in given if isinstance(partial, Tensor))
        whole = broadcast_shape((*batch, 1), residual.shape[:-2] + residual.shape[-1:], *shapes)
        partials = torch.stack([
            _spread(by_jets.get(equation, {}).get(profile, {}).get(i, 0.0), whole, residual)
            for equation in package.EQUATIONS
            for profile, i in self._entries
        ])  # fmt: skip
        partials = partials.reshape(len(package.EQUATIONS), -1, *whole).movedim((0, 1), (-3, -1))
        explicit = self._explicit(state, by_couplings, by_parameters)
        jacobian = self._jacobian(partials, self._by_scalars(partials, explicit, here), room)
        magnitudes = torch.stack([_spread(one, whole, residual) for one in package.magnitudes(*state).values()], dim=-2)
        scale = (partials.abs().sum(dim=-1) + magnitudes) * self._reduction
        scale = torch.where(scale == 0, torch.ones_like(scale), scale).flatten(start_dim=-2)
        rows = jacobian[..., : scale.shape[-1], :]
        residual = residual.flatten(start_dim=-2).expand(scale.shape)
        return Linearised(residual, jacobian, scale, self._weight(rows, scale))

    @cached_property
    def _entries(self) -> list[tuple[str, int]]:
        """Profile and place in its jet."""
        return [(profile, i) for profile, jet in self.fields.package.PROFILES.items() for i in range(len(jet))]

    @cached_property
    def _operators(self) -> Tensor:
        """From all u to all jets: (m, entries, profiles x nodes)."""
        fields, n = self.fields, len(self.fields.panels)
        found = fields.rows.new_zeros(len(fields.rows), len(self._entries), n * len(fields.ansatz))
        starts = {name: i * n for i, name in enumerate(fields.ansatz)}
        for k, (profile, i) in enumerate(self._entries):
            order, start = fields.package.PROFILES[profile][i][0], starts[profile]
            found[:, k, start : start + n] = fields.row_ansatz[profile].operators[order]
        return found

    @cached_property
    def _bases(self) -> dict[str, Tensor]:
        """From the series' coefficients to the jets, by profile (its entries, m, all terms)."""
        fields, found = self.fields, {}
        for profile, jet in fields.package.PROFILES.items():
            ansatz = fields.row_ansatz[profile]
            basis = fields.rows.new_zeros(len(jet), len(fields.rows), len(fields.boundary.TERMS[profile]))
            basis[..., list(ansatz.terms)] = ansatz.basis[[index[0] for index in jet]]
            found[profile] = basis
        return found

    def _by_scalars(self, partials: Tensor, explicit: Mapping[int, list[Tensor | float]], here: Expanded) -> Tensor:
        """The derivatives by the scalars (..., equations, m, k)."""
        slopes = [basis @ here.partials[name].unsqueeze(-3) for name, basis in self._bases.items()]
        # One product an entry: as many tiny matrices as there are states and points would take ten times as long.
        pairs = zip(partials.unbind(-1), torch.cat(slopes, dim=-3).unbind(-3), strict=True)
        found = functools.reduce(torch.add, (one[..., None] * slope.unsqueeze(-3) for one, slope in pairs))
        for place, entries in explicit.items():
            whole = partials.shape[:-3] + partials.shape[-2:-1]
            found[..., place] += torch.stack([_spread(entry, whole, found) for entry in entries], dim=-2)
        return found

    def _jacobian(self, partials: Tensor, by_scalars: Tensor, room: int) -> Tensor:
        """(..., equations x m + room, N)."""
        *batch, equations, m, entries = partials.shape
        rows = partials.reshape(-1, equations, m, entries).movedim(2, 0).reshape(m, -1, entries)
        by_rest = (rows @ self._operators).reshape(m, *batch, equations, -1).movedim(0, -2)
        found = partials.new_empty(*batch, equations * m + room, self.fields.size)
        inner = found[..., : equations * m, :].view(*batch, equations, m, -1)
        inner[..., : by_rest.shape[-1]] = by_rest
        inner[..., by_rest.shape[-1] :] = by_scalars
        return found

    def _explicit(
        self, state: State, by_couplings: Derivatives, by_parameters: Mapping[str, Mapping[str, Tensor]]
    ) -> dict[int, list[Tensor | float]]:
        """By place of a free parameter among the scalars, the equations' derivatives at fixed fields."""
        slopes, found = self._coupling_slopes(state), {}
        for i, free in enumerate(self.fields.free, start=len(self.fields.boundary.DATA)):
            found[i] = [by_parameters.get(name, {}).get(free, 0.0) for name in self.fields.package.EQUATIONS]
            for row, name in enumerate(self.fields.package.EQUATIONS):
                for coupling, entries in by_couplings.get(name, {}).items():
                    for place, partial in entries.items():
                        found[i][row] = found[i][row] + partial * slopes[free][coupling][place]
        return found

    def _near(self, here: Expanded) -> dict[str, Tensor]:
        """The equations on the first panel without cancellation, by name; empty if that cannot be."""
        fields = self.fields
        if not self.safe or not fields.starts or fields.near is None:
            return {}
        batch = here.scalars.shape[:-1]
        rest = {name: u.expand(*batch, u.shape[-1]) for name, u in here.rest.items()}
        numbers = fields.near.residuals(here.coefficients, rest, self._parameters(here))
        return {name: fields.near.x**start * numbers[name].above(start) for name, start in fields.starts.items()}

    def _merged(self, plain: Mapping[str, Tensor], here: Expanded) -> Tensor:
        """The residuals (..., equations, m), with the better values where there are any."""
        like = self.fields.rows
        shapes = (like.shape, (*here.scalars.shape[:-1], 1), *(one.shape for one in plain.values()))
        whole = broadcast_shape(*shapes)
        names, near = self.fields.package.EQUATIONS, self._near(here)
        found = torch.stack([_spread(plain[name], whole, like) for name in names], dim=-2)
        if not near:
            return found
        better = torch.stack(torch.broadcast_tensors(*(near[name] for name in names)), dim=-2)  # type: ignore[no-untyped-call]
        better = better.expand(*found.shape[:-1], better.shape[-1])
        return torch.cat([better, found[..., better.shape[-1] :]], dim=-1)

    @cached_property
    def _reduction(self) -> Tensor:
        """How much smaller than its terms an equation is where they cancel: x^(J_e) on the first panel."""
        fields = self.fields
        factor = torch.ones_like(fields.rows).repeat(len(fields.package.EQUATIONS), 1)
        if fields.starts and fields.near is not None:
            x = fields.near.x
            for i, name in enumerate(fields.package.EQUATIONS):
                factor[i, : len(x)] = (x / x[-1]) ** max(fields.starts[name], 0)
        return factor

    @cached_property
    def _roles(self) -> Tensor:
        """Weights of the equations: less in the interior of a constraint."""
        weight = torch.ones_like(self.fields.rows).repeat(len(self.fields.package.EQUATIONS), 1)
        for i, role in enumerate(self.fields.package.EQUATIONS.values()):
            if role == "constraint":
                weight[i, :-1] = _INTERIOR_CONSTRAINT_WEIGHT
        return weight.flatten()

    def _weight(self, jacobian: Tensor, scale: Tensor) -> Tensor:
        """What rows count for: less where rounding drowns them."""
        length = torch.linalg.vector_norm(jacobian, dim=-1)
        noise = torch.finfo(length.dtype).eps * scale / torch.where(length == 0, torch.ones_like(length), length)
        return self._roles / torch.sqrt(1 + (noise / _ROUNDING) ** 2)

    def _parameters(self, here: Expanded) -> dict[str, Tensor | float]:
        """Parameters with an axis of points."""
        return {
            name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
            for name, value in self.fields.parameters(here.scalars).items()
        }

    def _state(self, here: Expanded) -> State:
        """The arguments of the package's functions."""
        fields, package = self.fields, self.fields.package
        coordinates = {package.COORDINATES[0]: fields.rows if fields.boundary.BOUNDARY == 0 else 1 / fields.rows}
        jets = {name: a.jets(here.coefficients[name], here.rest[name]) for name, a in fields.row_ansatz.items()}
        entries = {p: tuple(jets[p][i[0]] for i in indices) for p, indices in package.PROFILES.items()}
        parameters = self._parameters(here)
        couplings = coupling_jets(package, coordinates, entries, parameters, fields.couplings)
        return coordinates, entries, couplings, parameters

    def _coupling_slopes(self, state: State) -> dict[str, dict[str, tuple[Tensor, ...]]]:
        """Derivatives of the couplings' jets with respect to each free parameter, at fixed fields."""
        package = self.fields.package
        coordinates, jets, _, parameters = state
        found = {}
        for name in self.fields.free:
            with torch.enable_grad():
                # Everything is elementwise, so one value of the parameter for each point gives all derivatives.
                value = torch.as_tensor(parameters[name]) + torch.zeros_like(self.fields.rows)
                value = value.detach().requires_grad_()
                changed = {**parameters, name: value}
                full = coupling_jets(package, coordinates, jets, changed, self.fields.couplings)
                found[name] = {
                    key: tuple(torch.autograd.grad((e + 0 * value).sum(), value, retain_graph=True)[0] for e in jet)
                    for key, jet in full.items()
                }
        return found


def _spread(value: Tensor | float, shape: Sequence[int], like: Tensor) -> Tensor:
    """A value in a shape that it broadcasts to."""
    return torch.as_tensor(value, dtype=like.dtype, device=like.device).expand(shape)
