"""Systems in the reduced way, beside the damped oscillator's exact motion and the exact derivatives of it."""

from pathlib import Path

import pytest
import torch

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.fit.layout import Entry, Layout
from holosym.fit.reduced_system import ReducedSystem, Seen
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Weighted
from holosym.solve.conditions import End, fixed
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.package import load

PACKAGE = load(Path(__file__).parents[2] / "generated" / "damped_oscillator")
GRID = chebyshev_grid(64, 0.0, 1.0)
TIMES = torch.linspace(0.03, 0.97, 11, dtype=torch.float64)
CONDITIONS = (fixed("x", End.START, 1.0), fixed("x", End.START, 0.0, order=1))
DELTA = Entry("delta", "parameter", start=0.8)
OMEGA = Entry("omega0", "parameter", start=9.0, positive=True)
FORCE = Entry("V", "coupling", ChebyshevFunction(4, (-1.0, 1.0)))
UNIT = torch.tensor([[0.0, 1.0, 0.0, 0.0]], dtype=torch.float64)  # V(x) = x


def motion(delta, omega, times=TIMES):
    w = torch.sqrt(omega**2 - delta**2)
    return torch.exp(-delta * times) * (torch.cos(w * times) + delta / w * torch.sin(w * times))


def made(entries, values, **given):
    known = {"V": PolynomialCoupling((0.0, 1.0))} if FORCE not in entries else {}
    seen = [Seen("data x", "x", TIMES, values, torch.full_like(TIMES, 0.5))]
    return ReducedSystem(PACKAGE, GRID, CONDITIONS, Layout(entries), given, known, seen, [], 1e-9)


def test_derivatives_by_parameters_are_those_of_the_exact_motion():
    theta = torch.tensor([[0.25, 0.1], [-0.5, -0.2]], dtype=torch.float64)
    objective = made((DELTA, OMEGA), torch.zeros_like(TIMES))
    rows, slopes = objective.jacobian(theta)["data x"]

    def exact(one):
        return motion(0.8 + 0.8 * one[0], 9.0 * torch.exp(one[1])) / 0.5

    torch.testing.assert_close(rows, torch.stack([exact(one) for one in theta]), rtol=0, atol=1e-9)
    expected = torch.stack([torch.autograd.functional.jacobian(exact, one) for one in theta])
    torch.testing.assert_close(slopes, expected, rtol=1e-7, atol=1e-8)


def test_a_stronger_force_is_a_larger_frequency():
    """omega0^2 c x: dx/dc = (omega0/2) dx/domega0 at c = 1, by the coefficient of the second Chebyshev polynomial."""
    objective = made((FORCE,), torch.zeros_like(TIMES), delta=0.8, omega0=9.0)
    _, slopes = objective.jacobian(UNIT)["data x"]
    omega = torch.tensor(9.0, dtype=torch.float64)
    by_omega = torch.autograd.functional.jacobian(lambda one: motion(torch.tensor(0.8).double(), one), omega)
    torch.testing.assert_close(slopes[0, :, 1], 4.5 * by_omega / 0.5, rtol=1e-7, atol=1e-8)


def test_derivatives_by_a_force_that_bends_beside_differences():
    theta = torch.tensor([[0.05, 0.9, 0.1, 0.2]], dtype=torch.float64)
    objective = made((FORCE,), torch.zeros_like(TIMES), delta=0.8, omega0=9.0)
    _, slopes = objective.jacobian(theta)["data x"]
    step = 1e-3
    for k, move in enumerate(step * torch.eye(4, dtype=torch.float64)):
        ahead, behind, far, back = (objective.residuals(theta + n * move)["data x"] for n in (1, -1, 2, -2))
        quotient = (8 * (ahead - behind) - far + back) / (12 * step)
        torch.testing.assert_close(slopes[..., k], quotient, rtol=1e-7, atol=1e-7)


def test_both_parameters_to_ten_digits_from_points_without_noise():
    values = motion(*torch.tensor([1.0, 11.0], dtype=torch.float64))
    objective = made((DELTA, OMEGA), values)
    problem = Weighted(objective, {"data x": 1.0})
    optimiser = LevenbergMarquardt(1e-2, accelerate=False, shrink=1e-3)
    theta = torch.zeros(1, 2, dtype=torch.float64)
    state = optimiser.start(theta)
    for _ in range(15):
        step = optimiser.step(theta, state, problem)
        theta, state = step.theta, step.state
    numbers = objective.layout.numbers(objective.layout.split(theta))
    assert float(numbers["delta"]) == pytest.approx(1.0, rel=1e-9)
    assert float(numbers["omega0"]) == pytest.approx(11.0, rel=1e-10)


def test_a_motion_that_does_not_exist_is_no_number():
    """V = x - 10^4 (2 x^2 - 1): from x = 1 the motion is gone long before the end of the interval."""
    theta = torch.cat([UNIT, torch.tensor([[0.0, 0.0, -1e4, 0.0]], dtype=torch.float64)])
    objective = made((FORCE,), torch.zeros_like(TIMES), delta=0.8, omega0=9.0)
    (rows, slopes), alone = objective.jacobian(theta)["data x"], objective.residuals(UNIT)["data x"]
    assert rows[1].isnan().all()
    assert slopes[1].isnan().all()
    torch.testing.assert_close(rows[0], alone[0], rtol=1e-9, atol=1e-9)
    assert slopes[0].isfinite().all()
