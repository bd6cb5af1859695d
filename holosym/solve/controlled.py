r"""The rows of a boundary value problem with their Jacobian; what they are says `boundary_problem`.

With J_p^(k) = B_k c_p(s) + M_k u_p the jets of profile p at the nodes, s the scalars,

    dR/du_p = sum_k R_(p,k) M_k,     dR/ds = sum_(p,k) R_(p,k) B_k dc_p/ds + dR/dparameters,

with R_(p,k) from the package's `linearisation` and dc_p/ds forwards through the series' coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd import forward_ad

from holosym.solve.controls import Control
from holosym.solve.fields import Fields, Stacked
from holosym.solve.package import Coordinates, Jets, Parameters
from holosym.solve.rows import stack
from holosym.solve.scalars import Scalars, coupling_jets
from holosym.solve.system import Linearised

_INTERIOR_CONSTRAINT_WEIGHT = 1e-4
ROUNDING = 1e-13
WEIGHT_POWER = 0.0
State = tuple[Coordinates, Jets, Jets, Parameters]


@dataclass(frozen=True)
class Controlled:
    """A `System` for Newton.

    Attributes:
        fields: from unknowns to jets.
        vanishing: profiles that are zero at the horizon.
        choices: data with the values they shall have.
        controls: further rows.
    """

    fields: Fields
    vanishing: tuple[str, ...]
    choices: Mapping[str, Tensor | float]
    controls: tuple[Control, ...]

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows (..., M) that must vanish."""
        fields = self.fields
        scalars = fields.split(unknowns)[1]
        coefficients = fields.coefficients(scalars)
        jets = self._inner(unknowns, coefficients)
        equations = fields.package.residuals(*self._state(jets, scalars))
        near = self._near(unknowns, coefficients, scalars)
        parts = []
        for name in fields.package.EQUATIONS:
            plain = equations[name] + 0 * fields.rows
            inner = near.get(name, plain[..., :0])
            parts.append(torch.cat([inner.expand(*plain.shape[:-1], -1), plain[..., inner.shape[-1] :]], dim=-1))
        parts.append(self._conditions(unknowns, scalars, coefficients, jets))
        batch = torch.broadcast_shapes(*(part.shape[:-1] for part in parts))  # type: ignore[no-untyped-call]
        return torch.cat([part.expand(*batch, part.shape[-1]) for part in parts], dim=-1)

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows with their Jacobian, sizes and weights."""
        fields, package = self.fields, self.fields.package
        scalars = fields.split(unknowns)[1]
        with forward_ad.dual_level():
            perturbed = fields.perturbed(scalars)
            moved = fields.coefficients(perturbed)
            series = {name: fields.value_and_slope(entry) for name, entry in moved.items()}
        coefficients = {name: value for name, (value, _) in series.items()}
        partials = {name: slope for name, (_, slope) in series.items()}
        near = self._near(unknowns, coefficients, scalars)
        jets = self._inner(unknowns, coefficients)
        state = self._state(jets, scalars)
        residuals = {name: value + 0 * fields.rows for name, value in package.residuals(*state).items()}
        magnitudes = package.magnitudes(*state)
        by_jets, by_couplings, by_parameters = package.linearisation(*state)
        responses = self._by_free(state, scalars)
        blocks = []
        for name, role in package.EQUATIONS.items():
            explicit = dict(by_parameters.get(name, {}))
            for free, slopes in responses.items():
                for coupling, entries in by_couplings.get(name, {}).items():
                    for i, partial in entries.items():
                        explicit[free] = explicit.get(free, 0) + partial * slopes[coupling][i]
            block = self._equation(role, residuals[name], magnitudes[name], by_jets.get(name, {}), explicit, partials)
            blocks.append(self._weighted(role, self._without_cancellation(name, block, near)))
        blocks.append(self._condition_block(unknowns, scalars, coefficients, partials, jets))
        return stack(blocks)

    def _equation(
        self,
        role: str,
        residual: Tensor,
        magnitude: Tensor,
        by_jets: Mapping[str, Mapping[int, Tensor]],
        explicit: Mapping[str, Tensor],
        partials: Stacked,
    ) -> Linearised:
        """One equation at all nodes but the first."""
        fields = self.fields
        rows = len(fields.rows)
        columns, size = [], magnitude
        zero = torch.zeros(rows, dtype=residual.dtype)
        by_scalars = torch.zeros(rows, len(fields.scalars), dtype=residual.dtype)
        for profile, ansatz in fields.row_ansatz.items():
            block = torch.zeros(rows, len(fields.panels), dtype=residual.dtype)
            for i, partial in by_jets.get(profile, {}).items():
                order = fields.package.PROFILES[profile][i][0]
                weight = (partial + zero)[..., None]
                block = block + weight * ansatz.operators[order]
                chosen = partials[profile][..., list(ansatz.terms), :]
                by_scalars = by_scalars + weight * (ansatz.basis[order] @ chosen)
                size = size + weight[..., 0].abs()
            columns.append(block)
        start = len(fields.boundary.DATA)
        for i, parameter in enumerate(fields.free):
            if parameter in explicit:
                one = torch.zeros(len(fields.scalars), dtype=residual.dtype)
                one[start + i] = 1.0
                by_scalars = by_scalars + (explicit[parameter] + zero)[..., None] * one
        jacobian = _join([*columns, by_scalars])
        residual, size = residual + zero, size + zero
        return Linearised(residual, jacobian, torch.where(size == 0, 1.0, size), torch.ones_like(zero))

    def _near(self, unknowns: Tensor, coefficients: Stacked, scalars: Tensor) -> dict[str, Tensor]:
        """The equations on the first panel without cancellation, by name; empty if that cannot be."""
        fields = self.fields
        if not fields.starts or fields.near is None:
            return {}
        parameters = {
            name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
            for name, value in fields.parameters(scalars).items()
        }
        rest = fields.split(unknowns)[0]
        batch = scalars.shape[:-1]
        rest = {name: u.expand(*batch, u.shape[-1]) for name, u in rest.items()}
        numbers = fields.near.residuals(coefficients, rest, parameters)
        return {name: fields.near.x**start * numbers[name].above(start) for name, start in fields.starts.items()}

    def _without_cancellation(self, name: str, block: Linearised, near: Mapping[str, Tensor]) -> Linearised:
        """The block with its residuals on the first panel from `_near`, measured by what they are made of there.

        The derivatives with respect to the scalars keep their rounding, which costs Newton nothing: it corrects.
        """
        if name not in near:
            return block
        here = near[name].shape[-1]
        residual = torch.cat([near[name].expand(*block.residual.shape[:-1], here), block.residual[..., here:]], dim=-1)
        rows = self.fields.rows
        factor = torch.ones_like(rows)
        factor[:here] = (rows[:here] / rows[here - 1]) ** max(self.fields.starts[name], 0)
        return block._replace(residual=residual, scale=block.scale * factor)

    def _weighted(self, role: str, block: Linearised) -> Linearised:
        """What rows count for: less in the interior of a constraint, and where rounding drowns them."""
        weight = torch.ones_like(self.fields.rows)
        if role == "constraint":
            weight[:-1] = _INTERIOR_CONSTRAINT_WEIGHT
        if WEIGHT_POWER:
            weight = (
                weight
                * torch.where(
                    self.fields.rows < self.fields.rows[self.fields.panels.first], self.fields.rows**WEIGHT_POWER, 1.0
                )
                if len(self.fields.panels.grids) > 1
                else weight * self.fields.rows**WEIGHT_POWER
            )
        length = torch.linalg.vector_norm(block.jacobian, dim=-1)
        noise = torch.finfo(length.dtype).eps * block.scale / torch.where(length == 0, 1.0, length)
        return block._replace(weight=weight / torch.sqrt(1 + (noise / ROUNDING) ** 2))

    def _inner(self, unknowns: Tensor, coefficients: Stacked) -> dict[str, tuple[Tensor, ...]]:
        """Jets at all nodes but the first."""
        rest = self.fields.split(unknowns)[0]
        return {name: ansatz.jets(coefficients[name], rest[name]) for name, ansatz in self.fields.row_ansatz.items()}

    def _state(self, jets: Jets, scalars: Tensor) -> State:
        """The arguments of the package's functions at all nodes but the first."""
        fields, package = self.fields, self.fields.package
        x = fields.rows
        coordinates = {package.COORDINATES[0]: x if fields.boundary.BOUNDARY == 0 else 1 / x}
        parameters = {
            name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
            for name, value in fields.parameters(scalars).items()
        }
        entries = {p: tuple(jets[p][i[0]] for i in indices) for p, indices in package.PROFILES.items()}
        return (
            coordinates,
            entries,
            coupling_jets(package, coordinates, entries, parameters, fields.couplings),
            parameters,
        )

    def _by_free(self, state: State, scalars: Tensor) -> dict[str, dict[str, tuple[Tensor, ...]]]:
        """Derivatives of the closed couplings' jets with respect to each free parameter."""
        package = self.fields.package
        coordinates, jets, _, parameters = state
        found = {}
        for name in self.fields.free:

            def along(value: Tensor, name: str = name) -> dict[str, tuple[Tensor, ...]]:
                changed = {**parameters, name: value}
                full = coupling_jets(package, coordinates, jets, changed, self.fields.couplings)
                return {key: tuple(entry + 0 * value for entry in jet) for key, jet in full.items()}

            here = torch.as_tensor(parameters[name])
            if package.COUPLINGS:
                found[name] = torch.func.jvp(along, (here,), (torch.ones_like(here),))[1]
        return found

    def _conditions(self, unknowns: Tensor, scalars: Tensor, coefficients: Stacked, jets: Jets) -> Tensor:
        """Every row that is not an equation."""
        horizon = {name: tuple(entry[..., -1] for entry in jet) for name, jet in jets.items()}
        rows = [row for row in self._linear(unknowns, scalars, coefficients, jets)]
        rows += [control.row(self._scalars(scalars, horizon)) for control in self.controls]
        shape = unknowns.shape[:-1]
        return torch.stack([row.expand(shape) for row in rows], dim=-1)

    def _linear(self, unknowns: Tensor, scalars: Tensor, coefficients: Stacked, jets: Jets) -> list[Tensor]:
        fields = self.fields
        rest, data = fields.split(unknowns)[0], fields.data(scalars)
        full = {name: ansatz.jets(coefficients[name], rest[name]) for name, ansatz in fields.ansatz.items()}
        rows = []
        for left, right in fields.panels.seams:
            rows += [jet[k][..., left] - jet[k][..., right] for jet in full.values() for k in (0, 1)]
        rows += [jets[name][0][..., -1] for name in self.vanishing]
        for name, ansatz in fields.ansatz.items():
            place = _place(fields.boundary.TERMS[name], ansatz.power)
            if place is not None:
                rows.append(rest[name][..., 0] - coefficients[name][..., place])
        rows += [data[name] - value for name, value in self.choices.items()]
        return rows

    def _condition_block(
        self, unknowns: Tensor, scalars: Tensor, coefficients: Stacked, partials: Stacked, jets: Jets
    ) -> Linearised:
        """The Jacobian of `_conditions`: of the linear rows written down, of the controls forwards."""
        fields = self.fields
        n, names = len(fields.panels), tuple(fields.ansatz)
        values = self._conditions(unknowns, scalars, coefficients, jets)
        rows = []

        def at(profile: str, order: int, node: int) -> Tensor:
            """The derivative of one jet entry at one node."""
            ansatz = fields.ansatz[profile]
            parts = [torch.zeros(n, dtype=values.dtype)] * len(names)
            parts[names.index(profile)] = ansatz.operators[order, node]
            return _join([*parts, ansatz.basis[order, node] @ partials[profile][..., list(ansatz.terms), :]])

        for left, right in fields.panels.seams:
            rows += [at(p, k, left) - at(p, k, right) for p in names for k in (0, 1)]
        rows += [at(p, 0, n - 1) for p in self.vanishing]
        unit = torch.eye(fields.size, dtype=values.dtype)
        for i, (name, ansatz) in enumerate(fields.ansatz.items()):
            place = _place(fields.boundary.TERMS[name], ansatz.power)
            if place is not None:
                slope = partials[name][..., place, :]
                zeros = torch.zeros(n * len(names), dtype=values.dtype)
                rows.append(unit[i * n] - _join([zeros, slope]))
        start = n * len(names)
        rows += [unit[start + list(fields.boundary.DATA).index(name)] for name in self.choices]
        if self.controls:
            rows += self._control_rows(scalars, jets, at)
        batch = values.shape[:-1]
        jacobian = torch.stack([row.expand(*batch, row.shape[-1]) for row in rows], dim=-2)
        size = jacobian.abs().sum(dim=-1)
        return Linearised(
            values, jacobian, torch.where(size == 0, 1.0, size), torch.ones_like(values[..., :1]).expand_as(values)
        )

    def _control_rows(self, scalars: Tensor, jets: Jets, at: object) -> list[Tensor]:
        fields = self.fields
        entries = [(p, i[0]) for p, indices in fields.package.PROFILES.items() for i in indices]
        here = torch.stack([jets[p][k][..., -1] for p, k in entries], dim=-1)
        count = len(fields.scalars)

        seen = torch.cat([scalars.detach(), here.detach()], dim=-1).requires_grad_()
        partials = []
        with torch.enable_grad():
            horizon: dict[str, tuple[Tensor, ...]] = {}
            for i, (p, _) in enumerate(entries):
                horizon[p] = (*horizon.get(p, ()), seen[..., count + i])
            view = self._scalars(seen[..., :count], horizon)
            for control in self.controls:
                total = (control.function(view) + 0 * seen[..., 0]).sum()
                partials.append(torch.autograd.grad(total, seen, retain_graph=True)[0])
        partials = torch.stack(partials, dim=-2)
        operators = torch.stack([at(p, k, len(fields.panels) - 1) for p, k in entries], dim=-2)  # type: ignore[operator]
        full = partials[..., count:] @ operators
        zeros = torch.zeros(fields.size - count, dtype=scalars.dtype)
        full = full + _join([zeros, partials[..., :count]])
        return list(full.unbind(dim=-2))

    def _scalars(self, scalars: Tensor, horizon: Jets) -> Scalars:
        fields = self.fields
        entries = {
            p: horizon[p] if len(horizon[p]) == len(indices) else tuple(horizon[p][i[0]] for i in indices)
            for p, indices in fields.package.PROFILES.items()
        }
        return Scalars(
            fields.package,
            fields.data(scalars),
            fields.parameters(scalars),
            entries,
            fields.taylor(scalars),
            fields.couplings,
        )

    def row_name(self, index: int) -> str:
        """What row `index` is."""
        fields = self.fields
        names, rows = tuple(fields.package.EQUATIONS), len(fields.rows)
        equation, node = divmod(index, rows)
        if equation < len(names):
            return f"equation {names[equation]} at {self._at(fields.rows[node])}"
        return self._condition_names()[index - rows * len(names)]

    def unknown_name(self, index: int) -> str:
        """What unknown `index` is."""
        fields = self.fields
        profile, node = divmod(index, len(fields.panels))
        if profile < len(fields.ansatz):
            return f"{tuple(fields.ansatz)[profile]} at {self._at(fields.panels.nodes[node])}"
        return fields.scalars[index - len(fields.panels) * len(fields.ansatz)]

    def _condition_names(self) -> list[str]:
        fields = self.fields
        names = [
            f"continuity of {p}{chr(39) * k} at {self._at(fields.panels.nodes[i])}"
            for i, _ in fields.panels.seams
            for p in fields.ansatz
            for k in (0, 1)
        ]
        names += [f"{p} = 0 at the horizon" for p in self.vanishing]
        names += [
            f"response of {p}"
            for p, a in fields.ansatz.items()
            if _place(fields.boundary.TERMS[p], a.power) is not None
        ]
        names += [f"choice of {name}" for name in self.choices]
        return names + [f"control {control.name}" for control in self.controls]

    def _at(self, x: Tensor) -> str:
        return f"x = {float(x):.6g}"


def jets_first(jets: Jets) -> Tensor:
    return next(iter(jets.values()))[0]


def _place(terms: Sequence[tuple[float, int]], power: float) -> int | None:
    return next((i for i, (e, logs) in enumerate(terms) if e == power and logs == 0), None)


def _join(parts: Sequence[Tensor]) -> Tensor:
    batch = torch.broadcast_shapes(*(part.shape[:-1] for part in parts))  # type: ignore[no-untyped-call]
    return torch.cat([part.expand(*batch, part.shape[-1]) for part in parts], dim=-1)
