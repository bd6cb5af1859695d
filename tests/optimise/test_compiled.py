"""A compiled step: the same as the plain one, state and all; and what happens where there is none."""

import pytest
import torch

from holosym.ansatz.mlp import Mlp
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.compiled import Compiled
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Optimiser, Weighted

X = torch.linspace(0, 1, 9, dtype=torch.float64)
NET = Mlp((3,))


class Equation:
    """u' + u = x, with a scale that the first evaluation measures."""

    size = NET.size

    def __init__(self):
        self.scale = {}

    def memory(self):
        return dict(self.scale)

    def restore(self, memory):
        self.scale = dict(memory)

    def residuals(self, theta):
        u, du = NET.jet(theta, X, 1)
        if not self.scale:
            self.scale = {"size": (u.detach().abs() + 1).amax()}
        return {"equation": (du + u - X) / self.scale["size"]}


def begin():
    generator = torch.Generator().manual_seed(1)
    return torch.stack([NET.initial(generator) for _ in range(2)])


def walk(optimiser, steps, theta=None, state=None, objective=None):
    problem, notes = Weighted(objective or Equation(), {"equation": 1.0}), []
    theta = begin() if theta is None else theta
    state = optimiser.start(theta) if state is None else state
    for _ in range(steps):
        step = optimiser.step(theta, state, problem)
        theta, state = step.theta, step.state
        notes.append(step.note)
    return theta, state, notes


@pytest.mark.slow
def test_it_is_the_plain_step(tmp_path, monkeypatch):
    monkeypatch.setattr("holosym.optimise.compiled.cache_folder", lambda: tmp_path)
    adam = Adam(Schedule(1e-2))
    plain, state, _ = walk(adam, 30)
    compiled = Compiled(adam)
    assert isinstance(compiled, Optimiser)
    theta, own, notes = walk(compiled, 30)
    assert notes[0].startswith("compiled in")
    assert not any(notes[1:])
    torch.testing.assert_close(theta, plain, rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(own["square"], state["square"], rtol=1e-6, atol=1e-12)
    half = Equation()
    middle, kept, _ = walk(Compiled(adam), 17, objective=half)
    later = Equation()
    later.restore(half.memory())
    resumed, _, _ = walk(Compiled(adam), 13, middle.clone(), kept, later)
    assert torch.equal(theta, resumed)
    assert any(tmp_path.iterdir())


def test_without_a_compiler_steps_run_as_they_are(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    theta, _, notes = walk(Compiled(Adam()), 3)
    assert torch.equal(theta, walk(Adam(), 3)[0])
    assert "no C++ compiler" in notes[0]
    assert not any(notes[1:])


def test_a_step_that_decides_by_values_runs_as_it_is():
    class Linear(Equation):
        def jacobian(self, theta):
            u, du = NET.sensitivity(theta, X, 1)
            return {"equation": (self.residuals(theta)["equation"], (du + u) / self.scale["size"])}

    problem, theta = Weighted(Linear(), {"equation": 1.0}), begin()
    rule = Compiled(LevenbergMarquardt())
    step = rule.step(theta, rule.start(theta), problem)
    assert "decides by values" in step.note
    assert (step.loss < problem.loss(theta)).all()
