"""What the trainer relies on, of every optimiser: a state by seed, of fixed shapes, never changed in place."""

import pytest
import torch

from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.lbfgs import Lbfgs
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Optimiser, Weighted
from holosym.optimise.soap import Soap

SIZE = 8


class Curve:
    """A curve exp(a x) with a polynomial of six coefficients beside it, through points."""

    size = SIZE

    def __init__(self):
        self.x = torch.linspace(-1, 1, 20, dtype=torch.float64)

    def residuals(self, theta):
        powers = torch.stack([self.x**k for k in range(SIZE - 1)])
        return {"points": torch.exp(theta[:, :1] * self.x) + theta[:, 1:] @ powers - torch.sin(3 * self.x)}

    def jacobian(self, theta):
        powers = torch.stack([self.x**k for k in range(SIZE - 1)], dim=-1).expand(theta.shape[0], -1, -1)
        first = self.x * torch.exp(theta[:, :1] * self.x)
        return {"points": (self.residuals(theta)["points"], torch.cat([first[..., None], powers], dim=-1))}


OPTIMISERS = {
    "adam": Adam(Schedule(1e-2)),
    "soap": Soap(((2, 3), (2,)), Schedule(1e-2)),
    "lbfgs": Lbfgs(),
    "lm": LevenbergMarquardt(),
}
PROBLEM = Weighted(Curve(), {"points": 1.0})
EVERY = pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)


def begin(seeds=3):
    return 0.3 * torch.randn(seeds, SIZE, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def walk(optimiser, theta, steps):
    state = optimiser.start(theta)
    for _ in range(steps):
        step = optimiser.step(theta, state, PROBLEM)
        theta, state = step.theta, step.state
    return theta, state


@EVERY
def test_it_goes_down(optimiser):
    theta, _ = walk(optimiser, begin(), 30)
    assert isinstance(optimiser, Optimiser)
    assert (PROBLEM.loss(theta) < 0.7 * PROBLEM.loss(begin())).all()


@EVERY
def test_the_state_is_by_seed_and_keeps_its_shapes(optimiser):
    first = optimiser.start(begin())
    _, later = walk(optimiser, begin(), 3)
    assert {name: value.shape for name, value in first.items()} == {name: value.shape for name, value in later.items()}
    assert all(value.shape[0] == 3 for value in later.values())
    assert all(value.dtype == first[name].dtype for name, value in later.items())


@EVERY
def test_nothing_is_changed_in_place(optimiser):
    theta, state = walk(optimiser, begin(), 2)
    before = {name: value.clone() for name, value in state.items()}
    kept = theta.clone()
    optimiser.step(theta, state, PROBLEM)
    optimiser.retreat(state, torch.tensor([True, False, True]))
    assert torch.equal(theta, kept)
    assert all(torch.equal(before[name], state[name]) for name in state)


@EVERY
def test_seeds_know_nothing_of_each_other(optimiser):
    together, _ = walk(optimiser, begin(), 5)
    for seed in range(3):
        alone, _ = walk(optimiser, begin()[seed : seed + 1], 5)
        torch.testing.assert_close(alone[0], together[seed], rtol=1e-6, atol=1e-9)


@EVERY
def test_retreat_changes_the_next_step_of_that_seed_alone(optimiser):
    theta, state = walk(optimiser, begin(), 5)
    seeds = torch.tensor([True, False, False])
    free = optimiser.step(theta, state, PROBLEM).theta
    held = optimiser.step(theta, optimiser.retreat(state, seeds), PROBLEM).theta
    assert not torch.equal(free[0], held[0])
    torch.testing.assert_close(free[1:], held[1:], rtol=0, atol=0)
