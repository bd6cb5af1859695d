r"""Gubser-Rocha branes by holosym and by scipy.integrate.solve_bvp: CPU seconds per state at equal accuracy.

Both solve at z_h = 1 for given beta, mu and source phi_1 in the gauge h'(0) = 0, each state from the one before it,
the first from the neutral brane. Errors are those of T, s, rho beside the exact brane

    T = [6 (1+Q)^2 - b^2]/[8 pi (1+Q)^(3/2)],   s = 4 pi (1+Q)^(3/2),   rho = m (1+Q),   phi_1 = sqrt(3) Q/2,
    m^2 = 3 Q (1+Q) [1 - b^2/(2 (1+Q)^2)],

whose own gauge has h'(0) = 3Q/2: 1/z -> 1/z + 3Q/4 removes it and takes the horizon to 1/(1 + 3Q/4), so that all of
dimension D is divided by (1 + 3Q/4)^D. The peer's equations are written by hand, without holosym's code and in
its best variables: phi = z p, and g = f/h for which the equations give a conserved charge W,

    Z h A' = -rho,   g' = [z^2 (W - rho A) - beta^2 z]/h^2,   h'' = h'^2/(2h) - h phi'^2/2,

with p'' as 0/0 at both ends replaced by its limit. Its Jacobian is by finite differences, as solve_bvp has it by
default; near the ends p'' is a quotient of small numbers, whose rounding limits what tolerance can be asked.

The second table is of a batch of BATCH states at once, beside solve_bvp through the same states one after the other,
also with the equations as they stand (`plain_brane`), which need a cutoff near the boundary.

    python benchmarks/solve.py [--batch]        (OMP_NUM_THREADS=1; more threads change little)
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import plain_brane
import torch
from rich.console import Console
from rich.table import Table
from scipy.integrate import solve_bvp

from holosym.solve.batch import solve_batch
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import datum
from holosym.solve.package import GeneratedPackage, load

BETA = 0.4
CHARGES = tuple(float(q) for q in np.linspace(0.1, 1.0, 10))
TARGETS = (1e-6, 1e-9, 1e-12)
NODES = (8, 10, 12, 14, 16, 20, 24, 28, 32)
TOLERANCES = tuple(10.0 ** (-k / 4) for k in range(12, 41))
MOST_MESH_NODES = 5000
REPEATS = 3
BATCH = tuple(float(q) for q in np.linspace(0.05, 1.0, 100))
BATCH_NODES = 24
BATCH_TARGETS = (1e-6, 1e-8, 1e-10)
CUTOFFS = (1e-3, 3e-4, 1e-4, 3e-5)
BATCH_TOLERANCES = tuple(10.0 ** (-k / 2) for k in range(6, 18))
ROOT3 = math.sqrt(3.0)

Numbers = tuple[float, float, float]
Solver = Callable[[float], list[Numbers]]


def exact(q: float) -> tuple[float, float, Numbers]:
    """(mu, phi_1, (T, s, rho)) of the brane with parameter q, where z_h = 1 in the gauge h'(0) = 0."""
    length = 1 + 3 * q / 4
    b, area = BETA * length, (1 + q) ** 1.5
    m = math.sqrt(3 * q * (1 + q) * (1 - b**2 / (2 * (1 + q) ** 2)))
    temperature = (6 * (1 + q) ** 2 - b**2) / (8 * math.pi * area)
    numbers = (temperature / length, 4 * math.pi * area / length**2, m * (1 + q) / length**2)
    return m / length, ROOT3 / 2 * q / length, numbers


@cache
def package() -> GeneratedPackage:
    """The committed package; reading it is not counted."""
    return load(Path(__file__).parents[1] / "generated" / "gubser_rocha")


def by_holosym(nodes: float) -> list[Numbers]:
    """All states by collocation of the generated equations on one panel."""
    problem = BoundaryValueProblem(package(), near=int(nodes), breaks=(), parameters={"beta": BETA})
    guess, found = None, []
    for q in CHARGES:
        mu, source, _ = exact(q)
        state = problem.solve([datum("A_t_0", mu), datum("phi_1", source)], guess, tolerance=1e-2)
        guess, here = state.unknowns, state.quantities()
        found.append(tuple(float(here[n]) for n in ("temperature", "entropy_density", "charge_density_A")))
    return found  # type: ignore[return-value]


def at_once() -> list[Numbers]:
    """The batch, with the problem set up anew."""
    problem = BoundaryValueProblem(package(), near=BATCH_NODES, breaks=(), parameters={"beta": BETA})
    pairs = torch.tensor([exact(q)[:2] for q in BATCH], dtype=torch.float64)
    mu, source = pairs.unbind(dim=-1)
    # The tolerance is of every row, and rounding in rows of second derivatives stands above 1e-9 of their size.
    batch = solve_batch(problem, [datum("A_t_0", mu), datum("phi_1", source)], mu, tolerance=1e-8)
    if batch.failure is not None:
        raise batch.failure
    here = batch.state.quantities()
    columns = (here[name].tolist() for name in ("temperature", "entropy_density", "charge_density_A"))
    return list(zip(*columns, strict=True))


def by_plain(setting: tuple[float, float], charges: Sequence[float]) -> list[Numbers]:
    """All states by solve_bvp from the equations as they stand; (cutoff, tolerance)."""
    return plain_brane.states([exact(q)[:2] for q in charges], BETA, tolerance=setting[1], cutoff=setting[0])


def by_scipy(tolerance: float, carried: bool, charges: Sequence[float] = CHARGES) -> list[Numbers]:
    """All states by solve_bvp, each from the mesh of the one before it, or from the first mesh."""
    z = np.linspace(0, 1, 21)
    neutral = 1 - BETA**2 * z**2 / 2 - (1 - BETA**2 / 2) * z**3
    y, unknown = np.array([0 * z, 0 * z, 1 + 0 * z, 0 * z, neutral, 0 * z]), np.array([0.0, BETA**2 - 3 + BETA**2 / 2])
    found = []
    for q in charges:
        mu, source, _ = exact(q)
        result = solve_bvp(right_side, conditions(mu, source), z, y, unknown, tol=tolerance, max_nodes=MOST_MESH_NODES)
        if not result.success:
            raise ArithmeticError(result.message)
        z = result.x if carried else z
        y, unknown = result.sol(z), result.p
        h = result.y[2, -1]
        slope = (unknown[1] - unknown[0] * result.y[5, -1] - BETA**2) / h
        found.append((abs(slope) / (4 * math.pi), 4 * math.pi * h, unknown[0]))
    return found


def right_side(z: Any, y: Any, unknown: Any) -> Any:
    """y' for y = (p, p', h, h', g, A), with the unknown constants rho and W."""
    p, dp, h, dh, g, a = y
    rho, charge = unknown
    dphi, dg = p + z * dp, (z**2 * (charge - rho * a) - BETA**2 * z) / h**2
    coupling = np.exp(z * p / ROOT3)
    da = -rho / (coupling * h)
    f, df = g * h, dg * h + g * dh
    with np.errstate(divide="ignore", invalid="ignore"):
        ddp = _numerator(z, y, df, dphi, coupling, da) / f
    ddp[z == 0] = 7 / 18 * p[z == 0] ** 3
    last = z == 1
    here = [one[last] for one in (p, dp, h, dh, dg, da, coupling, charge - rho * a)]
    ddp[last] = _at_horizon(here, rho)
    return np.array([dp, ddp, dh, dh**2 / (2 * h) - h * dphi**2 / 2, dg, da])


def _numerator(z: Any, y: Any, df: Any, dphi: Any, coupling: Any, da: Any) -> Any:
    """f p'', by the dilaton's equation."""
    p, _, h, dh, g, _ = y
    f = g * h
    slopes = dphi * (df + f * dh / h) / z - 2 * p * f / z**2
    return -slopes - 2 * ROOT3 * np.sinh(z * p / ROOT3) / z**3 - coupling / ROOT3 * z * da**2 / 2


def _at_horizon(here: Sequence[Any], rho: Any) -> Any:
    """p'' at z = 1, by l'Hopital's rule."""
    p, dp, h, dh, dg, da, coupling, charge = here
    dphi, df = p + dp, dg * h
    ddg = (2 * charge - rho * da - BETA**2) / h**2 - 2 * dg * dh / h
    ddf = ddg * h + 2 * dg * dh
    dda = -da * (dphi / ROOT3 + dh / h)
    rest = -dphi * ddf + dphi * df - dphi * df * dh / h + 2 * p * df
    rest += -2 * np.cosh(p / ROOT3) * dphi + 6 * ROOT3 * np.sinh(p / ROOT3)
    rest += -coupling * (dphi * da**2 / 6 + da**2 / (2 * ROOT3) + da * dda / ROOT3)
    return (rest / df - 2 * dp) / 2


def conditions(mu: float, source: float) -> Callable[[Any, Any, Any], Any]:
    """What vanishes at both ends; the last is regularity at the horizon."""

    def evaluate(left: Any, right: Any, unknown: Any) -> Any:
        p, dp, h, dh, _, a = right
        dg = (unknown[1] - unknown[0] * a - BETA**2) / h**2
        coupling = np.exp(p / ROOT3)
        regular = _numerator(1.0, [p, dp, h, dh, 0.0, a], dg * h, p + dp, coupling, -unknown[0] / (coupling * h))
        return np.array(
            [left[0] - source, left[2] - 1, left[3], left[4] - 1, left[5] - mu, right[4], right[5], regular]
        )

    return evaluate


def error(found: Sequence[Numbers], charges: Sequence[float] = CHARGES) -> float:
    """The largest relative error of any number of any state."""
    pairs = ((one, exact(q)[2]) for one, q in zip(found, charges, strict=True))
    return max(abs(a / b - 1) for one, true in pairs for a, b in zip(one, true, strict=True))


def cheapest(solver: Solver, settings: Sequence[float], target: float) -> tuple[float, float, float] | None:
    """(setting, error, CPU seconds per state) of the first setting that reaches the target; None if none does."""
    for setting in settings:
        try:
            reached = error(solver(setting))
        except ArithmeticError:
            continue
        if reached <= target:
            return setting, reached, min(_seconds(solver, setting) for _ in range(REPEATS)) / len(CHARGES)
    return None


def _seconds(solver: Solver, setting: float) -> float:
    start = time.process_time()
    solver(setting)
    return time.process_time() - start


def table() -> Table:
    """Both solvers at every target."""
    made = Table(title=f"Gubser-Rocha, {len(CHARGES)} states: CPU seconds per state", title_justify="left")
    for name in (
        "error of T, s, rho at most",
        "holosym",
        "nodes",
        "its error",
        "solve_bvp",
        "tol",
        "its error",
        "solve_bvp / holosym",
    ):
        made.add_column(name, justify="right")
    for target in TARGETS:
        ours = cheapest(by_holosym, NODES, target)
        both = (cheapest(partial(by_scipy, carried=one), TOLERANCES, target) for one in (True, False))
        peer = min((one for one in both if one), key=lambda one: one[2], default=None)
        row = [f"{ours[2]:.4f}", f"{ours[0]:.0f}", f"{ours[1]:.0e}"] if ours else ["not reached", "", ""]
        row += [f"{peer[2]:.4f}", f"{peer[0]:.1e}", f"{peer[1]:.0e}"] if peer else ["not reached", "", ""]
        made.add_row(f"{target:.0e}", *row, f"{peer[2] / ours[2]:.2g}" if ours and peer else "")
    return made


def batch_table() -> Table:
    """A batch at once beside solve_bvp one by one."""
    title = f"Gubser-Rocha, {len(BATCH)} states at once, {BATCH_NODES} nodes: CPU seconds per state"
    made = Table(title=title, title_justify="left")
    for name in ("error at most", "equations of solve_bvp", "setting", "its error", "s per state", "/ holosym"):
        made.add_column(name, justify="right")
    reached, ours = error(at_once(), BATCH), min(_clocked(at_once) for _ in range(REPEATS)) / len(BATCH)
    made.add_row("", "(holosym)", "", f"{reached:.0e}", f"{ours:.5f}", "1")
    plain = [(cutoff, tolerance) for cutoff in CUTOFFS for tolerance in BATCH_TOLERANCES]
    peers: tuple[tuple[str, Callable[[Any], list[Numbers]], Sequence[Any]], ...] = (
        ("prepared, mesh kept", partial(by_scipy, carried=True, charges=BATCH), BATCH_TOLERANCES),
        ("prepared, new mesh", partial(by_scipy, carried=False, charges=BATCH), BATCH_TOLERANCES),
        ("as they stand", partial(by_plain, charges=BATCH), plain),
    )
    seen = {name: _measured(solver, settings) for name, solver, settings in peers}
    for target in BATCH_TARGETS:
        for name, runs in seen.items():
            good = [run for run in runs if run[1] <= target]
            setting, its, seconds = min(good or runs, key=lambda run: run[2] if good else run[1])
            ratio = f"{seconds / ours:.3g}" if good else "not reached"
            made.add_row(f"{target:.0e}", name, _told(setting), f"{its:.0e}", f"{seconds:.4f}", ratio)
    return made


def _measured(solver: Callable[[Any], list[Numbers]], settings: Sequence[Any]) -> list[tuple[Any, float, float]]:
    """(setting, error, CPU seconds per state) of every setting that works."""
    found = []
    for setting in settings:
        start = time.process_time()
        try:
            states = solver(setting)
        except ArithmeticError:
            continue
        found.append((setting, error(states, BATCH), (time.process_time() - start) / len(BATCH)))
    return found


def _told(setting: Any) -> str:
    return f"cutoff {setting[0]:.0e}, {setting[1]:.0e}" if isinstance(setting, tuple) else f"{setting:.0e}"


def _clocked(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Prints the tables."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    console = Console(width=120)
    if "--batch" not in sys.argv:
        console.print(table())
    console.print(batch_table())


if __name__ == "__main__":
    main()
