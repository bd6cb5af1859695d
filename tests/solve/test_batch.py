"""Batches along a parameter: beside exact branes, beside states solved alone, and with states that do not exist."""

import math
from pathlib import Path

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.batch import solve_batch
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.newton import newton
from holosym.solve.package import load

GENERATED = Path(__file__).parents[2] / "generated"
BETA = 0.4
Q = torch.linspace(0.05, 1.0, 30, dtype=torch.float64)


@pytest.fixture(scope="module")
def brane():
    package = load(GENERATED / "gubser_rocha")
    return BoundaryValueProblem(package, near=20, breaks=(), parameters={"beta": BETA})


def exact(q):
    """mu, phi_1 and T, s, rho where z_h = 1 and h'(0) = 0 (the derivation stands in benchmarks/solve.py)."""
    length = 1 + 3 * q / 4
    b, area = BETA * length, (1 + q) ** 1.5
    m = torch.sqrt(3 * q * (1 + q) * (1 - b**2 / (2 * (1 + q) ** 2)))
    temperature = (6 * (1 + q) ** 2 - b**2) / (8 * math.pi * area) / length
    numbers = {
        "temperature": temperature,
        "entropy_density": 4 * math.pi * area / length**2,
        "charge_density_A": m * (1 + q) / length**2,
    }
    return m / length, math.sqrt(3) / 2 * q / length, numbers


def test_all_states_are_the_exact_ones(brane):
    mu, source, numbers = exact(Q)
    batch = solve_batch(brane, [datum("A_t_0", mu), datum("phi_1", source)], mu, anchors=6)
    assert bool(batch.solved.all())
    assert batch.failure is None
    found = batch.state.quantities()
    for name, value in numbers.items():
        torch.testing.assert_close(found[name], value, rtol=1e-11, atol=0)


def test_the_order_of_the_states_does_not_matter(brane):
    mu, source, numbers = exact(Q[:8].flip(0)[[3, 0, 7, 5, 1, 2, 6, 4]])
    found = solve_batch(brane, [datum("A_t_0", mu), datum("phi_1", source)], mu, anchors=3).state.quantities()
    torch.testing.assert_close(found["temperature"], numbers["temperature"], rtol=1e-11, atol=0)


def test_states_without_a_solution_do_not_harm_the_others(brane):
    """The square of a potential cannot be negative."""
    mu, source, numbers = exact(Q[:8])
    asked = mu**2
    asked[5] = -1.0
    controls = [Control("mu^2", lambda scalars: scalars.data["A_t_0"] ** 2, asked), datum("phi_1", source)]
    start = brane.solve([datum("A_t_0", float(mu[0])), datum("phi_1", float(source[0]))]).unknowns
    batch = solve_batch(brane, controls, mu, start, anchors=3)
    assert batch.solved.tolist() == [i != 5 for i in range(8)]
    assert "in 1 of 8 states" in batch.failure.message
    found = batch.state.quantities()["temperature"]
    torch.testing.assert_close(found[batch.solved], numbers["temperature"][batch.solved], rtol=1e-11, atol=0)


def test_an_anchor_without_a_solution_is_left_out(brane):
    mu, source, numbers = exact(Q[:8])
    asked = mu**2
    asked[0] = -1.0
    controls = [Control("mu^2", lambda scalars: scalars.data["A_t_0"] ** 2, asked), datum("phi_1", source)]
    start = brane.solve([datum("A_t_0", float(mu[1])), datum("phi_1", float(source[1]))]).unknowns
    batch = solve_batch(brane, controls, mu, start, anchors=4)
    assert batch.solved.tolist() == [i != 0 for i in range(8)]
    found = batch.state.quantities()["temperature"]
    torch.testing.assert_close(found[1:], numbers["temperature"][1:], rtol=1e-11, atol=0)


def test_a_batch_without_any_solution_is_refused(brane):
    nowhere = Control("mu^2", lambda scalars: scalars.data["A_t_0"] ** 2, torch.tensor([-1.0, -2.0]).double())
    start = brane.solve([datum("A_t_0", 0.5), datum("phi_1", 0.1)]).unknowns
    with pytest.raises(SolveError, match="no state of the batch"):
        solve_batch(brane, [nowhere, datum("phi_1", 0.1)], torch.tensor([1.0, 2.0]).double(), start)


def test_parameters_may_differ_from_state_to_state():
    """Without charge and source the brane of axions is f = 1 - beta^2 z^2/2 - (1 - beta^2/2) z^3."""
    beta = torch.linspace(0.1, 1.0, 9, dtype=torch.float64)
    package = load(GENERATED / "gubser_rocha")
    problem = BoundaryValueProblem(package, near=12, breaks=(), parameters={"beta": beta})
    batch = solve_batch(problem, [datum("A_t_0", 0.0), datum("phi_1", 0.0)], beta, anchors=3)
    temperature = (3 - beta**2 / 2) / (4 * math.pi)
    torch.testing.assert_close(batch.state.quantities()["temperature"], temperature, rtol=1e-12, atol=0)


def test_rough_rows_do_not_cost_accuracy(brane):
    """The same solution as from rows that are safe from rounding throughout."""
    mu, source, _ = exact(Q[[4, 29]])
    system = brane.with_controls([datum("A_t_0", mu), datum("phi_1", source)])
    rough, safe = newton(system, brane.initial())[0], newton(_Safe(system), brane.initial())[0]
    torch.testing.assert_close(rough, safe, rtol=0, atol=2e-12)


class _Safe:
    """A system that does not tell of its rough form."""

    def __init__(self, system):
        self.residual, self.linearise = system.residual, system.linearise
        self.row_name, self.unknown_name = system.row_name, system.unknown_name


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu(brane):
    mu, source, numbers = exact(Q)
    problem = BoundaryValueProblem(brane.package, near=20, breaks=(), parameters={"beta": BETA}, device="cuda")
    batch = solve_batch(problem, [datum("A_t_0", mu.cuda()), datum("phi_1", source.cuda())], mu.cuda(), anchors=6)
    found = batch.state.quantities()["temperature"]
    assert found.is_cuda
    torch.testing.assert_close(found.cpu(), numbers["temperature"], rtol=1e-11, atol=0)
