"""Chebyshev series at any points, against NumPy's series, exact polynomials and autograd."""

import numpy as np
import pytest
import torch

from holosym.ansatz.chebyshev_function import ChebyshevFunction


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 33])
def test_jets_are_those_of_numpys_series_also_outside(count):
    function = ChebyshevFunction(count, (-1.0, 2.5))
    theta = random(count) / torch.arange(1, count + 1) ** 2
    x = torch.linspace(-1.1, 2.6, 41, dtype=torch.float64)
    series = np.polynomial.Chebyshev(theta.numpy(), (-1.0, 2.5))
    for k, found in enumerate(function.jet(theta, x, 4)):
        exact = torch.from_numpy((series.deriv(k) if k else series)(x.numpy()))
        torch.testing.assert_close(found, exact, rtol=1e-11, atol=1e-12 * float(exact.abs().max()))


def test_sensitivities_are_derivatives_by_the_coefficients_and_batches_broadcast():
    function = ChebyshevFunction(6, (0.0, 2.0))
    theta, x = random(3, 6), random(2, 1, 4, seed=1)
    jet, rows = function.jet(theta, x, 3), function.sensitivity(theta, x, 3)
    exact = torch.func.jacrev(lambda t: torch.stack(function.jet(t, x[1, 0], 3)))(theta[2])
    for k in range(4):
        assert jet[k].shape == (2, 3, 4)
        assert rows[k].shape == (2, 3, 4, 6)
        torch.testing.assert_close(rows[k][1, 2], exact[k])
        torch.testing.assert_close(jet[k][1, 2], function.jet(theta[2], x[1, 0], 3)[k])


def test_the_derivative_of_the_coefficients_is_that_of_the_function():
    function = ChebyshevFunction(9, (-0.5, 1.0))
    theta, x = random(9), torch.linspace(-0.5, 1.0, 7, dtype=torch.float64)
    torch.testing.assert_close(
        function.jet(function.differentiate(theta), x, 0)[0], function.jet(theta, x, 1)[1], rtol=1e-12, atol=1e-12
    )


def test_autograd_passes_through_points_and_coefficients():
    function = ChebyshevFunction(5, (0.0, 1.0))
    theta, x = random(2, 5).requires_grad_(), torch.tensor([0.2, 0.9], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t, y: function.jet(t, y, 2), (theta, x))
    value, slope = function.jet(theta, x, 1)
    (gradient,) = torch.autograd.grad(value.sum(), x)
    torch.testing.assert_close(gradient, slope.sum(0))


def test_initial_series_depend_on_the_generator_and_fall():
    function = ChebyshevFunction(50, spread=2.0)
    one = torch.stack([function.initial(torch.Generator().manual_seed(i)) for i in range(200)])
    again = function.initial(torch.Generator().manual_seed(0))
    assert torch.equal(one[0], again)
    deviation = one.std(0)
    assert float(deviation[0]) == pytest.approx(2.0, rel=0.2)
    assert float(deviation[40:].mean()) < 3e-3


def test_series_without_coefficients_are_refused():
    with pytest.raises(ValueError, match="coefficients"):
        ChebyshevFunction(0)
