"""Fitted couplings: jets of V at phi for every seed, wherever the points' axes are, and within a boundary problem."""

import itertools

import pytest
import torch
from handmade import SCALAR_HORIZON, delta3

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.mlp import Mlp
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import datum
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.fitted import FittedCoupling
from holosym.solve.package import load

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


def test_one_number_is_the_same_argument_for_all_seeds():
    theta = coefficients(3)
    found = FittedCoupling(NET, theta).jet([torch.tensor(0.3, dtype=torch.float64)], ORDERS)
    exact = NET.jet(theta, torch.tensor([0.3], dtype=torch.float64), 2)
    for entry, (order,) in zip(found, ORDERS, strict=True):
        torch.testing.assert_close(entry, exact[order][:, 0])


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
        ([torch.ones(2, 3, dtype=torch.float64)], ValueError, "seeds"),
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


def test_a_boundary_problem_solves_every_seed_with_its_own_potential():
    """-12 - 3 phi^2/2 + V4 phi^4/24 as a Chebyshev series on [-1, 1], for three V4, against one polynomial each."""
    theory = load("generated/einstein_scalar_ads5")
    theory.boundary, theory.horizon = delta3(), SCALAR_HORIZON
    quartics = [-1.0, 0.5, 2.0]
    squared = torch.tensor([0.5, 0.0, 0.5, 0.0, 0.0], dtype=torch.float64)
    fourth = torch.tensor([3 / 8, 0.0, 0.5, 0.0, 1 / 8], dtype=torch.float64)
    one = torch.eye(5, dtype=torch.float64)[0]
    theta = torch.stack([-12.0 * one - 1.5 * squared + q / 24 * fourth for q in quartics])

    free = BoundaryValueProblem(theory, 28, couplings={"V": PolynomialCoupling([-12.0, 0.0, -1.5])})
    start = free.initial().expand(3, -1)

    def flow(coupling):
        problem = BoundaryValueProblem(theory, 28, couplings={"V": coupling})
        return problem.solve([datum("phi_1", torch.full((3,), 0.7, dtype=torch.float64))], start)

    together = flow(FittedCoupling(ChebyshevFunction(5, (-1.0, 1.0)), theta))
    for i, quartic in enumerate(quartics):
        alone = flow(PolynomialCoupling([-12.0, 0.0, -1.5, 0.0, quartic / 24]))
        for name in ("phi_3", "f_4"):
            torch.testing.assert_close(together.data[name][i], alone.data[name][i], rtol=1e-8, atol=0)
    assert together.data["phi_3"].unique().numel() == 3
