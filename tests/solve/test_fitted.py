"""Fitted couplings: jets of V at phi for every seed, wherever the points' axes are, and within a boundary problem."""

import itertools

import pytest
import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.mlp import Mlp
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.fitted import FittedCoupling

NET = Mlp((4, 3), (-1.0, 1.0))
ORDERS = [(0,), (2,), (1,)]


def coefficients(count):
    generator = torch.Generator().manual_seed(0)
    return torch.stack([NET.initial(generator) for _ in range(count)])


@pytest.mark.parametrize("shape", [(3,), (3, 5), (3, 2, 5), (1, 5)])
def test_axes_after_those_of_the_seeds_are_points_of_each_seeds_function(shape):
    theta = coefficients(3)
    u = torch.rand(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    coupling = FittedCoupling(NET, theta)
    jet, rows = coupling.jet([u], ORDERS), coupling.sensitivity([u], ORDERS)
    full = u.expand(3, *shape[1:])
    for place, (order,) in enumerate(ORDERS):
        assert jet[place].shape == full.shape
        assert rows[place].shape == (*full.shape, NET.size)
        for index in itertools.product(*map(range, full.shape)):
            one = full[index].reshape(1)
            torch.testing.assert_close(jet[place][index], NET.jet(theta[index[0]], one, 2)[order][0])
            torch.testing.assert_close(rows[place][index], NET.sensitivity(theta[index[0]], one, 2)[order][0])


@pytest.mark.parametrize("shape", [(), (4,), (2, 4)])
def test_one_function_takes_arguments_of_any_shape(shape):
    theta = coefficients(1)[0]
    u = torch.full(shape, 0.3, dtype=torch.float64)
    (value,) = FittedCoupling(NET, theta).jet([u], [(0,)])
    (row,) = FittedCoupling(NET, theta).sensitivity([u], [(0,)])
    exact = NET.jet(theta, torch.tensor([0.3], dtype=torch.float64), 0)[0][0]
    torch.testing.assert_close(value, exact.expand(shape))
    assert row.shape == (*shape, NET.size)


def test_anchored_potentials_have_their_mass_for_every_seed_with_values_of_each():
    potential = Anchored(NET, {0.0: 3})
    values = torch.tensor([[-12.0, 0.0, -3.0], [-6.0, 0.0, -2.0]], dtype=torch.float64)
    coupling = FittedCoupling(potential, coefficients(2), values)
    found = coupling.jet([torch.zeros(2, dtype=torch.float64)], [(0,), (1,), (2,)])
    assert torch.equal(torch.stack(found, dim=-1), values)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ([torch.ones(5, dtype=torch.float64)], ValueError, "seeds"),
        ([torch.ones((), dtype=torch.float64)], ValueError, "seeds"),
        ([torch.ones(3), torch.ones(3)], TypeError, "one tensor"),
        ([2.0], TypeError, "one tensor"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        FittedCoupling(NET, coefficients(3)).jet(arguments, [(0,)])


def test_values_without_anchors_are_refused():
    coupling = FittedCoupling(NET, coefficients(3), torch.zeros(1))
    with pytest.raises(TypeError, match="anchor"):
        coupling.jet([torch.zeros(3)], [(0,)])


def test_a_chebyshev_series_is_the_polynomial_it_equals():
    # 1 + 2 u + 3 u^2 = (5/2) T_0 + 2 T_1 + (3/2) T_2
    theta = torch.tensor([2.5, 2.0, 1.5], dtype=torch.float64)
    u = torch.linspace(-2, 2, 5, dtype=torch.float64)
    orders = [(0,), (1,), (2,), (3,)]
    found = FittedCoupling(ChebyshevFunction(3, (-1.0, 1.0)), theta).jet([u], orders)
    for one, other in zip(found, PolynomialCoupling([1.0, 2.0, 3.0]).jet([u], orders), strict=True):
        torch.testing.assert_close(one, other)
