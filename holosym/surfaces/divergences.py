r"""What is left out of the finite area, in words.

With sqrt(B) = x^(-P) sum c x^e (log x)^k, an edge of unit length that is cut off at x = epsilon has

    int_epsilon c x^(e-P) (log x)^k dx  ~  c epsilon^(-p) sum_j k!/(k-j)! p^(-j-1) (log epsilon)^(k-j)

with p = P - e - 1, or (-1)^k c log(1/epsilon)^(k+1)/(k+1) where p = 0. A strip has two edges of length 1, a disk one of
Omega R^(d-2), and for d = 4 the curvature of its edge adds -Omega b_0^(3/2)/(2 c_0) log(1/epsilon) (`disk_area`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from holosym.surfaces.disk_area import curvature_term, sphere
from holosym.surfaces.functional import Functional, Term, at_boundary


def of_strip(functional: Functional, terms: Sequence[Term]) -> str:
    """Of both edges, the terms those of `Functional.terms`, or for another cutoff."""
    return _sum(_parts(functional, terms, 2.0, ""))


def of_disk(functional: Functional, terms: Sequence[Term]) -> str:
    """With R in it."""
    transverse = functional.dimension - 2
    size = sphere(transverse)
    parts = _parts(functional, terms, size, {0: "", 1: " R"}.get(transverse, f" R^{transverse}"))
    if functional.powers[0] == 3:
        ends = (float(at_boundary(functional.pieces, 0)[0]), float(at_boundary(functional.pieces, 1)[0]))
        parts.append(f"{size * curvature_term(ends):.6g} log(1/epsilon)")
    return _sum(parts)


def _sum(parts: list[str]) -> str:
    return " + ".join(parts).replace("+ -", "- ") if parts else "nothing"


def _parts(functional: Functional, terms: Sequence[Term], size: float, factor: str) -> list[str]:
    """Edges of a size, and what else multiplies them."""
    parts = []
    for e, k, value in terms:
        power, amount = functional.powers[0] - e - 1, size * float(value)
        if not amount:
            continue
        if abs(power) < 1e-12:
            logs = f"^{k + 1}" if k else ""
            parts.append(f"{(-1) ** k * amount / (k + 1):.6g}{factor} log(1/epsilon){logs}")
        else:
            for j in range(k + 1):
                share = amount * math.perm(k, j) / power ** (j + 1)
                logs = "" if j == k else f" log(epsilon)^{k - j}"
                parts.append(f"{share:.6g}{factor} epsilon^-{power:g}{logs}")
    return parts
