"""From the neutral brane to states with given controls: charged branes of Reissner and Nordstrom, known exactly."""

import re
from pathlib import Path

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control, datum
from holosym.solve.homotopy import reach
from holosym.solve.package import load
from holosym.solve.state import State

GENERATED = Path(__file__).parents[2] / "generated"


@pytest.fixture(scope="module")
def problem():
    return BoundaryValueProblem(load(GENERATED / "rn_ads4"), nodes=12)


def test_all_states_of_a_batch(problem):
    """mu = 0 to 3 at once: f = 1 - (1 + mu^2/4) z^3 + mu^2 z^4/4, T = (12 - mu^2)/(16 pi)."""
    mu = torch.tensor([0.0, 1.0, 2.0, 3.0], dtype=torch.float64)
    state = State(problem.fields, reach(problem, [datum("A_t_0", mu)], 4, tolerance=1e-9))
    z, m = problem.fields.panels.nodes, mu[:, None]
    torch.testing.assert_close(state.jets["f"][0], 1 - (1 + m**2 / 4) * z**3 + m**2 * z**4 / 4, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(state.quantities()["temperature"], (12 - mu**2) / (16 * torch.pi), rtol=1e-9, atol=1e-9)


def test_one_target_for_all(problem):
    found = reach(problem, [datum("A_t_0", 1.5)], 3, tolerance=1e-9)
    assert found.shape == (3, problem.initial().shape[-1])
    torch.testing.assert_close(found, found[:1].expand(3, -1), rtol=0, atol=1e-12)


def test_a_state_wanted_to_few_digits_costs_less_and_has_them(problem, monkeypatch):
    calls = []
    plain = type(problem.with_controls([])).residual

    def counted(self, unknowns):
        calls.append(self.safe)
        return plain(self, unknowns)

    monkeypatch.setattr(type(problem.with_controls([])), "residual", counted)
    mu = torch.tensor([1.0, 2.0], dtype=torch.float64)
    exact, many = reach(problem, [datum("A_t_0", mu)], 2, tolerance=1e-9), len(calls)
    rough = reach(problem, [datum("A_t_0", mu)], 2, tolerance=1e-9, precision=1e-6)
    assert len(calls) - many < many
    assert not any(calls[many:])
    torch.testing.assert_close(rough, exact, rtol=1e-5, atol=1e-5)


def test_how_far_it_goes_where_a_state_does_not_exist(problem):
    """mu T = mu (12 - mu^2)/(16 pi) is 1/pi at most: of two states on the way to 0.2 and 0.4, at 1/(0.4 pi) of it."""

    def controls(values):
        return [Control("mu T", lambda seen: seen.data["A_t_0"] * seen.quantities()["temperature"], values)]

    targets = torch.tensor([0.2, 0.3], dtype=torch.float64)
    state = State(problem.fields, reach(problem, controls(targets), 2, tolerance=1e-9))
    mu = state.data["A_t_0"]
    torch.testing.assert_close(mu * (12 - mu**2) / (16 * torch.pi), targets, rtol=1e-8, atol=0)
    assert (mu < 2).all()
    with pytest.raises(SolveError, match=r"not all states are reached: \d+% of the way from the neutral") as found:
        reach(problem, controls(torch.tensor([0.2, 0.4], dtype=torch.float64)), 2, tolerance=1e-9)
    percent = int(re.search(r"(\d+)%", found.value.message)[1])
    assert 100 / (0.4 * torch.pi) - 2 < percent <= round(100 / (0.4 * torch.pi))
    assert "leave out the extreme states" in found.value.mend
