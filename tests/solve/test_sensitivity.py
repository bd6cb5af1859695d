"""Derivatives of solved states by the coefficients of couplings, beside differences of full solves."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.least_squares import LeastSquares
from holosym.solve.package import load
from holosym.solve.recoupled import recoupled
from holosym.solve.sensitivity import Unknowns, row_slopes, scalar_slopes, with_controls

GENERATED = Path(__file__).parents[2] / "generated"
V = Anchored(ChebyshevFunction(3, (-1.0, 2.0)), {0.0: 3}, torch.tensor([-6.0, 0.0, -2.0], dtype=torch.float64))
Z = Anchored(ChebyshevFunction(2, (-1.0, 2.0)), {0.0: 1}, torch.tensor([1.0], dtype=torch.float64))
ABOUT = Unknowns({"V": V, "Z": Z}, {"V": slice(0, 3), "Z": slice(3, 5)}, 5)
THETA = torch.tensor([0.7, -0.4, 0.3, 0.9, 0.2], dtype=torch.float64)
TARGETS = torch.tensor([0.3, 0.6, 0.9], dtype=torch.float64)


def observables():
    """Charges at the horizon, what sees Z there directly, and what sees the third derivative of V at the boundary."""
    names = ("temperature", "entropy_density", "sigma_xx", "phi_vev")
    return [lambda seen, name=name: seen.quantities()[name] for name in names]


@pytest.fixture(scope="module")
def family():
    """A problem, its controls (one sees the coupling Z at the horizon), and states at THETA."""
    package = load(GENERATED / "emd_axion")
    problem = BoundaryValueProblem(
        package, near=14, nodes=14, breaks=(0.5,), parameters={"beta": 0.5}, couplings=ABOUT.couplings(THETA)
    )
    screened = Control("Z_h mu", lambda seen: seen.couplings["Z"][0] * seen.data["A_t_0"], TARGETS)
    controls = (datum("phi_1", 0.4), screened)
    return problem, controls, problem.solve(controls, tolerance=1e-9).unknowns


def response(problem, controls, states):
    system = problem.with_controls(controls)
    rows = row_slopes(system, states, THETA, ABOUT)
    functions = [control.function for control in controls]
    _, _, direct = scalar_slopes(problem, states, THETA, ABOUT, functions)
    inverse = LeastSquares(system, system.linearise(states))
    return inverse.step(with_controls(rows, controls, direct).movedim(-1, 0)).movedim(0, -1)


def differences(function, states, step=2e-3):
    """Five-point central differences by every coefficient, on the last axis: all points of all states in one batch."""
    moves = step * torch.tensor([1.0, -1.0, 2.0, -2.0], dtype=torch.float64)
    points = THETA + moves[:, None, None] * torch.eye(len(THETA), dtype=torch.float64)
    found = function(points.reshape(-1, len(THETA)).repeat_interleave(states, dim=0))
    ahead, behind, far, back = found.reshape(4, len(THETA), states, -1)
    return ((8 * (ahead - behind) - far + back) / (12 * step)).movedim(0, -1)


def test_states_and_observables_beside_differences_of_full_solves(family):
    problem, controls, states = family
    wanted = observables()
    slopes = response(problem, controls, states)
    _, by_state, direct = scalar_slopes(problem, states, THETA, ABOUT, wanted)

    def solved(theta):
        copies = len(theta) // len(states)
        again = [replace(c, target=torch.as_tensor(c.target).expand(len(states)).repeat(copies)) for c in controls]
        guess = states.repeat(copies, 1)
        other = recoupled(problem, ABOUT.couplings(theta)).solve(again, guess, tolerance=1e-9)
        return torch.cat([other.unknowns, *(f(other.scalars)[:, None] for f in wanted)], dim=-1)

    found = differences(solved, len(states))
    count = states.shape[-1]
    size = found[:, :count].abs().amax(dim=1, keepdim=True)
    assert ((slopes - found[:, :count]).abs() / size).max() < 1e-7
    every = direct + by_state @ slopes
    torch.testing.assert_close(every, found[:, count:], rtol=1e-7, atol=1e-9)
    assert (direct[:, 2, 3:].abs() > 1e-3).all()
    assert (direct[:, 3, :3].abs() > 1e-3).all()


def test_conditions_see_couplings_through_the_boundary_series(family):
    """The coefficients of the series hold derivatives of V at the boundary, and the seam of the panels sees them."""
    problem, controls, states = family
    system = problem.with_controls(controls)
    rows = row_slopes(system, states, THETA, ABOUT)
    conditions = rows[:, -len(system.conditions.names()) : -len(controls)]
    assert (conditions[..., :3].abs().amax(dim=(0, 1)) > 1e-6).all()


def test_recoupled_is_the_problem_made_anew(family):
    """The same rows as those of a problem that knows the new couplings from the beginning, near the boundary too."""
    problem, controls, states = family
    other = {"V": PolynomialCoupling((-6.0, 0.0, -1.0, 0.1)), "Z": PolynomialCoupling((1.0, 0.3))}
    fresh = BoundaryValueProblem(
        problem.package, near=14, nodes=14, breaks=(0.5,), parameters={"beta": 0.5}, couplings=other
    )
    again = recoupled(problem, other).with_controls(controls).linearise(states)
    for one, two in zip(again, fresh.with_controls(controls).linearise(states), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-12, atol=1e-12)
