"""Least squares: rows of very different size, and rows that cannot all be met."""

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.least_squares import LeastSquares
from holosym.solve.system import Linearised


class Names:
    """The part of a system that least squares asks for."""

    def unknown_name(self, index):
        return f"unknown {index}"


def system_of(jacobian, weight=None):
    ones = torch.ones(jacobian.shape[:-1], dtype=jacobian.dtype)
    return Linearised(0 * ones, jacobian, ones, ones if weight is None else weight)


def test_small_rows_do_not_drown_beside_large_ones():
    generator = torch.Generator().manual_seed(5)
    matrix = torch.randn(30, 20, dtype=torch.float64, generator=generator)
    matrix[18:] *= 1e12
    solution = torch.randn(20, dtype=torch.float64, generator=generator)
    step = LeastSquares(Names(), system_of(matrix)).step(-matrix @ solution)
    torch.testing.assert_close(step, solution, rtol=1e-9, atol=1e-11)
    plain = torch.linalg.lstsq(matrix, (matrix @ solution)[:, None]).solution[:, 0]
    assert (plain - solution).abs().max() > 1e-6


def test_weights_decide_where_rows_disagree():
    matrix = torch.tensor([[1.0], [1.0]], dtype=torch.float64)
    here = system_of(matrix, torch.tensor([3.0, 1.0], dtype=torch.float64))
    step = LeastSquares(Names(), here).step(torch.tensor([-1.0, -11.0], dtype=torch.float64))
    assert float(step[0]) == pytest.approx((9 * 1 + 1 * 11) / 10)


def test_several_right_sides_of_a_batch_are_solved_together():
    generator = torch.Generator().manual_seed(7)
    matrices = torch.randn(3, 9, 6, dtype=torch.float64, generator=generator)
    solutions = torch.randn(2, 5, 3, 6, dtype=torch.float64, generator=generator)
    solver = LeastSquares(Names(), system_of(matrices))
    rows = torch.einsum("bmn,...bn->...bm", matrices, solutions)
    torch.testing.assert_close(solver.step(-rows), solutions, rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(solver.step(-rows[0, 0, 0])[0], solutions[0, 0, 0], rtol=1e-11, atol=1e-11)


def test_a_column_in_the_span_of_others_is_named():
    matrix = torch.tensor([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0], [3.0, 6.0, 1.0]], dtype=torch.float64)
    with pytest.raises(SolveError, match="nothing determines unknown 1"):
        LeastSquares(Names(), system_of(matrix))


def test_fewer_rows_than_unknowns_are_refused():
    with pytest.raises(SolveError, match="2 equations and conditions cannot determine 3 unknowns"):
        LeastSquares(Names(), system_of(torch.ones(2, 3, dtype=torch.float64)))
