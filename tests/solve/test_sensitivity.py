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
from holosym.solve.names import resolve
from holosym.solve.package import load
from holosym.solve.recoupled import recoupled
from holosym.solve.sensitivity import Sensitivity, Unknowns, with_controls

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
    rows = Sensitivity(problem, states, THETA, ABOUT).rows(system)
    functions = [control.function for control in controls]
    _, _, direct = Sensitivity(problem, states, THETA, ABOUT).scalars(functions)
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
    _, by_state, direct = Sensitivity(problem, states, THETA, ABOUT).scalars(wanted)

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
    rows = Sensitivity(problem, states, THETA, ABOUT).rows(system)
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


def central(function, theta, steps):
    """Five-point differences of a function of theta (P,) by every entry, on the last axis."""
    found = []
    for i, step in enumerate(steps):
        move = torch.zeros_like(theta)
        move[i] = step
        near = function(theta + move) - function(theta - move)
        far = function(theta + 2 * move) - function(theta - 2 * move)
        found.append((8 * near - far) / (12 * step))
    return torch.stack(found, dim=-1)


def test_entropy_at_given_source_by_the_coefficients_of_v():
    """s/T^3 at given phi.source/T, from the resolved names that a fit uses, with V''' and more at the boundary."""
    package = load(GENERATED / "einstein_scalar_ads5")
    function = Anchored(
        ChebyshevFunction(4, (-1.0, 2.0)), {0.0: 3}, torch.tensor([-12.0, 0.0, -3.0], dtype=torch.float64)
    )
    about, theta = Unknowns({"V": function}, {"V": slice(0, 4)}, 4), torch.tensor([-0.6, 0.3, -0.2, 0.1]).double()
    problem = BoundaryValueProblem(package, near=16, nodes=16, couplings=about.couplings(theta))
    source, entropy = (resolve(package, name).function for name in ("phi.source/T", "s/T^3"))
    controls = (Control("phi.source/T", source, torch.tensor([0.7, 1.5], dtype=torch.float64)),)
    states = problem.solve(controls, tolerance=1e-10).unknowns

    def solved(point):
        return entropy(recoupled(problem, about.couplings(point)).solve(controls, states, tolerance=1e-11).scalars)

    system = problem.with_controls(controls)
    rows = Sensitivity(problem, states, theta, about).rows(system)
    _, by_state, direct = Sensitivity(problem, states, theta, about).scalars([source, entropy])
    rows = with_controls(rows, controls, direct[:, :1])
    slopes = LeastSquares(system, system.linearise(states)).step(rows.movedim(-1, 0)).movedim(0, -1)
    found = (direct + by_state @ slopes)[:, 1]
    assert (found.abs() > 1e-3).all()
    torch.testing.assert_close(found, central(solved, theta, [2e-2] * 4), rtol=1e-6, atol=1e-9)


def test_a_parameter_that_a_control_holds():
    """Density, conductivity and entropy of a Gubser-Rocha brane at given mu z_h, by beta z_h: one row holds beta."""
    package = load(GENERATED / "gubser_rocha")
    problem = BoundaryValueProblem(package, nodes=24, free=("beta",))
    wanted = [resolve(package, name).function for name in ("rho/mu^2", "sigma_xx", "s/mu^2")]

    def controls(value):
        beta = Control("beta", lambda seen: torch.as_tensor(seen.parameters["beta"]), value[..., 0])
        return (datum("A_t_0", 1.5), datum("phi_1", 0.2), beta)

    here = torch.tensor([[0.7], [1.1]], dtype=torch.float64)
    states = problem.solve(controls(here), tolerance=1e-9).unknowns

    def solved(point):
        seen = problem.solve(controls(point), states, tolerance=1e-9).scalars
        return torch.stack([function(seen) for function in wanted], dim=-1)

    step = 5e-3
    ahead, behind, far, back = (solved(here + k * step) for k in (1, -1, 2, -2))
    expected = (8 * (ahead - behind) - far + back) / (12 * step)
    system, nothing = problem.with_controls(controls(here)), Unknowns({}, {}, 1)
    rows = Sensitivity(problem, states, torch.zeros(1, dtype=torch.float64), nothing).rows(system)
    assert not rows.any()
    rows[:, -1] = -1.0
    slopes = LeastSquares(system, system.linearise(states)).step(rows.movedim(-1, 0)).movedim(0, -1)
    empty = torch.zeros(1, dtype=torch.float64)
    _, by_state, direct = Sensitivity(problem, states, empty, nothing).scalars(wanted)
    assert not direct.any()
    torch.testing.assert_close((by_state @ slopes)[..., 0], expected, rtol=1e-6, atol=1e-8)
    assert (expected.abs() > 1e-3).all()
