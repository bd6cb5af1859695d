"""Optimisers at problems with known minima: how far they get, what they carry over, what they refuse."""

import math

import pytest
import torch

from holosym.optimise.adam import Schedule
from holosym.optimise.lbfgs import Lbfgs
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Weighted
from holosym.optimise.soap import Soap


class Valley:
    """Rosenbrock's valley, least at (1, 1)."""

    size = 2

    def residuals(self, theta):
        x, y = theta[:, 0], theta[:, 1]
        return {"rows": torch.stack([1 - x, 10 * (y - x**2)], dim=-1)}

    def jacobian(self, theta):
        one, zero = torch.ones_like(theta[:, 0]), torch.zeros_like(theta[:, 0])
        rows = [torch.stack([-one, zero], dim=-1), torch.stack([-20 * theta[:, 0], 10 * one], dim=-1)]
        return {"rows": (self.residuals(theta)["rows"], torch.stack(rows, dim=-2))}


class Linear:
    """A theta - b."""

    def __init__(self, matrix, right):
        self.matrix, self.right, self.size = matrix, right, matrix.shape[1]

    def residuals(self, theta):
        return {"rows": theta @ self.matrix.mT - self.right}

    def jacobian(self, theta):
        return {"rows": (self.residuals(theta)["rows"], self.matrix.expand(len(theta), -1, -1))}


class Cliff(Valley):
    """The valley, NaN where x > 0.5."""

    def residuals(self, theta):
        rows = super().residuals(theta)["rows"]
        return {"rows": torch.where(theta[:, :1] > 0.5, torch.full_like(rows, math.nan), rows)}


START = torch.tensor([[-1.2, 1.0], [0.0, 0.0], [3.0, -4.0], [-2.0, -1.0]], dtype=torch.float64)
SECOND_ORDER = pytest.mark.parametrize("rule", [Lbfgs(), LevenbergMarquardt()], ids=["lbfgs", "lm"])
EVERY = pytest.mark.parametrize(
    "rule", [Lbfgs(), LevenbergMarquardt(), Soap(((2,),), Schedule(1e-2))], ids=["lbfgs", "lm", "soap"]
)


def walk(rule, objective, theta, steps, state=None):
    problem = Weighted(objective, {"rows": 1.0})
    state = rule.start(theta) if state is None else state
    for _ in range(steps):
        step = rule.step(theta, state, problem)
        theta, state = step.theta, step.state
    return theta, state


@SECOND_ORDER
def test_every_seed_reaches_the_bottom_of_the_valley(rule):
    theta, _ = walk(rule, Valley(), START, 80)
    torch.testing.assert_close(theta, torch.ones_like(theta), rtol=0, atol=1e-7)


def test_soap_reaches_the_least_squares():
    generator = torch.Generator().manual_seed(5)
    matrix = torch.randn(9, 6, generator=generator, dtype=torch.float64)
    right = matrix @ torch.arange(6, dtype=torch.float64)
    rule = Soap(((2, 3),), Schedule(3e-1, 1e-4, 400, "exponential"))
    theta, _ = walk(rule, Linear(matrix, right), torch.zeros(1, 6, dtype=torch.float64), 400)
    torch.testing.assert_close(theta, torch.arange(6, dtype=torch.float64)[None], rtol=0, atol=1e-2)


def test_lbfgs_does_not_freeze_at_a_small_loss():
    """Where torch's own rule for pairs, y.s > 1e-10, keeps none."""
    scales = 1e-6 * torch.logspace(0, -2, 12, dtype=torch.float64)
    objective = Linear(torch.diag(scales), scales)
    start = torch.zeros(1, 12, dtype=torch.float64)
    loss = Weighted(objective, {"rows": 1.0}).loss
    assert loss(start) < 1e-12
    theta, _ = walk(Lbfgs(), objective, start, 80)
    assert loss(theta) < 1e-10 * loss(start)


@pytest.mark.parametrize(("rows", "unknowns"), [(6, 5), (6, 250), (220, 205)], ids=["qr", "dual", "normal"])
def test_levenberg_marquardt_where_the_rank_is_too_small(rows, unknowns):
    """The rows that can be met are met, by each of the ways to solve for the step."""
    generator = torch.Generator().manual_seed(6)
    thin = torch.randn(rows, 3, generator=generator, dtype=torch.float64)
    matrix = thin @ torch.randn(3, unknowns, generator=generator, dtype=torch.float64)
    right = matrix @ torch.ones(unknowns, dtype=torch.float64)
    theta, _ = walk(LevenbergMarquardt(), Linear(matrix, right), torch.zeros(2, unknowns, dtype=torch.float64), 15)
    assert theta.isfinite().all()
    assert float((theta @ matrix.mT - right).abs().max()) < 1e-7 * float(right.abs().max())


@EVERY
def test_a_state_that_was_stored_goes_on_bitwise(rule):
    straight, _ = walk(rule, Valley(), START, 12)
    theta, state = walk(rule, Valley(), START, 7)
    stored = {
        name: torch.frombuffer(bytearray(v.numpy().tobytes()), dtype=v.dtype).reshape(v.shape)
        for name, v in state.items()
    }
    resumed, _ = walk(rule, Valley(), theta.clone(), 5, stored)
    assert torch.equal(resumed, straight)


@SECOND_ORDER
def test_a_step_to_where_nothing_can_be_computed_is_not_taken(rule):
    theta, _ = walk(rule, Cliff(), START[:2], 30)
    assert (theta[:, 0] <= 0.5).all()
    problem = Weighted(Cliff(), {"rows": 1.0})
    assert (problem.loss(theta) < problem.loss(START[:2])).all()


def test_a_damping_that_fell_too_far_falls_slowly_for_a_while():
    """On a plane all steps are as predicted: the damping falls by `shrink`, but by thirds and ninths after failures."""
    rule = LevenbergMarquardt(accelerate=False, shrink=1e-6)
    plane = Weighted(Linear(torch.eye(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64)), {"rows": 1.0})
    theta = torch.tensor([[3.0, -2.0], [0.5, 2.0]], dtype=torch.float64)

    class Hedged(Weighted):
        """The first trial of the second seed leads nowhere."""

        calls = 0

        def loss(self, theta):
            self.calls += 1
            found = super().loss(theta)
            return torch.where(torch.tensor([False, self.calls == 1]), torch.nan, found)

    first = rule.step(theta, rule.start(theta), Hedged(plane.objective, {"rows": 1.0}))
    assert first.accepted.all()
    begun = rule.damping / 2  # of the largest squared length of a column: losses are means
    assert first.state["damping"].tolist() == pytest.approx([1e-6 * begun, 2 * begun / 3], rel=1e-9)
    second = rule.step(first.theta, first.state, plane)
    assert second.state["damping"].tolist() == pytest.approx([1e-12 * begun, 2 * begun / 9], rel=1e-5)
    third = rule.step(second.theta, second.state, plane)
    assert float(third.state["damping"][1]) == pytest.approx(2 * begun / 81, rel=1e-5)
