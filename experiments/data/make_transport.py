r"""Writes s(T) and the DC resistivity of Gubser-Rocha branes at fixed chemical potential and source of the scalar.

    L = R - (d phi)^2/2 - V - Z F^2/4 - (1/2) sum_I (d psi_I)^2,      psi_I = beta x_I,
    V = -6 cosh(phi/sqrt 3),      Z = exp(phi/sqrt 3),

with mu = beta = 1 and phi.source = 0.3 (the exact branes have a source that changes with T). Two panels of 32 nodes.

    python experiments/data/make_transport.py
"""

from __future__ import annotations

from pathlib import Path

from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "generated" / "gubser_rocha"
FIRST, LAST, COUNT = 0.8, 0.1, 18
FIXED = {"mu": 1.0, "beta": 1.0, "phi.source": 0.3}


def main() -> None:
    """The file, hottest state first solved, coldest first written."""
    request = Request(FIXED, Sweep("T", FIRST, LAST, COUNT, log=True), units="mu=1", nodes=32)
    family = solve_family(load(PACKAGE), request)
    if family.failure is not None:
        raise family.failure
    points = sorted((p.values["T"], p.values["s"], p.values["sigma"]) for b in family.branches for p in b.points)
    lines = ["# mu = beta = 1, phi.source = 0.3, V and Z of Gubser and Rocha (make_transport.py)", "T,s,resistivity"]
    lines += [f"{t!r},{s!r},{1 / sigma!r}" for t, s, sigma in points]
    (HERE / "transport_clean.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    horizon = [float(p.state.jets["phi"][0][-1]) for branch in family.branches for p in branch.points]
    print(f"{len(points)} states, phi at the horizon from {min(horizon):.3f} to {max(horizon):.3f}")


if __name__ == "__main__":
    main()
