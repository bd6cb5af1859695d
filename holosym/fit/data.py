"""Measured points from CSV files: a header, then numbers, with units and standard deviations.

    T [MeV], s/T^3, error
    130,     2.79,  0.11

A unit in the header is converted to the one that the experiment asks for. Whatever a fit could not survive is
refused here: a missing column, a text or NaN in a cell, rows out of order, one row, an error that is not positive.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from holosym.errors import DataError
from holosym.fit.known_sections import Data

_HEADER = re.compile(r"^\s*(.*?)\s*(?:\[\s*(.*?)\s*\])?\s*$")
LEAST_ROWS = 2


@dataclass(frozen=True, eq=False)
class Column:
    """One observable.

    Attributes:
        name: of the column.
        observable: what it measures.
        values: (n,).
        errors: (n,), standard deviations; None where the data have none.
    """

    name: str
    observable: str
    values: Tensor
    errors: Tensor | None


@dataclass(frozen=True, eq=False)
class Measured:
    """One section: two of them may be of the same file, and are not the same.

    Attributes:
        file: for messages.
        against: the name of the column that says where.
        where: (n,), ascending.
        columns: the observables.
        units: by column, as the experiment works in them; empty where none is given.
        lines: of the file, by row; empty where they are not known.
    """

    file: Path
    against: str
    where: Tensor
    columns: tuple[Column, ...]
    units: dict[str, str]
    lines: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.where)

    def line(self, row: int) -> int | None:
        """Where a row stands in the file, for messages."""
        return self.lines[row] if self.lines else None


def read_data(data: Data, folder: Path) -> Measured:
    """The points of one [[data]] section; `folder` is that of the experiment file.

    Raises:
        DataError: the file cannot be read or used, with its line.
    """
    file = folder / data.file
    header, rows, lines, first = _table(file)
    wanted = [data.against, *data.observables, *(name for name in data.errors.values() if isinstance(name, str))]
    numbers, units = {}, {}
    asked = _units_asked(data, header, file, first)
    for name in dict.fromkeys(wanted):
        place, written = _find(header, name, file, first)
        cells = [_number(row, place, name, file, line) for row, line in zip(rows, lines, strict=True)]
        target = asked.get(name, "")
        factor = _factor(written, target, name, file, first)
        numbers[name], units[name] = torch.tensor(cells, dtype=torch.float64) * factor, target or written
    _require_unit_columns(data, wanted, file)
    _require_order(numbers[data.against], data.against, file, lines)
    columns = tuple(
        Column(name, observable, numbers[name], _errors(data.errors.get(name), numbers, name, len(rows), file, lines))
        for name, observable in data.observables.items()
    )
    return Measured(file, data.against, numbers[data.against], columns, units, tuple(lines))


def columns_of(file: Path) -> list[str]:
    """The names of a file's columns.

    Raises:
        DataError: the file cannot be read.
    """
    return [name for name, _ in _table(file)[0]]


def _table(file: Path) -> tuple[list[tuple[str, str]], list[list[str]], list[int], int]:
    """Header as (name, unit), rows, their lines and the header's; blank lines and those with # are left out."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader("" if line.lstrip().startswith("#") else line for line in stream)
            found = [(row, reader.line_num) for row in reader if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot be read: {error}", mend="give a CSV file with a header", file=file) from None
    if not found:
        raise DataError("the file is empty", mend="give a header and at least two rows", file=file)
    head, top = found[0]
    if all(_is_number(cell) for cell in head):
        raise DataError(
            "the first row has only numbers", mend="write a header, such as T [GeV], s", file=file, line=top
        )
    if len(found) - 1 < LEAST_ROWS:
        count = len(found) - 1
        raise DataError(
            f"there {'is one row' if count == 1 else 'are no rows'} of numbers",
            mend="give two or more",
            file=file,
            line=found[-1][1],
        )
    _require_width(found, file)
    header = []
    for cell in head:
        match = _HEADER.match(cell)
        header.append((match[1], match[2] or "") if match else (cell, ""))
    return header, [row for row, _ in found[1:]], [line for _, line in found[1:]], top


def _require_width(found: Sequence[tuple[list[str], int]], file: Path) -> None:
    """Cells are parted by commas, and no row has more of them than the header; decimal commas would make more."""
    head, top = found[0]
    if len(head) == 1 and any(mark in head[0] for mark in ";\t"):
        raise DataError("the columns are not parted by commas", mend="write a,b and not a;b", file=file, line=top)
    for row, line in found[1:]:
        count = len(row) if any(cell.strip() for cell in row[len(head) :]) else 0
        if count > len(head):
            raise DataError(
                f"there are {count} cells in this row, and {len(head)} columns",
                mend="write 1.5 and not 1,5, or name every column in the header",
                file=file,
                line=line,
            )


def _find(header: Sequence[tuple[str, str]], name: str, file: Path, line: int) -> tuple[int, str]:
    names = [one for one, _ in header]
    if names.count(name) > 1:
        raise DataError(f"there are two columns {name!r}", mend="rename one of them", file=file, line=line)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        mend = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(names)}"
        raise DataError(f"there is no column {name!r}", mend=mend, file=file, line=line)
    place = names.index(name)
    return place, header[place][1]


def _units_asked(data: Data, header: Sequence[tuple[str, str]], file: Path, line: int) -> dict[str, str]:
    """The unit of every column; an error that is given none of its own follows its observable."""
    asked = dict(data.units)
    for name, error in data.errors.items():
        if isinstance(error, str) and error not in asked:
            (_, written), (_, own) = _find(header, name, file, line), _find(header, error, file, line)
            asked[error] = data.units.get(name, written if own else "")
    return asked


def _number(row: Sequence[str], place: int, name: str, file: Path, line: int) -> float:
    if place >= len(row) or not row[place].strip():
        raise DataError(
            f"column {name!r} is empty here", mend="give a number or take the row out", file=file, line=line
        )
    text = row[place].strip()
    if not _is_number(text):
        raise DataError(f"column {name!r} has a text: {text!r}", mend="give a number", file=file, line=line)
    value = float(text)
    if not math.isfinite(value):
        raise DataError(f"column {name!r} has {text}", mend="take the row out", file=file, line=line)
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


def _factor(written: str, target: str, name: str, file: Path, line: int) -> float:
    """What turns numbers in the header's unit into the unit asked for."""
    if not target or written == target:
        return 1.0
    if not written:
        raise DataError(
            f"column {name!r} has no unit, and the experiment asks for {target}",
            mend=f"write {name} [{target}] in the header",
            file=file,
            line=line,
        )
    import pint

    try:
        return float(_registry().Quantity(1.0, written).to(target).magnitude)
    except pint.errors.PintError as error:
        raise DataError(
            f"column {name!r} is in {written}, which cannot be turned into {target}: {error}",
            mend="mend the unit in the header or in the experiment's [data.units]",
            file=file,
            line=line,
        ) from None


def _require_unit_columns(data: Data, wanted: Sequence[str], file: Path) -> None:
    strangers = sorted(set(data.units) - set(wanted))
    if strangers:
        raise DataError(
            f"a unit is given for {strangers[0]!r}, which is no column in use", mend="take it out", file=file
        )


def _require_order(where: Tensor, name: str, file: Path, lines: Sequence[int]) -> None:
    steps = where[1:] - where[:-1]
    if bool((steps <= 0).any()):
        row = int((steps <= 0).nonzero()[0]) + 1
        same = float(steps[row - 1]) == 0
        raise DataError(
            f"{name} = {float(where[row]):g} {'stands twice' if same else f'comes after {float(where[row - 1]):g}'}",
            mend="join the two rows" if same else f"sort the rows by {name}, ascending",
            file=file,
            line=lines[row],
        )


def _errors(
    given: str | float | None, numbers: dict[str, Tensor], name: str, count: int, file: Path, lines: Sequence[int]
) -> Tensor | None:
    if given is None:
        return None
    errors = numbers[given] if isinstance(given, str) else torch.full((count,), float(given), dtype=torch.float64)
    if bool((errors <= 0).any()):
        row = int((errors <= 0).nonzero()[0])
        raise DataError(
            f"the error of {name} is {float(errors[row]):g}",
            mend="a standard deviation is positive",
            file=file,
            line=lines[row],
        )
    return errors
