r"""Gubser-Rocha branes by scipy.integrate.solve_bvp from the field equations as they stand, made first order.

    y = (phi, phi', h, h', f, f', A, A'),        eps <= z <= 1,

    phi'' = -phi' (f'/f + h'/h - 2/z) + [V_phi/z^2 - Z_phi z^2 A'^2/2]/f,      h'' = h'^2/(2h) - h phi'^2/2,
    f''   = (3 Z z^2 A'^2 - f phi'^2 + f h'^2/h^2)/4 - (V + 6f)/(2 z^2) + beta^2/(2h) + 3 f'/z - f' h'/(2h),
    A''   = -A' (h'/h + phi'/sqrt(3)),

for V = -6 cosh(phi/sqrt(3)), Z = exp(phi/sqrt(3)). At z = 0 the second derivatives of phi and f are 0/0 and not
determined, so the interval begins at a cutoff with the first terms of the boundary series, whose error is of
order eps^2, and with the constraint; at the horizon phi'' is replaced by its limit, the only place that needs it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import solve_bvp

ROOT3 = math.sqrt(3.0)
MOST_MESH_NODES = 5000

Numbers = tuple[float, float, float]


def states(targets: list[tuple[float, float]], beta: float, tolerance: float, cutoff: float) -> list[Numbers]:
    """(T, s, rho) for each (mu, phi_1), each state from the one before it, the first from the neutral brane.

    Raises:
        ArithmeticError: solve_bvp fails.
    """
    z = np.linspace(cutoff, 1, 21)
    c = 1 - beta**2 / 2
    zero = 0 * z
    y = np.array(
        [zero, zero, 1 + zero, zero, 1 - beta**2 * z**2 / 2 - c * z**3, -(beta**2) * z - 3 * c * z**2, zero, zero]
    )
    first, found = z, []
    for mu, source in targets:
        with np.errstate(all="ignore"):
            result = solve_bvp(
                lambda z, y: right_side(z, y, beta),
                conditions(mu, source, beta, cutoff),
                first,
                y,
                tol=tolerance,
                max_nodes=MOST_MESH_NODES,
            )
        if not result.success:
            raise ArithmeticError(result.message)
        y = result.sol(first)
        phi, h, slope, a = result.y[0, 0], result.y[2], result.y[5, -1], result.y[7, 0]
        rho = -math.exp(phi / ROOT3) * h[0] * a
        found.append((abs(slope) / (4 * math.pi), 4 * math.pi * h[-1], rho))
    return found


def right_side(z: Any, y: Any, beta: float) -> Any:
    """y'."""
    phi, dphi, h, dh, f, df, _, da = y
    v, dv, coupling = _couplings(phi)
    ddh = dh**2 / (2 * h) - h * dphi**2 / 2
    ddf = (3 * coupling * z**2 * da**2 - f * dphi**2 + f * dh**2 / h**2) / 4 - (v + 6 * f) / (2 * z**2)
    ddf = ddf + beta**2 / (2 * h) + 3 * df / z - df * dh / (2 * h)
    dda = -da * (dh / h + dphi / ROOT3)
    ddphi = _numerator(z, y) / f - dphi * (dh / h - 2 / z)
    last = z == 1
    # l'Hopital: phi'' = N'/f' - phi' (h' - 2 h/z)/h with N' = -phi'' f' + (the rest of its derivative).
    rest = -dphi * ddf + _second(phi) * dphi / z**2 - 2 * dv / z**3
    rest = rest - coupling / (2 * ROOT3) * (dphi * da**2 * z**2 / ROOT3 + 2 * z * da**2 + 2 * z**2 * da * dda)
    limit = (rest / df - dphi * (dh / h - 2 / z)) / 2
    ddphi = np.where(last, limit, ddphi)
    return np.array([dphi, ddphi, dh, ddh, df, ddf, da, dda])


def _couplings(phi: Any) -> tuple[Any, Any, Any]:
    """V, V_phi, Z."""
    return -6 * np.cosh(phi / ROOT3), -2 * ROOT3 * np.sinh(phi / ROOT3), np.exp(phi / ROOT3)


def _second(phi: Any) -> Any:
    return -2 * np.cosh(phi / ROOT3)


def _numerator(z: Any, y: Any) -> Any:
    """N: what must vanish with f at the horizon."""
    phi, dphi, _, _, _, df, _, da = y
    _, dv, coupling = _couplings(phi)
    return -dphi * df + dv / z**2 - coupling / (2 * ROOT3) * z**2 * da**2


def conditions(mu: float, source: float, beta: float, cutoff: float) -> Callable[[Any, Any], Any]:
    """What vanishes at both ends."""

    def evaluate(left: Any, right: Any) -> Any:
        phi, dphi, h, dh, f, df, a, da = left
        z = cutoff
        v, _, coupling = _couplings(phi)
        constraint = coupling * z**2 * da**2 + (2 * v + 12 * f) / z**2 + 2 * beta**2 / h - f * dphi**2
        constraint = constraint - 8 * f * dh / (h * z) + f * dh**2 / h**2 - 4 * df / z + 2 * df * dh / h
        return np.array(
            [
                (2 * phi - z * dphi) / z - source,
                h - 1 + source**2 * z**2 / 4,
                dh + source**2 * z / 2,
                constraint,
                a - z * da - mu,
                right[4],
                right[6],
                _numerator(1.0, right),
            ]
        )

    return evaluate
