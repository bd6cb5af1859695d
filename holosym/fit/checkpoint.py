"""The state of a fit on disk, such that the machine may stop at any moment.

    FOLDER/000123/    the files of a `Snapshot`

A checkpoint is written into a folder with a temporary name, flushed to the disk, and takes its name by one renaming;
only then the one before the last is removed. So there is always a whole one, and one more for the case that the disk
lies.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from holosym.errors import CheckpointError
from holosym.fit.snapshot import Broken, Snapshot, files_of, read_snapshot, require_same
from holosym.whole_files import flush_folder, reported, write_through

_KEPT = 2
_TEMPORARY = ".unfinished-"


@dataclass
class Store:
    """The checkpoints of one fit.

    Attributes:
        folder: where they are.
        kept: those that this run wrote or read whole, oldest first.
        remarks: what a user should know about those that could not be read.
    """

    folder: Path
    kept: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def write(self, snapshot: Snapshot) -> Path:
        """Write a checkpoint, and remove all but the last two that are whole.

        Raises:
            OutputError: for a full disk or a folder that cannot be written.
        """
        with reported(self.folder, "a checkpoint cannot be written"):
            self.folder.mkdir(parents=True, exist_ok=True)
            target = self.folder / f"{self._last_number() + 1:06d}"
            stage = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
            try:
                for name, content in files_of(snapshot).items():
                    write_through(stage / name, content)
                flush_folder(stage)
                stage.rename(target)
            except BaseException:
                shutil.rmtree(stage, ignore_errors=True)
                raise
            flush_folder(self.folder)
        self.kept = [*self.kept, target][-_KEPT:]
        self._tidy()
        return target

    def read(self, identity: Mapping[str, str]) -> Snapshot | None:
        """The newest checkpoint that is whole; None where there is none at all.

        Raises:
            CheckpointError: for one that belongs to something else, or where none of several is whole.
        """
        try:
            there = self.all()
        except OSError as error:
            raise CheckpointError(
                f"the checkpoints cannot be read: {error.strerror}", mend="make the folder readable", file=self.folder
            ) from None
        for path in reversed(there):
            try:
                snapshot = read_snapshot(path)
            except Broken as broken:
                self.remarks.append(f"the checkpoint {path} is damaged ({broken}) and is passed over")
                continue
            require_same(snapshot.identity, identity, path)
            self.kept = [path]
            return snapshot
        if there:
            raise CheckpointError(
                "no checkpoint of this fit is whole: " + "; ".join(self.remarks),
                mend="start anew: without --resume",
                file=self.folder,
            )
        return None

    def all(self) -> list[Path]:
        """Every checkpoint by age, whole or not."""
        if not self.folder.is_dir():
            return []
        return sorted((p for p in self.folder.iterdir() if p.name.isdigit()), key=lambda p: int(p.name))

    def _last_number(self) -> int:
        return max((int(path.name) for path in self.all()), default=0)

    def _tidy(self) -> None:
        """Removes what is superseded or was left unfinished; a failure here does no harm."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name.isdigit() and path not in self.kept:
                    # By its name first: a folder that is half removed must not look like a checkpoint.
                    path = path.rename(path.with_name(f"{_TEMPORARY}{path.name}"))
                if path.name.startswith(_TEMPORARY):
                    shutil.rmtree(path, ignore_errors=True)
