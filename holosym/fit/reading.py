"""Reads an experiment file; whatever is wrong in it becomes one message with file, line and the nearest valid key."""

from __future__ import annotations

import difflib
import re
import tomllib
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from holosym.errors import ExperimentError
from holosym.fit.experiment import Experiment, default_stages

Path_ = tuple[str | int, ...]
_KEY = r'"[^"]+"|[^.]+'
_MENDS = {
    "int_": "give a whole number",
    "float_": "give a number",
    "finite": "give a number",
    "bool_": "write true or false",
    "string_": "give a text",
    "literal": "choose one of these",
    "greater_": "give a number in that range",
    "less_": "give a number in that range",
    "tuple_": "write a list: [1, 2] of numbers, or [[data]] and [[stages]] of tables",
    "dict_": "write a table, such as [stop], or { key = value }",
    "model_": "write a table, such as [stop], or { key = value }",
}  # by a part of pydantic's name of what is wrong
_ELSE = "see the README on experiment files"
_BRANCHES = ("str", "float", "constrained-str", "constrained-float", "Polynomial")  # what pydantic adds for a union


def read_experiment(path: str | Path, settings: Sequence[str] = ()) -> Experiment:
    """The experiment of a TOML file, with settings such as "loss.points=128" put over it.

    Raises:
        ExperimentError: no such file, not TOML, a key or a value that cannot be, a setting that cannot be read.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExperimentError(f"cannot be read: {error}", mend="give the path of a TOML file", file=file) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ExperimentError(
            f"is not TOML: {error}", mend="mend the syntax", file=file, line=int(line[1]) if line else None
        ) from None
    if any(_names(setting)[:1] == ["stages"] for setting in settings):
        content.setdefault("stages", _default_stages(content))
    for setting in settings:
        _put(content, setting)
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        raise _message(error, text, file, settings) from None


def line_of(path: str | Path, *keys: str) -> int | None:
    """The line of a file on which a key is written, after the lines of those above it; None where it is not there."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    line = _line(text, keys)
    return line if line is not None and keys[-1] in text.splitlines()[line - 1] else None


def _default_stages(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those of the file's way, so that a setting can change one of them."""
    stages = default_stages(str(content.get("way")), system="interval" in content)
    return [stage.model_dump(exclude_unset=True) for stage in stages]


def _put(content: dict[str, Any], setting: str) -> None:
    """Puts one "section.key=value" over the file's content; the value is TOML, or else a text."""
    name, equals, value = (part.strip() for part in setting.partition("="))
    if not (name and equals and value):
        raise ExperimentError(
            f"the setting {setting!r} cannot be read", mend="write --set seeds=3 or --set loss.points=128"
        )
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value
    keys = re.findall(_KEY, name) or [""]
    here: Any = content
    for key in keys[:-1]:
        here = here[_index(here, key, setting)] if isinstance(here, list) else _below(here, key, setting)
    if isinstance(here, list):
        here[_index(here, keys[-1], setting)] = parsed
    elif isinstance(here, dict):
        here[keys[-1].strip('"')] = parsed
    else:
        raise _nowhere(setting)


def _below(here: Any, key: str, setting: str) -> Any:
    if not isinstance(here, dict):
        raise _nowhere(setting)
    return here.setdefault(key.strip('"'), {})


def _index(here: list[Any], key: str, setting: str) -> int:
    if key.isdigit() and int(key) < len(here):
        return int(key)
    raise ExperimentError(
        f"the setting {setting!r} asks for entry {key} of a list of {len(here)}", mend="count from 0: stages.0.steps=50"
    )


def _nowhere(setting: str) -> ExperimentError:
    return ExperimentError(f"the setting {setting!r} leads nowhere", mend="write --set section.key=value")


def _message(error: ValidationError, text: str, file: Path, settings: Sequence[str]) -> ExperimentError:
    """The first thing that is wrong, in words, with where it was said: a line of the file, or a setting."""
    # A key that is not known may be one that is missing, written otherwise.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    missing = [one["loc"] for one in error.errors() if one["type"] == "missing"]
    place: Path_ = tuple(part for part in first["loc"] if part not in _BRANCHES)
    alternatives = {one["msg"]: None for one in error.errors() if one["loc"][: len(place)] == place}
    shown = ".".join(str(part) for part in place) or "the file"
    mend = ""
    more = error.error_count() - max(1, len(alternatives))
    if first["type"] == "extra_forbidden":
        valid = _keys(place[:-1])
        near = difflib.get_close_matches(str(place[-1]), valid, n=1, cutoff=0.5)
        what = f"there is no key {shown!r}"
        mend = f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(valid)}"
        more -= bool(near) and (*first["loc"][:-1], near[0]) in missing
    elif first["type"] == "missing":
        what, mend = f"{shown!r} is missing", f"write {place[-1]} = ..."
    else:
        told = " or: ".join(alternatives).removeprefix("Value error, ")
        what = told if not place else f"{shown}: {told}"
        if "input" in first and not isinstance(first["input"], (dict, list)) and place:
            what += f" (it is {first['input']!r})"
    if more > 0:
        what += f"; {more} more after this"
    if not mend and len(alternatives) < 2:
        mend = next((how for kind, how in _MENDS.items() if kind in first["type"]), "")
    setting = next((one for one in reversed(settings) if place and _about(one, place)), None)
    if setting is not None:
        return ExperimentError(f"--set {setting}: {what}", mend=mend or _ELSE)
    return ExperimentError(what, mend=mend or _ELSE, file=file, line=_line(text, place))


def _about(setting: str, place: Path_) -> bool:
    """Whether a setting sets what is at a place, or what that stands in."""
    return all(name == str(part) for name, part in zip(_names(setting), place, strict=False))


def _names(setting: str) -> list[str]:
    """The keys that lead to what a setting sets."""
    return [key.strip('"') for key in re.findall(_KEY, setting.partition("=")[0].strip())]


def _keys(place: Path_) -> list[str]:
    """The valid keys of a section."""
    here: Any = Experiment
    for part in place:
        if isinstance(here, type) and issubclass(here, BaseModel) and part in here.model_fields:
            here = here.model_fields[str(part)].annotation
        here = _section(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _section(annotation: Any) -> Any:
    """The section class in an annotation such as dict[str, Unknown] or tuple[Data, ...] or States | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [_section(one) for one in typing.get_args(annotation)]
    return next((one for one in found if isinstance(one, type) and issubclass(one, BaseModel)), annotation)


def _line(text: str, place: Sequence[str | int]) -> int | None:
    """The line on which the last named key of `place` is written, after the lines of those above it."""
    lines = text.splitlines()
    start = 0
    found = None
    for part in (str(part) for part in place if isinstance(part, str)):
        key = re.compile(
            rf'^\s*(\[+[^\]]*)?"?{re.escape(part)}"?\s*(\.[\w."]*\s*)?(\]+\s*$|=|\])|[{{,\[.]\s*"?{re.escape(part)}"?\s*[=\].]'
        )
        at = next((i for i in range(start, len(lines)) if key.search(lines[i])), None)
        if at is not None:
            start, found = at, at + 1
    return found


def as_text(experiment: Experiment) -> Mapping[str, Any]:
    """The whole experiment with its defaults, as plain data: what is hashed and kept with the results."""
    return experiment.model_dump(mode="json")
