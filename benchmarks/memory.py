"""The peak memory of a step of training at 100000 collocation points: five networks 1-32-32-1, Adam, double precision.

python benchmarks/memory.py
"""

from __future__ import annotations

import resource
import time

import torch
from four_fields_package import compiled

from holosym import System, coordinates, profiles
from holosym.ansatz.mlp import Mlp
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.device import keep_freed_memory
from holosym.fit.layout import Entry, Layout
from holosym.fit.trajectory import TrajectoryFields
from holosym.optimise.adam import Adam
from holosym.optimise.objective import Weighted

POINTS, FIELDS, STEPS = 100_000, 5, 2


def peak() -> float:
    """The most memory this process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Five oscillators on a ring, in a process that does nothing else."""
    torch.set_num_threads(1)
    keep_freed_memory()
    z = coordinates("z")
    us = profiles(" ".join(f"u{i}" for i in range(FIELDS)), z)
    ring = {f"e{i}": u.diff(z, 2) + u * us[i - 1] ** 2 / (1 + u**2) for i, u in enumerate(us)}
    package = compiled(System(name="ring", variable=z, equations=ring))
    net = Mlp((32, 32))
    layout = Layout(tuple(Entry(name, "field", net) for name in package.PROFILES))
    points = torch.linspace(0, 1, POINTS, dtype=torch.float64)
    objective = AllAtOnce(package, TrajectoryFields(package, dict.fromkeys(package.PROFILES, net), points), layout)
    problem = Weighted(objective, {f"equation {name}": 1.0 for name in package.EQUATIONS})
    theta, adam, before = layout.initial(1, 0), Adam(), peak()
    state, begun = adam.start(theta), time.process_time()
    for _ in range(STEPS):
        step = adam.step(theta, state, problem)
        theta, state = step.theta, step.state
    print(f"{POINTS} points, {FIELDS} fields: {(time.process_time() - begun) / STEPS:.1f} CPU seconds a step, ", end="")
    print(f"peak {peak():.2f} GB, of which {before:.2f} GB before the first step")


if __name__ == "__main__":
    main()
