"""Where in a model file something was written: the innermost frame outside of holosym and SymPy."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from holosym.errors import ModelError

_PACKAGE = str(Path(__file__).resolve().parents[1])


@dataclass(frozen=True)
class Place:
    """A file and a line; both None where they cannot be told."""

    file: str | None = None
    line: int | None = None


def here() -> Place:
    """The line of the model file that is being run now."""
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        inside = file.startswith((_PACKAGE, "<frozen")) or "/sympy/" in file
        if not inside:
            return Place(file, frame.f_lineno)
        if frame.f_back is None:
            break
        frame = frame.f_back
    return Place()


def model_error(message: str, *, mend: str = "", place: Place | None = None) -> ModelError:
    """A `ModelError` at a place, by default the line of the model file being run."""
    place = place or here()
    return ModelError(message, mend=mend, file=place.file, line=place.line)
