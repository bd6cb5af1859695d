"""Observables of a state: one of them is what it is among all, and is computed with few others."""

from pathlib import Path

import pytest
import torch

from holosym.solve import scalars as module
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.package import load
from holosym.solve.state import State

GENERATED = Path(__file__).parents[2] / "generated"


@pytest.fixture
def anything():
    """Unknowns that solve nothing: there a conserved charge and the boundary's datum of the same name differ."""
    problem = BoundaryValueProblem(load(GENERATED / "gubser_rocha"), near=12, breaks=(), parameters={"beta": 0.5})
    generator = torch.Generator().manual_seed(3)
    start = problem.initial()
    noise = torch.rand(2, *start.shape, generator=generator, dtype=torch.float64)
    return State(problem.fields, start + 0.1 * noise)


def test_one_observable_is_the_one_among_all(anything):
    every = anything.scalars.quantities()
    assert {"temperature", "entropy_density", "charge_density_A", "sigma_xx"} <= set(every)
    for name, value in every.items():
        one = State(anything.fields, anything.unknowns).scalars.quantity(name)
        assert torch.equal(one, value), name
    with pytest.raises(KeyError, match="nothing"):
        anything.scalars.quantity("nothing")


def test_what_needs_no_coupling_asks_for_none(anything, monkeypatch):
    def never(*_):
        raise AssertionError("couplings were asked for")

    monkeypatch.setattr(module, "coupling_jets", never)
    seen = anything.scalars
    assert seen.quantity("temperature").shape == (2,)
    assert seen.quantity("energy_density").shape == (2,)
    with pytest.raises(AssertionError, match="were asked for"):
        seen.quantity("sigma_xx")
