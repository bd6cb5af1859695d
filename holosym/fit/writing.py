"""What a fit leaves behind: numbers as JSON, functions as CSV and as couplings to be loaded again, fields as NetCDF."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from holosym.fit.summary import Curve, FitSummary
from holosym.whole_files import write_text, write_whole


def write_summary(summary: FitSummary, folder: Path) -> list[Path]:
    """`result.json`, one CSV a function, and `fields.nc`.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    made = [write_text(folder / "result.json", json.dumps(summary.as_json(), indent=2) + "\n")]
    made += [write_text(folder / f"{curve.name}.csv", as_csv(curve)) for curve in summary.functions]
    if summary.fields:
        dataset = _dataset(summary)
        made.append(write_whole(folder / "fields.nc", lambda path: dataset.to_netcdf(path, engine="h5netcdf")))
    return made


def as_csv(curve: Curve) -> str:
    """Argument, best seed, band, truth and all seeds, one row a point of the grid."""
    columns: dict[str, Any] = {curve.argument: curve.x, curve.name: curve.values}
    if curve.band is not None:
        columns[f"{curve.name}_error"] = curve.band
    if curve.true is not None:
        columns[f"{curve.name}_true"] = curve.true
    if curve.spread is not None:
        columns[f"{curve.name}_spread"] = curve.spread
    if len(curve.members) > 1:
        columns.update({f"{curve.name}_seed_{i}": member for i, member in enumerate(curve.members)})
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    return stream.getvalue()


def _dataset(summary: FitSummary) -> xarray.Dataset:
    (coordinate,) = {curve.argument for curve in summary.fields}
    variables: dict[str, Any] = {}
    for curve in summary.fields:
        about: dict[str, Any] = {"best_seed": curve.best}
        if curve.states is None:
            variables[curve.name] = (("seed", coordinate), curve.members.numpy(), about)
        else:
            variables[curve.name] = (("seed", "state", coordinate), curve.states.numpy(), about)
        if curve.true is not None:
            variables[f"{curve.name}_true"] = ((coordinate,), curve.true.numpy(), {})
    first, x = summary.fields[0].states, summary.fields[0].x.numpy()
    axes: dict[str, Any] = {coordinate: x, "seed": np.arange(len(summary.fields[0].members))}
    if first is not None:
        axes[coordinate] = ((coordinate,), x, {"units": f"{coordinate}_h = 1"})
        axes["state"] = np.arange(first.shape[1])
        variables |= _rows_of_states(summary, first.shape[1])
    said = {
        "title": summary.title,
        "model": summary.model,
        "provenance": json.dumps(summary.provenance, sort_keys=True),
    }
    return xarray.Dataset(variables, axes, said)


def _rows_of_states(summary: FitSummary, count: int) -> dict[str, Any]:
    """What every state is a row of: the quantity that the data are against, where all files are against the same."""
    names = {one.against for one in summary.compared}
    files = {id(one.where): one for one in summary.compared}.values()
    if len(names) != 1 or sum(len(one.where) for one in files) != count:
        return {}
    (name,) = names
    values = np.concatenate([one.where.numpy() for one in files])
    return {
        f"{name.replace('/', ' per ')} of the data": (
            ("state",),
            values,
            {"units": next(iter(files)).units.get(name, "")},
        )
    }
