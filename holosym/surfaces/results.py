"""What was found of surfaces and strings, as rows, JSON and labelled arrays.

Lengths are in the units of the background. `area` is the finite part A of the surface (or of the string's world sheet
per time), `entropy` is 4 pi A (16 pi G = 1), `energy` is A in units of 1/(2 pi alpha'). Strips are per transverse
volume.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import xarray

from holosym.errors import SurfaceError
from holosym.solve.package import GeneratedPackage
from holosym.surfaces.cutoff import fefferman_graham_shift
from holosym.surfaces.disk import disks
from holosym.surfaces.family import Family, surfaces
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
        slope: dA/dl; NaN for a disk.
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
    if wanted.shape == "disk":
        if wanted.cutoff != "own":
            raise SurfaceError(
                "the finite part of a disk is given for the metric's own cutoff", mend="leave --cutoff out"
            )
        found = disks(functional, lengths)
        rows = [Row(one.radius, one.area, one.depth, math.nan, one.error, "connected", True) for one in found]
        return Answer(wanted, functional.name, said, tuple(rows), (_divergence(functional, wanted),))
    family = surfaces(functional, lengths, wanted.count)
    shift = float(fefferman_graham_shift(functional)) if wanted.cutoff == "fg" else 0.0
    notes = [*family.notes, *(_jump(one) for one in family.transitions), _divergence(functional, wanted)]
    return Answer(wanted, functional.name, said, tuple(_rows(family, shift)), tuple(notes))


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


def _jump(one: Any) -> str:
    return f"at l = {one.length:.10g} the surface of least area jumps from {one.before} to {one.after}"


def _divergence(functional: Functional, wanted: Wanted) -> str:
    """What was subtracted."""
    where = "x_FG = epsilon (Fefferman and Graham)" if wanted.cutoff == "fg" else "x = epsilon in the metric's own x"
    if wanted.shape == "disk":
        return f"finite part for a cutoff at {where}, powers of 1/epsilon and log(1/epsilon) left out"
    parts = []
    for e, k, value in functional.terms:
        power = functional.powers[0] - e - 1
        logs = f" log(1/epsilon)^{k}" if k else ""
        if not float(value):
            continue
        if abs(power) < 1e-12:
            parts.append(
                f"{2 * float(value):.6g} log(1/epsilon)^{k + 1}" if k else f"{2 * float(value):.6g} log(1/epsilon)"
            )
        else:
            parts.append(f"{2 * float(value) / power:.6g} epsilon^-{power:g}{logs}")
    shown = " + ".join(parts) if parts else "nothing"
    return f"finite part for a cutoff at {where}; left out of A: {shown}"


def as_json(found: Answer) -> str:
    """Everything but the fields of the background."""
    made = {
        **found.said,
        "shape": found.wanted.shape,
        "surface": found.surface,
        "cutoff": found.wanted.cutoff,
        "surfaces": [
            {
                "length": row.length,
                found.quantity: _number(found.value(row)),
                "area": _number(row.area),
                "turning_point": _number(row.turning),
                "slope": _number(row.slope),
                "error": _number(row.error),
                "branch": row.branch,
                "dominant": row.dominant,
            }
            for row in found.rows
        ],
        "notes": list(found.notes),
    }
    return json.dumps(made, indent=2, allow_nan=False)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def to_dataset(found: Answer) -> xarray.Dataset:
    """One dimension, `surface`, over all surfaces of all branches; `holosym.solve.results.write` keeps it."""
    from holosym import __version__

    columns: dict[str, tuple[list[float], str]] = {
        "length": ([r.length for r in found.rows], "width of the strip, radius of the disk, distance of the charges"),
        found.quantity: ([found.value(r) for r in found.rows], "finite part, per transverse volume"),
        "area": ([r.area for r in found.rows], "finite part of the area A"),
        "turning_point": ([r.turning for r in found.rows], "x where the surface turns"),
        "slope": ([r.slope for r in found.rows], "dA/dl, conserved along the surface"),
        "error": ([r.error for r in found.rows], "of the area, from two orders of quadrature"),
    }
    variables: dict[str, Any] = {
        name: ("surface", np.array(values, dtype=float), {"long_name": text})
        for name, (values, text) in columns.items()
    }
    dominant = np.array([r.dominant for r in found.rows], dtype=np.int8)
    variables["dominant"] = ("surface", dominant, {"long_name": "has the least area of its length"})
    labels = np.array([r.branch for r in found.rows], dtype=object)
    said = {**found.said, "settings": json.dumps(found.said.get("settings", {}), sort_keys=True)}
    attributes = {
        "title": f"{found.quantity} of {found.wanted.shape}s, {found.said.get('model', '')}",
        "conventions": "16 pi G = 1, S = 4 pi A; AdS radius 1; strings in units of 1/(2 pi alpha')",
        "holosym_version": __version__,
        "shape": found.wanted.shape,
        "cutoff": found.wanted.cutoff,
        "notes": json.dumps(list(found.notes)),
        **said,
    }
    return xarray.Dataset(variables, {"branch": ("surface", labels)}, attributes)
