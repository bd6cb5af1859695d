"""Results of a solve as labelled arrays, kept in NetCDF.

One dimension, `state`, runs over all points of all branches; `x` over the radial grid, from the boundary at 0 to
the horizon at 1 (z/z_h, or r_h/r). Every variable says what it is and in which unit; the attributes say what it was
made from. Nothing in a file is ever executed.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
import xarray

from holosym.errors import HolosymError
from holosym.solve.family import Family, Point
from holosym.solve.names import Name, catalogue
from holosym.whole_files import write_whole

FIELD = "field_"


def to_dataset(family: Family) -> xarray.Dataset:
    """All points of a family, with units and provenance."""
    points = [(branch, point) for branch in family.branches for point in branch.points]
    names = _names(family)
    known = catalogue(family.package)
    variables: dict[str, Any] = {}
    for name in names:
        values = np.array([point.values.get(name, math.nan) for _, point in points], dtype=float)
        entry = known.get(name)
        variables[variable(name)] = ("state", values, _attributes(name, entry, family))
    variables["cs2"] = (
        "state",
        np.array([point.cs2 for _, point in points], dtype=float),
        {"long_name": "speed of sound squared", "units": "1", "mass_dimension": 0.0},
    )
    variables["residual"] = (
        "state",
        np.array([point.residual for _, point in points], dtype=float),
        {"long_name": "largest relative residual of any row", "units": "1"},
    )
    variables["dominant"] = (
        "state",
        np.array([-1 if point.dominant is None else int(point.dominant) for _, point in points], dtype=np.int8),
        {"long_name": "has the lowest free energy of all states found here: 1 yes, 0 no, -1 not known"},
    )
    variables["scale"] = (
        "state",
        np.array([point.scale for _, point in points], dtype=float),
        {"long_name": "position of the horizon, z_h or 1/r_h, in these units"},
    )
    x, fields = _fields([point for _, point in points])
    for name, values in fields.items():
        long_name = f"profile {name}, in units where the horizon is at 1"
        variables[FIELD + name] = (("state", "x"), values, {"long_name": long_name})
    labels = np.array([branch.label for branch, _ in points], dtype=object)
    coordinates = {"branch": ("state", labels), "x": ("x", x, {"long_name": "z/z_h or r_h/r"})}
    return xarray.Dataset(variables, coordinates, _provenance(family))


def _names(family: Family) -> list[str]:
    found = {name for branch in family.branches for point in branch.points for name in point.values}
    return sorted(found)


def variable(name: str) -> str:
    """A name as NetCDF takes it: T/mu would be a path."""
    return name.replace("/", "_over_").replace("^", "")


def _attributes(name: str, entry: Name | None, family: Family) -> dict[str, Any]:
    found: dict[str, Any] = {"long_name": name if entry is None or not entry.description else entry.description}
    if entry is not None and entry.dimension is not None:
        found |= {"mass_dimension": float(entry.dimension), "units": unit(entry.dimension, family.unit)}
    return found


def unit(dimension: float, one: str) -> str:
    """`mu^2` where mu = 1; powers of `1/z_h` where z_h = 1; 1 for what has no dimension."""
    if dimension == 0:
        return "1"
    base = one.partition("=")[0].strip() or "unit"
    base = "(1/z_h)" if base == "z_h" else base
    return base if dimension == 1 else f"{base}^{dimension:g}"


def _fields(points: list[Point]) -> tuple[Any, dict[str, Any]]:
    """Profiles on the nodes of the first point's grid; others are interpolated where their grid differs."""
    if not points:
        return np.zeros(0), {}
    nodes = points[0].state.fields.panels.nodes
    keep = torch.cat([torch.ones(1, dtype=torch.bool), nodes[1:] != nodes[:-1]])
    rows: dict[str, list[Any]] = {}
    for point in points:
        for name, jet in point.state.jets.items():
            values = jet[0]
            panels = point.state.fields.panels
            if len(panels.nodes) != len(nodes) or not torch.equal(panels.nodes, nodes):
                values = panels.interpolate(values, nodes)
            rows.setdefault(name, []).append(values[..., keep].detach().numpy())
    return nodes[keep].numpy(), {name: np.stack(values) for name, values in rows.items()}


def _provenance(family: Family) -> dict[str, Any]:
    from holosym import __version__

    request = family.request
    points = [point for branch in family.branches for point in branch.points]
    sweep = request.sweep
    return {
        "title": f"black branes of {family.package.NAME}",
        "model": family.package.NAME,
        "model_hash": family.package.MODEL_HASH,
        "holosym_version": __version__,
        "conventions": "16 pi G = 1, AdS radius 1; densities per volume of the boundary coordinates",
        "units": family.unit,
        "settings": json.dumps({**request.settings, **request.relations}, sort_keys=True),
        "sweep": "" if sweep is None else f"{sweep.name}={sweep.start:g}:{sweep.stop:g}:{sweep.count}",
        "tolerance": request.tolerance,
        "nodes": len(points[0].state.fields.panels.nodes) if points else 0,
        "largest_residual": max((point.residual for point in points), default=math.nan),
        "first_law": family.first_law,
        "special": json.dumps([special(one) for one in family.special]),
        "failure": "" if family.failure is None else family.failure.message,
    }


def special(one: Any) -> dict[str, Any]:
    """A turning point, a bifurcation or an end, as plain data."""
    return {"kind": one.kind, "name": one.name, "value": one.value, "text": one.text}


def as_json(family: Family) -> str:
    """The table without the fields; what is not a number is null."""
    request = family.request
    made = {
        "model": family.package.NAME,
        "model_hash": family.package.MODEL_HASH,
        "units": family.unit,
        "settings": {**request.settings, **request.relations},
        "branches": [{"label": b.label, "points": [_plain(p) for p in b.points]} for b in family.branches],
        "special": [special(one) for one in family.special],
        "first_law": _number(family.first_law),
        "failure": None if family.failure is None else family.failure.message,
    }
    return json.dumps(made, indent=2, allow_nan=False)


def _plain(point: Point) -> dict[str, Any]:
    values = {name: _number(value) for name, value in sorted(point.values.items())}
    more = {"cs2": _number(point.cs2), "residual": _number(point.residual), "z_h": _number(point.scale)}
    return {**values, **more, "dominant": point.dominant}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def write(dataset: xarray.Dataset, path: str | Path) -> Path:
    """A NetCDF file, whole or not at all.

    Raises:
        OutputError: where it cannot be written.
    """
    return write_whole(
        path, lambda temporary: dataset.to_netcdf(temporary, engine="h5netcdf"), "the results cannot be written"
    )


def read(path: str | Path) -> xarray.Dataset:
    """A file that `write` made, in memory.

    Raises:
        HolosymError: for a file that is not there or not of this kind.
    """
    try:
        with xarray.open_dataset(path, engine="h5netcdf") as dataset:
            found: xarray.Dataset = dataset.load()
    except (OSError, ValueError) as error:
        raise HolosymError("this is not a file of results", mend="give one that --out wrote", file=path) from error
    if "model_hash" not in found.attrs:
        raise HolosymError("this file was not written by holosym", file=path)
    return found


def branch_of(dataset: xarray.Dataset, label: str) -> xarray.Dataset:
    """The states of one branch."""
    return dataset.isel(state=np.flatnonzero(dataset["branch"].values == label))
