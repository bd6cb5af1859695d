r"""Finite parts for a cutoff in the metric's own coordinate and in that of Fefferman and Graham.

Cut off at x = epsilon, a surface has the divergence  2 sum c int_epsilon x^(e-P) (log x)^k dx  and a finite part. With

    d(log x_FG) = sqrt(n) d(log x),      n = x^2 g_xx = n_0 (1 + n_1 x + n_2 x^2/2 + ...),

the same surface cut off at x_FG = epsilon is cut off at x = epsilon (1 + a_1 epsilon + a_2 epsilon^2 + ...), and the
divergence leaves something finite. The scale of x_FG is chosen such that x_FG/x -> 1 (n_0 = 1, AdS radius 1).
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.functional import Functional, Term


def fefferman_graham_shift(functional: Functional) -> Tensor:
    """What is added to the finite area A when the cutoff is at x_FG = epsilon, and not at x = epsilon.

    Raises:
        SurfaceError: where the metric has no Taylor series at the boundary, or an AdS radius that is not 1.
    """
    a1, a2 = _relation(functional)
    total = torch.zeros_like(a1)
    for e, k, coefficient in functional.terms:
        total = total + 2 * coefficient * _finite(e - functional.powers[0], k, a1, a2)
    return total


def fefferman_graham_terms(functional: Functional) -> tuple[Term, ...]:
    """The divergence as terms c y^(e-P) (log y)^k to be integrated from y = x_FG = epsilon, as `Functional.terms`.

    Of a term with p = P - e - 1 > 1 the cutoff moves -a_1 c y^(1-p) to the next one. The same errors.
    """
    a1, _ = _relation(functional)
    found: dict[tuple[float, int], Tensor] = {}
    for e, k, coefficient in functional.terms:
        found[e, k] = found.get((e, k), torch.zeros_like(a1)) + coefficient
        power = functional.powers[0] - e - 1
        if power > 1 + 1e-9:
            found[e + 1, k] = found.get((e + 1, k), torch.zeros_like(a1)) - a1 * (power - 1) * coefficient
    return tuple((e, k, c) for (e, k), c in sorted(found.items()))


def _relation(functional: Functional) -> tuple[Tensor, Tensor]:
    """a_1 and a_2."""
    line = functional.line
    if line is None:
        raise SurfaceError(
            "the Fefferman-Graham coordinate is not known: x^2 g_xx has no Taylor series at the boundary",
            mend="leave --cutoff out: finite parts are then those of the metric's own x",
        )
    if abs(float(line[0]) - 1) > 1e-9:
        raise SurfaceError(
            f"the AdS radius is {float(line[0]) ** 0.5:.6g}, and the Fefferman-Graham cutoff is made for radius 1",
            mend="rescale the metric",
        )
    # sqrt(n) = 1 + r_1 x + r_2 x^2:  log x_FG = log x + r_1 x + r_2 x^2/2
    r1 = line[1] / 2
    r2 = line[2] / 4 - line[1] ** 2 / 8
    # x = y (1 + a_1 y + a_2 y^2): log x + r_1 x + r_2 x^2/2 = log y
    a1 = -r1
    return a1, a1**2 / 2 - r1 * a1 - r2 / 2


def _finite(exponent: float, logs: int, a1: Tensor, a2: Tensor) -> Tensor:
    """The constant in  -(primitive of x^exponent (log x)^logs)  at x = y (1 + a_1 y + a_2 y^2) for y -> 0."""
    power = -(exponent + 1)
    if abs(power - round(power)) > 1e-9:
        return torch.zeros_like(a1)
    if round(power) == 0 or logs:
        if logs and round(power) > 0:
            raise SurfaceError("a logarithm multiplies a power of the cutoff: the finite part is not known there")
        return torch.zeros_like(a1)
    # y^-p (1 + a_1 y + a_2 y^2)^-p / p: the coefficient of y^0
    found = {1: -a1, 2: (3 * a1**2 - 2 * a2) / 2}.get(round(power))
    if found is None:
        raise SurfaceError("the Fefferman-Graham cutoff is made for boundaries of dimension at most 4")
    return found
