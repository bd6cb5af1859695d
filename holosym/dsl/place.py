"""Where in a model file something was written: the innermost frame outside of holosym and SymPy."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import sympy

from holosym.errors import ModelError

_PACKAGE = Path(__file__).resolve().parents[1]
_OWN = f"{_PACKAGE}{os.sep}"
_GALLERY = f"{_PACKAGE / 'models'}{os.sep}"
_SYMPY = f"{Path(sympy.__file__).resolve().parent}{os.sep}"


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
        inside = file.startswith((_OWN, _SYMPY, "<frozen")) and not file.startswith(_GALLERY)
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
