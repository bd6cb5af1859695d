"""Measured points, as a fit takes them: observables with their errors, against what says where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

ASSUMED = 1e-3  # the relative error of data without errors, where one is needed


def size_of(values: Tensor) -> float:
    """The root mean square; one where all values are zero."""
    return float(values.square().mean().sqrt()) or 1.0


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

    @property
    def size(self) -> float:
        """What residuals are measured in where there are no errors."""
        return size_of(self.values)


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
