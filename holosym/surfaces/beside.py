r"""Surfaces beside those that turn inside: along an end, along a wall, and in two pieces.

Beyond the deepest turning point that numbers resolve above a horizon (or a throat), l grows like -log(x_e - x*)/kappa,
and the area goes on with slope P_e = sqrt(C(x_e)). A string that reaches a wall runs along it. Where a direction or the
geometry comes to an end, two pieces at fixed x_1 are a surface as well, of area 2 F(x_end) for any l.
"""

from __future__ import annotations

import math

import torch
from scipy.integrate import quad
from torch import Tensor

from holosym.surfaces.branches import Branch, Found, above_wall, position
from holosym.surfaces.functional import Functional
from holosym.surfaces.strip import FEWER, Strip, radial_area, strip


def continued(functional: Functional, pieces: list[Branch], lengths: Tensor, count: int) -> list[Found]:
    """What there is beside surfaces that turn."""
    string, throat = functional.kind == "wilson", functional.throat < functional.end
    found = []
    if throat or (functional.ends_at == "horizon" and not string):
        found += _along_end(functional, pieces, lengths, "throat" if throat else "horizon", count)
    elif functional.ends_at == "wall" and string:
        found.append(_along_wall(functional, lengths, count))
    endless = functional.ends_at == "none" and not throat and pieces[-1].lengths[1] < pieces[-1].lengths[0]
    if (functional.ends_at, string) in (("wall", False), ("horizon", True)) or (endless and not string):
        found += _disconnected(functional, pieces, lengths, count)
    return found


def _along_end(functional: Functional, pieces: list[Branch], lengths: Tensor, end: str, count: int) -> list[Found]:
    """Beyond the deepest surface that numbers resolve: x_e - x* falls off like e^(-kappa l), and with it P - P_e.

    A = A_0 + P_e (l - l_0) + (P_0 - P_e) [1 - e^(-k (l - l_0))]/k, with k = kappa, and 2 kappa where C is stationary.
    """
    deepest = pieces[-1]
    beyond = lengths > deepest.lengths[1]
    if deepest.lengths[1] < deepest.lengths[0] or not bool(beyond.any()):
        return []
    t = torch.tensor([deepest.stop - 1.0, deepest.stop], dtype=lengths.dtype)
    last = strip(functional, position(functional, t), count=count, estimate=True)
    assert last.error is not None
    kappa = 1 / (last.length[1] - last.length[0])
    at = torch.tensor(functional.reach, dtype=lengths.dtype)
    at_end = at ** -functional.powers[1] * torch.sqrt(functional.pieces(at)[1][0])
    rest, more = last.momentum[1] - at_end, lengths - last.length[1]
    rate = 2 * kappa if end == "throat" else kappa
    fading = torch.exp(-rate * more)
    area = last.area[1] + at_end * more + rest * (1 - fading) / rate
    blank = torch.full_like(lengths, math.nan)
    values = (at - (at - last.turning[1]) * torch.exp(-kappa * more), area, at_end + rest * fading, last.error[1])
    turning, area, momentum, error = (torch.where(beyond, value, blank) for value in values)
    return [Found(f"along the {end}", lengths, Strip(turning, lengths, area, momentum, error))]


def _along_wall(functional: Functional, lengths: Tensor, count: int) -> Found:
    """A string that reaches the wall and runs along it."""
    end = torch.tensor(functional.end * (1 - above_wall(functional)), dtype=lengths.dtype)
    last = strip(functional, end, count=count, estimate=True)
    beyond, blank = lengths > last.length, torch.full_like(lengths, math.nan)
    assert last.error is not None
    wall = torch.tensor(functional.end, dtype=lengths.dtype)
    tension = wall ** -functional.powers[1] * torch.sqrt(functional.pieces(wall)[1][0])
    values = (end, last.area + tension * (lengths - last.length), tension, last.error)
    turning, area, momentum, error = (torch.where(beyond, value, blank) for value in values)
    return Found("along the wall", lengths, Strip(turning, lengths, area, momentum, error))


def _disconnected(functional: Functional, pieces: list[Branch], lengths: Tensor, count: int) -> list[Found]:
    """Two pieces at fixed x_1 that end at a wall or a horizon; or at infinity, where l has its maximum before."""
    if math.isfinite(functional.end):
        end = torch.tensor(functional.end, dtype=torch.float64)
        area, rough = (float(2 * radial_area(functional, end, math.inf, n)) for n in (count, count - FEWER))
        error = abs(area - rough)
    else:
        middle = position(functional, torch.tensor(pieces[-1].start, dtype=torch.float64))
        rest, error = quad(
            lambda x: float(_radial_density(functional, x)), float(middle), math.inf, epsabs=0, limit=200
        )
        area, error = float(2 * (radial_area(functional, middle, math.inf, count) + rest)), 2 * error
    blank, zero = torch.full_like(lengths, math.nan), torch.zeros_like(lengths)
    return [Found("disconnected", lengths, Strip(blank, lengths, zero + area, zero, zero + error))]


def _radial_density(functional: Functional, x: float) -> Tensor:
    """sqrt(B)."""
    at = torch.tensor(x, dtype=torch.float64)
    return at ** -functional.powers[0] * torch.sqrt(functional.pieces(at)[0][0])
