"""One Python environment for each peer, made once under `.bench-venv/`, so that none disturbs another or holosym."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = HERE / "peers.txt"
FOLDER = HERE.parent / ".bench-venv"

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


class NotInstalled(Exception):
    """A peer that cannot be had here: no Python that it accepts, or pip failed."""


def _version(python: str) -> tuple[int, int] | None:
    """(3, 11) and the like; None where the command is absent or broken."""
    try:
        out = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = map(int, out.stdout.split())
    return major, minor


def find_python(minimum: tuple[int, int], extra: Iterable[str] = ()) -> str:
    """A Python at least as new as `minimum`: this one, one named by the user, or one on the path.

    Raises:
        NotInstalled: where there is none.
    """
    for python in (sys.executable, *extra, *PYTHONS):
        version = _version(python)
        if version is not None and version >= minimum:
            return python
    raise NotInstalled(f"needs Python {minimum[0]}.{minimum[1]}")


def environment(
    requirement: str,
    minimum: tuple[int, int],
    extra: Iterable[str] = (),
    before: Sequence[str] = (),
    alone: bool = False,
) -> Path:
    """The Python of the environment that has `requirement` at its pinned version; made on first use.

    Args:
        requirement: the name of the package for pip.
        minimum: the oldest Python that it accepts.
        extra: Pythons to try besides the usual names.
        before: what must be there before it, such as a build of torch that it would not choose by itself.
        alone: install it without what it asks for besides.

    Raises:
        NotInstalled: where it cannot be made.
    """
    folder = FOLDER / requirement.lower()
    python, stamp = folder / "bin" / "python", folder / ".pins"
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == pins:
        return python
    base = find_python(minimum, extra)
    print(f"installing {requirement} in {folder.relative_to(HERE.parent)}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([base, "-m", "venv", str(folder)], check=True)
    _install(python, ["setuptools", *before])
    _install(python, [requirement, *(["--no-deps"] if alone else [])])
    stamp.write_text(pins)
    return python


def _install(python: Path, arguments: Sequence[str]) -> None:
    """By pip, within the pins."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(PINS)]
    made = subprocess.run([*pip, *arguments], capture_output=True, text=True)
    if made.returncode:
        raise NotInstalled(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "pip failed")
