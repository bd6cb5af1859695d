"""A CSV file as a table: a header, then numbers.

    T [MeV], s/T^3, error
    130,     2.79,  0.11

Whatever is no such table is refused with the line that it is about: a missing column, a text or NaN in a cell, one row.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holosym.errors import DataError

_HEADER = re.compile(r"^\s*(.*?)\s*(?:\[\s*(.*?)\s*\])?\s*$")
LEAST_ROWS = 2
_SMALLEST = 1e-150


@dataclass(frozen=True)
class Table:
    """The cells of a file, not yet read as numbers.

    Attributes:
        file: for messages.
        header: name and unit by column; the unit is empty where none is written.
        rows: the cells.
        lines: of the file, by row.
        top: the header's line.
    """

    file: Path
    header: list[tuple[str, str]]
    rows: list[list[str]]
    lines: list[int]
    top: int

    def unit(self, name: str) -> str:
        """The unit in a column's header.

        Raises:
            DataError: there is no such column, or there are two.
        """
        return self.header[self._place(name)][1]

    def numbers(self, name: str) -> list[float]:
        """A column.

        Raises:
            DataError: there is no such column, or there are two; a cell is no finite number.
        """
        place = self._place(name)
        return [_number(row, place, name, self.file, line) for row, line in zip(self.rows, self.lines, strict=True)]

    def _place(self, name: str) -> int:
        names = [one for one, _ in self.header]
        if names.count(name) > 1:
            raise DataError(f"there are two columns {name!r}", mend="rename one of them", file=self.file, line=self.top)
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            mend = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(names)}"
            raise DataError(f"there is no column {name!r}", mend=mend, file=self.file, line=self.top)
        return names.index(name)


def read_table(file: Path) -> Table:
    """The table of a CSV file; blank lines and those with # are left out.

    Raises:
        DataError: the file cannot be read, or is no table of numbers with a header.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader("" if line.lstrip().startswith("#") else line for line in stream)
            found = [(row, reader.line_num) for row in reader if any(cell.strip() for cell in row)]
    except UnicodeDecodeError as error:
        raise DataError(f"is not text in UTF-8: {error}", mend="save the file as UTF-8", file=file) from None
    except (OSError, csv.Error) as error:
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
    return Table(file, header, [row for row, _ in found[1:]], [line for _, line in found[1:]], top)


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
    if value and not _SMALLEST < abs(value) < 1 / _SMALLEST:
        what = f"column {name!r} has {text}, whose square is beyond what a computer holds"
        raise DataError(what, mend="write the column in another unit", file=file, line=line)
    return value


def _is_number(text: str) -> bool:
    """Whether it is one as data files have them; Python would also read 1_000 and the digits of other scripts."""
    if "_" in text or not text.isascii():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
