"""Surfaces and strings as JSON and as labelled arrays."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import xarray

from holosym.surfaces.answer import Answer


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

    variable = found.said.get("variable", "x")
    columns: dict[str, tuple[list[float], str]] = {
        "length": ([r.length for r in found.rows], "width of the strip, radius of the disk, distance of the charges"),
        found.quantity: ([found.value(r) for r in found.rows], "finite part, per transverse volume"),
        "area": ([r.area for r in found.rows], "finite part of the area A"),
        "turning_point": (
            [r.turning for r in found.rows],
            f"{variable} where the surface turns",
        ),
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
