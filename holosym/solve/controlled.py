"""The rows of a boundary value problem as a `System` for Newton; what they are says `boundary_problem`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from holosym.solve.condition_rows import ConditionRows
from holosym.solve.controls import Control
from holosym.solve.equation_rows import EquationRows
from holosym.solve.fields import Expanded, Fields
from holosym.solve.linear_rows import LinearRows
from holosym.solve.rows import concatenate
from holosym.solve.system import Linearised


@dataclass(frozen=True)
class Controlled:
    """Equations and conditions together.

    Attributes:
        fields: from unknowns to jets.
        linear: the conditions that are linear.
        controls: further rows.
        safe: evaluate rows near the boundary without cancellation.
    """

    fields: Fields
    linear: LinearRows
    controls: tuple[Control, ...]
    safe: bool = True

    @cached_property
    def equations(self) -> EquationRows:
        """The rows of the equations."""
        return EquationRows(self.fields, self.safe)

    @cached_property
    def rough(self) -> Controlled | None:
        """The same without care for rounding, which costs a third; None if no care is taken."""
        return replace(self, safe=False) if self.safe and self.fields.starts else None

    @cached_property
    def conditions(self) -> ConditionRows:
        """All other rows."""
        return ConditionRows(self.fields, self.linear, self.controls)

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows (..., M) that must vanish."""
        here = self.fields.expanded(unknowns)
        return concatenate([self.equations.residual(here), self.conditions.residual(here)])

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows with their Jacobian, sizes and weights."""
        return self.linearised(self.fields.expanded(unknowns, partials=True))

    def linearised(self, here: Expanded) -> Linearised:
        """The same from unknowns in their parts, with partials."""
        conditions, slopes = self.conditions.residual(here), self.conditions.jacobian(here)
        batch, count = conditions.shape[:-1], conditions.shape[-1]
        equations = self.equations.linearise(here, batch, count)
        equations.jacobian[..., -count:, :] = slopes
        scale = slopes.abs().sum(dim=-1)
        scale = torch.where(scale == 0, 1.0, scale).expand((*equations.jacobian.shape[:-2], count))
        return Linearised(
            concatenate([equations.residual, conditions]),
            equations.jacobian,
            torch.cat([equations.scale, scale], dim=-1),
            torch.cat([equations.weight, torch.ones_like(scale)], dim=-1),
        )

    def row_name(self, index: int) -> str:
        """What row `index` is, for messages."""
        names, rows = tuple(self.fields.package.EQUATIONS), len(self.fields.rows)
        equation, point = divmod(index, rows)
        if equation < len(names):
            return f"equation {names[equation]} at x = {float(self.fields.rows[point]):.6g}"
        return self.conditions.names()[index - rows * len(names)]

    def unknown_name(self, index: int) -> str:
        """What unknown `index` is, for messages."""
        fields = self.fields
        nodes = fields.panels.nodes
        profile, node = divmod(index, len(nodes))
        if profile < len(fields.ansatz):
            return f"{tuple(fields.ansatz)[profile]} at x = {float(nodes[node]):.6g}"
        return fields.scalars[index - len(nodes) * len(fields.ansatz)]
