"""Continuation: it stays on its branch, adapts its steps, and says where it ends when it cannot go on."""

import itertools

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.continuation import follow

START = torch.tensor([2.5], dtype=torch.float64)


@pytest.fixture
def cubic(one_equation):
    """x^3 - 3 x = c. The upper branch, x > 1, exists for c > -2 and ends in a fold there."""

    def make(c):
        return one_equation(lambda x: x**3 - 3 * x - c, lambda x: 3 * x**2 - 3)

    return make


def test_a_path_stays_on_its_branch(cubic):
    """At c = -1.9 three solutions exist; from x = 2 at c = 2 the path leads to the upper one."""
    path = follow(lambda t: cubic(2 - 3.9 * t), START)
    assert [path[0].t, path[-1].t] == [0.0, 1.0]
    assert float(path[0].unknowns[0]) == pytest.approx(2.0)
    for waypoint in path:
        x = float(waypoint.unknowns[0])
        assert x > 1
        assert x**3 - 3 * x == pytest.approx(2 - 3.9 * waypoint.t, abs=1e-9)


def test_easy_paths_take_longer_steps(cubic):
    path = follow(lambda t: cubic(2 + 0.1 * t), START, first_step=0.1)
    steps = [later.t - earlier.t for earlier, later in itertools.pairwise(path)]
    assert steps == pytest.approx([0.1, 0.2, 0.4, 0.3])


def test_steps_are_predicted_along_the_secant(one_equation):
    """The solution of x^3 = (2 + t)^3 is linear in t, so every guess but the first is exact."""
    path = follow(lambda t: one_equation(lambda x: x**3 - (2 + t) ** 3, lambda x: 3 * x**2), START)
    assert float(path[1].report.history[0]) > 1
    assert all(float(waypoint.report.history[0]) < 1e-8 for waypoint in path[2:])
    assert len(path) > 2


def test_a_path_that_ends_says_where_and_why(one_equation):
    """x^2 = 4 - 5 t has no real solution beyond t = 0.8."""
    with pytest.raises(SolveError, match=r"continuation stopped at t = 0\.(79\d*|8): .*last residual"):
        follow(lambda t: one_equation(lambda x: x**2 - 4 + 5 * t, lambda x: 2 * x), START)


def test_a_start_that_fails_is_not_hidden(one_equation):
    with pytest.raises(SolveError, match=r"^the iteration .*last residual"):
        follow(lambda t: one_equation(lambda x: x**2 + 1 + t, lambda x: 2 * x), START)
