"""Every exception of holosym, with what typically causes it.

An error is part of the product: it says what is wrong, where (file and line, where that can be told), and how
to mend it. The command line prints it as one message and leaves with `exit_code`; no traceback reaches a user
for a user's mistake.
"""

from __future__ import annotations

from pathlib import Path


class HolosymError(Exception):
    """Base of every error a user can meet.

    Args:
        message: what is wrong, in the physics' own words.
        mend: what to change so that it works; may be empty.
        file: the file that the message is about.
        line: the line of that file, where it is known.
    """

    exit_code = 2

    def __init__(
        self, message: str, *, mend: str = "", file: str | Path | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.file = None if file is None else str(file)
        self.line = line

    def place(self) -> str:
        """`file:line`, `file`, or nothing."""
        if self.file is None:
            return ""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        where = self.place()
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}\n  mend: {self.mend}" if self.mend else text


class ModelError(HolosymError):
    """A model that cannot be used: a symbol not declared, a degenerate metric, a field of the wrong coordinate."""


class ModelFileError(ModelError):
    """A model file that cannot be read: not Python, an import that fails, a Python error, no theory in it."""


class InconsistentAnsatzError(ModelError):
    """The field equations contradict the ansatz: an equation is left over that no profile can solve."""


class DerivationError(HolosymError):
    """The two derivations disagree, or the Bianchi identity fails: a bug of holosym, or an action outside its reach."""


class RingError(HolosymError):
    """An expression that the jet ring cannot hold; callers fall back to a numerical check or refuse the model."""


class CheckFailed(HolosymError):
    """A known solution or a published equation does not hold."""

    exit_code = 1


class OutputError(HolosymError):
    """The output folder is not holosym's, is not writable, or the disk is full."""


class DriftError(HolosymError):
    """Committed generated code no longer matches its model."""

    exit_code = 1


class PrinterError(HolosymError):
    """An expression has a node that cannot be written as torch code."""


class PackageError(HolosymError):
    """A folder that is not a generated package, or one made by another version of holosym."""


class SolveError(HolosymError):
    """A numerical solve did not converge; the message carries the last residual."""

    exit_code = 1


class ExpansionError(HolosymError):
    """A theory without the expansion or observable asked for: no horizon, no AdS boundary, exponents not solvable."""


class SurfaceError(HolosymError):
    """A surface that is not there: a turning point behind the horizon, a length beyond the maximum, no translation."""


class ExperimentError(HolosymError):
    """An experiment file that cannot be used: not TOML, an unknown key, a value of the wrong kind.

    Args:
        key: the sections and the key that it is about, for those who know the file to find the line.
    """

    def __init__(
        self,
        message: str,
        *,
        mend: str = "",
        file: str | Path | None = None,
        line: int | None = None,
        key: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, mend=mend, file=file, line=line)
        self.key = key


class DataError(HolosymError):
    """A file of measured points that cannot be used: a missing column, a text in a cell, rows out of order."""


class FitError(HolosymError):
    """A fit that cannot begin, or that ended without a usable state."""

    exit_code = 1


class CheckpointError(HolosymError):
    """A checkpoint of another experiment, model or version, or one that cannot be read or written."""
