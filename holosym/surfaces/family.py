r"""Surfaces of a range of lengths: every branch, what ends at a wall or a horizon instead, and which has least area.

Where a wall ends the geometry, a strip may be bounded by two flat pieces that end there, of area 2 F(x_w), whatever l;
two strings may end at a horizon, 2 F(x_h): the charges are screened. A string at a wall runs along it, A = A(x_w) +
sqrt(C(x_w)) (l - l_w): it confines. A strip above a horizon has neither, as it would not be homologous to its surface.
What hangs down to a horizon, or to a throat where C has a minimum, gets as long as one likes, along it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from scipy.optimize import brentq
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.surfaces.beside import continued
from holosym.surfaces.branches import Branch, Found, branches, longest_of, on_branch, with_throat
from holosym.surfaces.functional import Functional
from holosym.surfaces.strip import COUNT, Strip

SETTLED, TOLD = 1e-11, 1e-8
"""Errors of quadrature, relative to 1 + |A|: above the first with more nodes again, above the second it is said."""
MOST = 512
"""Nodes."""


@dataclass(frozen=True)
class Transition:
    """Where the surface of least area jumps from one branch to another.

    Attributes:
        length: l there.
        before, after: labels of the branches.
    """

    length: float
    before: str
    after: str


@dataclass(frozen=True)
class Family:
    """Surfaces of a range of lengths.

    Attributes:
        functional: B and C.
        lengths: ascending.
        found: the surfaces by branch.
        least: of every length the index of the branch with the least area.
        transitions: between branches.
        notes: maxima of l, what was continued beyond them.
    """

    functional: Functional
    lengths: Tensor
    found: tuple[Found, ...]
    least: tuple[int, ...]
    transitions: tuple[Transition, ...]
    notes: tuple[str, ...]

    @property
    def error(self) -> float:
        """The largest one of any surface, relative to 1 + |A|."""
        errors = [one.surfaces.error / (1 + one.area.abs()) for one in self.found if one.surfaces.error is not None]
        return max(float(error[torch.isfinite(error)].max()) for error in errors)

    @property
    def dominant(self) -> Strip:
        """The surface of least area of every length."""
        rows = [self.found[i].surfaces for i in self.least]
        take = {
            name: torch.stack([getattr(one, name)[n] for n, one in enumerate(rows)])
            for name in ("turning", "length", "area", "momentum", "error")
        }
        return Strip(**take)


def surfaces(functional: Functional, lengths: Tensor, count: int = COUNT) -> Family:
    """All surfaces of given lengths.

    Args:
        functional: B and C of a strip or a string.
        lengths: (n,), positive and ascending.
        count: nodes of a surface.

    Raises:
        SurfaceError: for a length beyond the maximum, where nothing takes over from there.
    """
    if lengths.ndim != 1 or not bool((lengths > 0).all()) or not bool(torch.isfinite(lengths).all()):
        raise SurfaceError("lengths are positive, finite numbers", mend="give --l 0.05:5:60:log, say")
    if not bool((lengths.diff() >= 0).all()):
        raise SurfaceError("lengths are to ascend", mend="sort them")
    with torch.no_grad():
        functional = with_throat(functional)
        made = _family(functional, lengths, count)
        while made.error > SETTLED and count < MOST:
            count *= 2
            finer = _family(functional, lengths, count)
            if not finer.error < made.error:  # rounding
                break
            made = finer
    if made.error > TOLD:
        return replace(made, notes=(*made.notes, f"the quadrature is right to {made.error:.0e} only"))
    return made


def _family(functional: Functional, lengths: Tensor, count: int) -> Family:
    """With a number of nodes."""
    pieces = branches(functional, float(lengths.min()), float(lengths.max()), count)
    symbol = "L" if functional.kind == "wilson" else "l"
    notes = [_extremum(a, b, symbol) for a, b in itertools.pairwise(pieces)]
    if functional.throat < functional.end:
        notes.append(
            f"no surface turns beyond the throat at {functional.variable} = {functional.throat:.10g}, where C is least"
        )
    found = _everything(functional, pieces, lengths, count)
    found = [one for one in found if bool(torch.isfinite(one.area).any())]
    areas = torch.stack([one.area for one in found]) if found else torch.full((1, len(lengths)), math.nan)
    _require_all(functional, pieces, lengths, areas)
    least = torch.where(torch.isnan(areas), torch.inf, areas).argmin(dim=0).tolist()
    crossed = _transitions(functional, pieces, found, lengths, least, count)
    return Family(functional, lengths, tuple(found), tuple(least), tuple(crossed), tuple(notes))


def _everything(
    functional: Functional, pieces: list[Branch], lengths: Tensor, count: int, only: tuple[str, ...] = ()
) -> list[Found]:
    """The surfaces of every branch, and of what is there beside them; `only` those of some labels."""
    labels = _labels(pieces)
    pairs = [(one, label) for one, label in zip(pieces, labels, strict=True) if not only or label in only]
    found = [on_branch(functional, one, lengths, label, count) for one, label in pairs]
    if only and set(only) <= set(labels):
        return found
    return [*found, *continued(functional, pieces, lengths, count)]


def _labels(pieces: list[Branch]) -> list[str]:
    return ["connected"] if len(pieces) == 1 else [f"connected {n + 1}" for n in range(len(pieces))]


def _extremum(a: Branch, b: Branch, symbol: str) -> str:
    kind = "largest" if a.lengths[1] > a.lengths[0] else "smallest"
    return f"{symbol} is {kind} at {a.lengths[1]:.10g}, where two branches meet"


def _require_all(functional: Functional, pieces: list[Branch], lengths: Tensor, areas: Tensor) -> None:
    bare = torch.isnan(areas).all(dim=0)
    if bool(bare.any()):
        first = float(lengths[bare][0])
        raise SurfaceError(
            f"no surface of {functional.name} is as long as l = {first:.6g}: the maximum is {longest_of(pieces):.10g}",
            mend=f"ask for l below {longest_of(pieces):.10g}",
        )


def _transitions(
    functional: Functional, pieces: list[Branch], found: list[Found], lengths: Tensor, least: list[int], count: int
) -> list[Transition]:
    """Between neighbouring lengths whose least surfaces are of different branches: where their areas are equal.

    The deepest surfaces go over into those along an end without a jump.
    """
    made = []
    for n, (a, b) in enumerate(itertools.pairwise(least)):
        before, after = found[a].label, found[b].label
        if a != b and not (before == _labels(pieces)[-1] and after.startswith("along")):

            def excess(length: float, before: str = before, after: str = after) -> float:
                areas = _areas(functional, pieces, length, count, (before, after))
                return areas.get(before, math.inf) - areas.get(after, math.inf)

            made.append(Transition(_crossing(excess, float(lengths[n]), float(lengths[n + 1])), before, after))
    return made


def _areas(
    functional: Functional, pieces: list[Branch], length: float, count: int, only: tuple[str, ...]
) -> dict[str, float]:
    """The areas of some surfaces of one length, by branch."""
    found = _everything(functional, pieces, torch.tensor([length], dtype=torch.float64), count, only)
    return {one.label: float(one.area[0]) for one in found if bool(torch.isfinite(one.area[0]))}


def _crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where an excess, negative at first, changes its sign; it is infinite where a branch is not there."""
    while not (math.isfinite(excess(low)) and math.isfinite(excess(high))):
        middle = (low + high) / 2
        if high - low < 1e-12 * high:
            return middle
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return float(brentq(excess, low, high, xtol=1e-14, rtol=1e-12))
