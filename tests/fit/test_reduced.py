"""Fits with the solver in the loop: derivatives beside differences, known answers, states that do not exist."""

import csv

import pytest
import torch
from assembled_fits import ROOT, anywhere, from_file, made, measured, trained

from holosym.errors import ExperimentError, FitError
from holosym.fit.reading import read_experiment
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Weighted


def differences(function, theta, step):
    """Five-point differences of rows (S, w) by theta (S, P): (S, w, P)."""
    found = []
    for move in step * torch.eye(theta.shape[-1], dtype=theta.dtype):
        near = function(theta + move) - function(theta - move)
        far = function(theta + 2 * move) - function(theta - 2 * move)
        found.append((8 * near - far) / (12 * step))
    return torch.stack(found, dim=-1)


def beside_differences(objective, theta, step, tolerance):
    """Every term's Jacobian is that of its rows."""
    for term, (rows, matrix) in objective.jacobian(theta).items():
        torch.testing.assert_close(rows, objective.residuals(theta)[term], rtol=1e-9, atol=1e-9)
        expected = differences(lambda t, term=term: objective.residuals(t)[term], theta, step)
        size = float(expected.abs().max())
        assert size > 1e-3
        torch.testing.assert_close(matrix, expected, rtol=tolerance, atol=tolerance * size)


def motion(**sections):
    """delta, omega0 and V of the oscillator from a few points."""
    points = measured("t", [0.1, 0.4, 0.7, 1.0], {"x": [0.8, 0.1, -0.5, 0.3]}, errors=0.1)
    said = {
        "interval": {"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0, "x'(0)": -0.5}, "nodes": 30},
        "unknown": {
            "delta": {"start": 1.0, "positive": True},
            "omega0": {"start": 4.0},
            "V": {
                "range": [-2.0, 2.0],
                "ansatz": {"kind": "chebyshev", "coefficients": 3},
                "anchors": {"V(0)": 0.0, "V'(0)": 1.0},
            },
        },
        "loss": {"smoothness": 0.1},
    }
    return made("damped_oscillator", "reduced", [points], **(said | sections))


def hot_states(factor=1.0, count=4, coefficients=3, nodes=16):
    """The hottest states of the clean entropy, on one panel; the entropy may be made wrong by a factor."""
    with (ROOT / "experiments" / "data" / "entropy_clean.csv").open(encoding="utf-8") as stream:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(stream))[2:]][-count:]
    points = measured("T", [t for t, _ in rows], {"s": [factor * s for _, s in rows]})
    return made(
        "einstein_scalar_ads5",
        "reduced",
        [points],
        states={"fixed": {"phi.source": 1.0}, "nodes": nodes},
        unknown={
            "V": {
                "range": [-1.0, 2.0],
                "ansatz": {"kind": "chebyshev", "coefficients": coefficients},
                "anchors": {"V(0)": -12.0, "V'(0)": 0.0, "V''(0)": -3.0},
            }
        },
    )


def test_derivatives_of_a_motion():
    objective = motion().objective
    beside_differences(objective, anywhere(objective, seeds=2, size=0.2), 1e-3, 1e-7)


def test_delta_and_omega0_from_clean_data():
    built = from_file("oscillator_inverse_clean.toml")
    found = trained(built)
    numbers = built.layout.numbers(built.layout.split(found.best))
    assert float(numbers["delta"][0, 0]) == pytest.approx(1.0, abs=1e-8)
    assert float(numbers["omega0"][0, 0]) == pytest.approx(20.0, rel=1e-8)


def test_delta_and_omega0_from_noisy_data():
    """4001 points with an error of 0.01, a tenth held back, on which chi^2 per point is one as well."""
    built = from_file("oscillator_inverse.toml")
    found = trained(built)
    numbers = built.layout.numbers(built.layout.split(found.best))
    assert float(numbers["delta"][0, 0]) == pytest.approx(1.0, abs=1e-3)
    assert float(numbers["omega0"][0, 0]) == pytest.approx(20.0, rel=1e-3)
    for term in ("data x", "held"):
        assert float(found.squares[term][0]) == pytest.approx(1.0, abs=0.2)


def test_a_motion_without_a_solution_has_rows_that_are_no_numbers():
    """V = x + c x^3 with c = -1e4 drives x away; only the seed that asks for it says so, and the prior stays."""
    objective = motion().objective
    theta = torch.zeros(2, objective.size, dtype=torch.float64)
    theta[1, objective.layout.slices["V"]] = -1e4
    rows, jacobian = objective.residuals(theta), objective.jacobian(theta)
    assert rows["data x"][0].isfinite().all()
    assert rows["data x"][1].isnan().all()
    assert jacobian["data x"][1][0].isfinite().all()
    assert jacobian["data x"][1][1].isnan().all()
    assert rows["smoothness V"].isfinite().all()
    with pytest.raises(FitError, match="no solution"):
        objective.solved(theta[1])
    with pytest.raises(ExperimentError, match="there are no data"):
        made(
            "damped_oscillator",
            "reduced",
            interval={"start": 0.0, "stop": 1.0},
            fixed={"delta": 1.0, "omega0": 2.0},
            couplings={"V": {"polynomial": [0, 1]}},
        )


@pytest.fixture(scope="module")
def hot():
    """Solving for the states at the start takes a second: once."""
    return hot_states()


def test_derivatives_of_branes(hot):
    """With phi.source/T as the control: the boundary series sees V, and so does every equation."""
    objective = hot.objective
    theta = anywhere(objective, seeds=2, size=0.3)
    objective.jacobian(theta)
    beside_differences(objective, theta, 1e-2, 1e-6)


def test_entropy_of_the_true_potential_is_that_of_the_data():
    """V of the file is a polynomial that ten coefficients hold; its states were solved on two panels of 32 nodes there,
    and are on one of 32 here."""
    built = hot_states(coefficients=10, nodes=32)
    true = read_experiment(ROOT / "experiments" / "potential_from_entropy.toml").unknown["V"].true.polynomial
    function = next(entry.function for entry in built.layout.entries)
    phi = torch.linspace(*function.interval, 50, dtype=torch.float64)
    zero = torch.zeros(function.size, dtype=torch.float64)
    wanted = sum(c * phi**k for k, c in enumerate(true)) - function.jet(zero, phi, 0)[0]
    design = function.sensitivity(zero, phi, 0)[0]
    theta = torch.linalg.lstsq(design, wanted[:, None], driver="gelsd").solution.mT
    assert (design @ theta[0] - wanted).abs().max() < 1e-12
    assert built.objective.residuals(theta)["data s"].abs().max() < 1e-9
    low, high = built.view.reached(theta)["V"]
    assert low == pytest.approx(0.0, abs=1e-9)
    assert 0.4 < high < 0.45


def test_memory_brings_back_the_same_residuals(hot):
    """To the last bit: guesses, and so the last steps of Newton, are those of the fit that was left."""
    first, other = hot.objective, hot_states().objective
    theta = anywhere(first, seeds=2, size=0.1)
    first.jacobian(theta)
    near = theta + 0.02
    memory = {name: value.clone() for name, value in first.memory().items()}
    expected = first.residuals(near)["data s"]
    first.jacobian(near)
    elsewhere = other.residuals(near)["data s"]  # from other guesses: the same to the tolerance, and to be forgotten
    torch.testing.assert_close(elsewhere, expected, rtol=1e-6, atol=1e-8)
    other.restore(memory)
    assert torch.equal(other.residuals(near)["data s"], expected)


def test_a_potential_without_states_is_a_step_too_far():
    """With entropies 30 times too large Gauss and Newton go where no state is: Levenberg and Marquardt come back."""
    built = hot_states(30.0)
    objective, seen = built.objective, []
    plain = objective.residuals

    def watched(theta):
        rows = plain(theta)
        seen.append(bool(rows["data s"].isfinite().all()))
        return rows

    objective.residuals = watched
    optimiser, problem = LevenbergMarquardt(1e-6, accelerate=False), Weighted(objective, built.weights)
    theta = torch.zeros(1, objective.size, dtype=torch.float64)
    before = problem.loss(theta)
    step = optimiser.step(theta, optimiser.start(theta), problem)
    assert not all(seen)
    assert step.accepted.all()
    assert plain(step.theta)["data s"].isfinite().all()
    assert (problem.loss(step.theta) < before).all()
    lost = objective.jacobian(theta + 1e4)["data s"]
    assert lost[0].isnan().all()
    assert lost[1].isnan().all()
    assert lost[1].shape == (1, 4, objective.size)
    with pytest.raises(FitError, match="no solution"):
        objective.solved(theta[0] + 1e4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "digits"), [("potential_from_entropy.toml", 1e-9), ("potential_from_entropy_pinn.toml", 2e-3)]
)
def test_the_potential_from_the_entropy(name, digits):
    """The whole experiments: V wherever phi is below 1.5, from sixteen temperatures, reduced and by networks."""
    built = from_file(name)
    found = trained(built)
    theta = found.best[found.champion]
    entry = next(one for one in built.layout.entries if one.name == "V")
    phi = torch.linspace(0, 1.5, 151, dtype=torch.float64)
    true = built.experiment.unknown["V"].true.polynomial
    expected = sum(c * phi**k for k, c in enumerate(true))
    recovered = entry.function.jet(built.layout.split(theta[None])["V"][0, 0], phi, 0)[0]
    assert ((recovered - expected).abs() / expected.abs()).max() < digits


@pytest.mark.slow
def test_two_couplings_from_entropy_and_resistivity():
    """The whole experiment: V and Z of Gubser and Rocha where the states are, from eighteen temperatures."""
    built = from_file("couplings_from_transport.toml")
    found = trained(built)
    theta = found.best[found.champion]
    phi = torch.linspace(0, 0.7, 71, dtype=torch.float64)
    parts = built.layout.split(theta[None])
    exact = {"V": -6 * torch.cosh(phi / 3**0.5), "Z": torch.exp(phi / 3**0.5)}
    for entry in built.layout.entries:
        recovered = entry.function.jet(parts[entry.name][0, 0], phi, 0)[0]
        assert (recovered / exact[entry.name] - 1).abs().max() < 1e-9
