"""What a checkpoint holds, and its form on disk: two files, each with a digest by which a damaged one is known.

    state.safetensors    the tensors
    state.json           the rest, and the digests of both

Nothing is pickled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
from safetensors.torch import load, save
from torch import Tensor

from holosym.errors import CheckpointError

FORMAT = 3
TENSORS = "state.safetensors"
REST = "state.json"
_SHOWN = 3
_LONGEST = 60
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


class Broken(Exception):
    """A checkpoint that is not whole."""


def files_of(snapshot: Snapshot) -> dict[str, bytes]:
    """The files of a checkpoint, by name."""
    # A copy: safetensors refuses tensors that share memory, and views such as an expanded zero.
    tensors = {name: value.detach().cpu().clone().contiguous() for name, value in snapshot.tensors.items()}
    blob = save(tensors)
    rest = {"identity": dict(snapshot.identity), "rest": dict(snapshot.rest), "tensors": _digest(blob)}
    text = json.dumps(rest, sort_keys=True)
    outer = {"format": FORMAT, "digest": _digest(text.encode()), "state": text}
    return {TENSORS: blob, REST: json.dumps(outer, indent=1).encode()}


def read_snapshot(path: Path) -> Snapshot:
    """The checkpoint in a folder.

    Raises:
        Broken: for one that is not whole.
        CheckpointError: for another format.
    """
    try:
        blob, outer = (path / TENSORS).read_bytes(), json.loads((path / REST).read_bytes())
        version, text = outer["format"], outer["state"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Broken(str(error)) from None
    if version != FORMAT:
        raise CheckpointError(
            f"this checkpoint has format {version}, and this version of holosym reads format {FORMAT}",
            mend=_ANEW,
            file=path,
        )
    if outer.get("digest") != _digest(str(text).encode()):
        raise Broken(f"{REST} is not as it was written")
    state = json.loads(text)
    if state["tensors"] != _digest(blob):
        raise Broken(f"{TENSORS} is not as it was written")
    try:
        # A copy: what is loaded may lie anywhere in memory, and sums over it may round differently.
        tensors = {name: value.clone() for name, value in load(blob).items()}
    except safetensors.SafetensorError as error:
        raise Broken(str(error)) from None
    return Snapshot(tensors, state["rest"], state["identity"])


def require_same(found: Mapping[str, str], wanted: Mapping[str, str], path: Path) -> None:
    """What a checkpoint belongs to is what is fitted here.

    Raises:
        CheckpointError: it belongs to another fit; says what differs.
    """
    pairs = [(name, found.get(name, "none"), wanted.get(name, "none")) for name in sorted({*found, *wanted})]
    others = [f"its {n} is {_short(there)}, here it is {_short(here)}" for n, there, here in pairs if there != here]
    if others:
        shown = "; ".join(others[:_SHOWN])
        more = f"; {len(others) - _SHOWN} more differ" if len(others) > _SHOWN else ""
        raise CheckpointError(f"this checkpoint belongs to another fit: {shown}{more}", mend=_ANEW, file=path)


def _short(value: str) -> str:
    """Hashes by their first twelve digits, long lists by their beginning."""
    is_hash = len(value) >= 40 and all(digit in "0123456789abcdef" for digit in value)
    if is_hash:
        return value[:12]
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
