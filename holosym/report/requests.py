"""A request as it is typed on a command line: NAME=VALUE texts become a `Request`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holosym.errors import HolosymError, OutputError, SolveError, SurfaceError
from holosym.solve.newton import TOLERANCE
from holosym.solve.request import Request, Sweep

MOST_LENGTHS = 100_000
SHORTEST, LONGEST = 1e-100, 1e100
"""Lengths whose powers are numbers."""


def read_request(given: Mapping[str, Any]) -> Request:
    """The request of the options of `holosym solve`, by their names.

    Raises:
        SolveError: for a text that is not NAME=VALUE, a value that is no number, a name given twice.
    """
    try:
        return _read(given)
    except SolveError as error:
        error.exit_code = HolosymError.exit_code
        raise


def _read(given: Mapping[str, Any]) -> Request:
    said: set[str] = set()
    settings = _pairs(given["settings"], "--set", "T=0.1", said)
    sources = {f"{name}.source": text for name, text in _pairs(given["sources"], "--source", "phi=0.2", set()).items()}
    for name in sources:
        _once(name, said)
    relations = _pairs(given["relations"], "--relation", "phi.response=0.5*phi.source", said)
    sweep = None if given["sweep"] is None else Sweep.parse(given["sweep"])
    if sweep is not None:
        _once(sweep.name, said)
    numbers = {name: _number(name, text) for name, text in {**settings, **sources}.items()}
    return Request(
        settings=numbers,
        sweep=sweep,
        relations=relations,
        units=given["units"],
        branch=given["branch"],
        nodes=given["nodes"] or 0,
        tolerance=TOLERANCE if given["tolerance"] is None else given["tolerance"],
    )


def read_lengths(text: str) -> list[float]:
    """0.5, or START:STOP:COUNT with :log behind it if so, as lengths.

    Raises:
        SurfaceError: for another text, and for lengths that are not positive.
    """
    mend = "write --l 0.5, or --l START:STOP:COUNT[:log], such as --l 0.05:5:60:log"
    try:
        sweep = None if ":" not in text else Sweep.parse(f"l={text}")
        if sweep is not None and sweep.count > MOST_LENGTHS:
            raise SurfaceError(f"{sweep.count} lengths are too many", mend=f"ask for {MOST_LENGTHS} at most")
        found = [float(text)] if sweep is None else sweep.values()
    except (SolveError, ValueError):
        raise SurfaceError(f"the lengths {text!r} cannot be read", mend=mend) from None
    if not all(SHORTEST < value < LONGEST for value in found):
        raise SurfaceError(f"the lengths {text!r} are not all positive and finite", mend=mend)
    return found


def _pairs(texts: Sequence[str], option: str, example: str, said: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            mend = f"write {option} NAME=VALUE, such as {option} {example}"
            raise SolveError(f"{option} {text!r} cannot be read", mend=mend)
        _once(name, said)
        found[name] = value
    return found


def _once(name: str, said: set[str]) -> None:
    if name in said:
        raise SolveError(f"{name} is given twice", mend="give each name once")
    said.add(name)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SolveError(f"the value of {name} is not a number: {text!r}", mend=f"write {name}=0.1") from None


def require_ending(path: Path | None, endings: Sequence[str]) -> None:
    """The kind of a file is told by the end of its name.

    Raises:
        OutputError: for another one.
    """
    if path is not None and path.suffix.lower() not in endings:
        raise OutputError(f"{path.name} is no {' or '.join(endings)} file", mend=f"end its name in {endings[0]}")
