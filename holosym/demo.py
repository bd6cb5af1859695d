r"""The demo: the generated equations of the Gubser-Rocha model give the numbers that theory knows.

1. The generated package, in float64, on the exact brane: every residual is zero relative to its terms.
2. The same equations solved with no knowledge of that brane, at given beta and mu, for f, h, A_t and phi on
   0 <= z <= 1:

       f(0) = h(0) = 1,   A_t(0) = mu,   phi(0) = 0,   f(1) = A_t(1) = 0,
       h'(0) = sqrt(3) phi'(0),   phi''(0) = -(2/sqrt 3) phi'(0)^2.

   The last but one fixes the gauge (the metric keeps its form under 1/z -> 1/z + constant); the last is the
   relation between source and response on which the brane lives. The path starts at mu = 0, where the
   solution is elementary: f = 1 - beta^2 z^2/2 - (1 - beta^2/2) z^3, h = 1, phi = 0. Q is an outcome.
3. Temperature, entropy density and charge density of the solution beside the exact ones (Gubser and Rocha
   2009; Davison, Schalm and Zaanen 2013),

       T = |f'(1)|/(4 pi) = [6 (1+Q)^2 - beta^2] / [8 pi (1+Q)^(3/2)],
       s = 4 pi h(1) = 4 pi (1+Q)^(3/2),      rho = -Z h A_t' = mu (1+Q),
       mu^2 = 3 Q (1+Q) [1 - beta^2/(2 (1+Q)^2)].

4. A plot of the fields.

Units: z_h = 1, AdS radius 1, 16 pi G = 1.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from holosym.ansatz.chebyshev import ChebyshevGrid, chebyshev_grid
from holosym.errors import CheckFailed, HolosymError
from holosym.report.plots import FieldPlot, plot_fields
from holosym.solve.collocation import Collocation
from holosym.solve.conditions import BoundaryCondition, End, Linear, Relation, fixed
from holosym.solve.continuation import Waypoint, follow
from holosym.solve.package import GeneratedPackage, Jets, load

RESIDUAL_TOLERANCE = 1e-12
QUANTITY_TOLERANCE = 1e-9
LINE = torch.linspace(0.0, 1.0, 301, dtype=torch.float64)
DOTS = torch.linspace(0.0, 1.0, 21, dtype=torch.float64)

SolutionJets = Callable[[Tensor, Mapping[str, float]], Jets]


@dataclass(frozen=True)
class Quantity:
    """A number of the solution beside the exact one."""

    name: str
    solved: float
    exact: float

    @property
    def error(self) -> float:
        """Relative to the exact value, which is not zero."""
        return abs(self.solved / self.exact - 1)


@dataclass(frozen=True)
class DemoResult:
    """What the demo found.

    Attributes:
        residuals: equation to the largest |residual|/magnitude on the exact solution.
        quantities: T, s and rho, solved beside exact.
        plot: where the plot is.
    """

    residuals: dict[str, float]
    quantities: tuple[Quantity, ...]
    plot: Path


def run(
    package_path: str | Path,
    solution_jets: SolutionJets,
    out_dir: str | Path,
    *,
    beta: float = 0.5,
    mu: float = 1.0,
    nodes: int = 32,
    threads: int = 1,
    console: Console | None = None,
) -> DemoResult:
    """Runs the demo and prints its tables.

    Args:
        package_path: the generated package of gubser_rocha.
        solution_jets: points (m,) and the values of beta and Q to the jets of the exact brane in float64.
        out_dir: the folder for the plot, `gubser_rocha.png`.
        beta, mu: strength of momentum relaxation and chemical potential, in units of z_h.
        nodes: Chebyshev nodes on [0, 1].
        threads: torch threads; these systems are too small to gain from more than one.
        console: where to print; standard output by default.

    Raises:
        CheckFailed: a residual above 1e-12, or a quantity off by more than 1e-9.
        SolveError: the solve did not converge.
        HolosymError: beta or mu outside the range of the brane's main branch.
    """
    torch.set_num_threads(threads)
    console = console or Console()
    package, parameters = load(package_path), {"beta": beta, "Q": brane_parameter(beta, mu)}
    residuals = exact_residuals(package, solution_jets, parameters)
    console.print(_residual_table(package, residuals))

    began = time.perf_counter()
    problem = brane_problem(package, chebyshev_grid(nodes), beta, mu)
    path = solve_brane(problem, beta, mu)
    seconds = time.perf_counter() - began
    jets = problem.jets(path[-1].unknowns)
    quantities = thermodynamics(problem, jets, beta, mu)
    console.print(_quantity_table(quantities, beta, mu))
    steps = sum(int(waypoint.report.iterations) for waypoint in path)
    console.print(
        f"solved on {nodes} Chebyshev nodes in {seconds:.2f} s: {steps} Newton steps, {len(path) - 1} steps in mu, "
        f"last residual {float(path[-1].report.residual):.1e}, outcome Q = {2 / 3 * float(jets['h'][1][0]):.12g}",
        soft_wrap=True,
    )
    fields = compare_fields(problem, jets, solution_jets, parameters)
    title = rf"Gubser-Rocha brane, $\beta = {beta:g}$, $\mu = {mu:g}$"
    plot = plot_fields(Path(out_dir) / "gubser_rocha.png", fields, LINE, DOTS, coordinate="z", title=title)
    console.print(f"plot: {plot}", soft_wrap=True, highlight=False)
    _check(residuals, quantities)
    return DemoResult(residuals, quantities, plot)


def brane_parameter(beta: float, mu: float) -> float:
    """The Q > 0 with mu^2 = 3 Q (1+Q) [1 - beta^2/(2 (1+Q)^2)], by bisection; monotonic for beta^2 < 2."""
    if not (0 <= beta < math.sqrt(2) and 0 < mu < math.inf):
        raise HolosymError(
            f"the demo follows the brane's main branch, and beta = {beta:g}, mu = {mu:g} is off it",
            mend="choose 0 <= beta < sqrt(2) and mu > 0",
        )
    low, high = 0.0, 1.0 + mu
    for _ in range(200):
        middle = (low + high) / 2
        excess = 3 * middle * (1 + middle) * (1 - beta**2 / (2 * (1 + middle) ** 2)) - mu**2
        low, high = (middle, high) if excess < 0 else (low, middle)
    return (low + high) / 2


def exact_residuals(
    package: GeneratedPackage, solution_jets: SolutionJets, parameters: Mapping[str, float], points: int = 201
) -> dict[str, float]:
    """The largest |residual|/magnitude of each equation on the exact brane, both ends included."""
    z = torch.linspace(0.0, 1.0, points, dtype=torch.float64)
    coordinates, jets = {"z": z}, solution_jets(z, parameters)
    couplings = package.closed_couplings(package.coupling_arguments(coordinates, jets, parameters), parameters)
    residuals = package.residuals(coordinates, jets, couplings, parameters)
    magnitudes = package.magnitudes(coordinates, jets, couplings, parameters)
    return {
        # Where every term vanishes so must the residual: 0/0 counts as zero, all else over 0 as infinite.
        name: float((residuals[name].abs() / magnitudes[name]).where(residuals[name] != 0, 0.0).max())
        for name in package.EQUATIONS
    }


def brane_problem(package: GeneratedPackage, grid: ChebyshevGrid, beta: float, mu: float) -> Collocation:
    """The boundary value problem of the module's docstring."""
    root3 = math.sqrt(3.0)
    conditions: list[BoundaryCondition] = [
        fixed("f", End.START, 1.0),
        fixed("h", End.START, 1.0),
        fixed("A_t", End.START, mu),
        fixed("phi", End.START, 0.0),
        fixed("f", End.STOP, 0.0),
        fixed("A_t", End.STOP, 0.0),
        Linear("gauge h'(0) = sqrt(3) phi'(0)", End.START, {("h", 1): 1.0, ("phi", 1): -root3}),
        Relation(
            "phi''(0) = -(2/sqrt 3) phi'(0)^2",
            End.START,
            lambda jets: jets["phi"][2] + 2 / root3 * jets["phi"][1] ** 2,
            lambda jets: {("phi", 2): 1.0, ("phi", 1): 4 / root3 * jets["phi"][1]},
        ),
    ]
    return Collocation(package, grid, conditions, {"beta": beta})


def solve_brane(target: Collocation, beta: float, mu: float) -> list[Waypoint]:
    """Solutions along mu t, t from 0 to 1, from the elementary one at mu = 0 to that of `target`."""
    z = target.grid.nodes
    neutral = 1 - beta**2 * z**2 / 2 - (1 - beta**2 / 2) * z**3
    guess = {"f": neutral, "h": torch.ones_like(z), "A_t": torch.zeros_like(z), "phi": torch.zeros_like(z)}
    return follow(lambda t: brane_problem(target.package, target.grid, beta, mu * t), target.pack(guess))


def thermodynamics(problem: Collocation, jets: Jets, beta: float, mu: float) -> tuple[Quantity, ...]:
    """T, s and rho of a solved brane beside their exact values; the flux is read at the horizon."""
    couplings = problem.state(jets)[2]
    flux = -couplings["Z"][0] * jets["h"][0] * jets["A_t"][1]
    temperature = float(jets["f"][1][-1].abs()) / (4 * math.pi)
    q = brane_parameter(beta, mu)
    area = (1 + q) ** 1.5
    return (
        Quantity("T", temperature, (6 * (1 + q) ** 2 - beta**2) / (8 * math.pi * area)),
        Quantity("s", float(jets["h"][0][-1]) * 4 * math.pi, 4 * math.pi * area),
        Quantity("rho", float(flux[-1]), mu * (1 + q)),
    )


def compare_fields(
    problem: Collocation, jets: Jets, solution_jets: SolutionJets, parameters: Mapping[str, float]
) -> list[FieldPlot]:
    """The interpolant of each solved field at LINE, beside the exact brane at DOTS."""
    exact = solution_jets(DOTS, parameters)
    fields = []
    for name in ("f", "h", "A_t", "phi"):
        value = exact[name][problem.package.PROFILES[name].index((0,))]
        solved = problem.grid.interpolate(jets[name][0], DOTS)
        line = problem.grid.interpolate(jets[name][0], LINE)
        fields.append(FieldPlot(name, line, value, (solved - value).abs()))
    return fields


def _residual_table(package: GeneratedPackage, residuals: Mapping[str, float]) -> Table:
    rows = [(name, package.EQUATIONS[name], f"{value:.1e}") for name, value in residuals.items()]
    title = "generated equations on the exact brane, float64"
    return _table(title, ("equation", "role", "max |residual| / terms"), rows)


def _quantity_table(quantities: tuple[Quantity, ...], beta: float, mu: float) -> Table:
    rows = [(q.name, f"{q.solved:.12f}", f"{q.exact:.12f}", f"{q.error:.1e}") for q in quantities]
    title = f"solved brane, beta = {beta:g}, mu = {mu:g}"
    return _table(title, ("quantity", "solved", "exact", "relative error"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The first column holds names, the last a number."""
    table = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _check(residuals: Mapping[str, float], quantities: tuple[Quantity, ...]) -> None:
    """A comparison with NaN is false, so each is asked to hold and not to fail."""
    bad = [f"{name} has a residual of {r:.1e}" for name, r in residuals.items() if not r <= RESIDUAL_TOLERANCE]
    bad += [f"{q.name} is off by {q.error:.1e}" for q in quantities if not q.error <= QUANTITY_TOLERANCE]
    if bad:
        raise CheckFailed("the demo's numbers disagree with the exact brane: " + "; ".join(bad))
