"""Files that are whole, or not there: how everything that holosym leaves on a disk gets there.

A file is written beside its place, under a name that begins with a dot, flushed to the disk and moved to its place
by one renaming. So whoever reads it sees all of the old content or all of the new one, wherever the machine stops; a
failure leaves the old file, and nothing beside it. What the system refuses is told as `OutputError`, with a mend.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from holosym.errors import OutputError

_MENDS = {
    errno.ENOSPC: "make room on the disk, or choose another folder with --out",
    errno.EDQUOT: "make room in your quota, or choose another folder with --out",
    errno.ENOTDIR: "choose another folder with --out: a part of this path is a file",
    errno.EEXIST: "choose another folder with --out: this path is a file",
}
_ELSE = "make the folder writable, or choose another one with --out"


def write_whole(path: str | Path, write: Callable[[Path], object], what: str = "cannot be written") -> Path:
    """A file that `write` makes, whole or not at all, readable by all.

    Args:
        path: its place; its folder is made if it is absent.
        write: writes the content to the path that it is given, which has the suffix of `path`.
        what: the message of an error, up to the colon.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(path)
    with reported(target, what):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=target.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            temporary.chmod(0o644)
            _flush_file(temporary)
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return target


def write_text(path: str | Path, text: str, what: str = "cannot be written") -> Path:
    """A text file in UTF-8, whole or not at all, its line ends as they are in `text`; see `write_whole`.

    Raises:
        OutputError: it cannot be written.
    """
    return write_whole(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")), what)


def write_through(path: Path, content: bytes) -> None:
    """A file on the disk, not only in its cache; where it stands, for those that move whole folders to their place.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """The names in a folder on the disk, where the system can do that.

    Raises:
        OSError: they cannot be written.
    """
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def reported(path: Path, what: str, then: str = "") -> Iterator[None]:
    """What the system refuses as an error of holosym's: `what: reason; then`, with the path and a mend.

    Raises:
        OutputError: in place of every OSError.
    """
    try:
        yield
    except OSError as error:
        # By its number first: what HDF5 says of a full disk fills four lines.
        reason = os.strerror(error.errno) if error.errno else str(error)
        mend = _MENDS.get(error.errno or 0, _ELSE)
        raise OutputError(f"{what}: {reason}{then and f'; {then}'}", mend=mend, file=path) from error


def _flush_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
