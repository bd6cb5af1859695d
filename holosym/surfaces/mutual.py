r"""Mutual information of two strips side by side: the divergences cancel.

    I = S(l_1) + S(l_2) - min[S(l_1) + S(l_2), S(s) + S(l_1 + s + l_2)],

s the distance between them. Beyond a distance s_c the entanglement wedge falls apart and I = 0 to leading order
(Headrick 2010, arXiv:1006.0047).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.family import surfaces
from holosym.surfaces.functional import Functional


@dataclass(frozen=True)
class Mutual:
    """Two strips at distances s.

    Attributes:
        distances: s.
        information: I = 4 pi (difference of areas), per transverse volume; 0 where the wedge is disconnected.
        connected: whether the wedge is connected.
    """

    distances: Tensor
    information: Tensor
    connected: Tensor


def mutual_information(functional: Functional, widths: tuple[float, float], distances: Tensor) -> Mutual:
    """Mutual information of strips of two widths.

    Args:
        functional: of a strip.
        widths: l_1 and l_2.
        distances: (n,), positive.

    Raises:
        SurfaceError: for widths and distances that are not positive.
    """
    excess = _excess(functional, widths, distances)
    connected = excess > 0
    return Mutual(distances, 4 * math.pi * torch.where(connected, excess, torch.zeros_like(excess)), connected)


def transition(functional: Functional, widths: tuple[float, float]) -> float:
    """The distance s_c at which the entanglement wedge falls apart.

    Raises:
        SurfaceError: where it does not: it is connected at any distance.
    """

    def excess(logarithm: float) -> float:
        return float(_excess(functional, widths, torch.tensor([math.exp(logarithm)], dtype=torch.float64))[0])

    low = math.log(1e-3 * min(widths))
    high = math.log(3 * max(widths))
    if excess(high) > 0:
        raise SurfaceError("the entanglement wedge of these strips is connected at three times their width")
    return math.exp(float(brentq(excess, low, high, xtol=1e-14, rtol=1e-13)))


def _excess(functional: Functional, widths: tuple[float, float], distances: Tensor) -> Tensor:
    """A(l_1) + A(l_2) - A(s) - A(l_1 + s + l_2)."""
    if min(widths) <= 0 or not bool((distances > 0).all()):
        raise SurfaceError("widths and distances are positive", mend="give l_1, l_2, s > 0")
    outer = distances + sum(widths)
    every = torch.cat([torch.tensor(widths, dtype=distances.dtype), distances, outer])
    order = torch.argsort(every)
    area = torch.empty_like(every)
    area[order] = surfaces(functional, every[order]).dominant.area
    first, second = area[0], area[1]
    inner, whole = area[2:].chunk(2)
    return first + second - inner - whole
