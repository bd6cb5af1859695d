r"""Every row that is not an equation: the linear conditions and the controls.

Controls are differentiated backwards, all in one pass, in the scalars and in the jets at the horizon that they see.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.solve.controls import Control
from holosym.solve.fields import Expanded, Fields
from holosym.solve.linear_rows import LinearRows
from holosym.solve.rows import concatenate
from holosym.solve.state import scalars_of


@dataclass(frozen=True)
class ConditionRows:
    """Conditions on the unknowns of `fields`.

    Attributes:
        rows: seams, horizon, responses, choices.
        controls: further rows.
    """

    fields: Fields
    rows: LinearRows
    controls: tuple[Control, ...]

    def residual(self, here: Expanded) -> Tensor:
        """What must vanish, (..., rows)."""
        if not self.controls:
            return self.linear(here)
        seen = scalars_of(self.fields, here)
        return concatenate([self.linear(here), *(control.row(seen)[..., None] for control in self.controls)])

    def linear(self, here: Expanded) -> Tensor:
        """Those of them that are linear in u, in the series' coefficients and in the scalars, (..., rows)."""
        return self.rows.residual(here)

    def jacobian(self, here: Expanded) -> Tensor:
        """Their derivatives (..., rows, N), over the batch of the unknowns; `here` has its own."""
        linear = self.rows.jacobian(here)
        return torch.cat([linear, self._control_slopes(here)], dim=-2) if self.controls else linear

    def names(self) -> list[str]:
        """What the rows are, for messages."""
        return [*self.rows.names, *(f"control {control.name}" for control in self.controls)]

    def _control_slopes(self, here: Expanded) -> Tensor:
        """Derivatives of the controls by the unknowns, (..., controls, N); each sees a copy of its own."""
        fields, count = self.fields, len(self.fields.scalars)
        jets = fields.horizon.value(here.rest, here.scalars, here.coefficients)
        point = torch.cat([here.scalars, jets], dim=-1).detach()
        copies = [point.clone().requires_grad_() for _ in self.controls]
        with torch.enable_grad():
            totals = [
                (control.function(fields.seen(copy)) + 0 * copy[..., 0]).sum()
                for control, copy in zip(self.controls, copies, strict=True)
            ]
            slopes = torch.stack(torch.autograd.grad(totals, copies), dim=-2)
        own = torch.nn.functional.pad(slopes[..., :count], (fields.size - count, 0))
        return slopes[..., count:] @ fields.horizon.jacobian(here.partials) + own
