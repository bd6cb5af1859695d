"""B-splines against SciPy's, inside, at knots and outside; their batches and derivatives."""

import numpy as np
import pytest
import scipy.interpolate
import torch

from holosym.ansatz.bspline import BSpline


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize(("intervals", "degree"), [(1, 1), (1, 5), (2, 3), (7, 2), (9, 5)])
def test_jets_are_those_of_scipy_inside_at_knots_and_outside(intervals, degree):
    spline = BSpline(intervals, (-1.0, 2.5), degree)
    theta = random(spline.size)
    knots = np.concatenate([[-1.0] * degree, np.linspace(-1, 2.5, intervals + 1), [2.5] * degree])
    peer = scipy.interpolate.BSpline(knots, theta.numpy(), degree, extrapolate=True)
    x = np.concatenate([np.linspace(-1.7, 3.1, 61), [-1.0, 2.5]])
    for k, found in enumerate(spline.jet(theta, torch.from_numpy(x), degree)):
        exact = torch.from_numpy(peer(x, k))
        torch.testing.assert_close(found, exact, rtol=1e-10, atol=1e-12 * float(exact.abs().max()))
    torch.testing.assert_close(spline.knots, torch.from_numpy(knots))


def test_derivatives_below_the_degree_are_continuous_at_knots_and_the_last_jumps():
    spline = BSpline(4, degree=3)
    theta, inner = random(spline.size), torch.tensor([0.25, 0.5, 0.75], dtype=torch.float64)
    left, right = spline.jet(theta, inner - 1e-9, 3), spline.jet(theta, inner + 1e-9, 3)
    for k in range(3):
        torch.testing.assert_close(left[k], right[k], rtol=1e-5, atol=1e-5)
    assert (left[3] - right[3]).abs().min() > 1.0


def test_sensitivities_are_derivatives_by_the_coefficients_and_batches_broadcast():
    spline = BSpline(4, (0.0, 2.0))
    theta, x = random(3, spline.size), random(2, 1, 5, seed=1) + 1
    jet, rows = spline.jet(theta, x, 4), spline.sensitivity(theta, x, 4)
    exact = torch.func.jacrev(lambda t: torch.stack(spline.jet(t, x[1, 0], 4)))(theta[2])
    for k in range(5):
        assert jet[k].shape == (2, 3, 5)
        assert rows[k].shape == (2, 3, 5, spline.size)
        torch.testing.assert_close(rows[k][1, 2], exact[k])
        torch.testing.assert_close(jet[k][1, 2], spline.jet(theta[2], x[1, 0], 4)[k])


def test_autograd_passes_through_points_and_coefficients():
    spline = BSpline(3, degree=4)
    theta = random(2, spline.size).requires_grad_()
    x = torch.tensor([-0.2, 0.2, 0.9, 1.1], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t, y: spline.jet(t, y, 2), (theta, x))


def test_equal_coefficients_are_a_constant_and_the_ends_are_the_outer_coefficients():
    spline = BSpline(6, (1.0, 3.0))
    x = torch.linspace(0.5, 3.5, 13, dtype=torch.float64)
    value, slope = spline.jet(torch.full((spline.size,), 2.5, dtype=torch.float64), x, 1)
    torch.testing.assert_close(value, torch.full_like(x, 2.5), rtol=1e-10, atol=0)
    torch.testing.assert_close(slope, torch.zeros_like(x), rtol=0, atol=1e-8)
    theta = random(spline.size)
    ends = spline.jet(theta, torch.tensor([1.0, 3.0], dtype=torch.float64), 0)[0]
    torch.testing.assert_close(ends, theta[[0, -1]])


def test_initial_walks_have_the_same_size_on_few_and_many_intervals():
    sizes = []
    for intervals in (20, 80):
        spline = BSpline(intervals, degree=3, spread=0.5)
        ends = torch.stack([spline.initial(torch.Generator().manual_seed(i))[-1] for i in range(300)])
        sizes.append(float(ends.std()))
    assert sizes == pytest.approx([0.5, 0.5], rel=0.25)


def test_derivatives_above_the_degree_vanish_between_the_knots():
    spline, x = BSpline(4, degree=3), torch.linspace(0.05, 0.95, 7, dtype=torch.float64)
    jet, rows = spline.jet(random(7), x, 5), spline.sensitivity(random(7), x, 5)
    assert len(jet) == len(rows) == 6
    assert jet[3].abs().min() > 0
    assert not jet[4].any()
    assert not jet[5].any()
    assert not rows[5].any()


def test_impossible_splines_are_refused():
    with pytest.raises(ValueError, match="degree 0"):
        BSpline(4, degree=0)
    with pytest.raises(ValueError, match="0 intervals"):
        BSpline(0)
