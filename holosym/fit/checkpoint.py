"""The state of a fit on disk, such that the machine may stop at any moment.

    FOLDER/000123/state.safetensors    the tensors
    FOLDER/000123/state.json           the rest, and the digests of both

Nothing is pickled. A checkpoint is written into a folder with a temporary name, flushed to the disk, and takes its
name by one renaming; only then the one before the last is removed. So there is always a whole one, and one more for
the case that the disk lies.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load, save
from torch import Tensor

from holosym.errors import CheckpointError
from holosym.whole_files import flush_folder, reported, write_through

FORMAT = 1
TENSORS = "state.safetensors"
REST = "state.json"
_KEPT = 2
_TEMPORARY = ".unfinished-"
_ANEW = "continue with what it was made with, or start anew: without --resume"


@dataclass(frozen=True)
class Snapshot:
    """What a checkpoint holds.

    Attributes:
        tensors: all numbers that must come back to the last bit.
        rest: names, counters and texts; JSON can hold it.
        identity: what it belongs to: hashes of model and experiment, precision, and so on.
    """

    tensors: Mapping[str, Tensor]
    rest: Mapping[str, Any]
    identity: Mapping[str, str]


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
                for name, content in _contents(snapshot).items():
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
                snapshot = _read(path)
            except _Broken as broken:
                self.remarks.append(f"the checkpoint {path} is damaged ({broken}) and is passed over")
                continue
            _compare(snapshot.identity, identity, path)
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


class _Broken(Exception):
    """A checkpoint that is not whole."""


def _contents(snapshot: Snapshot) -> dict[str, bytes]:
    # A copy: safetensors refuses tensors that share memory, and views such as an expanded zero.
    tensors = {name: value.detach().cpu().clone().contiguous() for name, value in snapshot.tensors.items()}
    blob = save(tensors)
    rest = {"identity": dict(snapshot.identity), "rest": dict(snapshot.rest), "tensors": _digest(blob)}
    text = json.dumps(rest, sort_keys=True)
    outer = {"format": FORMAT, "digest": _digest(text.encode()), "state": text}
    return {TENSORS: blob, REST: json.dumps(outer, indent=1).encode()}


def _read(path: Path) -> Snapshot:
    try:
        blob, outer = (path / TENSORS).read_bytes(), json.loads((path / REST).read_bytes())
        version, text = outer["format"], outer["state"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _Broken(str(error)) from None
    if version != FORMAT:
        raise CheckpointError(
            f"this checkpoint has format {version}, and this version of holosym reads format {FORMAT}",
            mend=_ANEW,
            file=path,
        )
    if outer.get("digest") != _digest(str(text).encode()):
        raise _Broken(f"{REST} is not as it was written")
    state = json.loads(text)
    if state["tensors"] != _digest(blob):
        raise _Broken(f"{TENSORS} is not as it was written")
    try:
        # A copy: what is loaded may lie anywhere in memory, and sums over it may round differently.
        tensors = {name: value.clone() for name, value in load(blob).items()}
    except safetensors.SafetensorError as error:
        raise _Broken(str(error)) from None
    return Snapshot(tensors, state["rest"], state["identity"])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _compare(found: Mapping[str, str], wanted: Mapping[str, str], path: Path) -> None:
    pairs = [(name, found.get(name, "none"), wanted.get(name, "none")) for name in sorted({*found, *wanted})]
    others = [f"its {n} is {_short(there)}, here it is {_short(here)}" for n, there, here in pairs if there != here]
    if others:
        raise CheckpointError(f"this checkpoint belongs to another fit: {'; '.join(others)}", mend=_ANEW, file=path)


def _short(value: str) -> str:
    """Hashes by their first twelve digits."""
    is_hash = len(value) >= 40 and all(digit in "0123456789abcdef" for digit in value)
    return value[:12] if is_hash else value


def random_state(device: torch.device) -> dict[str, Tensor]:
    """The state of torch's generators that a fit on this device may draw from."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def restore_random(states: Mapping[str, Tensor], device: torch.device) -> None:
    """Takes over what `random_state` gave; another device keeps its own."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
