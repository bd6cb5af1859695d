"""When the state of a fit goes to disk, and how it comes back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from holosym.errors import OutputError
from holosym.fit.checkpoint import Store
from holosym.fit.random_state import random_state, restore_random
from holosym.fit.seeds import below, prefixed
from holosym.fit.snapshot import Snapshot
from holosym.fit.state import State
from holosym.whole_files import reported

CHECKPOINTS = "checkpoints"
EARLIER = "checkpoints.earlier"


class Saver:
    """The checkpoints of one fit.

    Args:
        folder: of the run; None: nothing is saved.
        identity: what a checkpoint must agree in.
        every: seconds from one checkpoint to the next.
        say: where remarks go.
    """

    def __init__(
        self, folder: Path | None, identity: Mapping[str, str], every: float, say: Callable[[str], None]
    ) -> None:
        self.store = None if folder is None else Store(folder / CHECKPOINTS)
        self.identity = identity
        self.every = every
        self.say = say
        self._last = -float("inf")

    @property
    def newest(self) -> Path | None:
        """The last checkpoint of this run."""
        return self.store.kept[-1] if self.store and self.store.kept else None

    def due(self) -> bool:
        """Whether the last one is old enough."""
        return self.store is not None and time.monotonic() - self._last >= self.every

    def save(self, state: State) -> None:
        """Write a checkpoint; a failure is tried once more.

        Raises:
            OutputError: for the second failure; it says where the last good one is.
        """
        if self.store is None:
            return
        snapshot = self._snapshot(state)
        try:
            self.store.write(snapshot)
        except OutputError as first:
            if self.newest is not None:
                self.say(f"{first.message}; trying once more")
            try:
                self.store.write(snapshot)
            except OutputError as error:
                raise self._given_up(error, state) from None
        self._last = time.monotonic()

    def resume(self, device: torch.device) -> State | None:
        """The state of the last checkpoint that is whole; None where there is none.

        Raises:
            CheckpointError: for one of another fit, or where none is whole.
        """
        snapshot = None if self.store is None else self.store.read(self.identity)
        if self.store is None or snapshot is None:
            self.say("no checkpoint to resume: the fit begins at its start")
            return None
        state = State.restored(snapshot.tensors, snapshot.rest["state"], device)
        restore_random(below("random", snapshot.tensors, torch.device("cpu")), device)
        for remark in self.store.remarks:
            self.say(remark)
        for name, there, here in _settings(snapshot.rest["settings"], _present(device)):
            self.say(f"the checkpoint was written with {name} {there}, now it is {here}: the last digits may differ")
        self.say(f"resumed from {self.newest}, step {state.total}")
        return state

    def begin(self, state: State) -> None:
        """Save the state before the first step, which also shows at once whether that can be done.

        Checkpoints of an earlier fit in this folder are moved aside, and those aside are removed.

        Raises:
            OutputError: for a folder that cannot be written, a full disk.
        """
        if self.store is not None and self.store.all():
            self._make_room(self.store)
        self.save(state)

    def _make_room(self, store: Store) -> None:
        aside = store.folder.with_name(EARLIER)
        with reported(store.folder, "the checkpoints of an earlier fit cannot be moved aside"):
            shutil.rmtree(aside, ignore_errors=True)
            store.folder.rename(aside)
        self.say(f"the checkpoints of an earlier fit in this folder are now in {aside}")

    def _snapshot(self, state: State) -> Snapshot:
        tensors, rest = state.stored()
        device = state.here.theta.device
        tensors |= prefixed("random", random_state(device))
        return Snapshot(tensors, {"state": rest, "settings": _present(device)}, self.identity)

    def _given_up(self, error: OutputError, state: State) -> OutputError:
        if self.newest is None:
            return error
        reached = f"the fit stops at step {state.total}, with a best value of {float(state.best_value.min()):.3e}"
        mend = f"{error.mend}; then go on with --resume from the last good checkpoint, {self.newest}"
        return OutputError(f"{error.message}; {reached}", mend=mend, file=error.file)


def _present(device: torch.device) -> dict[str, str]:
    return {"device": device.type, "threads": str(torch.get_num_threads()), "torch": torch.__version__}


def _settings(found: Mapping[str, str], present: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(name, found[name], here) for name, here in present.items() if found.get(name, here) != here]
