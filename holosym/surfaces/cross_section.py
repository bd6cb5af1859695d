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
from dataclasses import dataclass, replace

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.family import surfaces
from holosym.surfaces.functional import Functional
from holosym.surfaces.mutual import mutual_information
from holosym.surfaces.quadrature import boundary_nodes, gauss, turning_nodes
from holosym.surfaces.strip import ratio

Quadrature = tuple[Tensor, Tensor]
COUNT, FEWER = 64, 12
AT_HORIZON = 1e-12
"""The relative distance from a horizon below which a depth is the horizon's."""
SMALL = 1e-5
"""p in units of sqrt(C), which leaves x_h - x some digits."""
NEAR = 1 + 1e-6
"""x_h/x*, below which x_h - x* is not known well enough for its logarithm."""


@dataclass(frozen=True)
class CrossSection:
    """A cross-section.

    Attributes:
        value: E_W = 4 pi (length); 0 where the wedge is disconnected.
        ends: x on the surface over the gap, and on that over everything; NaN where there is none.
        momentum: p.
        error: of the value, from two orders of quadrature.
    """

    value: float
    ends: tuple[float, float]
    momentum: float
    error: float = 0.0


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
    inner, outer = (_Bound(float(x), float(length)) for x, length in zip(turning, lengths, strict=True))
    apart = abs(widths[1] - widths[0]) / 2
    with torch.no_grad():
        found, rough = (_Wedge(functional, inner, outer, count).cut(apart) for count in (COUNT, COUNT - FEWER))
    return replace(found, error=abs(found.value - rough.value))


@dataclass(frozen=True)
class _Bound:
    """A surface that bounds the wedge: x*, and l."""

    turning: float
    length: float


@dataclass(frozen=True)
class _Wedge:
    """The region between two surfaces."""

    functional: Functional
    inner: _Bound
    outer: _Bound
    count: int

    def cut(self, apart: float) -> CrossSection:
        """The curve between surfaces whose centres are a distance apart."""
        if apart == 0:
            return self._at(0.0)
        top = math.sqrt(self._along(self.outer.turning))
        least = SMALL * top
        deep = self.functional.ends_at == "horizon" and self.functional.end < NEAR * self.outer.turning
        if deep and self._offset(least) > apart:
            return self._along_horizon(least, apart)
        while self._offset(top) < apart:
            top *= 2
        return self._at(float(brentq(lambda p: self._offset(p) - apart, 0.0, top, xtol=1e-15, rtol=1e-13)))

    def _at(self, momentum: float) -> CrossSection:
        """The curve of a momentum."""
        a, b = (self._start(one.turning, momentum) for one in (self.inner, self.outer))
        return CrossSection(4 * math.pi * self._integral(a, b, momentum)[1], (a, b), momentum)

    def _along_horizon(self, least: float, apart: float) -> CrossSection:
        """Where the outer surface lies along the horizon p goes like e^(kappa D), and d(length)/dD = -p."""
        here, there = self._offset(least), self._offset(2 * least)
        kappa = math.log(2) / (there - here)
        last = math.exp(-kappa * (here - apart))
        found = self._at(least)
        value = found.value + 4 * math.pi * least * (1 - last) / kappa
        return CrossSection(value, (found.ends[0], self.outer.turning), least * last)

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
        a, b = (self._start(one.turning, momentum) for one in (self.inner, self.outer))
        return self._half(self.outer, b) - self._half(self.inner, a) - self._integral(a, b, momentum)[0]

    def _half(self, bound: _Bound, x: float) -> float:
        """h: how far the surface's point at x is from its centre; from the boundary where x* is too near a horizon."""
        if x >= bound.turning:
            return 0.0
        here, deepest = torch.tensor([x, bound.turning], dtype=torch.float64)
        if self._end(bound.turning) == self.functional.end > NEAR * bound.turning:
            nodes = turning_nodes(deepest, self.functional.end, 2 * self.count, here)
            power, along = self.functional.powers
            (b, c), last = self.functional.pieces(nodes.x), self.functional.pieces(deepest[None])[1]
            q, root = ratio(self.functional, nodes, c, last, close=True)
            return float((nodes.weights * torch.sqrt(b[0] / c[0] * q) / root * nodes.x ** (along - power)).sum())
        outside = boundary_nodes(here, self.count)
        parts = ((outside.x, outside.weights), self._nodes(x / 2, x))
        return bound.length / 2 - sum(self._spanned(bound.turning, *part) for part in parts)

    def _spanned(self, turning: float, x: Tensor, weights: Tensor) -> float:
        """x_1 between points far from where the surface turns."""
        b, c = self._values(x)
        q = self._along(turning) / c
        return float((weights * torch.sqrt(b / c * q / (1 - q))).sum())

    def _integral(self, a: float, b: float, momentum: float) -> tuple[float, float]:
        """x_1 and the length along the curve between two depths."""
        x, weights = self._nodes(a, b)
        radial, along = self._values(x)
        cosine = torch.sqrt(1 - momentum**2 / along)
        shift = (weights * torch.sqrt(radial / along) * momentum / (torch.sqrt(along) * cosine)).sum()
        return float(shift), float((weights * torch.sqrt(radial) / cosine).sum())

    def _nodes(self, a: float, b: float) -> Quadrature:
        """Between two depths: in log x, and from half of the deeper one crowded as a horizon behind it asks for."""
        middle = max(a, b / 2)
        near = turning_nodes(
            torch.tensor(b, dtype=torch.float64),
            self._end(b),
            2 * self.count,
            torch.tensor(middle, dtype=torch.float64),
        )
        if middle == a:
            return near.x, near.weights
        u, weights = gauss(2 * self.count)
        span = math.log(middle / a)
        x = a * torch.exp(span * u)
        return torch.cat([x, near.x]), torch.cat([span * x * weights, near.weights])

    def _end(self, x: float) -> float:
        """Where the horizon behind a depth is; none where it is there itself."""
        end = self.functional.end
        return end if self.functional.ends_at == "horizon" and end - x > AT_HORIZON * end else math.inf

    def _values(self, x: Tensor) -> tuple[Tensor, Tensor]:
        b, c = self.functional.pieces(x)
        powers = self.functional.powers
        return b[0] * x ** (-2 * powers[0]), c[0] * x ** (-2 * powers[1])
