"""Generated packages on disk: written whole or not at all, and compared with what would be written.

Everything is rendered before the first byte is written. New packages go into a temporary folder beside
the old ones and take their places by renaming, so that an interruption, a full disk or a bug leaves all as it
was. A folder that holosym did not make is never touched: its manifest says who made it.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from holosym.errors import OutputError
from holosym.whole_files import reported

MANIFEST = "manifest.json"
_CACHES = "__pycache__"
_TEMPORARY = ".holosym-"

Files = Mapping[str, str]
"""From a file's name, relative to its package's folder, to its text."""


def write(files: Files, folder: str | Path) -> bool:
    """Write one package; see `write_all`. Returns whether anything had to be written."""
    target = Path(folder)
    return bool(write_all({target.name: files}, target.parent))


def write_all(packages: Mapping[str, Files], out: str | Path) -> list[str]:
    """Write packages into a folder, all of them or none.

    Args:
        packages: from a package's name to its files.
        out: the folder of the packages, made if need be.

    Returns:
        The names of the packages that were not already as they should be.

    Raises:
        OutputError: for a folder that is not holosym's or cannot be written.
    """
    parent = Path(out)
    changed = {name: files for name, files in packages.items() if drift(files, parent / name)}
    for name in changed:
        _refuse_foreign(parent / name)
    if changed:
        refused = reported(parent, "the folder cannot be written", "what was there is untouched")
        with refused, _made(parent), _temporary(parent) as stage:
            for name, files in changed.items():
                _put(files, stage / "new" / name)
            _swap(list(changed), parent, stage)
    return list(changed)


def drift(files: Files, folder: str | Path) -> str:
    """How a package on disk differs from what it should be.

    Args:
        files: what it should be.
        folder: where it is.

    Returns:
        A unified diff, missing and superfluous files included; empty where there is no difference.
    """
    target = Path(folder)
    if not target.exists():
        return f"--- /dev/null\n+++ {target}\n@@ the package is missing @@\n"
    if not target.is_dir():
        return f"--- {target}\n+++ {target}\n@@ this is not a folder @@\n"
    there = {name: _text(target / name) for name in _contents(target)}
    return "".join(_difference(there.get(name), files.get(name), target / name) for name in sorted({*there, *files}))


def orphan(folder: str | Path) -> str:
    """What is said in a diff of a package that no model makes."""
    return f"--- {folder}\n+++ {folder}\n@@ no model makes this package @@\n"


def packages_in(out: str | Path) -> list[str]:
    """The names of the packages of holosym's in a folder, sorted."""
    parent = Path(out)
    if not parent.is_dir():
        return []
    return sorted(p.name for p in parent.iterdir() if not p.name.startswith(".") and _manifest(p) is not None)


def _contents(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [path.as_posix() for path in found if _CACHES not in path.parts]


def _text(path: Path) -> str:
    # Not read_text(): it would hide a difference of line ends.
    return path.read_bytes().decode("utf-8", errors="replace")


def _difference(old: str | None, new: str | None, path: Path) -> str:
    if old == new:
        return ""
    lines = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (new or "").splitlines(keepends=True),
        "/dev/null" if old is None else f"{path} (on disk)",
        "/dev/null" if new is None else f"{path} (as compiled)",
    )
    text = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return text or f"{'superfluous' if new is None else 'missing'} empty file: {path}\n"


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder that holosym made; None for any other."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("generator") == "holosym" else None


def _refuse_foreign(folder: Path) -> None:
    """A folder is replaced only where holosym made it, and everything in it."""
    elsewhere = "choose another folder with --out, or move this one away"
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        kind = "a symbolic link" if folder.is_symlink() else "a file"
        raise OutputError(f"the package's folder is {kind}", mend=elsewhere, file=folder)
    contents = _contents(folder)
    manifest = _manifest(folder)
    if contents and manifest is None:
        raise OutputError(
            "this folder was not made by holosym (it has no manifest of holosym's): nothing was written",
            mend=elsewhere,
            file=folder,
        )
    known = {MANIFEST, *(manifest or {}).get("files", ())}
    extra = [name for name in contents if name not in known]
    if extra:
        raise OutputError(
            f"this folder has files that holosym did not make: {', '.join(extra)}; nothing was written",
            mend="move them out of the generated package: its folder is replaced as a whole",
            file=folder,
        )


@contextlib.contextmanager
def _made(parent: Path) -> Iterator[None]:
    """The folder of the packages; taken away again where it was made in vain."""
    missing = [one for one in (parent, *parent.parents) if not one.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


@contextlib.contextmanager
def _temporary(parent: Path) -> Iterator[Path]:
    stage = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put(files: Files, folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


def _swap(names: list[str], parent: Path, stage: Path) -> None:
    """Put the new folders in the places of the old ones; on any interruption put all of them back."""
    begun: list[tuple[Path, Path, Path]] = []
    (stage / "old").mkdir()
    try:
        for name in names:
            place, old, new = parent / name, stage / "old" / name, stage / "new" / name
            begun.append((place, old, new))
            if place.exists():
                place.rename(old)
            new.rename(place)
    except BaseException:
        for place, old, new in begun:
            if place.exists() and not new.exists():
                place.rename(new)
            if old.exists():
                old.rename(place)
        raise
