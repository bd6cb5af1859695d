"""What is asked of surfaces and strings in a background, and what is answered.

Lengths are in the units of the background. `area` is the finite part A of the surface (or of the string's world sheet
per time), `entropy` is 4 pi A (16 pi G = 1), `energy` is A in units of 1/(2 pi alpha'). Strips are per transverse
volume.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from holosym.errors import SurfaceError
from holosym.solve.package import GeneratedPackage
from holosym.surfaces.cutoff import fefferman_graham_shift, fefferman_graham_terms
from holosym.surfaces.disk import Disk, Unreached, disks
from holosym.surfaces.disk_area import sphere
from holosym.surfaces.divergences import of_disk, of_strip
from holosym.surfaces.family import Family, Transition, surfaces
from holosym.surfaces.functional import Functional
from holosym.surfaces.strip import COUNT

SHAPES = ("strip", "disk", "interval", "loop")
CUTOFFS = ("own", "fg")


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        shape: "strip", "disk", "interval" or, for a Wilson loop, "loop".
        lengths: widths of strips, radii of disks, distances of charges.
        direction: along which a strip has its width, empty for the first one.
        cutoff: "own" for x = epsilon, "fg" for Fefferman and Graham's coordinate.
        count: nodes of a surface.
    """

    shape: str
    lengths: Sequence[float]
    direction: str = ""
    cutoff: str = "own"
    count: int = COUNT

    def surface(self, package: GeneratedPackage) -> str:
        """The name of the generated functional.

        Raises:
            SurfaceError: where the package has none of that kind.
        """
        assert package.entanglement is not None
        kind = "wilson" if self.shape == "loop" else "strip"
        known = {n: e for n, e in package.entanglement.SURFACES.items() if e["kind"] == kind}
        along = [str(e["direction"]) for e in known.values()]
        if self.direction and self.direction not in along:
            raise SurfaceError(
                f"{package.NAME} has no translation along {self.direction!r}", mend=f"it has {', '.join(along)}"
            )
        name = f"{kind}_{self.direction or along[0]}"
        if self.shape == "interval" and known[name]["transverse"]:
            raise SurfaceError(
                f"the boundary of {package.NAME} has {len(known[name]['transverse']) + 1} spatial dimensions, and an "
                "interval needs one",
                mend="ask for --shape strip or --shape disk",
            )
        return name


@dataclass(frozen=True)
class Row:
    """One surface.

    Attributes:
        length: l, or R.
        area: the finite part of A.
        turning: x where it turns; NaN where it does not.
        slope: dA/dl, or dA/dR.
        error: of the area.
        branch: its label.
        dominant: whether no other surface of this length has less area.
    """

    length: float
    area: float
    turning: float
    slope: float
    error: float
    branch: str
    dominant: bool


@dataclass(frozen=True)
class Answer:
    """Surfaces with what is to be said of them.

    Attributes:
        said: model, background, units.
        rows: by branch, in each by length.
        notes: transitions and maxima, as sentences.
    """

    wanted: Wanted
    surface: str
    said: dict[str, Any]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def quantity(self) -> str:
        """What A is turned into: "entropy" or "energy"."""
        return "energy" if self.wanted.shape == "loop" else "entropy"

    def value(self, row: Row) -> float:
        """4 pi A, or A for a string."""
        return row.area if self.wanted.shape == "loop" else 4 * math.pi * row.area


def answer(functional: Functional, wanted: Wanted, said: dict[str, Any]) -> Answer:
    """All surfaces that are asked for.

    Raises:
        SurfaceError: for lengths that no surface has, and cutoffs that are not known.
        SolveError: for a disk that is not found.
    """
    lengths = torch.tensor(sorted(wanted.lengths), dtype=torch.float64)
    shift, terms, where = 0.0, functional.terms, f"{functional.variable} = epsilon"
    if wanted.cutoff == "fg":
        shift, terms = float(fefferman_graham_shift(functional)), fefferman_graham_terms(functional)
        where = "z_FG = epsilon (Fefferman and Graham)"
    cut = f"finite part for a cutoff at {where}; left out of A: "
    if wanted.shape == "disk":
        found, missing = _found_disks(functional, lengths)
        rows = _disk_rows(functional, found, shift)
        return Answer(wanted, functional.name, said, rows, (*missing, cut + of_disk(functional, terms)))
    family = surfaces(functional, lengths, wanted.count)
    notes = [
        *family.notes,
        *(_jump(one, wanted.shape) for one in family.transitions),
        cut + of_strip(functional, terms),
    ]
    return Answer(wanted, functional.name, said, tuple(_rows(family, shift)), tuple(notes))


def _found_disks(functional: Functional, radii: Tensor) -> tuple[list[Disk], list[str]]:
    """Those that were found, and of which ones not, if any was."""
    try:
        return disks(functional, radii), []
    except Unreached as error:
        if not error.found:
            raise
        return error.found, [error.message]


def _disk_rows(functional: Functional, made: Sequence[Disk], shift: float) -> tuple[Row, ...]:
    """Of a strip's area each half is shifted by half of `shift`; a disk has one edge, of length Omega R^(d-2)."""
    transverse = functional.dimension - 2
    found = []
    for one in made:
        edge = sphere(transverse) * one.radius**transverse
        moved, steeper = edge * shift / 2, transverse * edge / one.radius * shift / 2
        values = (one.radius, one.area + moved, one.depth, one.slope + steeper, one.error)
        found.append(Row(*values, "connected", True))
    return tuple(found)


def _rows(family: Family, shift: float) -> list[Row]:
    found = []
    for n, branch in enumerate(family.found):
        made = branch.surfaces
        assert made.error is not None
        for i in torch.isfinite(made.area).nonzero().flatten().tolist():
            columns = (made.length, made.area + shift, made.turning, made.momentum, made.error)
            length, area, turning, slope, error = (float(v[i]) for v in columns)
            found.append(Row(length, area, turning, slope, error, branch.label, family.least[i] == n))
    return found


def _jump(one: Transition, shape: str) -> str:
    what = (
        f"L = {one.length:.10g} the string" if shape == "loop" else f"l = {one.length:.10g} the surface of least area"
    )
    return f"at {what} jumps from {one.before} to {one.after}"
