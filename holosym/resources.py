"""Where the templates and the gallery are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from holosym.errors import HolosymError, ModelFileError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `templates` or `models`.

    Raises:
        HolosymError: where the installation lacks it.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise HolosymError(
        f"this installation of holosym has no {name}/",
        mend="install holosym again, from a wheel or a checkout",
    )


def gallery() -> tuple[str, ...]:
    """The names of the models that come with holosym, sorted."""
    return tuple(sorted(path.stem for path in folder("models").glob("[!_.]*.py")))


def resolve(target: str | os.PathLike[str]) -> Path:
    """The model file that a path or a name of the gallery stands for.

    Raises:
        ModelFileError: for neither, with the nearest names.
    """
    path = Path(target)
    if path.is_file():
        return path
    name = os.fspath(target)
    looks_like_path = len(path.parts) != 1 or path.suffix
    if not looks_like_path and name in gallery():
        return _shown(folder("models") / f"{name}.py")
    if path.is_dir():
        raise ModelFileError(
            "this is a folder, not a model file", mend=f"give a file in it: {path / 'NAME.py'}", file=path
        )
    if looks_like_path:
        near = difflib.get_close_matches(path.stem, _beside(path.parent) or gallery(), n=1)
        raise ModelFileError(
            "there is no such file",
            mend=f"did you mean {_found(near[0], path.parent)}?" if near else "give the path of a model file",
            file=path,
        )
    raise ModelFileError(f"there is no model {name!r}, neither a file nor in the gallery", mend=_nearest(name))


def _shown(path: Path) -> Path:
    """A path of the gallery as messages name it: short where it lies below the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _beside(parent: Path) -> list[str]:
    try:
        return [path.stem for path in sorted(parent.glob("*.py"))]
    except OSError:
        return []


def _found(name: str, parent: Path) -> str:
    file = parent / f"{name}.py"
    return str(file) if file.is_file() else name


def _nearest(name: str) -> str:
    for file in (Path(f"{name}.py"), Path("models", f"{name}.py")):
        if file.is_file():
            return f"did you mean the file {file}?"
    near = difflib.get_close_matches(name, gallery(), n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}? `holosym list` shows the gallery"
    return "`holosym list` shows the gallery; for a model of your own give the path of its file"
