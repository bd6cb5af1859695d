"""Black branes in the reduced way: derivatives beside differences, seeds without a solution, a coupling recovered."""

from pathlib import Path

import pytest
import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.errors import FitError
from holosym.fit.followed_states import PRECISION
from holosym.fit.layout import Entry, Layout
from holosym.fit.reduced_branes import Measurement, ReducedBranes
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Weighted
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.fitted import FittedCoupling
from holosym.solve.homotopy import ON_THE_WAY, reach
from holosym.solve.package import load

GENERATED = Path(__file__).parents[2] / "generated"
V = Anchored(ChebyshevFunction(2, (-1.0, 2.0)), {0.0: 3}, torch.tensor([-6.0, 0.0, -2.0], dtype=torch.float64))
Z = Anchored(ChebyshevFunction(2, (-1.0, 2.0)), {0.0: 1}, torch.tensor([1.0], dtype=torch.float64))
LAYOUT = Layout(
    (
        Entry("Z", "coupling", Z),
        Entry("beta", "parameter", start=0.5, positive=True),
        Entry("V", "coupling", V),
    )
)
MU = torch.tensor([0.4, 0.7, 0.9, 1.1], dtype=torch.float64)
NAMES = ("sigma_xx", "entropy_density")
PARAMETERS = {"beta": lambda seen: seen.parameters["beta"]}


def measured(name, states, values, errors):
    return Measurement(f"data {name}", lambda seen: seen.quantities()[name], states, values, errors)


@pytest.fixture(scope="module")
def setting():
    """A problem with beta free, two controls, and states at the layout's start."""
    couplings = {"V": FittedCoupling(V, torch.zeros(2).double()), "Z": FittedCoupling(Z, torch.zeros(2).double())}
    package = load(GENERATED / "emd_axion")
    problem = BoundaryValueProblem(package, near=18, breaks=(), free=("beta",), couplings=couplings)
    controls = (datum("A_t_0", MU), datum("phi_1", 0.5))
    held = Control("parameter beta", PARAMETERS["beta"], 0.5)
    return problem, controls, reach(problem, [*controls, held], len(MU), tolerance=1e-9)


@pytest.fixture
def objective(setting):
    problem, controls, start = setting
    every = torch.arange(len(MU))
    errors = torch.full_like(MU, 0.1)
    data = [measured(NAMES[0], every[1:], 3 * MU[1:], errors[1:]), measured(NAMES[1], every, 15 * MU, errors)]
    return ReducedBranes(problem, LAYOUT, controls, data, [], 1e-9, start, PARAMETERS)


def test_derivatives_by_couplings_and_by_a_parameter_beside_differences(objective):
    theta = torch.tensor([[0.3, 0.1, 0.2, 0.4, -0.3]], dtype=torch.float64)
    found = objective.jacobian(theta)
    objective.followed.precision.fill_(PRECISION)
    plain = objective.residuals(theta)
    step = 2e-3
    for k in (1, 2, 3):  # of Z, beta, V
        move = step * torch.eye(LAYOUT.size, dtype=torch.float64)[k]
        ahead, behind, far, back = (objective.residuals(theta + n * move) for n in (1, -1, 2, -2))
        for term, (row, slopes) in found.items():
            torch.testing.assert_close(row, plain[term], rtol=0, atol=0)
            quotient = (8 * (ahead[term] - behind[term]) - far[term] + back[term]) / (12 * step)
            torch.testing.assert_close(slopes[..., k], quotient, rtol=1e-7, atol=1e-7)
            assert (quotient.abs() > 1e-4).any()


def test_trials_know_what_the_data_can_tell_apart_and_results_all_digits(objective, setting):
    """Data that are missed by more than their size need six digits; what is asked for by name has all of them."""
    problem, controls, start = setting
    theta = torch.zeros(1, LAYOUT.size, dtype=torch.float64)
    objective.jacobian(theta)
    assert float(objective.followed.precision) == ON_THE_WAY
    there = theta + 0.02
    trial = objective.residuals(there)
    rough = objective.followed.solved(0, there[0])
    exact = objective.solved(there[0])
    assert 1e-13 < float((rough - exact).abs().max()) < 1e-5
    other = ReducedBranes(problem, LAYOUT, controls, objective.measurements, [], 1e-9, start, PARAMETERS)
    torch.testing.assert_close(exact, other.solved(there[0]), rtol=1e-10, atol=1e-10)
    for term, rows in other.residuals(there).items():
        torch.testing.assert_close(trial[term], rows, rtol=1e-5, atol=0)


def test_a_start_at_rest_gives_the_parameter_its_first_value(objective):
    """u = 0 is beta = 0.5, which a control holds; the others hold what they were given."""
    theta = torch.zeros(1, LAYOUT.size, dtype=torch.float64)
    seen = objective.problem.fields
    states = objective.solved(theta[0])
    assert seen.data(seen.split(states)[1])["A_t_0"].tolist() == pytest.approx(MU.tolist())
    beta = seen.parameters(seen.split(states)[1])["beta"]
    torch.testing.assert_close(beta, torch.full_like(MU, 0.5), rtol=1e-12, atol=0)


def test_a_seed_without_a_solution_is_no_number_and_the_other_is_not_touched(objective):
    theta = torch.zeros(2, LAYOUT.size, dtype=torch.float64)
    theta[1, 3] = 1e5  # of V
    alone = objective.residuals(theta[:1])
    both = objective.jacobian(theta)
    for term, (rows, slopes) in both.items():
        assert rows[1].isnan().all()
        assert slopes[1].isnan().all()
        assert slopes[0].isfinite().all()
        torch.testing.assert_close(rows[0], alone[term][0], rtol=1e-10, atol=1e-10)
    with pytest.raises(FitError, match="has no solution"):
        objective.solved(theta[1])
    found = objective.residuals(0 * theta)
    assert all(rows.isfinite().all() for rows in found.values()), "the failed seed comes back"


def test_a_step_that_the_states_cannot_follow_is_refused_before_it_is_tried(objective, monkeypatch):
    theta = torch.zeros(1, LAYOUT.size, dtype=torch.float64)
    objective.jacobian(theta)

    def never(*_, **__):
        raise AssertionError("Newton was asked")

    monkeypatch.setattr("holosym.fit.followed_states.newton", never)
    found = objective.residuals(theta + torch.tensor([0.0, 0.0, 0.0, 1e3, 0.0]))
    assert all(rows.isnan().all() for rows in found.values())
    assert "too long" in objective.followed.message


def test_states_at_rest_above_their_tolerance_still_serve(objective, setting):
    """A trial may need more nodes than the solution will; what is asked for here is below rounding."""
    problem, controls, start = setting
    strict = ReducedBranes(problem, LAYOUT, controls, objective.measurements, [], 1e-18, start, PARAMETERS)
    theta = torch.full((1, LAYOUT.size), 0.1, dtype=torch.float64)
    for term, rows in strict.residuals(theta).items():
        torch.testing.assert_close(rows, objective.residuals(theta)[term], rtol=1e-8, atol=1e-8)
    assert "stands still" in strict.followed.message


def test_memory_is_all_that_the_next_evaluation_begins_from(objective, setting):
    problem, controls, start = setting
    one, two = (torch.full((1, LAYOUT.size), x, dtype=torch.float64) for x in (0.1, 0.15))
    objective.jacobian(one)
    again = ReducedBranes(problem, LAYOUT, controls, objective.measurements, [], 1e-9, start, PARAMETERS)
    again.restore({name: value.clone() for name, value in objective.memory().items()})
    for term, rows in objective.residuals(two).items():
        assert torch.equal(rows, again.residuals(two)[term])
    # between a trial and the Jacobian there, where weights may be balanced
    once_more = ReducedBranes(problem, LAYOUT, controls, objective.measurements, [], 1e-9, start, PARAMETERS)
    kept = objective.memory()
    once_more.restore({name: value.clone() for name, value in kept.items()})
    for term, pair in objective.jacobian(two).items():
        assert all(torch.equal(a, b) for a, b in zip(pair, once_more.jacobian(two)[term], strict=True))
    assert torch.equal(kept["theta"], one)


def test_couplings_and_a_parameter_from_conductivity_and_entropy(objective, setting):
    """What made the data is found again from other values: three numbers from seven points."""
    problem, controls, start = setting
    truth = torch.tensor([[0.3, 0.0, 0.1, 0.5, 0.0]], dtype=torch.float64)
    exact = {term: 0.1 * rows[0] for term, rows in objective.residuals(truth).items()}
    data = [
        measured(name, one.states, one.values + exact[one.term], torch.full_like(one.values, 1.0))
        for name, one in zip(NAMES, objective.measurements, strict=True)
    ]
    again = ReducedBranes(problem, LAYOUT, controls, data, [], 1e-9, start, PARAMETERS)
    few = Weighted(again, {one.term: 1.0 for one in data})
    optimiser = LevenbergMarquardt(1e-2, accelerate=False, shrink=1e-3)
    theta = torch.zeros_like(truth)
    state = optimiser.start(theta)
    for _ in range(12):
        step = optimiser.step(theta, state, few)
        theta, state = step.theta, step.state
        if float(step.loss) < 1e-24:
            break
    assert float(step.loss) < 1e-20
    torch.testing.assert_close(theta, truth, rtol=0, atol=1e-5)
