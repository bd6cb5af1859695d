r"""Collocation: a generated package on a grid becomes algebraic equations with their exact Jacobian.

The unknowns are the values u of every profile at the nodes. Rows are every equation, dynamical and
constraint, at every node, both ends included, and then the boundary conditions:

    r_e(z_i) = R_e(z_i; u_i, (D u)_i, (D^2 u)_i, ...),
    d r_e(z_i) / d u_p(z_j) = sum_k (dR_e/du_p^(k))_i (D^(k))_ij.

There are more rows than unknowns: the constraint follows from the rest, and at a singular end (boundary,
horizon) an equation turns into the regularity condition there. The system is consistent, so least squares
solves it, and nothing has to be left out by hand. The partial derivatives come from the package's
`linearisation`: no autograd.

*Scale.* Each equation is measured against the largest value on the grid of its magnitude (the sum of its
terms' absolute values) plus the sum of the absolute values of its partial derivatives. The first makes
residuals relative; the second keeps an equation whose terms all vanish on the solution (a scalar that stays
zero) from being divided by rounding.

*Weight.* By the Bianchi identity a constraint that holds at one point holds everywhere, once the dynamical
equations do. Off shell the linearised identity fails at second order, so interior constraint rows at full
weight contradict the Newton step for the rest: the number of iterations then grows with the number of nodes.
They get a small weight, and full weight at the two ends. In the result they hold like every other row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid
from holosym.errors import SolveError
from holosym.solve.conditions import BoundaryCondition, End
from holosym.solve.package import Coordinates, GeneratedPackage, Jets, Parameters, orders_of
from holosym.solve.rows import concatenate, jet_rows, stack
from holosym.solve.system import Linearised

CouplingFunction = Callable[[Sequence[Tensor]], Sequence[Tensor]]
State = tuple[Coordinates, Jets, Jets, Parameters]
_INTERIOR_CONSTRAINT_WEIGHT = 1e-4


@dataclass(frozen=True)
class Collocation:
    """The equations of one package on one grid, batched over leading dimensions; a `System` for Newton.

    Attributes:
        package: a generated package with a single coordinate.
        grid: nodes and derivative matrices, of the order that the package's jets need.
        conditions: boundary conditions, each one row.
        parameters: the package's parameters: numbers, or tensors of the batch's shape.
        couplings: for each coupling without a closed form, its arguments to its jet in COUPLINGS' order.

    Raises:
        SolveError: several coordinates, a coupling or parameter without a value, a grid of too low an order.
    """

    package: GeneratedPackage
    grid: ChebyshevGrid
    conditions: Sequence[BoundaryCondition]
    parameters: Parameters = field(default_factory=dict)
    couplings: Mapping[str, CouplingFunction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        package = self.package
        if len(package.COORDINATES) != 1:
            raise SolveError(f"{package.NAME} has several coordinates, and this solver works on a line")
        absent = [name for name in package.PARAMETERS if name not in self.parameters]
        absent += [n for n, entry in package.COUPLINGS.items() if not entry["closed"] and n not in self.couplings]
        if absent:
            raise SolveError(f"{package.NAME} cannot be solved without {', '.join(absent)}", mend="give their values")
        order = max(orders_of(package).values())
        if order >= len(self.grid.derivatives):
            raise SolveError(f"{package.NAME} has derivatives of order {order}", mend=f"make the grid with {order=}")

    def pack(self, profiles: Mapping[str, Tensor]) -> Tensor:
        """Nodal values (..., n) by profile, as one vector of unknowns (..., N), N = n times the profiles."""
        return concatenate([profiles[name] for name in self.package.PROFILES])

    def jets(self, unknowns: Tensor) -> dict[str, tuple[Tensor, ...]]:
        """The profiles' derivatives of order 0, 1, 2, ... at the nodes, each (..., n)."""
        names = tuple(self.package.PROFILES)
        values = unknowns.chunk(len(names), dim=-1)
        return {name: self.grid.jets(value) for name, value in zip(names, values, strict=True)}

    def state(self, jets: Jets) -> State:
        """The four arguments of the package's functions, from the profiles' derivatives at the nodes."""
        package = self.package
        coordinates = {package.COORDINATES[0]: self.grid.nodes}
        parameters = {
            name: value[..., None] if isinstance(value, Tensor) and value.ndim else value
            for name, value in self.parameters.items()
        }
        entries = {p: tuple(jets[p][index[0]] for index in indices) for p, indices in package.PROFILES.items()}
        arguments = package.coupling_arguments(coordinates, entries, parameters)
        couplings: dict[str, Sequence[Tensor]] = dict(package.closed_couplings(arguments, parameters))
        couplings.update({name: function(arguments[name]) for name, function in self.couplings.items()})
        return coordinates, entries, couplings, parameters

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows (..., M) that must vanish, at unknowns (..., N)."""
        jets = self.jets(unknowns)
        equations = self.package.residuals(*self.state(jets))
        rows = [equations[name] + torch.zeros_like(self.grid.nodes) for name in self.package.EQUATIONS]
        rows += [condition.row(_at_end(jets, condition.end))[0][..., None] for condition in self.conditions]
        return concatenate(rows)

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows (..., M) with their Jacobian (..., M, N), scales and weights, at unknowns (..., N)."""
        jets = self.jets(unknowns)
        state = self.state(jets)
        residuals, magnitudes = self.package.residuals(*state), self.package.magnitudes(*state)
        partials = self.package.linearisation(*state)[0]
        equations = [
            self._equation(role, residuals[name], magnitudes[name], partials.get(name, {}))
            for name, role in self.package.EQUATIONS.items()
        ]
        return stack(equations + [self._condition(condition, jets) for condition in self.conditions])

    def _equation(
        self, role: str, residual: Tensor, magnitude: Tensor, partials: Mapping[str, Mapping[int, Tensor]]
    ) -> Linearised:
        """One equation at the n nodes; its scale is one number, the largest on the grid."""
        profiles, zeros = self.package.PROFILES, torch.zeros_like(self.grid.nodes)
        by_order = {
            (profile, profiles[profile][i][0]): partial
            for profile, entries in partials.items()
            for i, partial in entries.items()
        }
        jacobian, size = jet_rows(by_order, self.grid.derivatives, profiles)
        size = size + magnitude
        weight = torch.ones_like(zeros)
        if role == "constraint":
            weight[1:-1] = _INTERIOR_CONSTRAINT_WEIGHT
        scale = _positive(size.amax(dim=-1, keepdim=True)).expand_as(size)
        return Linearised(residual + zeros, jacobian, scale, weight)

    def _condition(self, condition: BoundaryCondition, jets: Jets) -> Linearised:
        """One boundary condition as a block of one row."""
        value, partials = condition.row(_at_end(jets, condition.end))
        columns = {
            entry: partial[..., None] if isinstance(partial, Tensor) else partial for entry, partial in partials.items()
        }
        node = condition.end.value
        operators = [matrix[node].unsqueeze(0) for matrix in self.grid.derivatives]
        jacobian, size = jet_rows(columns, operators, self.package.PROFILES)
        return Linearised(value[..., None], jacobian, _positive(size), torch.ones_like(self.grid.nodes[:1]))

    def row_name(self, index: int) -> str:
        """What row `index` is, for messages."""
        names = tuple(self.package.EQUATIONS)
        equation, node = divmod(index, len(self.grid))
        if equation < len(names):
            return f"equation {names[equation]} at {self._place(node)}"
        return f"condition {self.conditions[index - len(names) * len(self.grid)].name}"

    def unknown_name(self, index: int) -> str:
        """What unknown `index` is, for messages."""
        profile, node = divmod(index, len(self.grid))
        return f"{tuple(self.package.PROFILES)[profile]} at {self._place(node)}"

    def _place(self, node: int) -> str:
        return f"{self.package.COORDINATES[0]} = {float(self.grid.nodes[node]):.6g}"


def _at_end(jets: Jets, end: End) -> dict[str, tuple[Tensor, ...]]:
    return {name: tuple(entry[..., end.value] for entry in jet) for name, jet in jets.items()}


def _positive(scale: Tensor) -> Tensor:
    """A scale of zero belongs to a row that is identically zero; one measures it as well as any number."""
    return torch.where(scale == 0, torch.ones_like(scale), scale)
