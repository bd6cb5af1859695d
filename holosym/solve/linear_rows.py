"""The conditions that are linear: seams, horizon, responses, choices; their matrices are made once for a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.solve.fields import Expanded, Fields
from holosym.solve.linear_map import LinearMap, difference, stacked


@dataclass(frozen=True)
class LinearRows:
    """Conditions on the unknowns of `fields`.

    Attributes:
        vanishing: profiles that are zero at the horizon.
        choices: data with the values they shall have.
        names: what the rows are, for messages.
    """

    fields: Fields
    vanishing: tuple[str, ...]
    choices: Mapping[str, Tensor | float]
    names: tuple[str, ...] = field(init=False)
    _map: LinearMap = field(init=False)

    def __post_init__(self) -> None:
        rows = {**self._seams(), **self._horizon(), **self._responses(), **self._chosen()}
        object.__setattr__(self, "names", tuple(rows))
        object.__setattr__(self, "_map", stacked([*rows.values(), self.fields.layout.nothing()]))

    def residual(self, here: Expanded) -> Tensor:
        """What must vanish, (..., rows)."""
        value = self._map.value(here.rest, here.scalars, here.coefficients)[..., :-1]
        if not self.choices:
            return value
        chosen = [torch.as_tensor(target, dtype=value.dtype, device=value.device) for target in self.choices.values()]
        targets = torch.stack(torch.broadcast_tensors(*chosen), dim=-1)  # type: ignore[no-untyped-call]
        return value - torch.nn.functional.pad(targets, (value.shape[-1] - len(self.choices), 0))

    def jacobian(self, here: Expanded) -> Tensor:
        """Their derivatives (..., rows, N); `here` has its own."""
        return self._map.jacobian(here.partials)[..., :-1, :]

    def _seams(self) -> dict[str, LinearMap]:
        fields, layout = self.fields, self.fields.layout
        rows = {}
        for left, right in fields.panels.seams:
            place = float(fields.panels.nodes[left])
            for profile in fields.ansatz:
                for order in range(min(2, len(fields.panels.derivatives))):
                    jump = difference(layout.jet(profile, order, left), layout.jet(profile, order, right))
                    rows[f"continuity of {profile}{chr(39) * order} at x = {place:.6g}"] = jump
        return rows

    def _horizon(self) -> dict[str, LinearMap]:
        return {f"{name} = 0 at the horizon": self.fields.layout.jet(name, 0, -1) for name in self.vanishing}

    def _responses(self) -> dict[str, LinearMap]:
        fields, layout = self.fields, self.fields.layout
        rows = {}
        for i, (profile, ansatz) in enumerate(fields.ansatz.items()):
            terms = fields.boundary.TERMS[profile]
            if (ansatz.power, 0) in terms:
                response = layout.coefficient(profile, terms.index((ansatz.power, 0)))
                rows[f"response of {profile}"] = difference(layout.unknown(i * layout.nodes), response)
        return rows

    def _chosen(self) -> dict[str, LinearMap]:
        data = list(self.fields.boundary.DATA)
        first = self.fields.size - len(self.fields.scalars)
        return {f"choice of {name}": self.fields.layout.unknown(first + data.index(name)) for name in self.choices}
