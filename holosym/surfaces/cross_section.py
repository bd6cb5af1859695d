r"""The entanglement wedge cross-section of two strips: the shortest curve that cuts their common wedge in two.

On the slice with ds^2 = B dx^2 + C dx_1^2 it is a geodesic with a momentum p of its own, from the surface over the gap
(turning where C = C_i) to the surface over everything (C = C_o), and orthogonal to both. A curve with momentum p has

    sin^2(angle to the x direction) = p^2/C(x),        so that it is orthogonal to a surface where  C = C_* + p^2,

and p is found from the distance D = (l_2 - l_1)/2 of the centres, all in quadratures:

    D = h_o(x_b) - h_i(x_a) - int_{x_a}^{x_b} sqrt(B/C) p/sqrt(C - p^2) dx,
    h(x) = int_x^{x_*} sqrt(B/C) sqrt(C_*/(C - C_*)) dx:

it leans to the narrower strip.

For equal strips p = 0. E_W = 4 pi (length) per transverse volume (Takayanagi and Umemoto 2017, arXiv:1708.09393).
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
from holosym.surfaces.mutual import mutual_information
from holosym.surfaces.quadrature import gauss, turning_nodes

COUNT = 64


@dataclass(frozen=True)
class CrossSection:
    """A cross-section.

    Attributes:
        value: E_W = 4 pi (length); 0 where the wedge is disconnected.
        ends: x on the surface over the gap, and on that over everything; NaN where there is none.
        momentum: p.
    """

    value: float
    ends: tuple[float, float]
    momentum: float


def cross_section(functional: Functional, widths: tuple[float, float], distance: float) -> CrossSection:
    """The cross-section of strips of two widths at a distance.

    Args:
        functional: of a strip.
        widths: l_1 and l_2.
        distance: s.

    Raises:
        SurfaceError: for widths and distances that are not positive.
    """
    at = torch.tensor([distance], dtype=torch.float64)
    if not bool(mutual_information(functional, widths, at).connected[0]):
        return CrossSection(0.0, (math.nan, math.nan), math.nan)
    lengths = torch.tensor([distance, sum(widths) + distance], dtype=torch.float64)
    turning = surfaces(functional, lengths).dominant.turning
    if not bool(torch.isfinite(turning).all()):
        raise SurfaceError("a surface of this wedge does not turn: its cross-section is not made here")
    inner, outer = float(turning[0]), float(turning[1])
    apart = abs(widths[1] - widths[0]) / 2
    with torch.no_grad():
        return _Wedge(functional, inner, outer).cut(apart)


class _Wedge:
    """The region between two surfaces, by their turning points."""

    def __init__(self, functional: Functional, inner: float, outer: float) -> None:
        self.functional = functional
        self.inner, self.outer = inner, outer

    def cut(self, apart: float) -> CrossSection:
        """The curve between surfaces whose centres are a distance apart."""
        momentum = 0.0
        if apart > 0:
            top = math.sqrt(self._along(self.outer))
            while self._offset(top) < apart:
                top *= 2
            momentum = float(brentq(lambda p: self._offset(p) - apart, 0.0, top, xtol=1e-15, rtol=1e-13))
        a, b = self._start(self.inner, momentum), self._start(self.outer, momentum)
        return CrossSection(4 * math.pi * self._integral(a, b, momentum)[1], (a, b), momentum)

    def _along(self, x: float) -> float:
        """C."""
        c = self.functional.pieces(torch.tensor(x, dtype=torch.float64))[1][0]
        return float(c * x ** (-2 * self.functional.powers[1]))

    def _start(self, turning: float, momentum: float) -> float:
        """Where a curve of this momentum is orthogonal to the surface that turns there."""
        wanted = self._along(turning) + momentum**2
        if momentum == 0:
            return turning
        low = turning
        while self._along(low) < wanted:
            low /= 2
        return float(brentq(lambda x: math.log(self._along(x) / wanted), low, turning, xtol=1e-16, rtol=1e-15))

    def _offset(self, momentum: float) -> float:
        """D of a momentum."""
        a, b = self._start(self.inner, momentum), self._start(self.outer, momentum)
        return self._half(self.outer, b) - self._half(self.inner, a) - self._integral(a, b, momentum)[0]

    def _half(self, turning: float, x: float) -> float:
        """h: how far the surface's point at x is from its centre."""
        if x >= turning:
            return 0.0
        deepest = torch.tensor(turning, dtype=torch.float64)
        end = self.functional.end if self.functional.ends_at == "horizon" else math.inf
        nodes = turning_nodes(deepest, end, COUNT, torch.tensor(x, dtype=torch.float64))
        b, c = self._values(nodes.x)
        q = self._along(turning) / c
        return float((nodes.weights * torch.sqrt(b / c * q / (1 - q))).sum())

    def _integral(self, a: float, b: float, momentum: float) -> tuple[float, float]:
        """x_1 and the length along the curve between two depths; nodes towards both ends, for a horizon near one."""
        u, weights = gauss(2 * COUNT)
        angle = math.pi * u
        x = a + (b - a) * (1 - torch.cos(angle)) / 2
        slope = (b - a) * math.pi / 2 * torch.sin(angle) * weights
        radial, along = self._values(x)
        cosine = torch.sqrt(1 - momentum**2 / along)
        shift = (slope * torch.sqrt(radial / along) * momentum / (torch.sqrt(along) * cosine)).sum()
        return float(shift), float((slope * torch.sqrt(radial) / cosine).sum())

    def _values(self, x: Tensor) -> tuple[Tensor, Tensor]:
        b, c = self.functional.pieces(x)
        powers = self.functional.powers
        return b[0] * x ** (-2 * powers[0]), c[0] * x ** (-2 * powers[1])
