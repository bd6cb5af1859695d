r"""V(phi) of a neutral brane from s(T) at 16 temperatures: holosym's fit beside `scipy.optimize.least_squares`.

The experiment is `experiments/potential_from_entropy.toml`, an unknown of ten Chebyshev coefficients with every state
solved at every step. The peer minimises the same residuals, which holosym solves for it, in two ways of having a
Jacobian: by differences, as it has it by default and as a loop around any solver would; and given holosym's, which
leaves its steps alone to be compared. All start from the same states. CPU seconds after import, compilation not
counted. Errors are where the states are, from the boundary to the largest phi at a horizon.

    python benchmarks/inverse.py        (OMP_NUM_THREADS=1)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import least_squares

from holosym import fitting
from holosym.fit.assemble import assemble
from holosym.fit.assembled import Assembled
from holosym.fit.data import read_data
from holosym.solve.package import load
from holosym.solve.state import State

ROOT = Path(__file__).parents[1]
FILE = ROOT / "experiments" / "potential_from_entropy.toml"
GOAL = 1.0
REACHED = 1e-10
Array = NDArray[np.float64]


def prepared(folder: Path) -> fitting.Prepared:
    """Compiled once."""
    return fitting.prepare(FILE, out=folder)


def first_states(known: fitting.Prepared) -> Assembled:
    """Data read, 16 states solved for at the start."""
    experiment = known.made.experiment
    package = load(ROOT / "generated" / experiment.model)
    return assemble(experiment, package, [read_data(one, FILE.parent) for one in experiment.data])


def error(made: Assembled, theta: torch.Tensor) -> float:
    """The largest relative error of V where the states are."""
    (entry,) = made.layout.entries
    objective: Any = made.objective
    horizon = State(objective.at(theta).fields, objective.solved(theta)).scalars.horizon["phi"][0]
    phi = torch.linspace(0.0, float(horizon.max()), 200, dtype=torch.float64)
    assert entry.function is not None
    found = entry.function.jet(theta, phi, 0)[0].numpy()
    exact = Polynomial(made.experiment.unknown["V"].true.polynomial)(phi.numpy())  # type: ignore[union-attr]
    return float(np.abs(found / exact - 1).max())


def by_scipy(made: Assembled, with_jacobian: bool) -> tuple[torch.Tensor, int]:
    """The peer on the same rows, and how many times it had them evaluated."""
    objective: Any = made.objective
    calls = 0

    def rows(theta: Array) -> Array:
        nonlocal calls
        calls += 1
        found = objective.residuals(torch.from_numpy(theta)[None])
        return torch.cat([value[0] for value in found.values()]).nan_to_num(nan=1e6).numpy()

    def slopes(theta: Array) -> Array:
        found = objective.jacobian(torch.from_numpy(theta)[None])
        return torch.cat([matrix[0] for _, matrix in found.values()]).numpy()

    start = made.layout.initial(1, made.experiment.seed)[0].numpy()
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15, "max_nfev": 60}
    found = least_squares(rows, start, jac=slopes if with_jacobian else "2-point", **tight)
    return torch.from_numpy(found.x), calls


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, and what came out."""
    start = time.process_time()
    found = run()
    return time.process_time() - start, found


def main() -> int:
    """Prints the table; fails where holosym's V is wrong."""
    torch.set_num_threads(1)
    table = Table(title="V(phi) from s(T), 16 states", title_justify="left")
    for name in ("by", "s", "/ holosym", "rows evaluated", "error of V"):
        table.add_column(name, justify="left" if name == "by" else "right")
    with tempfile.TemporaryDirectory() as folder:
        known = prepared(Path(folder))
        states, made = timed(lambda: first_states(known))
        fit, outcome = timed(lambda: fitting.trained(made, Path(folder), False, None, known.identity))
    ours = error(made, outcome.best[outcome.champion])
    table.add_row("the first states", f"{states:.2f}", "", "", "")
    table.add_row("holosym", f"{fit:.2f}", "1", "", f"{ours:.0e}")
    for name, with_jacobian in (("least_squares, differences", False), ("least_squares, holosym's Jacobian", True)):
        again = first_states(known)
        spent, (theta, calls) = timed(lambda again=again, how=with_jacobian: by_scipy(again, how))
        table.add_row(name, f"{spent:.2f}", f"{spent / fit:.1f}", str(calls), f"{error(again, theta):.0e}")
    console = Console(width=100)
    console.print(table)
    total = states + fit
    console.print(f"first states and fit {total:.2f} s; wanted {GOAL} s: {'reached' if total < GOAL else 'missed'}")
    return 0 if ours < REACHED else 1


if __name__ == "__main__":
    sys.exit(main())
