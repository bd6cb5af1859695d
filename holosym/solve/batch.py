r"""Many states of one theory along a parameter, for little more than the cost of a few.

Newton solves k states at Chebyshev points of the parameter s, the anchors. Both the unknowns and the inverse of the
Jacobian are smooth in s, so for all states

    u(s) = sum_j l_j(s) u_j,        J^+(s) = sum_j l_j(s) J_j^+,

with Lagrange's polynomials l_j of the anchors, are a guess and an approximate inverse. Corrections from this inverse
contract by the error of the interpolation and cost no Jacobian; where they do not, Newton goes on as usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controlled import Controlled
from holosym.solve.controls import Control
from holosym.solve.least_squares import LeastSquares
from holosym.solve.newton import TOLERANCE, Stalled, newton
from holosym.solve.state import State
from holosym.solve.system import Linearised

ANCHORS = 10
_ROUGHLY = 1e-6
_NEAR = 1e-3


@dataclass(frozen=True)
class Batch:
    """States along a parameter.

    Attributes:
        state: all of them; where `solved` is false, the last that Newton tried.
        solved: (n,).
        failure: why the others are not, or None.
    """

    state: State
    solved: Tensor
    failure: SolveError | None = None


@dataclass(frozen=True)
class Interpolated:
    """J^+ from those of the anchors.

    Attributes:
        weights: l_j(s), (n, k).
        inverses: J_j^+, (k, N, M).
        here: of the nearest anchor; scale and weight count.
    """

    weights: Tensor
    inverses: Tensor
    here: Linearised

    def step(self, residual: Tensor) -> Tensor:
        """-J^+ residual, for rows (n, M)."""
        by_anchor = residual @ self.inverses.mT
        return -(self.weights.T[..., None] * by_anchor).sum(dim=0)


def solve_batch(
    problem: BoundaryValueProblem,
    controls: Sequence[Control],
    along: Tensor,
    guess: Tensor | None = None,
    *,
    anchors: int = ANCHORS,
    tolerance: float = TOLERANCE,
) -> Batch:
    """All states of a family.

    Args:
        problem: couplings are the same for all states; parameters may be tensors over the batch.
        controls: their targets are numbers or tensors (n,).
        along: (n,), the parameter, different for every state, such that the unknowns are smooth in it.
        guess: for the anchors, (N,) or (n, N); the neutral brane by default.
        anchors: how many states are solved first.
        tolerance: the relative error that every row must reach.

    Returns:
        The states, in the order of `along`; those that cannot be solved are told and do not harm the others.

    Raises:
        SolveError: no state can be solved from the guess, or a system that nothing determines.
    """
    whole, chosen = problem.with_controls(controls), _places(along, anchors)
    few = _selected(problem, controls, chosen, len(along))
    start = problem.initial() if guess is None else guess
    start = start[chosen] if start.ndim > 1 else start.expand(len(chosen), -1)
    roughly, good = _solved(few, start)
    if not good.any():
        raise SolveError("no state of the batch can be solved", mend="start from a solution at nearby parameters")
    kept = chosen[good]
    weights = _lagrange(along[kept], along)
    system = few if bool(good.all()) else _selected(problem, controls, kept, len(along))
    inverse = _interpolated(system, roughly[good], weights, (along[:, None] - along[kept]).abs().argmin(dim=1))
    try:
        unknowns, report = newton(whole, weights @ roughly[good], tolerance=tolerance, inverse=inverse)
    except Stalled as error:
        return Batch(State(problem.fields, error.unknowns), ~error.failed, error)
    return Batch(State(problem.fields, unknowns, report), torch.ones_like(along, dtype=torch.bool))


def _places(along: Tensor, count: int) -> Tensor:
    """The states nearest to the Chebyshev points of the parameter's range."""
    low, high = along.min(), along.max()
    angles = torch.arange(min(count, len(along)), dtype=along.dtype, device=along.device) + 0.5
    points = (low + high) / 2 - (high - low) / 2 * torch.cos(torch.pi * angles / len(angles))
    nearest = (points[:, None] - along).abs().argmin(dim=1)
    return torch.tensor(sorted(set(nearest.tolist())), device=along.device)


def _lagrange(nodes: Tensor, points: Tensor) -> Tensor:
    """l_j at the points, (points, nodes), by the barycentric formula."""
    apart = nodes[:, None] - nodes
    apart = apart / apart.abs().max().clamp(min=torch.finfo(nodes.dtype).tiny)
    factors = 1 / (apart + torch.eye(len(nodes), dtype=nodes.dtype, device=nodes.device)).prod(dim=1)
    distance = points[:, None] - nodes
    at = distance == 0
    terms = factors / torch.where(at, 1.0, distance)
    return torch.where(at.any(dim=1, keepdim=True), at.to(nodes.dtype), terms / terms.sum(dim=1, keepdim=True))


def _selected(problem: BoundaryValueProblem, controls: Sequence[Control], places: Tensor, count: int) -> Controlled:
    """The system of some of the states."""

    def at(value: Tensor | float) -> Tensor | float:
        return value[places] if isinstance(value, Tensor) and value.shape[:1] == (count,) else value

    if any(isinstance(value, Tensor) and value.ndim for value in problem.parameters.values()):
        problem = replace(problem, parameters={name: at(value) for name, value in problem.parameters.items()})
    return problem.with_controls([replace(control, target=at(control.target)) for control in controls])


def _solved(system: Controlled, start: Tensor) -> tuple[Tensor, Tensor]:
    """Unknowns to a precision that polishing makes good, and which states have it.

    What fails from the start is tried again from its nearest neighbour that did not.
    """
    unknowns, good = start, torch.zeros(len(start), dtype=torch.bool, device=start.device)
    while not good.all():
        try:
            unknowns, _ = newton(system, unknowns, tolerance=_NEAR, precision=_ROUGHLY)
            return unknowns, torch.ones_like(good)
        except Stalled as error:
            now = ~error.failed
            if not (now & ~good).any():
                return unknowns, good
            good, solved = now, now.nonzero()[:, 0]
            nearest = (torch.arange(len(start), device=start.device)[:, None] - solved).abs().argmin(dim=1)
            unknowns = error.unknowns[solved[nearest]]
    return unknowns, good


def _interpolated(system: Controlled, unknowns: Tensor, weights: Tensor, nearest: Tensor) -> Interpolated:
    """The inverse for all states from the anchors."""
    here = (system.rough or system).linearise(unknowns)
    rows = torch.eye(here.residual.shape[-1], dtype=unknowns.dtype, device=unknowns.device)
    inverses = -LeastSquares(system, here).step(rows[:, None, :]).movedim(0, -1)
    near = Linearised(*(part[nearest] if part.ndim == 2 else part for part in here))
    return Interpolated(weights, inverses, near)
