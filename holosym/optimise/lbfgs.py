r"""L-BFGS that does not freeze, for many seeds at once.

The direction is -H g with H from the last m pairs s = theta' - theta, y = g' - g (two-loop recursion). A pair is kept
where its curvature is positive relative to its lengths, y.s > 1e-12 |y| |s|: an absolute bound, such as 1e-10 in
torch's optimiser, drops all pairs once the loss is near 1e-6, and the fit freezes there. The length t of a step
meets the weak Wolfe conditions

    L(theta + t d) <= L + c_1 t g.d,        g(theta + t d).d >= c_2 g.d,        c_1 = 1e-4,  c_2 = 0.9,

found by bisection and doubling (Lewis and Overton 2013), every seed its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.optimise.objective import Step, Weighted

_CURVATURE = 1e-12
_DESCENT, _SLOPE = 1e-4, 0.9


@dataclass(frozen=True)
class Lbfgs:
    """The optimiser; its state are the pairs of every seed, newest last.

    Attributes:
        pairs: m.
        tries: evaluations of one line search.
    """

    pairs: int = 20
    tries: int = 25

    def start(self, theta: Tensor) -> dict[str, Tensor]:
        """No pairs; the gradient is taken at the first step."""
        seeds, size = theta.shape
        empty = theta.new_zeros(seeds, self.pairs, size)
        none = theta.new_zeros(seeds)
        return {"moves": empty, "changes": empty.clone(), "kept": theta.new_zeros(seeds, self.pairs), "failures": none}

    def retreat(self, state: dict[str, Tensor], seeds: Tensor) -> dict[str, Tensor]:
        """Forgets the pairs of the seeds (S,) whose step went wrong: the next one is steepest descent."""
        kept = torch.where(seeds[:, None], torch.zeros_like(state["kept"]), state["kept"])
        return {**state, "kept": kept}

    def step(self, theta: Tensor, state: dict[str, Tensor], problem: Weighted) -> Step:
        """One step of every seed that finds one; a seed that does not forgets its pairs."""
        loss, gradient = problem.gradient(theta)
        direction = self._direction(gradient, state)
        slope = (direction * gradient).sum(dim=-1)
        downhill = slope < 0
        direction = torch.where(downhill[:, None], direction, -gradient)
        slope = torch.where(downhill, slope, -(gradient**2).sum(dim=-1))
        fresh = ~(state["kept"] > 0).any(dim=-1)
        length = torch.linalg.vector_norm(direction, dim=-1)
        first = torch.where(fresh, (1.0 / length.clamp(min=1e-300)).clamp(max=1.0), torch.ones_like(length))
        found, value, there, good = self._search(problem, theta, direction, first, (loss, slope))
        move, change = found - theta, there - gradient
        curved = (move * change).sum(-1) > _CURVATURE * _length(move) * _length(change)
        kept = torch.where(good[:, None], state["kept"], torch.zeros_like(state["kept"]))
        new = {
            "moves": _pushed(state["moves"], move, good & curved),
            "changes": _pushed(state["changes"], change, good & curved),
            "kept": _pushed(kept, torch.ones_like(loss), good & curved),
            "failures": state["failures"] + (~good).to(loss.dtype),
        }
        return Step(found, new, torch.where(good, value, loss), good)

    def _direction(self, gradient: Tensor, state: dict[str, Tensor]) -> Tensor:
        """-H g by the two loops; places without a pair do nothing."""
        moves, changes, kept = state["moves"], state["changes"], state["kept"] > 0
        products = (moves * changes).sum(dim=-1)
        inverse = torch.where(kept, 1 / torch.where(kept, products, torch.ones_like(products)), 0.0)
        q, weights = gradient, []
        for i in reversed(range(self.pairs)):
            weight = inverse[:, i] * (moves[:, i] * q).sum(dim=-1)
            weights.append(weight)
            q = q - weight[:, None] * changes[:, i]
        size = (changes[:, -1] ** 2).sum(dim=-1)
        scale = torch.where(kept[:, -1], products[:, -1] / torch.where(size > 0, size, torch.ones_like(size)), 1.0)
        q = q * scale[:, None]
        for i, weight in zip(range(self.pairs), reversed(weights), strict=True):
            back = inverse[:, i] * (changes[:, i] * q).sum(dim=-1)
            q = q + (weight - back)[:, None] * moves[:, i]
        return -q

    def _search(
        self, problem: Weighted, theta: Tensor, direction: Tensor, first: Tensor, here: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The point, its loss and gradient, and whether it is good: at least the first condition holds there."""
        loss, slope = here
        low, high, t = torch.zeros_like(first), torch.full_like(first, torch.inf), first
        best, value, there = theta, loss, torch.zeros_like(theta)
        good = torch.zeros_like(loss, dtype=torch.bool)
        done = good.clone()
        for _ in range(self.tries):
            point = theta + t[:, None] * direction
            trial, gradient = problem.gradient(point)
            below = trial <= loss + _DESCENT * t * slope
            flat = (gradient * direction).sum(dim=-1) >= _SLOPE * slope
            take = ~done & below & (trial < value)
            best = torch.where(take[:, None], point, best)
            value, there = torch.where(take, trial, value), torch.where(take[:, None], gradient, there)
            good = good | take
            done = done | (below & flat)
            if bool(done.all()):
                break
            high, low = torch.where(below, high, t), torch.where(below, t, low)
            next_t = torch.where(high.isfinite(), (low + high) / 2, 2 * t)
            t = torch.where(done, t, next_t)
        return best, value, there, good


def _length(vector: Tensor) -> Tensor:
    length: Tensor = torch.linalg.vector_norm(vector, dim=-1)
    return length


def _pushed(queue: Tensor, new: Tensor, where: Tensor) -> Tensor:
    """The queue (S, m, ...) with a new last entry for the seeds of `where`."""
    moved = torch.cat([queue[:, 1:], new[:, None]], dim=1)
    return torch.where(where.reshape(-1, *(1 for _ in queue.shape[1:])), moved, queue)
