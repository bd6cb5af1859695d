r"""The boundary value problem of one black-brane state, from the boundary x = 0 to the horizon x = 1.

Rows, all of which vanish on a state:

    equations     R_e at every node but x = 0, where the ansatz already solves them; the horizon's node makes
                  them the conditions of regularity there,
    seams         p and p' agree on both sides of an inner break,
    horizon       f(1) = 0, A_t(1) = 0,
    responses     u_p(0) is the coefficient of x^(n_p) in the boundary series,
    choices       data of the boundary metric have their vacuum values, those of gauge are zero,
    controls      what the caller wants of the state.

*Rounding.* A residual is known to eps times the sum of its terms, and x^n u enters it with x^n: divided by the
length of its Jacobian row, the rounding of a row near x = 0 grows like eps/x^n. Rows of unit length would let
it in; each is weighted down as far as its rounding exceeds that of a good row. The smooth u, known from
further inside, then continues to x = 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.panels import Panels, panels
from holosym.errors import SolveError
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.corrections import ROUNDING
from holosym.solve.couplings import Coupling
from holosym.solve.expansion import BoundaryModule, HorizonModule, boundary_of, horizon_of
from holosym.solve.fields import Fields
from holosym.solve.linear_rows import LinearRows
from holosym.solve.newton import TOLERANCE, newton
from holosym.solve.package import GeneratedPackage, Parameters, orders_of
from holosym.solve.state import State


@dataclass(frozen=True)
class BoundaryValueProblem:
    """Black-brane states of one theory.

    Attributes:
        package: a generated package with boundary and horizon.
        nodes: Chebyshev nodes of the panel at the horizon and of those between.
        near: Chebyshev nodes of the panel at the boundary. Few, because a polynomial of higher degree takes the
            rounding of rows near x = 0 for a response: C(near + 2n, 2n + 1) eps/b^n for the power n and a panel of
            length b, 5e-10 at n = 4 and 1e-11 at n = 3 with 12 nodes and b = 1/2.
        parameters: those that keep their values: numbers, or tensors over the batch.
        free: parameters that are unknowns; each needs one more control.
        couplings: for each coupling without a closed form, the function.
        chosen: values for data of kind metric or gauge, instead of vacuum and zero.
        breaks: where panels meet, in x = z/z_h or r_h/r, between 0 and 1.
        device: where everything is computed; tensors that are given must be there.
        written, exact: False leaves the logarithms to the grid, the cancellation to the rows (for comparison).
    """

    package: GeneratedPackage
    nodes: int = 28
    near: int = 24
    parameters: Parameters = field(default_factory=dict)
    free: tuple[str, ...] = ()
    couplings: Mapping[str, Coupling] = field(default_factory=dict)
    chosen: Mapping[str, float] = field(default_factory=dict)
    breaks: tuple[float, ...] = (0.4,)
    written: bool = True
    exact: bool = True
    device: torch.device | str = "cpu"
    fields: Fields = field(init=False)
    boundary: BoundaryModule = field(init=False)
    horizon: HorizonModule = field(init=False)

    def __post_init__(self) -> None:
        package = self.package
        boundary, horizon = boundary_of(package), horizon_of(package)
        given = {*self.parameters, *self.free}
        absent = [name for name in package.PARAMETERS if name not in given]
        absent += [n for n, entry in package.COUPLINGS.items() if not entry["closed"] and n not in self.couplings]
        if absent:
            raise SolveError(f"{package.NAME} cannot be solved without {', '.join(absent)}", mend="give their values")
        if len(package.COORDINATES) != 1 or isinstance(horizon.POINT, str):
            raise SolveError(f"{package.NAME}: this solver takes z_h = 1 as its unit, on a single coordinate")
        order = max(orders_of(package).values())
        bounds = (0.0, *self.breaks, 1.0)
        grid: Panels = panels(bounds, (self.near, *(self.nodes for _ in self.breaks)), order=order, device=self.device)
        fixed = {name: value for name, value in self.parameters.items() if name not in self.free}
        fields = Fields(package, boundary, grid, fixed, tuple(self.free), self.couplings, self.written, self.exact)
        for name, value in (("boundary", boundary), ("horizon", horizon), ("fields", fields)):
            object.__setattr__(self, name, value)

    def initial(self) -> Tensor:
        """The neutral brane without sources, (..., N): what vanishes at the horizon does, all else is vacuum."""
        fields = self.fields
        start = [float(self.boundary.VACUUM.get(name, 0.0)) for name in self.boundary.DATA]
        start = [self.chosen.get(name, value) for name, value in zip(self.boundary.DATA, start, strict=True)]
        x = fields.panels.nodes
        scalars = x.new_tensor(start + [0.0] * len(fields.free))
        coefficients, first = fields.coefficients(scalars), fields.panels.first
        rest: dict[str, Tensor] = {}
        for name, ansatz in fields.ansatz.items():
            values = zip(coefficients[name].unbind(dim=-1), self.boundary.TERMS[name], strict=True)
            lower = [(c[..., None], e) for c, (e, logs) in values if not logs and e < ansatz.power]
            nothing = torch.zeros_like(coefficients[name][..., :1])
            here = nothing - sum(c for c, _ in lower) if name in self.horizon.VANISHING else nothing
            far = here * x**ansatz.power + sum(c * x**e for c, e in lower)
            rest[name] = torch.where(torch.arange(len(x), device=x.device) < first, here, far)
        columns = list(scalars.unbind(dim=-1))
        for i, entry in enumerate(self.boundary.DATA.values()):
            profile = entry["profile"]
            if entry["kind"] == "response" and entry["log"] == 0 and entry["power"] == fields.ansatz[profile].power:
                columns[i] = rest[profile][..., 0]
        scalars = torch.stack(torch.broadcast_tensors(*columns), dim=-1)  # type: ignore[no-untyped-call]
        return fields.pack(rest, scalars)

    def with_controls(self, controls: Sequence[Control]) -> Controlled:
        """The system of rows for Newton and continuation."""
        return Controlled(self.fields, self.linear, tuple(controls))

    @cached_property
    def linear(self) -> LinearRows:
        """The conditions that no control changes."""
        choices = {
            name: self.chosen.get(name, self.boundary.VACUUM.get(name, 0.0))
            for name, entry in self.boundary.DATA.items()
            if entry["kind"] in ("metric", "gauge") or name in self.chosen
        }
        return LinearRows(self.fields, self.horizon.VANISHING, choices)

    def solve(
        self,
        controls: Sequence[Control],
        guess: Tensor | None = None,
        *,
        tolerance: float = TOLERANCE,
        precision: float = ROUNDING,
    ) -> State:
        """The state with these controls, by Newton from `guess` (the neutral brane by default); see `newton`.

        Raises:
            SolveError: no solution reached from there, or directions that nothing determines.
        """
        start = self.initial() if guess is None else guess
        unknowns, report = newton(self.with_controls(controls), start, tolerance=tolerance, precision=precision)
        return State(self.fields, unknowns, report)
