r"""Training to the end: a manufactured solution forwards, and two unknown functions of a field backwards.

Forwards: the equations of peers/four_fields.py with sources for which the fields are

    phi = sin(2 z)/2,   h = 1 + z^2/2 + cos(3 z)/10,   f = 2 - z^3,   a = 1 + e^(-z) sin(3 z)/2,

their values at both ends built in. Networks 1-32-32-1 are trained by Levenberg-Marquardt with geodesic acceleration
from random weights; Chebyshev coefficients solve the same rows by the same method in a few steps; beside
them scipy.integrate.solve_bvp. The error is the largest of any field at 1001 points.

Backwards: V'(phi) and Z(phi) are to be found, with Z(0) = 1, from phi and A at 64 points each,

    phi'' = V'(phi) - Z'(phi) A'^2/2,        Z(phi) A'' + Z'(phi) phi' A' = phi^2 A,

fields and functions all networks: Adam, then Levenberg-Marquardt. The truth is V' = 2 phi - phi^3/2,
Z = 1 + phi^2/3. The error is the largest of V' over the range of phi in units of the largest |V'|.

    python benchmarks/train.py
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from four_fields_package import FIELDS, SOURCES, compiled, left_sides, package
from rich.console import Console
from rich.table import Table
from scipy.integrate import solve_bvp, solve_ivp
from torch import Tensor

from holosym import System, coordinates, couplings, profiles
from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.function import Function
from holosym.ansatz.mlp import Mlp
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.device import keep_freed_memory
from holosym.fit.layout import Entry, Layout
from holosym.fit.trajectory import ProfileRows, TrajectoryFields
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Optimiser, Weighted

POINTS = 64
BENDS: dict[str, Callable[[Any, Any], tuple[Any, Any, Any]]] = {
    "phi": lambda z, m: (m.sin(2 * z) / 2, m.cos(2 * z), -2 * m.sin(2 * z)),
    "h": lambda z, m: (1 + z**2 / 2 + m.cos(3 * z) / 10, z - 0.3 * m.sin(3 * z), 1 - 0.9 * m.cos(3 * z)),
    "f": lambda z, _: (2 - z**3, -3 * z**2, -6 * z),
    "a": lambda z, m: (
        1 + m.exp(-z) * m.sin(3 * z) / 2,
        m.exp(-z) * (3 * m.cos(3 * z) - m.sin(3 * z)) / 2,
        -m.exp(-z) * (4 * m.sin(3 * z) + 3 * m.cos(3 * z)),
    ),
}


def exact(z: Any, module: Any = torch) -> dict[str, tuple[Any, Any, Any]]:
    """The jets of the manufactured fields, by torch or NumPy."""
    return {name: jet(z, module) for name, jet in BENDS.items()}


def forward_problem(bare: Function) -> tuple[Weighted, Layout, dict[str, Function]]:
    """The objective for fields of one form."""
    made = package(sources=True)
    ends = exact(torch.tensor([0.0, 1.0], dtype=torch.float64))
    functions: dict[str, Function] = {n: Anchored(bare, {0.0: 1, 1.0: 1}, ends[n][0]) for n in made.PROFILES}
    z = chebyshev_grid(POINTS, 0.0, 1.0, order=2).nodes
    sources: dict[str, Any] = dict(zip(SOURCES, left_sides(exact(z)).values(), strict=True))
    layout = Layout(tuple(Entry(name, "field", one) for name, one in functions.items()))
    objective = AllAtOnce(made, TrajectoryFields(made, functions, z), layout, sources)
    return Weighted(objective, {f"equation {name}": 1.0 for name in made.EQUATIONS}), layout, functions


def forward_error(layout: Layout, functions: dict[str, Function], theta: Tensor) -> float:
    """The largest error of any field."""
    z = torch.linspace(0, 1, 1001, dtype=torch.float64)
    parts, truth = layout.split(theta), exact(z)
    return max(float((functions[n].jet(parts[n], z, 0)[0] - truth[n][0]).abs().max()) for n in functions)


def walk(problem: Weighted, theta: Tensor, stages: Sequence[tuple[Optimiser, int]], enough: float = 0.0) -> Tensor:
    """The stages one after the other, each until its steps are done, no step is found, or the loss is enough."""
    for rule, steps in stages:
        state = rule.start(theta)
        for _ in range(steps):
            step = rule.step(theta, state, problem)
            theta, state = step.theta, step.state
            if not bool(step.accepted.any()) or bool((step.loss < enough).all()):
                break
    return theta


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and CPU seconds."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def forward_table() -> Table:
    """The manufactured solution by all means."""
    made = Table(title="manufactured solution, CPU seconds and largest error", title_justify="left")
    for name in ("by", "seed", "s", "error"):
        made.add_column(name, justify="right")
    problem, layout, functions = forward_problem(Mlp((32, 32)))
    for seed in range(3):
        theta, spent = layout.initial(1, seed), 0.0
        rule = LevenbergMarquardt()
        state = rule.start(theta)
        for steps in (40, 80, 120, 160):
            (theta, state), more = timed(lambda: several(rule, theta, state, problem, steps))  # noqa: B023
            spent += more
            error = forward_error(layout, functions, theta)
            made.add_row(f"networks, LM, +{steps}", str(seed), f"{spent:.1f}", f"{error:.0e}")
            if spent > 10:
                break
    problem, layout, functions = forward_problem(ChebyshevFunction(24))
    start = torch.zeros(1, layout.size, dtype=torch.float64)
    theta, spent = timed(lambda: walk(problem, start, [(LevenbergMarquardt(1e-9, accelerate=False), 12)], 1e-28))
    made.add_row("Chebyshev, 24, Newton", "", f"{spent:.3f}", f"{forward_error(layout, functions, theta):.0e}")
    error, spent = timed(by_scipy)
    made.add_row("solve_bvp, tol 1e-10", "", f"{spent:.2f}", f"{error:.0e}")
    return made


def several(
    rule: Optimiser, theta: Tensor, state: dict[str, Tensor], problem: Weighted, steps: int
) -> tuple[Tensor, dict[str, Tensor]]:
    """Some steps, and the state to go on from."""
    for _ in range(steps):
        step = rule.step(theta, state, problem)
        theta, state = step.theta, step.state
    return theta, state


def by_scipy() -> float:
    """The largest error of solve_bvp."""

    def slopes(z: Any, y: Any) -> Any:
        left = left_sides({n: (y[2 * i], y[2 * i + 1], 0 * z) for i, n in enumerate(FIELDS)})
        given = left_sides(exact(z, np))
        return np.array([row for i, n in enumerate(FIELDS) for row in (y[2 * i + 1], given[n] - left[n])])

    truth = {end: exact(np.array([end]), np) for end in (0.0, 1.0)}

    def ends(left: Any, right: Any) -> Any:
        return np.array(
            [side[2 * i] - truth[z][n][0][0] for i, n in enumerate(FIELDS) for z, side in ((0.0, left), (1.0, right))]
        )

    z = np.linspace(0, 1, 21)
    guess = np.array(
        [
            row
            for n in FIELDS
            for a, b in [(truth[0.0][n][0][0], truth[1.0][n][0][0])]
            for row in (a + (b - a) * z, (b - a) + 0 * z)
        ]
    )
    found = solve_bvp(slopes, ends, z, guess, tol=1e-10, max_nodes=20000)
    fine = np.linspace(0, 1, 1001)
    values = found.sol(fine)
    return max(float(np.abs(values[2 * i] - exact(fine, np)[n][0]).max()) for i, n in enumerate(FIELDS))


def backward_truth() -> tuple[Any, Any]:
    """Where phi and A are known, and the dense solution (phi, phi', A, A')."""

    def slopes(_: float, y: Any) -> Any:
        phi, dphi, a, da = y
        bend = 2 * phi - phi**3 / 2 - (2 * phi / 3) * da**2 / 2
        return [dphi, bend, da, (phi**2 * a - (2 * phi / 3) * dphi * da) / (1 + phi**2 / 3)]

    found = solve_ivp(slopes, (0, 1), [0.0, 1.0, 0.5, 1.0], rtol=1e-12, atol=1e-13, dense_output=True, method="DOP853")
    return np.linspace(0, 1, 64), found.sol


def backward_problem() -> tuple[Weighted, Layout, Function, float]:
    """Fields and functions as networks, equations and data together."""
    z = coordinates("z")
    phi, a = profiles("phi A", z)
    dv, weight = couplings("DV Z")
    slope = weight(phi).diff(phi)
    equations = {
        "phi": phi.diff(z, 2) - dv(phi) + slope * a.diff(z) ** 2 / 2,
        "A": weight(phi) * a.diff(z, 2) + slope * phi.diff(z) * a.diff(z) - phi**2 * a,
    }
    made = compiled(System(name="inverse", variable=z, equations=equations))
    where, solution = backward_truth()
    seen = solution(where)
    top = float(seen[0].max())
    field, function = Mlp((32, 32)), Mlp((32, 32), (0.0, top))
    anchored = Anchored(function, {0.0: 1}, torch.ones(1, dtype=torch.float64))
    layout = Layout(
        (
            Entry("phi", "field", field),
            Entry("A", "field", field),
            Entry("DV", "coupling", function),
            Entry("Z", "coupling", anchored),
        )
    )
    points, at = chebyshev_grid(POINTS, 0.0, 1.0, order=2).nodes, torch.as_tensor(where)
    fields = TrajectoryFields(made, {"phi": field, "A": field}, points)
    data = [
        ProfileRows(f"data {n}", layout, field, n, at, torch.as_tensor(seen[2 * i]), torch.full_like(at, 1e-2))
        for i, n in enumerate(("phi", "A"))
    ]
    objective = AllAtOnce(made, fields, layout, others=data)
    terms = [*(f"equation {n}" for n in made.EQUATIONS), "data phi", "data A"]
    return Weighted(objective, dict.fromkeys(terms, 1.0)), layout, function, top


def backward_table() -> Table:
    """V' of three seeds."""
    made = Table(title="V' and Z from 64 points, CPU seconds and error of V'", title_justify="left")
    for name in ("by", "seed", "s", "error of V'"):
        made.add_column(name, justify="right")
    problem, layout, function, top = backward_problem()
    phi = torch.linspace(0, top, 400, dtype=torch.float64)
    truth = 2 * phi - phi**3 / 2
    for seed in range(3):
        theta, spent = layout.initial(1, seed), 0.0
        adam, polish = Adam(Schedule(3e-3, 3e-4, 2000, "exponential")), LevenbergMarquardt()
        for label, rule, steps in (("Adam", adam, 2000), ("LM", polish, 150)):
            theta, more = timed(lambda: walk(problem, theta, [(rule, steps)]))  # noqa: B023
            spent += more
            found = function.jet(layout.split(theta)["DV"][..., 0, :], phi, 0)[0]
            error = float((found - truth).abs().max() / truth.abs().max())
            made.add_row(f"{label}, {steps}", str(seed), f"{spent:.1f}", f"{100 * error:.2g} %")
    return made


def main() -> None:
    """Print both tables."""
    torch.set_num_threads(1)
    keep_freed_memory()
    console = Console()
    console.print(forward_table())
    console.print(backward_table())


if __name__ == "__main__":
    main()
