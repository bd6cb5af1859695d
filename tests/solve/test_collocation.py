"""Collocation systems: the Jacobian against autograd, names of rows, and problems that are not complete."""

import pytest
import torch

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import SolveError
from holosym.solve.conditions import End, Linear, Relation, fixed


def relation():
    return Relation(
        "u'(0) = -u(0)^2/2",
        End.START,
        lambda jets: jets["u"][1] + jets["u"][0] ** 2 / 2,
        lambda jets: {("u", 1): 1.0, ("u", 0): jets["u"][0]},
    )


def test_jacobian_is_the_derivative_of_the_residual(problem):
    conditions = [Linear("mixed", End.STOP, {("u", 0): 0.7, ("u", 2): -1 / 3}, 0.3), relation()]
    system = problem(nodes=9, conditions=conditions)
    unknowns = 1 + torch.rand(9, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    expected = torch.func.jacrev(system.residual)(unknowns)
    here = system.linearise(unknowns)
    torch.testing.assert_close(here.jacobian, expected, rtol=1e-12, atol=1e-11)
    torch.testing.assert_close(here.residual, system.residual(unknowns))


def test_the_exact_solution_has_no_residual(problem, exact):
    """At 24 nodes the series is cut at 1e-12; with more, the rounding of second derivatives grows like nodes^4."""
    system = problem(2.0, nodes=24)
    here = system.linearise(exact(2.0, system.grid.nodes))
    assert here.error() < 1e-11
    shifted = system.linearise(exact(2.0, system.grid.nodes) + 0.01)
    assert shifted.error() > 1e-4


def test_a_batch_has_the_rows_of_its_states(problem, exact):
    a = torch.tensor([[0.5], [1.0], [3.0]], dtype=torch.float64)
    batch = problem(a, nodes=12)
    unknowns = 1.1 * exact(a, batch.grid.nodes)
    here = batch.linearise(unknowns)
    assert here.jacobian.shape == (3, 1, 26, 12)
    for i in range(3):
        single = problem(float(a[i, 0]), nodes=12).linearise(unknowns[i, 0])
        for whole, part in zip(here, single, strict=True):
            torch.testing.assert_close(whole[i, 0], part, rtol=1e-11, atol=1e-11)


def test_an_equation_is_measured_by_its_terms_and_partials(problem):
    """At constant u = 2 with a = 1: terms 0 and 6, partials -6 and 1, so 13; for the energy 4 and 6 + 0, so 10."""
    system = problem(nodes=5)
    scale = system.linearise(torch.full((5,), 2.0, dtype=torch.float64)).scale
    expected = torch.tensor([13.0] * 5 + [10.0] * 5 + [1.0] * 2, dtype=torch.float64)
    torch.testing.assert_close(scale, expected, rtol=1e-12, atol=1e-10)


def test_only_the_ends_of_a_constraint_have_full_weight(problem, exact):
    system = problem(nodes=6)
    weight = system.linearise(exact(1.0, system.grid.nodes)).weight
    full = [i for i in range(14) if weight[i] == 1]
    assert full == [0, 1, 2, 3, 4, 5, 6, 11, 12, 13]
    assert bool((weight > 0).all())


def test_rows_and_unknowns_have_names(problem):
    system = problem(nodes=5)
    assert system.row_name(2) == "equation u at x = 0.5"
    assert system.row_name(9) == "equation energy at x = 1"
    assert system.row_name(10) == "condition u at the start is 4"
    assert system.unknown_name(4) == "u at x = 1"


def test_what_a_theory_needs_must_be_given(problem):
    with pytest.raises(SolveError, match="potential cannot be solved without a, V"):
        problem(parameters={}, couplings={})
    with pytest.raises(SolveError, match="derivatives of order 2") as caught:
        problem(grid=chebyshev_grid(8, order=1))
    assert caught.value.mend == "make the grid with order=2"


def test_a_condition_on_a_derivative_says_so():
    assert fixed("phi", End.STOP, 0.5, order=2).name == "phi'' at the stop is 0.5"
    assert fixed("phi", End.STOP, torch.zeros(3)).name == "phi at the stop is given"
