r"""Writes s(T) of a neutral brane in five dimensions whose potential comes from a superpotential.

    L = R - (d phi)^2/2 - V,    V(phi) = 4 v(phi/2),    v = w'^2/2 - 4 w^2/3,
    w = -3/2 - p^2/2 - p^4/(4 p_M^2) + p^6/10,          p_M = 1.08,

the potential of Bea et al. 2024 in the normalisation of the model (phi = 2 p). In units of the source, phi.source = 1;
two panels of 32 nodes, residuals below 1e-11.

    python experiments/data/make_entropy.py
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "generated" / "einstein_scalar_ads5"
FIRST, LAST, COUNT = 0.8, 0.2, 16

Polynomial = list[Fraction]


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product, coefficients ascending."""
    found = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return found


def potential() -> list[float]:
    """The coefficients of V, ascending."""
    largest = Fraction(108, 100)
    zero = Fraction(0)
    w = [Fraction(-3, 2), zero, Fraction(-1, 2), zero, -1 / (4 * largest**2), zero, Fraction(1, 10)]
    slope = [k * c for k, c in enumerate(w)][1:]
    kinetic, square = times(slope, slope), times(w, w)
    kinetic += [zero] * (len(square) - len(kinetic))
    v = [k / 2 - Fraction(4, 3) * s for k, s in zip(kinetic, square, strict=True)]
    return [float(4 * c / 2**k) for k, c in enumerate(v)]


def main() -> None:
    """The file, hottest state first solved, coldest first written."""
    request = Request(
        {"phi.source": 1.0}, Sweep("T", FIRST, LAST, COUNT, log=True), units="phi.source=1", nodes=32, tolerance=1e-11
    )
    family = solve_family(load(PACKAGE), request, couplings={"V": PolynomialCoupling(potential())})
    if family.failure is not None:
        raise family.failure
    points = sorted((p.values["T"], p.values["s"]) for branch in family.branches for p in branch.points)
    lines = ["# phi.source = 1, V from a superpotential with p_M = 1.08 (make_entropy.py)", "T,s"]
    lines += [f"{t!r},{s!r}" for t, s in points]
    (HERE / "entropy_clean.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    horizon = [float(p.state.jets["phi"][0][-1]) for branch in family.branches for p in branch.points]
    print(f"{len(points)} states, phi at the horizon from {min(horizon):.3f} to {max(horizon):.3f}")


if __name__ == "__main__":
    main()
