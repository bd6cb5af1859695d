"""Chebyshev grids: exact on polynomials, spectral on analytic functions, accurate at many nodes."""

import itertools
import math

import pytest
import torch

from holosym.ansatz.chebyshev import chebyshev_grid


def test_nodes_are_lobatto_points_with_exact_ends():
    grid = chebyshev_grid(5, -1.5, 2.0)
    expected = [0.25 - 1.75 * math.cos(math.pi * j / 4) for j in range(5)]
    torch.testing.assert_close(grid.nodes, torch.tensor(expected, dtype=torch.float64))
    assert (grid.nodes[0], grid.nodes[-1]) == (-1.5, 2.0)


@pytest.mark.parametrize("degree", range(7))
def test_derivatives_of_polynomials_up_to_the_grid_degree_are_exact(degree):
    grid = chebyshev_grid(7, 0.5, 2.0, order=3)
    x = grid.nodes
    for k, values in enumerate(grid.jets(x**degree)):
        factor = math.perm(degree, k)
        exact = factor * x ** (degree - k) if degree >= k else torch.zeros_like(x)
        torch.testing.assert_close(values, exact, rtol=1e-11, atol=2e-11)


def test_one_degree_more_than_the_grid_is_not_exact():
    grid = chebyshev_grid(7, 0.5, 2.0)
    x = grid.nodes
    assert (grid.jets(x**7)[1] - 7 * x**6).abs().max() > 1e-4


def test_second_derivative_of_exp_converges_geometrically():
    errors = []
    for n in (4, 7, 10, 13):
        grid = chebyshev_grid(n)
        errors.append(float((grid.jets(grid.nodes.exp())[2] - grid.nodes.exp()).abs().max()))
    assert all(later < earlier / 500 for earlier, later in itertools.pairwise(errors)), errors
    assert errors[-1] < 1e-10


def test_many_nodes_keep_the_derivative_accurate():
    """The closed formula for the diagonal gives 1e-9 here."""
    grid = chebyshev_grid(64)
    assert (grid.jets(grid.nodes.exp())[1] - grid.nodes.exp()).abs().max() < 1e-11
    assert grid.derivatives[1].sum(dim=-1).abs().max() < 1e-11


def test_interpolation_is_exact_on_polynomials_and_on_nodes():
    grid = chebyshev_grid(6, -1.0, 3.0)
    values = torch.stack([grid.nodes**5 - grid.nodes, grid.nodes**2])
    points = torch.cat([torch.linspace(-1, 3, 23, dtype=torch.float64), grid.nodes])
    exact = torch.stack([points**5 - points, points**2])
    result = grid.interpolate(values, points)
    torch.testing.assert_close(result, exact, rtol=1e-12, atol=1e-11)
    assert torch.equal(result[:, -6:], values)


def test_jets_act_on_the_last_dimension_of_a_batch():
    grid = chebyshev_grid(9)
    batch = torch.randn(2, 3, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    for k, entry in enumerate(grid.jets(batch)):
        torch.testing.assert_close(entry[1, 2], grid.derivatives[k] @ batch[1, 2], rtol=1e-12, atol=1e-10)


def test_dtype_is_that_of_the_request():
    grid = chebyshev_grid(8, dtype=torch.float32)
    assert {grid.nodes.dtype, grid.weights.dtype, *(m.dtype for m in grid.derivatives)} == {torch.float32}
    assert (grid.jets(grid.nodes.exp())[1] - grid.nodes.exp()).abs().max() < 1e-4


@pytest.mark.parametrize("arguments", [(1,), (4, 1.0, 1.0), (4, 0.0, math.nan)])
def test_impossible_grids_are_refused(arguments):
    with pytest.raises(ValueError, match="no Chebyshev grid"):
        chebyshev_grid(*arguments)
