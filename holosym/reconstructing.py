"""The stage `reconstruct`: from a CSV file of S(l) or V(L) to the emblackening factor of the metric that has it."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holosym.errors import DataError, HolosymError
from holosym.fit.data import columns_of, read_data
from holosym.fit.known_sections import Data
from holosym.fit.measured import Measured
from holosym.solve.formula import evaluate
from holosym.surfaces.abel import Reconstruction, from_loops, from_strips

COLUMNS = {"strip": ("l", "S"), "loop": ("L", "V")}


@dataclass(frozen=True)
class Reconstructed:
    """A reconstruction with what it was made from."""

    file: Path
    kind: str
    dimension: int
    measured: Measured
    found: Reconstruction


def reconstruct(file: Path, kind: str, dimension: int, seed: int = 0) -> Reconstructed:
    """The metric ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2) of measured entropies or energies.

    Args:
        file: CSV with columns l and S (strips), or L and V (loops), and error where there are errors.
        kind: "strip" or "loop".
        dimension: d of the boundary.
        seed: of the band.

    Raises:
        DataError: for a file that cannot be used, and data that are not those of such a metric.
    """
    against, value = COLUMNS[kind]
    errors: dict[str, str | float] = {value: "error"} if "error" in columns_of(file) else {}
    measured = read_data(Data(file=file.name, against=against, observables={value: value}, errors=errors), file.parent)
    (column,) = measured.columns
    # S = 4 pi A with 16 pi G = 1; V is A already, in units of 1/(2 pi alpha')
    scale = 1.0 if kind == "loop" else 1 / (4 * math.pi)
    lengths, area = measured.where.numpy(), scale * column.values.numpy()
    spread = None if column.errors is None else scale * column.errors.numpy()
    try:
        found = (
            from_loops(lengths, area, spread, seed=seed)
            if kind == "loop"
            else from_strips(lengths, area, dimension, spread, seed=seed)
        )
    except DataError as error:
        error.file = error.file or str(file)
        raise
    return Reconstructed(file, kind, dimension, measured, found)


def as_csv(made: Reconstructed) -> str:
    """z, f, the band where there is one, and the length of the surface that turns there."""
    found, out = made.found, io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    band = [] if found.band is None else ["f_low", "f_high"]
    writer.writerow(["z", "f", *band, "length"])
    columns = [found.z, found.f, *([] if found.band is None else found.band), found.lengths]
    writer.writerows([repr(float(v)) for v in row] for row in np.stack(columns, axis=1))
    return out.getvalue()


def as_json(made: Reconstructed, exact: NDArray[np.float64] | None = None) -> str:
    """The same as JSON, with provenance and, where it is known, the truth."""
    found = made.found
    data = {
        "data": str(made.file),
        "kind": made.kind,
        "dimension": made.dimension,
        "metric": "ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2)",
        "z": found.z.tolist(),
        "f": found.f.tolist(),
        "band": None if found.band is None else found.band.tolist(),
        "lengths": found.lengths.tolist(),
        "notes": list(found.notes),
    }
    if exact is not None:
        data |= {"exact": exact.tolist(), "largest_difference": float(np.abs(found.f - exact).max())}
    return json.dumps(data, indent=2, allow_nan=False)


def truth(text: str, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """A formula in z that the user compares with, such as 1 - z^3.

    Raises:
        HolosymError: for what is no such formula.
    """

    def named(name: str) -> Any:
        if name != "z":
            raise HolosymError(f"the formula {text!r} has {name} in it", mend="write it in z alone: 1 - z^3")
        return z

    try:
        with np.errstate(all="ignore"):
            values = np.asarray(evaluate(text, lambda value: value + 0 * z, named), dtype=float)
    except HolosymError as error:
        error.exit_code = HolosymError.exit_code
        raise
    except (ZeroDivisionError, ArithmeticError):
        values = np.full_like(z, np.nan)
    if not np.isfinite(values).all():
        raise HolosymError(f"the formula {text!r} is not finite between z = {z[0]:.4g} and {z[-1]:.4g}", mend="mend it")
    return values
