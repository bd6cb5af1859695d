"""Hard conditions: met to the last digits by any coefficients, and the polynomial one would write down."""

import math

import pytest
import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.bspline import BSpline
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.mlp import Mlp

INTERVAL = (-1.0, 2.0)
FUNCTIONS = {
    "network": Mlp((5, 4), INTERVAL),
    "spline": BSpline(4, INTERVAL),
    "series": ChebyshevFunction(7, INTERVAL),
}


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def coefficients(function, count):
    generator = torch.Generator().manual_seed(0)
    return torch.stack([function.initial(generator) for _ in range(count)])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_potential_with_its_mass_at_the_origin_is_exact(name):
    function = Anchored(FUNCTIONS[name], {0.0: 3}, tensor(-12.0, 0.0, -3.0))
    jet = function.jet(coefficients(function, 4), tensor(0.0), 3)
    for entry, exact in zip(jet, (-12.0, 0.0, -3.0), strict=False):
        assert torch.equal(entry, torch.full_like(entry, exact))
    assert jet[3].unique().numel() == 4


@pytest.mark.parametrize("name", FUNCTIONS)
def test_conditions_at_several_points_hold_and_every_seed_may_have_its_own(name):
    function = Anchored(FUNCTIONS[name], {-1.0: 2, 0.5: 1, 2.0: 3})
    values = torch.randn(4, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    jet = function.jet(coefficients(function, 4), tensor(-1.0, 0.5, 2.0), 2, values)
    found = torch.stack([jet[0][:, 0], jet[1][:, 0], jet[0][:, 1], jet[0][:, 2], jet[1][:, 2], jet[2][:, 2]], dim=-1)
    torch.testing.assert_close(found, values, rtol=1e-12, atol=1e-12)


def test_two_points_by_hand():
    """u(0) = 2, u(1) = 5, u'(1) = 1: 2 + 3 x - 2 x (x - 1) plus x (x - 1)^2 N."""
    inner = ChebyshevFunction(3, (0.0, 1.0))
    function = Anchored(inner, {0.0: 1, 1.0: 2}, tensor(2.0, 5.0, 1.0))
    theta, x = tensor(0.3, -0.2, 0.7), torch.linspace(-0.5, 1.5, 9, dtype=torch.float64).requires_grad_()
    free = inner.jet(theta, x, 0)[0]
    exact = 2 + 3 * x - 2 * x * (x - 1) + x * (x - 1) ** 2 * free
    for k, found in enumerate(function.jet(theta, x, 5)):
        torch.testing.assert_close(found, exact, rtol=1e-12, atol=1e-11)
        if k < 5:
            (exact,) = torch.autograd.grad(exact.sum(), x, create_graph=True)


def test_the_interpolant_is_what_conditions_alone_say():
    """u(0) = 2, u'(0) = -1, u(1) = 5: 2 - x + 4 x^2."""
    function = Anchored(FUNCTIONS["series"], {0.0: 2, 1.0: 1}, tensor(2.0, -1.0, 5.0))
    x = torch.linspace(-1, 2, 7, dtype=torch.float64)
    torch.testing.assert_close(function.interpolant(x), 2 - x + 4 * x**2, rtol=1e-13, atol=1e-13)


def test_sensitivities_by_coefficients_and_values_are_those_of_autograd():
    function = Anchored(FUNCTIONS["network"], {0.0: 2, 1.5: 1})
    theta, x, values = coefficients(function, 1)[0], tensor(-1.0, 0.0, 0.4, 1.5, 2.5), tensor(1.0, -2.0, 0.3)
    by_theta, by_values = torch.func.jacrev(lambda t, v: torch.stack(function.jet(t, x, 3, v)), argnums=(0, 1))(
        theta, values
    )
    torch.testing.assert_close(torch.stack(function.sensitivity(theta, x, 3)), by_theta)
    torch.testing.assert_close(torch.stack(function.value_sensitivity(x, 3)), by_values)


def test_gradients_reach_coefficients_points_and_values():
    function = Anchored(Mlp((3,), INTERVAL), {0.0: 1, 1.0: 2})
    arguments = (coefficients(function, 2), tensor(0.2, 1.0), tensor(1.0, 2.0, 3.0))
    leaves = [argument.clone().requires_grad_() for argument in arguments]
    assert torch.autograd.gradcheck(lambda t, x, v: function.jet(t, x, 2, v), leaves)


def test_axes_broadcast_as_one_function_at_a_time():
    function = Anchored(FUNCTIONS["spline"], {0.0: 1, 1.0: 1})
    theta, x = coefficients(function, 3), torch.linspace(-1, 2.5, 8, dtype=torch.float64).reshape(2, 1, 4)
    values = torch.linspace(-3, 2, 6, dtype=torch.float64).reshape(3, 2)
    jet, rows = function.jet(theta, x, 2, values), function.sensitivity(theta, x, 2)
    for k in range(3):
        assert rows[k].shape == (2, 3, 4, function.size)
        torch.testing.assert_close(jet[k][1, 2], function.jet(theta[2], x[1, 0], 2, values[2])[k])
        torch.testing.assert_close(rows[k][1, 2], function.sensitivity(theta[2], x[1, 0], 2)[k])


def test_what_does_not_fit_is_refused():
    inner = FUNCTIONS["series"]
    with pytest.raises(ValueError, match="no anchors"):
        Anchored(inner, {})
    with pytest.raises(ValueError, match="no anchors"):
        Anchored(inner, {math.inf: 1})
    with pytest.raises(ValueError, match="do not fit 2 conditions"):
        Anchored(inner, {0.0: 2}, tensor(1.0))
    with pytest.raises(ValueError, match="pass 2"):
        Anchored(inner, {0.0: 2}).jet(coefficients(inner, 1), tensor(0.0), 1)


@pytest.mark.parametrize("name", ["network", "series"])
@pytest.mark.parametrize("orders", [[4, 5, 7], [3], [0, 6], []])
def test_some_derivatives_alone_are_those_of_the_jet(name, orders):
    function = Anchored(FUNCTIONS[name], {0.0: 2, 1.0: 1}, tensor(1.0, -2.0, 0.5))
    theta, x = coefficients(function, 3), torch.linspace(-0.9, 1.9, 6, dtype=torch.float64)
    jet = function.jet(theta, x, max(orders, default=0))
    for order, entry in zip(orders, function.derivatives(theta, x, orders), strict=True):
        torch.testing.assert_close(entry, jet[order], rtol=1e-11, atol=1e-9)
