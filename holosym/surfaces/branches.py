r"""All surfaces of one length: the branches of l(x*), each a stretch on which l is monotone.

x* runs over t = log[x*/(x_h - x*)] where a horizon ends the geometry (l grows like t towards it), else over log x*.
A throat, where C has a minimum, ends the surfaces like a horizon: they lie along it, and strings there confine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from scipy.optimize import brentq, minimize_scalar
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.functional import Functional
from holosym.surfaces.strip import COUNT, Strip, strip

SCAN = 361
DEEPER = 100.0
"""Where nothing ends the geometry: branches are looked for so far beyond the first surface that is long enough."""
DEEPEST = 16.0
"""t at which x_h - x* is 1e-7 x_h: deeper, the rounding of the emblackening factor counts, and `family` goes on."""
DEEPEST_THROAT = 11.0
"""The same above a throat, where C(x) - C(x*) vanishes like the square of the distance."""
FINE = 2001
"""Points at which a minimum of C is looked for."""
CLOSE = 1e-10
"""To which log l is solved for; the area is corrected for what is left, so that its error is of second order."""
SHALLOWEST, FARTHEST = 1e-9, 1e9
SHALLOW_STEP = 0.05
"""In t, of the search for where l first falls."""
ROUNDS = 60


@dataclass(frozen=True)
class Branch:
    """A stretch of turning points on which the length is monotone.

    Attributes:
        start, stop: in t, from the boundary inwards.
        lengths: l at both.
    """

    start: float
    stop: float
    lengths: tuple[float, float]

    def holds(self, lengths: Tensor) -> Tensor:
        """Which lengths it has."""
        low, high = sorted(self.lengths)
        return (lengths >= low) & (lengths <= high)


def position(functional: Functional, t: Tensor) -> Tensor:
    """x* from t."""
    if functional.throat < functional.end or functional.ends_at == "horizon":
        return functional.reach * torch.sigmoid(t)
    if functional.ends_at == "wall":
        return functional.end * torch.exp(t)
    return torch.exp(t)


def with_throat(functional: Functional) -> Functional:
    """The functional with the first minimum of C, where x C'/C = x c'/c - 2M passes through zero."""

    def slope(t: Tensor) -> Tensor:
        x = position(functional, t)
        _, c = functional.pieces(x)
        return x * c[1] / c[0] - 2 * functional.powers[1]

    last = {"horizon": DEEPEST, "wall": 0.0}.get(functional.ends_at, math.log(FARTHEST))
    t = torch.linspace(math.log(SHALLOWEST), last, FINE, dtype=torch.float64)
    rising = (slope(t) >= 0).nonzero().flatten()
    if functional.throat < functional.end or len(rising) == 0 or int(rising[0]) == 0:
        return functional
    n = int(rising[0])
    at = brentq(lambda one: float(slope(t.new_tensor(one))), float(t[n - 1]), float(t[n]), xtol=1e-15, rtol=1e-14)
    return replace(functional, throat=float(position(functional, t.new_tensor(at))))


def above_wall(functional: Functional) -> float:
    """The least relative distance of a surface from a wall: more where strings get long there, and rounding counts."""
    return 1e-9 if functional.kind == "wilson" and math.isfinite(functional.graded) else 1e-12


def _range(functional: Functional, shortest: float, longest: float, count: int) -> tuple[float, float]:
    """t from where l is below all lengths asked for to the end of the geometry, or where l is above all of them."""
    last = {"horizon": DEEPEST, "wall": -above_wall(functional)}.get(functional.ends_at, math.log(shortest))
    endless = functional.ends_at == "none" and not math.isfinite(functional.throat)
    if functional.throat < functional.end:
        last = DEEPEST_THROAT
    first = min(math.log(shortest), last) if endless else math.log(1e-2)
    lowest = math.log(SHALLOWEST) + min(0.0, math.log(shortest))
    first = _before_branches(functional, first, lowest, count)
    while _length(functional, first, count) > shortest:
        first -= math.log(8.0)
        if first < lowest:
            raise SurfaceError(
                f"no strip is as narrow as {shortest:.6g}", mend="the metric is not that of AdS near the boundary"
            )
    while endless and _length(functional, last, count) < longest and last < math.log(FARTHEST * longest):
        last += math.log(2.0)
    return first, last + math.log(DEEPER) * endless


def _before_branches(functional: Functional, first: float, lowest: float, count: int) -> float:
    """t that is not deeper than the first maximum of l: as near to the boundary as it takes."""
    t = torch.arange(lowest, first, SHALLOW_STEP, dtype=torch.float64)
    if len(t) < 3:
        return first
    length = strip(functional, position(functional, t), count=count).length.detach()
    falls = (length.diff() < 0).nonzero().flatten()
    return float(t[max(int(falls[0]) - 1, 0)]) if len(falls) else first


def _length(functional: Functional, t: float, count: int) -> float:
    made = position(functional, torch.tensor(t, dtype=torch.float64))
    return float(strip(functional, made, count=count).length.detach())


def branches(functional: Functional, shortest: float, longest: float, count: int = COUNT) -> list[Branch]:
    """The branches, from the boundary inwards.

    Args:
        functional: B and C.
        shortest, longest: the lengths that are of interest.
        count: nodes of a surface.

    Raises:
        SurfaceError: no strip is as narrow; or l is no number where it still grows.
    """
    first, last = _range(functional, shortest, longest, count)
    t = torch.linspace(first, last, SCAN, dtype=torch.float64)
    with torch.no_grad():
        length = strip(functional, position(functional, t), count=count).length
    kept = int(torch.isfinite(length).long().cumprod(0).sum())
    _require_finite(functional, t, length, kept, longest)
    t, length = t[:kept], length[:kept]
    turns = [i for i in range(1, kept - 1) if (length[i] - length[i - 1]) * (length[i + 1] - length[i]) < 0]
    ends = [float(t[0])]
    for i in turns:
        sign = 1.0 if length[i] < length[i - 1] else -1.0
        bracket = (float(t[i - 1]), float(t[i + 1]))
        ends.append(_extreme(functional, sign, bracket, count))
    ends.append(float(t[-1]))
    lengths = [_length(functional, at, count) for at in ends]
    return [Branch(a, b, (u, v)) for a, b, u, v in zip(ends, ends[1:], lengths, lengths[1:], strict=False)]


def _require_finite(functional: Functional, t: Tensor, length: Tensor, kept: int, longest: float) -> None:
    """That l is a number as far as it is of interest."""
    if kept == len(t) or float(length[:kept].max() if kept else 0.0) >= longest:
        return
    if kept < 2 or length[kept - 1] > length[kept - 2]:
        deepest = float(position(functional, t[kept]))
        raise SurfaceError(
            f"the functional is no number where a surface turns at {deepest:.6g}, and l = {longest:.6g} is beyond",
            mend="ask for smaller lengths; or write the metric such that its derivatives do not overflow there",
        )


def _extreme(functional: Functional, sign: float, bracket: tuple[float, float], count: int) -> float:
    """t where l has a minimum (sign 1) or a maximum (-1)."""

    def excess(t: float) -> float:
        return sign * _length(functional, t, count)

    return float(minimize_scalar(excess, bounds=bracket, method="bounded", options={"xatol": 1e-12}).x)


def turning_points(functional: Functional, branch: Branch, lengths: Tensor, count: int = COUNT) -> Tensor:
    """x* of given lengths on one branch, which has them; by the Illinois rule on log l, all at once."""
    low = torch.full_like(lengths, branch.start)
    high = torch.full_like(lengths, branch.stop)
    below = torch.full_like(lengths, math.log(branch.lengths[0])) - torch.log(lengths)
    above = torch.full_like(lengths, math.log(branch.lengths[1])) - torch.log(lengths)
    best = torch.where(below.abs() < above.abs(), low, high)
    for _ in range(ROUNDS):
        width = high - low
        slope = above - below
        at = torch.where(slope != 0, high - above * width / torch.where(slope == 0, torch.ones_like(slope), slope), low)
        at = torch.minimum(torch.maximum(at, torch.minimum(low, high)), torch.maximum(low, high))
        value = torch.log(strip(functional, position(functional, at), count=count).length) - torch.log(lengths)
        best = at
        if bool((value.abs() < CLOSE).all()):
            break
        crosses = value * above < 0
        low = torch.where(crosses, high, low)
        below = torch.where(crosses, above, below / 2)
        high, above = at, value
        settled = value.abs() < CLOSE
        low, below = torch.where(settled, at, low), torch.where(settled, -value, below)
    return position(functional, best)


@dataclass(frozen=True)
class Found:
    """Surfaces of given lengths on one branch.

    Attributes:
        label: of the branch.
        lengths: of all surfaces asked for.
        surfaces: one for each of the lengths; NaN where the branch does not have it.
    """

    label: str
    lengths: Tensor
    surfaces: Strip

    @property
    def area(self) -> Tensor:
        """The finite area, NaN where there is no surface."""
        return self.surfaces.area


def on_branch(functional: Functional, branch: Branch, lengths: Tensor, label: str, count: int = COUNT) -> Found:
    """The surfaces of one branch."""
    held = branch.holds(lengths)
    blank = torch.full_like(lengths, math.nan)
    parts = {name: blank.clone() for name in ("turning", "area", "momentum", "error")}
    if bool(held.any()):
        turning = turning_points(functional, branch, lengths[held], count)
        made = strip(functional, turning, count=count, estimate=True)
        # l of the turning point is right to rounding only: the area moves with it like dA = P dl
        area = made.area + made.momentum * (lengths[held] - made.length)
        values = {"turning": turning, "area": area, "momentum": made.momentum, "error": made.error}
        for name, value in values.items():
            assert value is not None
            parts[name][held] = value
    return Found(label, lengths, Strip(parts["turning"], lengths, parts["area"], parts["momentum"], parts["error"]))


def longest_of(found: Sequence[Branch]) -> float:
    """The largest length on any branch."""
    return max(max(one.lengths) for one in found)
