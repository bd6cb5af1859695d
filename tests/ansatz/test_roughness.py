"""Roughness: the integral it stands for, exactly for polynomials, and its derivative."""

import pytest
import torch

from holosym.ansatz.bspline import BSpline
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.mlp import Mlp
from holosym.ansatz.roughness import roughness, roughness_sensitivity


def test_the_squares_of_the_rows_sum_to_the_integral():
    """u = T_4(s) = 8 s^4 - 8 s^2 + 1 on [1, 3], s = x - 2: the integral of (192 s)^2 over [-1, 1]."""
    theta = torch.tensor([[0.0, 0.0, 0.0, 0.0, 1.0], [5.0, 4.0, 3.0, 0.0, 0.0]], dtype=torch.float64)
    rows = roughness(ChebyshevFunction(5, (1.0, 3.0)), theta, points=8)
    assert rows.shape == (2, 8)
    torch.testing.assert_close(
        rows.square().sum(-1), torch.tensor([192**2 * 2 / 3, 0.0], dtype=torch.float64), rtol=1e-12, atol=1e-18
    )


@pytest.mark.parametrize(
    "function", [Mlp((4, 3)), BSpline(3), ChebyshevFunction(6)], ids=["network", "spline", "series"]
)
@pytest.mark.parametrize("order", [2, 3])
def test_the_sensitivity_is_the_derivative_of_the_rows(function, order):
    theta = function.initial(torch.Generator().manual_seed(0))
    exact = torch.func.jacrev(lambda t: roughness(function, t, order, points=7))(theta)
    torch.testing.assert_close(roughness_sensitivity(function, theta, order, points=7), exact)
