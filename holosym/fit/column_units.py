"""Units of columns: from the one in the header to the one that the experiment asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from holosym.errors import DataError
from holosym.fit.csv_table import Table
from holosym.fit.known_sections import Data


def units_asked(data: Data, table: Table) -> dict[str, str]:
    """The unit of every column; an error that is given none of its own follows its observable.

    Raises:
        DataError: an observable or its error is no column.
    """
    asked = dict(data.units)
    for name, error in data.errors.items():
        if isinstance(error, str) and error not in asked:
            written, own = table.unit(name), table.unit(error)
            asked[error] = data.units.get(name, written if own else "")
    return asked


def factor(table: Table, name: str, target: str) -> float:
    """What turns a column's numbers, in the header's unit, into the unit asked for; 1 where none is.

    Raises:
        DataError: the column has no unit, or one of another kind.
    """
    written = table.unit(name)
    if not target or written == target:
        return 1.0
    if not written:
        raise DataError(
            f"column {name!r} has no unit, and the experiment asks for {target}",
            mend=f"write {name} [{target}] in the header",
            file=table.file,
            line=table.top,
        )
    import pint

    try:
        units = _registry()
        none, one = (float(units.Quantity(number, written).to(target).magnitude) for number in (0.0, 1.0))
        if none != 0:
            raise DataError(
                f"column {name!r} is in {written}, whose zero is not that of {target}",
                mend=f"write the column in {target}, or in kelvin",
                file=table.file,
                line=table.top,
            )
        return one
    except pint.errors.PintError as error:
        raise DataError(
            f"column {name!r} is in {written}, which cannot be turned into {target}: {error}",
            mend="mend the unit in the header or in the experiment's [data.units]",
            file=table.file,
            line=table.top,
        ) from None


def require_unit_columns(data: Data, wanted: Sequence[str], table: Table) -> None:
    """Units are asked for columns that are in use.

    Raises:
        DataError: for another one.
    """
    strangers = sorted(set(data.units) - set(wanted))
    if strangers:
        raise DataError(
            f"a unit is given for {strangers[0]!r}, which is no column in use", mend="take it out", file=table.file
        )


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()
