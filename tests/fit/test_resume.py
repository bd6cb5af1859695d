"""A fit that is killed and resumed is the fit that was never killed, to the last bit."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import interrupted_fit
import pytest
import torch

from holosym.errors import CheckpointError
from holosym.fit.checkpoint import Store
from holosym.fit.saving import CHECKPOINTS, EARLIER
from holosym.fit.snapshot import read_snapshot
from holosym.fit.state import State

SCRIPT = Path(interrupted_fit.__file__)


def in_a_process(folder, *arguments):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(SCRIPT), str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    return interrupted_fit.in_hex(interrupted_fit.run(tmp_path_factory.mktemp("whole")))


@pytest.mark.parametrize("when", ["call23", "write6", "call70"])
def test_killed_and_resumed(when, tmp_path, uninterrupted):
    """In the first stage, in the middle of a checkpoint, in the second stage."""
    killed = in_a_process(tmp_path, when)
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout == ""
    if when.startswith("write"):
        assert any(path.name.startswith(".") for path in (tmp_path / CHECKPOINTS).iterdir())
    resumed = interrupted_fit.run(tmp_path, resume=True)
    assert interrupted_fit.in_hex(resumed) == uninterrupted
    names = sorted(path.name for path in (tmp_path / CHECKPOINTS).iterdir())
    assert len(names) == 2
    assert all(name.isdigit() for name in names)


class Heard:
    """A progress that remembers, and can send a signal at a step."""

    def __init__(self, at=None, number=signal.SIGINT):
        self.said, self.at, self.number = [], at, number

    def due(self):
        return True

    def show(self, look):
        if self.at == (look.stage, look.step):
            signal.raise_signal(self.number)

    def say(self, message):
        self.said.append(message)

    def close(self):
        self.said.append("closed")


@pytest.mark.parametrize(
    ("number", "at"),
    [(signal.SIGTERM, ("adam", 12)), (signal.SIGINT, ("adam", 40)), (signal.SIGINT, ("lm", 3))],
    ids=["SIGTERM", "SIGINT at the end of a stage", "SIGINT in the second stage"],
)
def test_a_signal_saves_and_the_rest_follows(number, at, tmp_path, uninterrupted):
    before = signal.getsignal(number)
    heard = Heard(at, number)
    stopped = interrupted_fit.run(tmp_path, progress=heard)
    assert stopped.interrupted
    assert stopped.checkpoint is not None
    assert heard.said == ["interrupted: finishing the step and saving; once more to stop at once", "closed"]
    assert signal.getsignal(number) is before
    resumed = interrupted_fit.run(tmp_path, resume=True)
    assert not resumed.interrupted
    assert interrupted_fit.in_hex(resumed) == uninterrupted


def test_forgetting_anything_would_be_seen(tmp_path, uninterrupted, monkeypatch):
    """The comparison above fails where the random state does not come back."""
    assert interrupted_fit.run(tmp_path, progress=Heard(("adam", 12))).interrupted
    monkeypatch.setattr("holosym.fit.saving.restore_random", lambda states, device: None)
    assert interrupted_fit.in_hex(interrupted_fit.run(tmp_path, resume=True)) != uninterrupted


def test_a_second_signal_interrupts_at_once(tmp_path):
    class Impatient(Heard):
        def show(self, look):
            super().show(look)
            super().show(look)

    with pytest.raises(KeyboardInterrupt):
        interrupted_fit.run(tmp_path, progress=Impatient(("adam", 12)))
    assert not interrupted_fit.run(tmp_path, resume=True).interrupted


def test_outside_the_main_thread_a_fit_runs_all_the_same(tmp_path, uninterrupted):
    found = []
    thread = threading.Thread(target=lambda: found.append(interrupted_fit.run(tmp_path)))
    thread.start()
    thread.join()
    assert interrupted_fit.in_hex(found[0]) == uninterrupted


def test_a_complete_fit_has_nothing_left(tmp_path, uninterrupted):
    first = interrupted_fit.run(tmp_path)
    heard = Heard()
    again = interrupted_fit.run(tmp_path, resume=True, progress=heard)
    assert "this fit is complete: nothing is left to do" in heard.said
    assert again.checkpoint == first.checkpoint
    assert interrupted_fit.in_hex(again) == uninterrupted
    assert again.seconds == first.seconds


def test_nothing_to_resume_is_said(tmp_path, uninterrupted):
    heard = Heard()
    found = interrupted_fit.run(tmp_path, resume=True, progress=heard)
    assert heard.said == ["no checkpoint to resume: the fit begins at its start", "closed"]
    assert interrupted_fit.in_hex(found) == uninterrupted


def test_a_new_fit_moves_the_old_checkpoints_aside(tmp_path):
    for _ in range(3):
        heard = Heard(("adam", 12))
        interrupted_fit.run(tmp_path, progress=heard)
    assert any(str(tmp_path / EARLIER) in line for line in heard.said)
    assert sorted(path.name for path in tmp_path.iterdir()) == [CHECKPOINTS, EARLIER]


def test_another_number_of_threads_is_a_warning(tmp_path, monkeypatch):
    interrupted_fit.run(tmp_path, progress=Heard(("adam", 12)))
    heard = Heard()
    monkeypatch.setattr("holosym.fit.saving._present", lambda device: {"device": "cpu", "threads": "7", "torch": "x"})
    assert interrupted_fit.run(tmp_path, resume=True, progress=heard).ended
    assert "the checkpoint was written with threads 1, now it is 7: the last digits may differ" in heard.said


def test_another_version_of_holosym_is_refused(tmp_path, monkeypatch):
    interrupted_fit.run(tmp_path, progress=Heard(("adam", 12)))
    monkeypatch.setattr("holosym.fit.trainer.__version__", "99.0")
    with pytest.raises(CheckpointError, match=r"its version of holosym is .*, here it is 99\.0"):
        interrupted_fit.run(tmp_path, resume=True)


def test_the_state_on_disk_is_all_of_it(tmp_path):
    """What a checkpoint gives back is what was put in, field by field."""
    found = interrupted_fit.run(tmp_path)
    snapshot = read_snapshot(Store(tmp_path / CHECKPOINTS).all()[-1])
    state = State.restored(snapshot.tensors, snapshot.rest["state"], torch.device("cpu"))
    tensors, rest = state.stored()
    assert rest == snapshot.rest["state"]
    kept = {name: value for name, value in snapshot.tensors.items() if not name.startswith("random/")}
    assert tensors.keys() == kept.keys()
    assert all(torch.equal(tensors[name], kept[name]) for name in kept)
    assert torch.equal(state.best.theta, found.best)
