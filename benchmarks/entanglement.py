r"""Strips by turning points: holosym's batched Gauss quadratures beside `scipy.integrate.quad` in a loop, CPU seconds.

The metric is the Gubser-Rocha brane, Q = 1, beta = 1/2; l and the finite area of TURNING strips, by

    l = 2 int_0^{z*} sqrt(B/C) sqrt(q/(1 - q)) dz,      A = 2 [int_0^{z*} (sqrt(B)/sqrt(1 - q) - z^-2) dz - 1/z*].

The peer's integrands are written by hand for Python's floats, once as they stand, and once with z = z* (1 - u^2), which
takes the root away as holosym does; tolerances are `quad`'s own. It is timed at FEWER strips. Errors are beside mpmath
with 30 digits.

    python benchmarks/entanglement.py        (OMP_NUM_THREADS=1)
"""

from __future__ import annotations

import math
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import mpmath
import torch
from rich.console import Console
from rich.table import Table
from scipy.integrate import IntegrationWarning, quad

from holosym import pipeline
from holosym.report import closed_forms
from holosym.solve.package import load
from holosym.surfaces.background import FunctionBackground
from holosym.surfaces.functional import Functional, functional
from holosym.surfaces.strip import strip

Q, BETA = 1.0, 0.5
TURNING, FEWER, NODES = 10_000, 200, 64
REPEATS = 15
LIMIT = 0.1
EXACT = (0.1, 0.5, 0.9)
Pair = tuple[float, float]


def brane() -> Functional:
    """The strip in the closed form, by generated code."""
    root = Path(__file__).parents[1]
    known = pipeline.load("gubser_rocha")[0].known_solutions[0]
    functions = closed_forms.functions(known, {"Q": Q, "beta": BETA})
    background = FunctionBackground(functions, {"beta": BETA}, end=1.0, ends_at="horizon")
    return functional(load(root / "generated" / "gubser_rocha"), background, "strip_x")


def metric(z: float) -> tuple[float, float]:
    """z^4 B and z^4 C, by hand: B = h/(z^4 f), C = h^2/z^4."""
    h = (1 + Q * z) ** 1.5
    f = (1 - z) * (1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q) - BETA**2 / 2) * z * z) / h
    return h / f, h * h


def by_quad(turning: float) -> Pair:
    """As the integrals stand."""
    deep = metric(turning)[1] / turning**4

    def length(z: float) -> float:
        b, c = metric(z)
        q = deep * z**4 / c
        return math.sqrt(b / c * q / (1 - q)) if q < 1 else 0.0

    def area(z: float) -> float:
        b, c = metric(z)
        q = deep * z**4 / c
        return (math.sqrt(b / (1 - q)) - 1) / z**2 if q < 1 else 0.0

    return 2 * quad(length, 0, turning)[0], 2 * (quad(area, 0, turning)[0] - 1 / turning)


def by_substituted_quad(turning: float) -> Pair:
    """With z = z* (1 - u^2), and (sqrt(b/(1 - q)) - 1)/z^2 as it stands."""
    deep = metric(turning)[1] / turning**4

    def both(u: float) -> tuple[float, float, float, float]:
        z = turning * (1 - u * u)
        return (z, *metric(z), 2 * turning * u)

    def length(u: float) -> float:
        z, b, c, weight = both(u)
        q = deep * z**4 / c
        return weight * math.sqrt(b / c * q / (1 - q)) if q < 1 else 0.0

    def area(u: float) -> float:
        z, b, c, weight = both(u)
        q = deep * z**4 / c
        return weight * (math.sqrt(b / (1 - q)) - 1) / z**2 if q < 1 else 0.0

    return 2 * quad(length, 0, 1)[0], 2 * (quad(area, 0, 1)[0] - 1 / turning)


def exact(turning: float) -> Pair:
    """By mpmath."""
    with mpmath.workdps(30):
        end, one = mpmath.mpf(turning), mpmath.mpf(1)

        def pieces(z: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            h = (1 + Q * z) ** mpmath.mpf(1.5)
            inner = 1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q) - mpmath.mpf(BETA) ** 2 / 2) * z * z
            return h * h / ((one - z) * inner), h * h

        deep = pieces(end)[1] / end**4

        def integrand(u: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            z = end * (1 - u * u)
            b, c = pieces(z)
            q = deep * z**4 / c
            return 2 * end * u * mpmath.sqrt(b / c * q / (1 - q)), 2 * end * u * (mpmath.sqrt(b / (1 - q)) - 1) / z**2

        first, second = (
            mpmath.quad(lambda u, k=k: integrand(u)[k], [0, 0.5, 1], method="gauss-legendre") for k in (0, 1)
        )
        return float(2 * first), float(2 * (second - 1 / end))


def seconds(run: Callable[[], object]) -> float:
    """The least CPU time of a few runs."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def worst(pairs: list[Pair], truth: list[Pair]) -> float:
    """The largest relative error."""
    return max(abs(a / b - 1) for one, other in zip(pairs, truth, strict=True) for a, b in zip(one, other, strict=True))


def main() -> int:
    """Prints the table; fails where holosym's numbers are wrong."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    warnings.simplefilter("ignore", IntegrationWarning)
    made, truth = brane(), [exact(z) for z in EXACT]
    turning = torch.linspace(0.01, 0.99, TURNING, dtype=torch.float64)
    found = strip(made, torch.tensor(EXACT, dtype=torch.float64), count=NODES)
    ours = list(zip(found.length.tolist(), found.area.tolist(), strict=True))
    start = time.perf_counter()
    strip(made, turning, count=NODES)
    first = time.perf_counter() - start
    batch = seconds(lambda: strip(made, turning, count=NODES))
    table = Table(title=f"{TURNING} strips of {NODES} nodes", title_justify="left")
    for name in ("by", "s", "µs a strip", "/ holosym", "error"):
        table.add_column(name, justify="left" if name == "by" else "right")
    table.add_row("holosym", f"{batch:.3f}", f"{1e6 * batch / TURNING:.1f}", "1", f"{worst(ours, truth):.0e}")
    some = turning[:: TURNING // FEWER].tolist()
    for name, peer in (("quad", by_quad), ("quad, root taken away", by_substituted_quad)):
        each = seconds(lambda peer=peer: [peer(z) for z in some]) / len(some)
        error = worst([peer(z) for z in EXACT], truth)
        ratio = each * TURNING / batch
        table.add_row(name, f"{each * TURNING:.1f}", f"{1e6 * each:.0f}", f"{ratio:.0f}", f"{error:.0e}")
    console = Console(width=80)
    console.print(table)
    console.print(
        f"first call {first:.3f} s; wanted {LIMIT} s after warm-up: {'reached' if batch < LIMIT else 'missed'}"
    )
    return 0 if worst(ours, truth) < 1e-12 else 1


if __name__ == "__main__":
    sys.exit(main())
