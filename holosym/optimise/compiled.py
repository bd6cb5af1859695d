"""A whole step as one compiled graph: residuals, gradient and the optimiser's rule, without Python in between.

The step is traced once into a graph of elementary operations, backward pass included, and torch's compiler makes
machine code of it. That takes half a minute, or a few seconds where the code has been kept: it lies in the folder
`cache_folder()`, which may be deleted at any time. A step that cannot be traced (one that decides by values, as line
searches do) or compiled (there is no C compiler) runs as it is, and a note says why.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from holosym.optimise.objective import Objective, Optimiser, Step, Weighted

Flat = dict[str, Tensor]
Graph = Callable[[Tensor, Flat, Flat, Flat], tuple[Tensor, Flat, Tensor, Tensor]]
_FOLDER = "TORCHINDUCTOR_CACHE_DIR"
_COMPILERS = ("c++", "g++", "clang++")
_CHOSEN = os.environ.get(_FOLDER)  # read here, as torch's compiler sets it to a folder that is not kept


def cache_folder() -> Path:
    """Where compiled code is kept: holosym/compiled in the user's cache folder, or what torch is told to use."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(_CHOSEN) if _CHOSEN else base / "holosym" / "compiled"


class Compiled:
    """An optimiser whose step is compiled at the first call for each objective.

    Its state, and what it does, are those of the optimiser itself, up to rounding.

    Args:
        optimiser: one whose step does not decide by values, such as `Adam`.
    """

    def __init__(self, optimiser: Optimiser) -> None:
        self.optimiser = optimiser
        self._graph: Graph | None = None
        self._objective: Objective | None = None
        self._shapes: tuple[object, ...] = ()

    def start(self, theta: Tensor) -> Flat:
        """That of the optimiser."""
        return self.optimiser.start(theta)

    def retreat(self, state: Flat, seeds: Tensor) -> Flat:
        """That of the optimiser."""
        return self.optimiser.retreat(state, seeds)

    def step(self, theta: Tensor, state: Flat, problem: Weighted) -> Step:
        """That of the optimiser; the first one notes how long compiling took, or why there is none."""
        weights = {
            name: torch.as_tensor(weight, dtype=theta.dtype, device=theta.device)
            for name, weight in problem.weights.items()
        }
        note = ""
        shapes = (theta.shape, *((name, weight.shape) for name, weight in weights.items()))
        if self._objective is not problem.objective or self._shapes != shapes:
            problem.loss(theta)  # what an objective measures at its first evaluation is there from now on
            self._objective, self._shapes = problem.objective, shapes
            self._graph, note = self._compiled(theta, state, problem.objective, weights)
        if self._graph is None:
            step = self.optimiser.step(theta, state, problem)
            return Step(step.theta, step.state, step.loss, step.accepted, note or step.note)
        moved, new, loss, accepted = self._graph(theta, state, problem.objective.memory(), weights)
        return Step(moved, new, loss, accepted, note)

    def _compiled(self, theta: Tensor, state: Flat, objective: Objective, weights: Flat) -> tuple[Graph | None, str]:
        """The graph, or None; and what to tell."""
        if theta.device.type == "cpu" and not any(
            shutil.which(one) for one in (os.environ.get("CXX", ""), *_COMPILERS)
        ):
            return None, "not compiled, as there is no C++ compiler on the path: steps run as they are"
        # torch's tracing takes a third of a second to import
        from torch._subclasses.fake_tensor import DataDependentOutputException
        from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

        begun = time.monotonic()
        try:
            with _quiet():
                graph = _compile(_traced(self.optimiser, objective, (theta, state, objective.memory(), weights)))
                graph(theta, state, objective.memory(), weights)
        except (GuardOnDataDependentSymNode, DataDependentOutputException):
            return None, "not compiled, as this optimiser decides by values: steps run as they are"
        except Exception as error:  # whatever it is that tracing or the compiler cannot do
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            return None, f"not compiled ({reason}): steps run as they are"
        return graph, f"compiled in {time.monotonic() - begun:.0f} s; the code is kept in {cache_folder()}"


def _traced(optimiser: Optimiser, objective: Objective, example: tuple[Tensor, Flat, Flat, Flat]) -> Any:
    """The step as a graph of elementary operations; what the objective remembers is among the inputs."""
    from torch.fx.experimental.proxy_tensor import make_fx

    kept = dict(objective.memory())

    def step(theta: Tensor, state: Flat, memory: Flat, weights: Flat) -> tuple[Tensor, Flat, Tensor, Tensor]:
        objective.restore(memory)
        found = optimiser.step(theta, state, Weighted(objective, weights))
        after = objective.memory()
        if any(after[name] is not value for name, value in memory.items()):
            raise ValueError("the objective remembers something of every evaluation")
        return found.theta, found.state, found.loss, found.accepted

    try:
        return make_fx(step, tracing_mode="fake", _allow_non_fake_inputs=True)(*example)
    finally:
        objective.restore(kept)


def _compile(graph: Any) -> Graph:
    """By torch's compiler, with its code kept."""
    os.environ[_FOLDER] = str(cache_folder())
    made: Graph = torch.compile(graph, fullgraph=True, dynamic=False)
    return made


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the compiler's own warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
