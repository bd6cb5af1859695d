"""Turning points: of a cubic, in closed form, and of branes at fixed distance of the horizon, where T <= 3/(4 pi)."""

import math
from dataclasses import dataclass

import pytest
import torch

from holosym.solve import trace as tracing
from holosym.solve.advance import Halted, advance
from holosym.solve.arclength import begin, step_on, turning_point
from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.path import Step
from holosym.solve.request import Request, Sweep
from holosym.solve.system import Linearised


@dataclass(frozen=True)
class Rows:
    """u - u^3 = x, with turning points at u = +-1/sqrt 3."""

    x: float

    def residual(self, unknowns):
        return unknowns - unknowns**3 - self.x

    def linearise(self, unknowns):
        one = torch.ones_like(unknowns)
        return Linearised(self.residual(unknowns), (1 - 3 * unknowns**2)[:, None], one, one)

    def row_name(self, index):
        return "the cubic"

    def unknown_name(self, index):
        return "u"


class Cubic:
    """A path without physics."""

    tolerance = 1e-12

    def system(self, x):
        return Rows(float(x))

    def slope(self, unknowns, x, count):
        return -torch.ones(count, dtype=unknowns.dtype)

    def describe(self, x):
        return f"x = {x:g}"


FOLD = 2 / (3 * math.sqrt(3))


def step(u):
    unknowns = torch.tensor([u], dtype=torch.float64)
    return Step(u - u**3, unknowns, 0.0)


def test_the_parameter_stops_at_the_turning_point():
    trail = [step(0.0)]
    with pytest.raises(Halted):
        advance(Cubic(), trail, 0.5)
    assert 0.3 < trail[-1].x < FOLD


def test_the_turning_point_is_found_to_rounding():
    """x is stationary there, so 1e-9 in u is 1e-18 in x."""
    arc, _ = begin(Cubic(), step(0.4), step(0.5), 1.0)
    found = turning_point(arc, 0.2)
    assert found.x == pytest.approx(FOLD, abs=1e-14)
    assert float(found.unknowns[0]) == pytest.approx(1 / math.sqrt(3), abs=1e-7)


def test_steps_by_length_pass_it():
    arc, length = begin(Cubic(), step(0.4), step(0.5), 1.0)
    seen = []
    for _ in range(12):
        arc, arrival, length = step_on(arc, min(length, 0.2))
        seen.append(float(arrival.step.unknowns[0]))
        assert seen[-1] - seen[-1] ** 3 == pytest.approx(arrival.step.x, abs=1e-11)
    assert seen == sorted(seen)
    assert seen[-1] > 1


def test_both_sides_of_a_turning_point_are_traced(monkeypatch):
    """Below the fold at x = 0.2 the cubic has roots on either side of u = 1/sqrt 3."""
    monkeypatch.setattr(tracing, "require_sane", lambda path, step: None)
    found = tracing.begun([step(0.0)])
    tracing.trace(Cubic(), found, [0.0, 0.2, 0.5], lambda step: None)
    assert found.folds[0].x == pytest.approx(FOLD, abs=1e-12)
    first, second = found.segments[:2]
    roots = sorted(float(torch.linalg.eigvals(_companion(0.2)).real[i]) for i in range(3))[1:]
    assert float(first[-1].unknowns[0]) == pytest.approx(roots[0], abs=1e-10)
    assert [float(one.unknowns[0]) for one in second if one.x == 0.2] == pytest.approx([roots[1]], abs=1e-10)


def _companion(x):
    """Of u^3 - u + x."""
    return torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [-x, 1.0, 0.0]], dtype=torch.float64)


@pytest.mark.slow
def test_a_temperature_not_on_the_branch_is_named_with_the_range_and_the_turning_point():
    """At z_h = 1 charged branes have 4 pi T = 3 - mu^2/4: T = 0.25 is none; the branch turns into that of -mu."""
    request = Request(sweep=Sweep.parse("T=0.1:0.25:4"), units="z_h=1", branch="normal")
    found = solve_family(load("generated/rn_ads4"), request)
    assert "T = 0.25 is not on this branch" in found.failure.message
    assert "turning point at T = 0.238732" in found.failure.message
    (fold,) = [special for special in found.special if special.kind == "fold"]
    assert fold.value == pytest.approx(3 / (4 * math.pi), abs=1e-12)
    first, second = found.branches
    for one, other in zip(first.points, second.points, strict=True):
        assert one.swept == other.swept
        assert one.values["mu"] == pytest.approx(-other.values["mu"], abs=1e-9)
        assert one.values["mu"] == pytest.approx(math.sqrt(12 - 16 * math.pi * one.swept), abs=1e-9)


@pytest.mark.slow
def test_a_single_state_beyond_the_turning_point_is_refused_with_its_place():
    found = solve_family(load("generated/rn_ads4"), Request({"T": 0.25}, units="z_h=1"))
    assert not found.branches
    assert "turning point at T = 0.238732" in found.failure.message
