"""Error against number of nodes for Delta = 3 in AdS5, with and without the boundary series in the ansatz.

V = -12 - 3 phi^2/2 + phi^4/24, phi = phi_1 z + phi_3 z^3 + ... with z^3 log z, phi_1 = 1, z_h = 1. Without:
nodal values of the fields themselves. With: the series' logarithms written out, one panel. The temperature
is compared with that of a finer grid.

    python benchmarks/convergence.py
"""

from __future__ import annotations

import math

import torch

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.collocation import Collocation
from holosym.solve.conditions import End, fixed
from holosym.solve.controls import datum
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.newton import newton
from holosym.solve.package import load

PACKAGE = "generated/einstein_scalar_ads5"
POTENTIAL = PolynomialCoupling([-12.0, 0.0, -1.5, 0.0, 1 / 24])


def plain(nodes: int) -> float:
    """T from the fields at the nodes."""
    conditions = [
        fixed("phi", End.START, 0.0),
        fixed("phi", End.START, 1.0, order=1),
        fixed("chi", End.START, 0.0),
        fixed("f", End.STOP, 0.0),
    ]
    package = load(PACKAGE)
    orders = package.COUPLINGS["V"]["orders"]
    couplings = {"V": lambda arguments: POTENTIAL.jet(arguments, orders)}  # type: ignore[arg-type]
    problem = Collocation(package, chebyshev_grid(nodes), conditions, {}, couplings)
    z = problem.grid.nodes
    unknowns, _ = newton(problem, problem.pack({"f": 1 - z**4, "chi": 0 * z, "phi": z}), tolerance=1.0)
    jets = problem.jets(unknowns)
    return float(jets["f"][1][-1].abs() * torch.exp(-jets["chi"][0][-1] / 2)) / (4 * math.pi)


def peeled(nodes: int) -> float:
    """T from the ansatz with the boundary series."""
    problem = BoundaryValueProblem(load(PACKAGE), near=nodes, breaks=(), couplings={"V": POTENTIAL})
    horizon = problem.solve([datum("phi_1", 1.0)], tolerance=1e-2).scalars.horizon
    return float(horizon["f"][1].abs() * torch.exp(-horizon["chi"][0] / 2)) / (4 * math.pi)


def main() -> None:
    """Prints the table."""
    torch.set_num_threads(1)
    exact = peeled(44)
    print("nodes   without      with")
    for nodes in (8, 12, 16, 20, 24, 32, 40):
        print(f"{nodes:5d}   {abs(plain(nodes) / exact - 1):.1e}   {abs(peeled(nodes) / exact - 1):.1e}")


if __name__ == "__main__":
    main()
