"""The rows of a boundary value problem as a `System` for Newton; what they are says `boundary_problem`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from holosym.solve.condition_rows import ConditionRows
from holosym.solve.controls import Control
from holosym.solve.equation_rows import EquationRows
from holosym.solve.fields import Fields
from holosym.solve.rows import concatenate, stack
from holosym.solve.system import Linearised


@dataclass(frozen=True)
class Controlled:
    """Equations and conditions together.

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

    @cached_property
    def equations(self) -> EquationRows:
        """The rows of the equations."""
        return EquationRows(self.fields)

    @cached_property
    def conditions(self) -> ConditionRows:
        """All other rows."""
        return ConditionRows(self.fields, self.vanishing, self.choices, self.controls)

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows (..., M) that must vanish."""
        here = self.fields.expanded(unknowns)
        return concatenate([*self.equations.residuals(here), self.conditions.residual(here)])

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows with their Jacobian, sizes and weights."""
        here = self.fields.expanded(unknowns, partials=True)
        return stack([*self.equations.blocks(here), self.conditions.block(here)])

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
