r"""Every row that is not an equation: seams, horizon, responses, choices, controls.

All but the controls are linear in jets at single nodes, in u, in the series' coefficients and in the scalars;
controls are differentiated backwards, in the scalars and in the jets at the horizon that they see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.solve.controls import Control
from holosym.solve.fields import Expanded, Fields
from holosym.solve.rows import concatenate
from holosym.solve.scalars import Scalars
from holosym.solve.state import scalars_of
from holosym.solve.system import Linearised

Row = tuple[str, Tensor, Tensor]


@dataclass(frozen=True)
class ConditionRows:
    """Conditions on the unknowns of `fields`.

    Attributes:
        vanishing: profiles that are zero at the horizon.
        choices: data with the values they shall have.
        controls: further rows.
    """

    fields: Fields
    vanishing: tuple[str, ...]
    choices: Mapping[str, Tensor | float]
    controls: tuple[Control, ...]

    def residual(self, here: Expanded) -> Tensor:
        """What must vanish, (..., rows)."""
        values = [value for _, value, _ in self._linear(here, slopes=False)]
        seen = scalars_of(self.fields, here)
        return _stack([*values, *(control.row(seen) for control in self.controls)], here)

    def block(self, here: Expanded) -> Linearised:
        """The rows with their derivatives; `here` has its own."""
        rows = self._linear(here, slopes=True)
        seen = scalars_of(self.fields, here)
        values = [value for _, value, _ in rows] + [control.row(seen) for control in self.controls]
        residual = _stack(values, here)
        slopes = [slope for _, _, slope in rows] + self._control_slopes(here, seen)
        batch, size = residual.shape[:-1], self.fields.size
        jacobian = torch.stack([slope.expand(*batch, size) for slope in slopes], dim=-2)
        scale = jacobian.abs().sum(dim=-1)
        return Linearised(residual, jacobian, torch.where(scale == 0, 1.0, scale), torch.ones_like(residual))

    def names(self) -> list[str]:
        """What the rows are, for messages."""
        nothing = torch.zeros(self.fields.size, dtype=self.fields.rows.dtype)
        linear = self._linear(self.fields.expanded(nothing), slopes=False)
        return [name for name, _, _ in linear] + [f"control {control.name}" for control in self.controls]

    def _linear(self, here: Expanded, *, slopes: bool) -> list[Row]:
        """Name, value and, if asked for, derivatives of every row but the controls."""
        fields = self.fields
        rows: list[Row] = []
        for left, right in fields.panels.seams:
            for profile in fields.ansatz:
                for order in range(min(2, len(fields.panels.derivatives))):
                    (a, da), (b, db) = (self._entry(here, profile, order, i, slopes) for i in (left, right))
                    place = float(fields.panels.nodes[left])
                    rows.append((f"continuity of {profile}{chr(39) * order} at x = {place:.6g}", a - b, da - db))
        for profile in self.vanishing:
            rows.append((f"{profile} = 0 at the horizon", *self._entry(here, profile, 0, -1, slopes)))
        unit = torch.eye(fields.size, dtype=fields.rows.dtype)
        start = fields.size - len(fields.scalars)
        for i, (profile, ansatz) in enumerate(fields.ansatz.items()):
            terms = fields.boundary.TERMS[profile]
            if (ansatz.power, 0) in terms:
                place = terms.index((ansatz.power, 0))
                slope = unit[i * len(fields.panels)]
                if slopes:
                    slope = slope - concatenate(
                        [torch.zeros(start, dtype=unit.dtype), here.partials[profile][..., place, :]]
                    )
                value = here.rest[profile][..., 0] - here.coefficients[profile][..., place]
                rows.append((f"response of {profile}", value, slope))
        data = fields.data(here.scalars)
        for name, target in self.choices.items():
            rows.append((f"choice of {name}", data[name] - target, unit[start + list(data).index(name)]))
        return rows

    def _entry(self, here: Expanded, profile: str, order: int, node: int, slopes: bool) -> tuple[Tensor, Tensor]:
        """One derivative of one profile at one node, with its derivatives by the unknowns if asked for."""
        ansatz = self.fields.ansatz[profile]
        operator, basis, terms = ansatz.operators[order, node], ansatz.basis[order, node], list(ansatz.terms)
        value = here.rest[profile] @ operator + here.coefficients[profile][..., terms] @ basis
        if not slopes:
            return value, operator[:0]
        zeros = torch.zeros_like(operator)
        columns = [operator if name == profile else zeros for name in self.fields.ansatz]
        return value, concatenate([*columns, basis @ here.partials[profile][..., terms, :]])

    def _control_slopes(self, here: Expanded, seen: Scalars) -> list[Tensor]:
        """Derivatives of the controls by the unknowns."""
        if not self.controls:
            return []
        fields = self.fields
        entries = [
            (p, i, index[0]) for p, indices in fields.package.PROFILES.items() for i, index in enumerate(indices)
        ]
        count = len(fields.scalars)
        jets = torch.stack([seen.horizon[p][i] for p, i, _ in entries], dim=-1)
        point = torch.cat([here.scalars, jets], dim=-1).detach().requires_grad_()
        operators = torch.stack([self._entry(here, p, order, -1, True)[1] for p, _, order in entries], dim=-2)
        zeros = torch.zeros(fields.size - count, dtype=point.dtype)
        slopes = []
        with torch.enable_grad():
            horizon = {
                p: tuple(point[..., count + k] for k, e in enumerate(entries) if e[0] == p) for p in fields.ansatz
            }
            view = fields.view(point[..., :count], horizon)
            for control in self.controls:
                total = (control.function(view) + 0 * point[..., 0]).sum()
                (slope,) = torch.autograd.grad(total, point, retain_graph=True)
                through_jets = (slope[..., None, count:] @ operators)[..., 0, :]
                slopes.append(through_jets + concatenate([zeros, slope[..., :count]]))
        return slopes


def _stack(values: list[Tensor], here: Expanded) -> Tensor:
    """Rows side by side, over the batch of unknowns and targets together."""
    batch = torch.broadcast_shapes(here.scalars.shape[:-1], *(value.shape for value in values))  # type: ignore[no-untyped-call]
    return torch.stack([value.expand(batch) for value in values], dim=-1)
