"""Everything an experiment is made of on another device: torch's `meta` refuses tensors of the processor."""

from functools import partial
from pathlib import Path

import pytest
import torch

from holosym import fitting
from holosym.fit.device import moved

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
ALL_AT_ONCE = (
    "oscillator_network",
    "oscillator_pinn",
    "oscillator_potential_pinn",
    "gubser_rocha_pinn",
    "potential_from_entropy_pinn",
)


def objective(name, tmp_path):
    made = fitting.prepare(EXPERIMENTS / f"{name}.toml", settings=["seeds=2"], out=tmp_path).made
    return made.objective, made.layout.initial(2, 0)


def away(one):
    return one.detach().to("meta")


@pytest.mark.parametrize("name", ALL_AT_ONCE)
def test_nothing_stays_behind(name, tmp_path):
    """Residuals and Jacobians of all terms, networks, couplings, boundary series, hard conditions."""
    here, theta = objective(name, tmp_path)
    there = moved(here, away)
    expected = here.jacobian(theta)
    found = there.jacobian(away(theta))
    assert {k: [v.shape for v in pair] for k, pair in found.items()} == {
        k: [v.shape for v in pair] for k, pair in expected.items()
    }
    assert {v.device.type for pair in found.values() for v in pair} == {"meta"}
    assert {v.device.type for v in there.residuals(away(theta)).values()} == {"meta"}


@pytest.mark.parametrize("name", ["potential_from_entropy"])
def test_the_solver_of_a_reduced_fit(name, tmp_path):
    """Newton asks numbers of its tensors, which `meta` has not; the rows and their derivatives it takes are there."""
    here, theta = objective(name, tmp_path)
    system = here.at(theta[0]).with_controls(here.every_control(theta[0]))
    system.residual(here.start)  # what is asked of numbers once is asked before anything moves
    beyond = moved(system, away)
    assert beyond.residual(away(here.start)).shape == system.residual(here.start).shape
    jacobian = beyond.linearise(away(here.start)).jacobian
    assert (jacobian.device.type, jacobian.shape) == ("meta", system.linearise(here.start).jacobian.shape)


def test_a_copy_has_the_same_values_and_memory_of_its_own(tmp_path):
    here, theta = objective("gubser_rocha_pinn", tmp_path)
    there = moved(here, torch.clone)
    first, second = here.residuals(theta), there.residuals(theta)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert there is not here


def test_what_is_met_twice_stays_one():
    shared = torch.ones(2)
    pair = {"a": [shared], "b": (shared, 1.5, "text", None)}
    copy = moved(pair, lambda one: one + 1)
    assert copy["a"][0] is copy["b"][0]
    assert copy["a"][0].tolist() == [2.0, 2.0]
    assert copy["b"][1:] == (1.5, "text", None)

    def closed(x, scale=shared):
        return x * shared * scale

    assert moved(closed, lambda one: 3 * one)(1.0).tolist() == [9.0, 9.0]
    assert closed(1.0).tolist() == [1.0, 1.0]
    assert moved(away, torch.clone) is away
    assert moved(partial(closed, scale=shared), lambda one: 3 * one)(1.0).tolist() == [9.0, 9.0]
    assert moved(partial(closed, shared), lambda one: 3 * one)().tolist() == [27.0, 27.0]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("name", ["gubser_rocha_chebyshev", "oscillator_inverse_clean"])
def test_a_fit_on_a_card(name, tmp_path):
    """The same fit as on the processor."""
    losses = []
    for device in ("cpu", "cuda"):
        prepared = fitting.prepare(EXPERIMENTS / f"{name}.toml", settings=[f"device={device}"], out=tmp_path / device)
        losses.append(fitting.run(prepared).outcome.best.cpu())
    assert torch.allclose(*losses, rtol=1e-6, atol=1e-9)
