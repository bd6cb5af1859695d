r"""Where a metric in closed form ends: at the first zero of 1/B, whatever was declared.

1/g_xx vanishes at a horizon, and with it a = 1/b of every strip. A declared horizon is that of the theory's solver,
x = 1 in its units; a known solution may have its own elsewhere, or none.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.functional import Functional

NEAREST, FARTHEST, POINTS = 1e-4, 1e4, 4001
"""Where zeros are looked for, in units of the declared end, or of 1."""
AT_END, CLOSE = 1e-7, 1e-8
"""Relative distances: at which a declared horizon is the right one; at which the slope of a is taken."""
DEGENERATE = 1e-6
"""x_h a'/a, a in the middle, below which a horizon has no temperature."""


def horizon_of(strip: Functional) -> float:
    """x where a vanishes first; infinite where it does not.

    Raises:
        SurfaceError: for a horizon without temperature.
    """
    unit = strip.end if math.isfinite(strip.end) else 1.0
    grid = torch.logspace(math.log10(NEAREST), math.log10(FARTHEST), POINTS, dtype=torch.float64)
    x = torch.cat([unit * grid, torch.tensor([unit], dtype=torch.float64)]).sort().values
    values = _inverse(strip, x)
    good = torch.isfinite(values) & (values > 0)
    count = int(good.long().cumprod(0).sum())
    if count == 0 or count == len(x) or not bool(torch.isfinite(values[count])):
        return math.inf
    low, high = float(x[count - 1]), float(x[count])
    if float(values[count]) < 0:
        found = float(brentq(lambda at: _at(strip, at), low, high, xtol=1e-300, rtol=1e-15))
    elif high == unit and math.isfinite(strip.end):
        found = high
    else:  # b became infinite by and by
        return math.inf
    if abs(found / unit - 1) < AT_END:
        found = unit
    slope = (_at(strip, found * (1 - CLOSE)) - _at(strip, found * (1 - 2 * CLOSE))) / CLOSE
    if abs(slope) < DEGENERATE * _at(strip, found / 2):
        raise SurfaceError(
            f"the horizon at {found:.6g} has no temperature, and surfaces along it are not made for",
            mend="choose parameters with a temperature",
        )
    return found


def placed(functional: Functional, strip: Functional) -> Functional:
    """The functional with its true end; a wall stays where it is, unless there is a horizon before it."""
    found = horizon_of(strip)
    if functional.ends_at == "wall" and not found < functional.end * (1 - AT_END):
        return functional
    return replace(functional, end=found, ends_at="horizon" if math.isfinite(found) else "none")


def _inverse(strip: Functional, x: Tensor) -> Tensor:
    """a, 0 where b is infinite."""
    with torch.no_grad():
        return 1 / strip.pieces(x)[0][0]


def _at(strip: Functional, x: float) -> float:
    return float(_inverse(strip, torch.tensor(x, dtype=torch.float64)))
