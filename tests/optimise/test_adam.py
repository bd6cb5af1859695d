"""Adam: against torch's own, its schedule at the corners, its retreat."""

import math

import pytest
import torch

from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.objective import Optimiser, Weighted


class Valley:
    """Rosenbrock's valley, as residuals."""

    size = 2

    def residuals(self, theta):
        x, y = theta[:, 0], theta[:, 1]
        return {"valley": torch.stack([1 - x, 10 * (y - x**2)], dim=-1)}


START = torch.tensor([[-1.0, 1.0], [0.3, -0.7], [2.0, 2.0]], dtype=torch.float64)
PROBLEM = Weighted(Valley(), {"valley": 1.0})


def test_it_is_an_optimiser():
    assert isinstance(Adam(), Optimiser)


def test_each_seed_walks_as_with_torch():
    ours = Adam(Schedule(rate=1e-2), floor=1e-8)
    theta, state = START, ours.start(START)
    for _ in range(200):
        step = ours.step(theta, state, PROBLEM)
        theta, state = step.theta, step.state
    for seed, first in enumerate(START):
        point = first.clone()[None].requires_grad_(True)
        peer = torch.optim.Adam([point], lr=1e-2, eps=1e-8)
        for _ in range(200):
            peer.zero_grad()
            PROBLEM.loss(point).sum().backward()
            peer.step()
        torch.testing.assert_close(theta[seed], point.detach()[0], rtol=1e-9, atol=1e-12)


def test_nothing_is_changed_in_place():
    adam = Adam()
    state = adam.start(START)
    before = {name: value.clone() for name, value in state.items()}
    adam.step(START, state, PROBLEM)
    assert all(torch.equal(before[name], state[name]) for name in state)


@pytest.mark.parametrize(
    ("shape", "middle"),
    [("constant", 1e-2), ("exponential", math.sqrt(1e-2 * 1e-4)), ("cosine", (1e-2 + 1e-4) / 2)],
)
def test_schedule_at_its_corners(shape, middle):
    schedule = Schedule(rate=1e-2, final=1e-4, steps=110, shape=shape, warmup=10)
    counts = torch.tensor([0.0, 4.0, 10.0, 60.0, 110.0, 500.0], dtype=torch.float64)
    end = 1e-2 if shape == "constant" else 1e-4
    assert schedule.at(counts).tolist() == pytest.approx([1e-3, 5e-3, 1e-2, middle, end, end], rel=1e-12)


def test_retreat_slows_only_the_seed_that_went_astray():
    adam = Adam(Schedule(rate=1e-2))
    state = adam.step(START, adam.start(START), PROBLEM).state
    seeds = torch.tensor([False, True, False])
    slower = adam.retreat(adam.retreat(state, seeds), seeds)
    rates = adam.step(START, slower, PROBLEM).state["rate"]
    assert rates.tolist() == pytest.approx([1e-2, 9e-4, 1e-2], rel=1e-12)
    assert torch.equal(slower["mean"][[0, 2]], state["mean"][[0, 2]])
    assert not slower["mean"][1].any()
