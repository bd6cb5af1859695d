r"""The equations at the points of the ansatz, with their Jacobian.

With J_p^(k) = B_k c_p(s) + M_k u_p the jets of profile p there, s the scalars,

    dR/du_p = sum_k R_(p,k) M_k,     dR/ds = sum_(p,k) R_(p,k) B_k dc_p/ds + dR/dparameters,

with R_(p,k) from the package's `linearisation`. On the first panel the residual itself is free of cancellation;
its derivatives with respect to the scalars keep their rounding, which costs Newton nothing: it corrects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.solve.fields import Expanded, Fields
from holosym.solve.package import Coordinates, Jets, Parameters
from holosym.solve.rows import concatenate
from holosym.solve.scalars import coupling_jets
from holosym.solve.system import Linearised

State = tuple[Coordinates, Jets, Jets, Parameters]
_INTERIOR_CONSTRAINT_WEIGHT = 1e-4
_ROUNDING = 1e-13


@dataclass(frozen=True)
class EquationRows:
    """The rows of the equations, batched over leading dimensions."""

    fields: Fields

    def residuals(self, here: Expanded) -> list[Tensor]:
        """One tensor (..., m) an equation."""
        plain = self.fields.package.residuals(*self._state(here))
        near = self._near(here)
        return [self._merged(plain[name], near.get(name)) for name in self.fields.package.EQUATIONS]

    def blocks(self, here: Expanded) -> list[Linearised]:
        """One block of rows an equation; `here` has its derivatives."""
        package, state = self.fields.package, self._state(here)
        residuals, magnitudes, near = package.residuals(*state), package.magnitudes(*state), self._near(here)
        by_jets, by_couplings, by_parameters = package.linearisation(*state)
        slopes = self._coupling_slopes(state)
        blocks = []
        for name, role in package.EQUATIONS.items():
            explicit = dict(by_parameters.get(name, {}))
            for free, responses in slopes.items():
                for coupling, entries in by_couplings.get(name, {}).items():
                    for i, partial in entries.items():
                        explicit[free] = explicit.get(free, 0) + partial * responses[coupling][i]
            jacobian, size = self._jacobian(by_jets.get(name, {}), explicit, here)
            residual = self._merged(residuals[name], near.get(name))
            scale = (size + magnitudes[name]) * self._reduction(name)
            scale = torch.where(scale == 0, torch.ones_like(scale), scale)
            blocks.append(Linearised(residual, jacobian, scale, self._weight(role, jacobian, scale)))
        return blocks

    def _jacobian(
        self, by_jets: Mapping[str, Mapping[int, Tensor]], explicit: Mapping[str, Tensor], here: Expanded
    ) -> tuple[Tensor, Tensor]:
        """Derivatives (..., m, N) of one equation, and the sum of its |partials| (..., m)."""
        fields = self.fields
        zero = torch.zeros_like(fields.rows)
        size, columns = zero, []
        by_scalars = torch.zeros(len(zero), len(fields.scalars), dtype=zero.dtype)
        for profile, ansatz in fields.row_ansatz.items():
            block = torch.zeros(len(zero), len(fields.panels), dtype=zero.dtype)
            slope = here.partials[profile][..., list(ansatz.terms), :]
            for i, partial in by_jets.get(profile, {}).items():
                order = fields.package.PROFILES[profile][i][0]
                factor = (partial + zero)[..., None]
                block = block + factor * ansatz.operators[order]
                by_scalars = by_scalars + factor * (ansatz.basis[order] @ slope)
                size = size + factor[..., 0].abs()
            columns.append(block)
        for i, name in enumerate(fields.free, start=len(fields.boundary.DATA)):
            if name in explicit:
                unit = torch.eye(len(fields.scalars), dtype=zero.dtype)[i]
                by_scalars = by_scalars + (explicit[name] + zero)[..., None] * unit
        return concatenate([*columns, by_scalars]), size

    def _near(self, here: Expanded) -> dict[str, Tensor]:
        """The equations on the first panel without cancellation, by name; empty if that cannot be."""
        fields = self.fields
        if not fields.starts or fields.near is None:
            return {}
        batch = here.scalars.shape[:-1]
        rest = {name: u.expand(*batch, u.shape[-1]) for name, u in here.rest.items()}
        numbers = fields.near.residuals(here.coefficients, rest, self._parameters(here))
        return {name: fields.near.x**start * numbers[name].above(start) for name, start in fields.starts.items()}

    def _merged(self, plain: Tensor, near: Tensor | None) -> Tensor:
        """The residual at all points, with the better values where there are any."""
        plain = plain + torch.zeros_like(self.fields.rows)
        if near is None:
            return plain
        return torch.cat([near.expand(*plain.shape[:-1], -1), plain[..., near.shape[-1] :]], dim=-1)

    def _reduction(self, name: str) -> Tensor:
        """How much smaller than its terms an equation is where they cancel: x^(J_e) on the first panel."""
        fields = self.fields
        factor = torch.ones_like(fields.rows)
        if fields.starts and fields.near is not None:
            x = fields.near.x
            factor[: len(x)] = (x / x[-1]) ** max(fields.starts[name], 0)
        return factor

    def _weight(self, role: str, jacobian: Tensor, scale: Tensor) -> Tensor:
        """What rows count for: less in the interior of a constraint, and where rounding drowns them."""
        weight = torch.ones_like(self.fields.rows)
        if role == "constraint":
            weight[:-1] = _INTERIOR_CONSTRAINT_WEIGHT
        length = torch.linalg.vector_norm(jacobian, dim=-1)
        noise = torch.finfo(length.dtype).eps * scale / torch.where(length == 0, torch.ones_like(length), length)
        return weight / torch.sqrt(1 + (noise / _ROUNDING) ** 2)

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
