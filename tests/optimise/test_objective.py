"""The weighted loss: against the sum written out, its rows and its gradient by both ways."""

import pytest
import torch

from holosym.optimise.objective import Weighted


class Quadratic:
    """Two terms of two unknowns, with a Jacobian written by hand."""

    size = 2

    def __init__(self, graph=True):
        self.graph = graph

    def residuals(self, theta):
        point = theta if self.graph else theta.detach()
        a, b = point[:, 0], point[:, 1]
        return {
            "first": torch.stack([a**2 - b, a * b, b], dim=-1),
            "second": torch.stack([a - 3], dim=-1),
            "held": torch.stack([a * torch.nan], dim=-1),
        }

    def jacobian(self, theta):
        a, b = theta[:, 0], theta[:, 1]
        one, zero = torch.ones_like(a), torch.zeros_like(a)
        first = torch.stack([2 * a, -one, b, a, zero, one], dim=-1).reshape(-1, 3, 2)
        second = torch.stack([one, zero], dim=-1).reshape(-1, 1, 2)
        found = self.residuals(theta)
        return {
            "first": (found["first"], first),
            "second": (found["second"], second),
            "held": (found["held"], second * torch.nan),
        }


THETA = torch.tensor([[1.0, 2.0], [-0.5, 0.3], [2.0, -1.0]], dtype=torch.float64)
WEIGHTS = {"first": 0.7, "second": torch.tensor([1.0, 2.0, 0.1], dtype=torch.float64)}


def by_hand(seed):
    a, b = (float(value) for value in THETA[seed])
    first = ((a**2 - b) ** 2 + (a * b) ** 2 + b**2) / 3
    return 0.7 * first + float(WEIGHTS["second"][seed]) * (a - 3) ** 2


def test_loss_is_the_weighted_sum_of_mean_squares():
    loss = Weighted(Quadratic(), WEIGHTS).loss(THETA)
    assert loss.tolist() == pytest.approx([by_hand(seed) for seed in range(3)], rel=1e-14)


def test_rows_square_to_the_loss():
    problem = Weighted(Quadratic(), WEIGHTS)
    residual, jacobian = problem.rows(THETA)
    assert residual.shape == (3, 4)
    assert jacobian.shape == (3, 4, 2)
    torch.testing.assert_close(residual.square().sum(-1), problem.loss(THETA), rtol=1e-14, atol=0)
    torch.testing.assert_close(residual, problem.residual(THETA), rtol=0, atol=0)


@pytest.mark.parametrize("graph", [True, False], ids=["by backward pass", "by Jacobian"])
def test_gradient_against_central_differences(graph):
    problem = Weighted(Quadratic(graph), WEIGHTS)
    _, gradient = problem.gradient(THETA)
    step = 1e-5
    for k in range(2):
        shift = step * torch.eye(2, dtype=torch.float64)[k]
        slope = (problem.loss(THETA + shift) - problem.loss(THETA - shift)) / (2 * step)
        torch.testing.assert_close(gradient[:, k], slope, rtol=1e-8, atol=1e-8)


def test_a_seed_that_fails_leaves_the_others_alone():
    broken = THETA.clone()
    broken[1] = torch.nan
    loss, gradient = Weighted(Quadratic(), WEIGHTS).gradient(broken)
    _, sound = Weighted(Quadratic(), WEIGHTS).gradient(THETA)
    assert loss.isnan().tolist() == [False, True, False]
    torch.testing.assert_close(gradient[[0, 2]], sound[[0, 2]], rtol=0, atol=0)
