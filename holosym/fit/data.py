"""Measured points from CSV files: a header, then numbers, with units and standard deviations.

A unit in the header is converted to the one that the experiment asks for. Whatever a fit could not survive is
refused: what is no table of numbers, units that do not fit, and here rows out of order, an error that is not positive.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from holosym.errors import DataError
from holosym.fit.column_units import factor, require_unit_columns, units_asked
from holosym.fit.csv_table import Table, read_table
from holosym.fit.known_sections import Data
from holosym.fit.measured import Column, Measured

_ERRORS = ("{}_error", "{}_err", "{}_std", "{}_sd", "error_{}", "err_{}", "{} error", "{} err")


def read_data(data: Data, folder: Path) -> Measured:
    """The points of one [[data]] section; `folder` is that of the experiment file.

    Raises:
        DataError: the file cannot be read or used, with its line.
    """
    table = read_table(folder / data.file)
    wanted = [data.against, *data.observables, *(name for name in data.errors.values() if isinstance(name, str))]
    _require_errors_in_use(data, table)
    asked = units_asked(data, table)
    numbers, units = {}, {}
    for name in dict.fromkeys(wanted):
        cells = torch.tensor(table.numbers(name), dtype=torch.float64)
        target = asked.get(name, "")
        numbers[name], units[name] = cells * factor(table, name, target), target or table.unit(name)
    require_unit_columns(data, wanted, table)
    _require_order(numbers[data.against], data.against, table)
    columns = tuple(
        Column(name, observable, numbers[name], _errors(data.errors.get(name), numbers, name, table))
        for name, observable in data.observables.items()
    )
    return Measured(table.file, data.against, numbers[data.against], columns, units, tuple(table.lines))


def columns_of(file: Path) -> list[str]:
    """The names of a file's columns.

    Raises:
        DataError: the file cannot be read.
    """
    return [name for name, _ in read_table(file).header]


def _require_errors_in_use(data: Data, table: Table) -> None:
    """A file whose errors are not asked for would be fitted without them, and nobody would know."""
    names = [name for name, _ in table.header]
    taken = {*data.observables, *data.errors.values(), data.against}
    for observable in data.observables:
        likely = [form.format(observable).lower() for form in _ERRORS]
        unused = [name for name in names if name.lower() in likely and name not in taken]
        if unused and observable not in data.errors:
            raise DataError(
                f"column {unused[0]!r} is not in use, and looks like the errors of {observable}",
                mend=f'write errors = {{ {observable} = "{unused[0]}" }} in [[data]], or rename the column',
                file=table.file,
                line=table.top,
            )


def _require_order(where: Tensor, name: str, table: Table) -> None:
    steps = where[1:] - where[:-1]
    if bool((steps <= 0).any()):
        row = int((steps <= 0).nonzero()[0]) + 1
        same = float(steps[row - 1]) == 0
        raise DataError(
            f"{name} = {float(where[row]):g} {'stands twice' if same else f'comes after {float(where[row - 1]):g}'}",
            mend="join the two rows" if same else f"sort the rows by {name}, ascending",
            file=table.file,
            line=table.lines[row],
        )


def _errors(given: str | float | None, numbers: dict[str, Tensor], name: str, table: Table) -> Tensor | None:
    """(n,), standard deviations of a column: another one, or one number for all rows."""
    if given is None:
        return None
    errors = numbers[given] if isinstance(given, str) else torch.full_like(numbers[name], float(given))
    if bool((errors <= 0).any()):
        row = int((errors <= 0).nonzero()[0])
        raise DataError(
            f"the error of {name} is {float(errors[row]):g}",
            mend="a standard deviation is positive",
            file=table.file,
            line=table.lines[row],
        )
    return errors
