"""Newton: known solutions, batches, and what it says when there is no solution to be found."""

import re

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.conditions import End, fixed
from holosym.solve.newton import newton


def straight_line(system, a=1.0):
    a = torch.as_tensor(a, dtype=torch.float64)[..., None]
    return (4 - 3 * system.grid.nodes) / a


def test_a_nonlinear_problem_is_solved_to_rounding(problem, exact):
    system = problem(2.0, nodes=32)
    unknowns, report = newton(system, straight_line(system, 2.0))
    torch.testing.assert_close(unknowns, exact(2.0, system.grid.nodes), rtol=1e-12, atol=1e-12)
    assert report.residual <= 1e-9
    assert int(report.iterations) == len(report.lengths) <= 8


def test_the_error_falls_spectrally_with_the_nodes(problem, exact):
    errors = []
    for nodes in (8, 14, 20):
        system = problem(nodes=nodes)
        unknowns, _ = newton(system, straight_line(system), tolerance=1.0)
        errors.append(float((unknowns - exact(1.0, system.grid.nodes)).abs().max()))
    assert errors[1] < errors[0] / 1e3
    assert errors[2] < errors[1] / 1e3


def test_convergence_is_quadratic(one_equation):
    """For x^2 = 2 the residuals obey r' = r^2/(4 x^2) exactly."""
    system = one_equation(lambda x: x**2 - 2, lambda x: 2 * x)
    _, report = newton(system, torch.tensor([2.0], dtype=torch.float64))
    history = [float(entry) for entry in report.history]
    assert history[0] == 2.0
    assert history[1] == pytest.approx(history[0] ** 2 / 16, rel=1e-12)
    assert history[2] == pytest.approx(history[1] ** 2 / 9, rel=1e-12)
    assert history[-1] < 1e-15


def test_the_constraint_stands_in_for_a_boundary_condition(problem, exact):
    """u(0) alone leaves u'(0) open; the energy fixes it up to a sign, and the guess chooses the sign."""
    system = problem(nodes=32, conditions=[fixed("u", End.START, 4.0)])
    unknowns, _ = newton(system, straight_line(system))
    torch.testing.assert_close(unknowns, exact(1.0, system.grid.nodes), rtol=1e-10, atol=1e-10)


def test_a_batch_behaves_as_a_loop(problem, exact):
    a = torch.tensor([0.25, 1.0, 7.0], dtype=torch.float64)
    system = problem(a, nodes=24)
    start = straight_line(system, a)
    start[2] = exact(7.0, system.grid.nodes) * (1 + 1e-6 * system.grid.nodes)
    unknowns, report = newton(system, start)
    singles = []
    for i in range(3):
        alone, single = newton(problem(float(a[i]), nodes=24), start[i])
        torch.testing.assert_close(unknowns[i], alone, rtol=1e-12, atol=1e-12)
        assert report.iterations[i] == single.iterations
        singles.append(int(single.iterations))
    assert len(set(singles)) > 1, "states that stop together do not show that each stops by itself"


def test_one_guess_is_broadcast_over_the_batch(problem, exact):
    a = torch.tensor([0.9, 1.0], dtype=torch.float64)
    system = problem(a, nodes=32)
    unknowns, _ = newton(system, straight_line(system))
    torch.testing.assert_close(unknowns, exact(a, system.grid.nodes), rtol=1e-10, atol=1e-10)


def test_too_few_steps_raise_with_the_last_residual(problem):
    system = problem(nodes=24)
    _, report = newton(system, straight_line(system))
    with pytest.raises(SolveError, match="the iteration ran out of steps: after 2 steps") as caught:
        newton(system, straight_line(system), max_iterations=2)
    told = float(re.search(r"last residual is ([0-9.e+-]+),", caught.value.message)[1])
    assert told == pytest.approx(float(report.history[2]), rel=1e-2)
    assert re.search(r"largest in (equation|condition) ", caught.value.message)


def test_a_grid_too_coarse_is_told_from_a_lack_of_steps(problem):
    system = problem(nodes=7)
    with pytest.raises(SolveError, match="stands still short of a solution") as caught:
        newton(system, straight_line(system))
    assert "more nodes" in caught.value.mend


def test_conditions_that_contradict_the_equations_have_no_solution(problem):
    """At zero energy u(0) = 4 leads to u(1) = 1 or to infinity."""
    system = problem(nodes=24, conditions=[fixed("u", End.START, 4.0), fixed("u", End.STOP, 2.0)])
    with pytest.raises(SolveError, match="last residual is"):
        newton(system, straight_line(system))


def test_a_failing_state_is_counted_among_its_batch(problem):
    a = torch.tensor([1.0, 1.0], dtype=torch.float64)
    ends = torch.tensor([1.0, 2.0], dtype=torch.float64)
    system = problem(a, nodes=24, conditions=[fixed("u", End.START, 4.0), fixed("u", End.STOP, ends)])
    with pytest.raises(SolveError, match="in 1 of 2 states"):
        newton(system, straight_line(system))


def test_a_guess_that_is_not_finite_is_named_by_row(problem):
    system = problem(nodes=5)
    start = straight_line(system)
    start[2] = torch.nan
    with pytest.raises(SolveError, match="equation u at x = 0 is not finite: its residual is nan") as caught:
        newton(system, start)
    assert "guess" in caught.value.mend


def test_a_trial_that_is_not_finite_is_shortened(one_equation):
    """From x = 4 the full step for sqrt(x) = 1/10 leads to x < 0, where the root is no number."""
    system = one_equation(lambda x: x.sqrt() - 0.1, lambda x: 0.5 / x.sqrt())
    unknowns, report = newton(system, torch.tensor([4.0], dtype=torch.float64))
    assert float(unknowns[0]) == pytest.approx(0.01, rel=1e-12)
    assert float(report.lengths[0]) == 0.5


def test_a_step_that_overshoots_is_damped(one_equation):
    """Undamped Newton for arctan(x) = 0 diverges from |x| > 1.392."""
    system = one_equation(torch.arctan, lambda x: 1 / (1 + x**2))
    unknowns, report = newton(system, torch.tensor([10.0], dtype=torch.float64))
    assert abs(float(unknowns[0])) < 1e-12
    assert float(report.lengths[0]) < 1


def test_unknowns_that_nothing_determines_are_named(problem):
    def flat(arguments):
        (u,) = arguments
        return 0 * u, 0 * u, 0 * u

    system = problem(nodes=8, conditions=[], couplings={"V": flat})
    with pytest.raises(SolveError, match="nothing determines u at x = "):
        newton(system, straight_line(system))
