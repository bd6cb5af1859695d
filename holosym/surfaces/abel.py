r"""A metric from S(l) or V(L), without learning: Abel's integral equation (Bilson 2008, arXiv:0807.3695).

P = dA/dl says C = P^2 where the surface turns. With p = sqrt(C(x)) along the radial line and w dp = -sqrt(B) dx,

    l/P = 2 int_P^oo  (w/p^2)  p dp/sqrt(p^2 - P^2)
    w(p) = (p^2/pi) int_0^{l(p)}  d(l/P)/dl  dl/sqrt(P(l)^2 - p^2),           l(p) the length with P = p.

w(p), the radial area by the value of sqrt(C), is all that the data know. One further relation makes it a metric,
ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2):

    strips   sqrt(C) = z^(1-d) is known:    z = p^(-1/(d-1)),  sqrt(B) = w |dp/dz| = z^(1-d)/sqrt(f)
    loops    sqrt(B) = z^-2 is known:       1/z = sqrt(p) - int_p^oo [w - 1/(2 sqrt(p))] dp,  f = p^2 z^4
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from holosym.errors import DataError
from holosym.surfaces.concave import Concave, ConcaveFamily
from holosym.surfaces.smoothing import Smooth, require_data, smooth, turning_ratio

Array = NDArray[np.float64]
COUNT = 80
SAMPLES = 200
POINTS = 120
QUANTILES = (0.025, 0.975)
NEAR_FIRST = 0.05
"""Above the narrowest length, relative: what is not concave there comes from the continuation below it."""
MOST = 2.0
"""The mean of (residual/error)^2 beyond which data contradict their errors."""
Curve = Smooth | Concave


@dataclass(frozen=True)
class Reconstruction:
    """The emblackening factor where the data see it.

    Attributes:
        z: (n,), from where the narrowest strip turns to where the widest one does.
        f: (n,).
        band: (2, n), 95% of what data with these errors give; None for clean data.
        lengths: (n,), of the strip that turns at z.
        notes: what the data do not say.
    """

    z: Array
    f: Array
    band: Array | None
    lengths: Array
    notes: tuple[str, ...] = ()


def from_strips(
    lengths: Array, area: Array, dimension: int, errors: Array | None = None, *, seed: int = 0, points: int = POINTS
) -> Reconstruction:
    """f(z) of ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2) from the entropy of strips.

    Args:
        lengths: l, (n,), ascending.
        area: S/(4 pi), the finite part, (n,); a constant in it does not matter.
        dimension: d of the boundary, 2, 3 or 4.
        errors: standard deviations of the area; None for clean data.
        seed: of the resampling that makes the band.
        points: how many z.

    Raises:
        DataError: for data that are not those of such a metric: S(l) that does not grow, or is not concave.
    """
    if dimension not in (2, 3, 4):
        raise DataError(
            f"strips are inverted for boundaries of dimension 2, 3 and 4, not {dimension}", mend="dimension=3"
        )
    return _reconstructed(lengths, area, float(dimension - 1), errors, _by_strips, seed, points)


def from_loops(
    lengths: Array, energy: Array, errors: Array | None = None, *, seed: int = 0, points: int = POINTS
) -> Reconstruction:
    """f(z) of the same metric from the energy of two charges, V(L) in units of 1/(2 pi alpha').

    Raises:
        DataError: as `from_strips`.
    """
    return _reconstructed(lengths, energy, 2.0, errors, _by_loops, seed, points)


def radial_area(made: Curve, lengths: Array) -> tuple[Array, Array]:
    """p and w(p), by the lengths with P = p.

    With l = l(p) (1 - s^2) the root at the end is gone.
    """
    nodes, weights = leggauss(COUNT)
    s, weights = (1 + nodes) / 2, weights / 2
    inner = lengths[:, None] * (1 - s**2)
    p, _ = made.momentum(lengths)
    momentum, slope = made.momentum(inner)
    rate = (1 - inner * slope / momentum) / momentum
    gap = momentum**2 - p[:, None] ** 2
    if (gap <= 0).any():
        at, first = float(inner[gap <= 0].max()), made.ends[0]
        if at <= first * (1 + NEAR_FIRST):
            raise DataError(
                f"the narrowest length, {first:.6g}, is too wide to be continued to 0 as in AdS",
                mend="give data from narrower ones too",
            )
        raise DataError(
            f"the data are not concave near {at:.6g}: widths would not grow with depth",
            mend="give errors, so that noise is smoothed, or leave such rows out",
        )
    values = rate / np.sqrt(gap) * (2 * lengths[:, None] * s * weights)
    return p, p**2 / np.pi * values.sum(axis=1)


def _by_strips(made: Curve, lengths: Array) -> tuple[Array, Array]:
    p, w = radial_area(made, lengths)
    z = p ** (-1 / made.power)
    # sqrt(B) = w |dp/dz|,  p = z^-M
    root = w * made.power * z ** (-made.power - 1) * z**made.power
    return z, root**-2


def _by_loops(made: Curve, lengths: Array) -> tuple[Array, Array]:
    """The integral runs over lengths from 0, in Gauss panels between neighbouring ones."""
    edges = np.concatenate([[0.0], lengths])
    nodes, weights = leggauss(8)
    inner = edges[:-1, None] + np.diff(edges)[:, None] * (1 + nodes) / 2
    p, w = radial_area(made, inner.reshape(-1))
    _, slope = made.momentum(inner.reshape(-1))
    change = ((w - 0.5 / np.sqrt(p)) * np.abs(slope)).reshape(inner.shape)
    total = np.cumsum((change * weights).sum(axis=1) * np.diff(edges) / 2)
    at, _ = made.momentum(lengths)
    z = 1 / (np.sqrt(at) - total)
    return z, at**2 * z**4


def _reconstructed(
    lengths: Array,
    area: Array,
    power: float,
    errors: Array | None,
    invert: Callable[[Curve, Array], tuple[Array, Array]],
    seed: int,
    points: int,
) -> Reconstruction:
    lengths, area = np.asarray(lengths, dtype=float), np.asarray(area, dtype=float)
    errors = None if errors is None else np.asarray(errors, dtype=float)
    require_data(lengths, area, errors)
    if errors is None:
        made: Curve = _exact(lengths, area, power)
    else:
        family = ConcaveFamily(lengths, errors, power)
        weight = family.weight(area)
        likely = family.fit(area, weight)
        _require_vacuum(likely)
        if float((((likely.area(lengths) - area) / errors) ** 2).mean()) > MOST:
            return _finer(lengths, area, power, (likely, errors), invert, points)
        made = likely
    at = np.geomspace(lengths[0], lengths[-1], points)
    z, f = invert(made, at)
    if (np.diff(z) <= 0).any():
        where = float(at[int(np.argmax(np.diff(z) <= 0))])
        raise DataError(f"wider strips do not reach deeper from l = {where:.6g} on", mend="leave such rows out")
    notes: tuple[str, ...] = (f"the data see f between z = {z[0]:.6g} and z = {z[-1]:.6g}; beyond they say nothing",)
    if errors is None:
        return Reconstruction(z, f, None, at, notes)
    band = _band(family, area, weight, invert, (at, z), seed)
    loose = np.ptp(band, axis=0) > 1
    if loose.any():
        notes += (f"f is not determined to better than 1 between z = {z[loose][0]:.4g} and {z[loose][-1]:.4g}",)
    return Reconstruction(z, f, band, at, notes)


def _band(
    family: ConcaveFamily, area: Array, weight: float, invert: Any, where: tuple[Array, Array], seed: int
) -> Array:
    """Samples of what is probable, each inverted."""
    generator = np.random.default_rng(seed)
    at, z = where
    found = []
    for _ in range(SAMPLES):
        again = family.fit(area, weight, generator)
        try:
            other, f = invert(again, at)
        except DataError:
            continue
        if (np.diff(other) > 0).all():
            found.append(CubicSpline(other, f)(np.clip(z, other[0], other[-1])))
    if len(found) < SAMPLES // 4:
        raise DataError(
            "the errors are too large: most data like these are not those of any metric",
            mend="give more or better points",
        )
    return np.asarray(np.quantile(np.stack(found), QUANTILES, axis=0))


def _exact(lengths: Array, area: Array, power: float) -> Smooth:
    """Through all points."""
    clean = smooth(lengths, area, power)
    at = np.linspace(*clean.ends, 2001)
    momentum, slope = clean.momentum(at)
    _require_nowhere(momentum <= 0, at, "do not grow")
    _require_vacuum(clean)
    _require_nowhere(slope >= 0, at, "are not concave")
    return clean


def _finer(
    lengths: Array,
    area: Array,
    power: float,
    tried: tuple[Concave, Array],
    invert: Callable[[Curve, Array], tuple[Array, Array]],
    points: int,
) -> Reconstruction:
    """Points whose errors are below what the concave fit resolves are taken as exact.

    Raises:
        DataError: where they cannot be: no S(l) which grows and is concave comes near, with the worst place.
    """
    likely, errors = tried
    off = (likely.area(lengths) - area) / errors
    try:
        _exact(lengths, area, power)
        found = _reconstructed(lengths, area, power, None, invert, 0, points)
    except DataError:
        worst = int(np.argmax(np.abs(off)))
        raise DataError(
            f"no curve that grows and is concave comes nearer to the data than {(off**2).mean() ** 0.5:.3g} errors; "
            f"the worst place is {lengths[worst]:.6g}",
            mend="give larger errors, or leave such rows out",
        ) from None
    said = "the errors are smaller than what the smooth fit resolves: the points are taken as exact, without a band"
    return replace(found, notes=(*found.notes, said))


def _require_nowhere(values: NDArray[np.bool_], at: Array, what: str) -> None:
    """Refuse data with the first stretch where they are not those of strips."""
    if values.any():
        first = int(np.argmax(values))
        last = first + int(np.argmin(np.append(values[first:], False))) - 1
        raise DataError(
            f"the data {what} between {at[first]:.6g} and {at[last]:.6g}",
            mend="give errors, so that noise is smoothed, or leave such rows out",
        )


def _require_vacuum(made: Curve) -> None:
    """The narrowest strips are those of AdS, nearly."""
    low = made.ends[0]
    ratio = float(made.momentum(np.array([low]))[0][0]) * (low / turning_ratio(made.power)) ** made.power
    if not 0.2 < ratio < 5:
        raise DataError(
            f"at l = {low:.6g} dS/dl is {ratio:.3g} times that of AdS: this is not the entropy of this dimension",
            mend="check the dimension and the unit: areas are S/(4 pi) with 16 pi G = 1",
        )
