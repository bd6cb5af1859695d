"""Checkpoints on disk: what is damaged is passed over or named, what cannot be written is one message."""

import errno
import json
import os

import pytest
import torch
from least_squares import Lines, start

from holosym.errors import CheckpointError, OutputError
from holosym.fit import checkpoint
from holosym.fit.checkpoint import Store
from holosym.fit.saving import CHECKPOINTS
from holosym.fit.snapshot import FORMAT, REST, TENSORS, Snapshot
from holosym.fit.stopping import Stage
from holosym.fit.trainer import train
from holosym.optimise.adam import Adam

IDENTITY = {"model": "a" * 64, "experiment": "b" * 64}


def snapshot(value, **identity):
    tensors = {
        "value": torch.tensor([value, float("nan"), -0.0, 1 / 3], dtype=torch.float64),
        "none": torch.zeros(0, 3),
        "flag": torch.tensor(True),
        "view": torch.zeros(1).expand(4),
    }
    return Snapshot(tensors, {"step": int(value), "infinite": float("inf")}, IDENTITY | identity)


@pytest.fixture
def store(tmp_path):
    """Three checkpoints written, of which the last two are kept."""
    found = Store(tmp_path / CHECKPOINTS)
    for value in (1.0, 2.0, 3.0):
        found.write(snapshot(value))
    return found


def reopened(store):
    return Store(store.folder)


def test_what_is_read_is_what_was_written(store):
    found = reopened(store).read(IDENTITY)
    for name, value in snapshot(3.0).tensors.items():
        assert found.tensors[name].dtype == value.dtype
        torch.testing.assert_close(found.tensors[name], value, rtol=0, atol=0, equal_nan=True)
    assert found.tensors["value"][2].signbit()
    assert found.rest == {"step": 3, "infinite": float("inf")}


def test_the_last_two_are_kept(store):
    assert [path.name for path in store.all()] == ["000002", "000003"]
    assert sorted(path.name for path in store.all()[0].iterdir()) == [REST, TENSORS]


def test_nothing_is_pickled(store):
    (path,) = store.all()[-1:]
    json.loads((path / REST).read_text())
    content = (path / TENSORS).read_bytes()
    length = int.from_bytes(content[:8], "little")
    assert set(json.loads(content[8 : 8 + length])) >= {"value", "none", "flag", "view"}


def test_no_checkpoint_at_all(tmp_path):
    assert Store(tmp_path / "nowhere").read(IDENTITY) is None


def truncate(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip(path):
    content = bytearray(path.read_bytes())
    content[2 * len(content) // 3] ^= 1
    path.write_bytes(bytes(content))


DAMAGES = {
    "truncated": truncate,
    "one bit": flip,
    "empty": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "zeros": lambda path: path.write_bytes(bytes(200)),
    "a list": lambda path: path.write_text("[1, 2]"),
}


@pytest.mark.parametrize("file", [TENSORS, REST])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_is_passed_over(store, damage, file):
    damage(store.all()[-1] / file)
    again = reopened(store)
    assert again.read(IDENTITY).rest["step"] == 2
    (remark,) = again.remarks
    assert "000003 is damaged" in remark
    # The next one gets a number of its own, and the damaged one goes before a whole one does.
    again.write(snapshot(4.0))
    assert [path.name for path in again.all()] == ["000002", "000004"]


def test_all_damaged(store):
    for path in store.all():
        truncate(path / TENSORS)
    with pytest.raises(CheckpointError, match="no checkpoint of this fit is whole"):
        reopened(store).read(IDENTITY)


@pytest.mark.parametrize("name", ["model", "experiment"])
def test_of_another_fit(store, name):
    with pytest.raises(CheckpointError) as error:
        reopened(store).read(IDENTITY | {name: "c" * 64})
    assert f"belongs to another fit: its {name} is {IDENTITY[name][:12]}, here it is cccccccccccc" in str(error.value)
    assert "\n  mend: " in str(error.value)


def test_of_another_format(store, monkeypatch):
    monkeypatch.setattr("holosym.fit.snapshot.FORMAT", FORMAT + 1)
    said = f"has format {FORMAT}, and this version of holosym reads format {FORMAT + 1}"
    with pytest.raises(CheckpointError, match=said):
        reopened(store).read(IDENTITY)


def test_what_was_left_unfinished_is_removed(store):
    (store.folder / ".unfinished-abc").mkdir()
    (store.folder / ".unfinished-abc" / TENSORS).write_bytes(b"half")
    store.write(snapshot(4.0))
    assert [path.name for path in sorted(store.folder.iterdir())] == ["000003", "000004"]


def test_a_failed_write_leaves_all_as_it_was(store, monkeypatch):
    def full(path, content):
        path.write_bytes(content[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(checkpoint, "write_through", full)
    with pytest.raises(OutputError, match="No space left on device"):
        store.write(snapshot(4.0))
    assert [path.name for path in sorted(store.folder.iterdir())] == ["000002", "000003"]
    assert reopened(store).read(IDENTITY).rest["step"] == 3


# Fits that meet a disk like that.


def fit(folder, progress=None, **settings):
    stages = [Stage(Adam(), steps=20, name="adam")]
    return train(
        Lines(), stages, weights={"data": 1.0}, folder=folder, checkpoint_every=0, progress=progress,
        **({"theta": start()} | settings),
    )  # fmt: skip


def failing(monkeypatch, begin, times):
    """Writing fails from one file on, some times; returns how often it was asked."""
    write, asked = checkpoint.write_through, []

    def sometimes(path, content):
        asked.append(path)
        if begin <= len(asked) < begin + times:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr(checkpoint, "write_through", sometimes)
    return asked


def test_one_failure_is_tried_again(tmp_path, monkeypatch):
    failing(monkeypatch, begin=9, times=1)
    assert not fit(tmp_path).interrupted


def test_a_full_disk_ends_the_fit_and_names_the_last_good_checkpoint(tmp_path, monkeypatch):
    failing(monkeypatch, begin=9, times=1000)
    with pytest.raises(OutputError) as error:
        fit(tmp_path)
    text = str(error.value)
    assert "No space left on device" in text
    assert "the fit stops at step 4" in text
    good = tmp_path / CHECKPOINTS / "000004"
    assert f"--resume from the last good checkpoint, {good}" in text
    monkeypatch.undo()
    resumed = fit(tmp_path, resume=True)
    assert torch.equal(resumed.last, fit(None).last)


def test_a_disk_that_is_full_at_the_start(tmp_path, monkeypatch):
    asked = failing(monkeypatch, begin=1, times=1000)
    with pytest.raises(OutputError, match="make room on the disk"):
        fit(tmp_path)
    assert len(asked) == 2


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_folder_that_cannot_be(tmp_path, below):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="a checkpoint cannot be written") as error:
        fit(tmp_path / "file" / below)
    assert "\n  mend: choose another folder" in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"theta": start(3)}, "its number of seeds is 2, here it is 3"),
        ({"theta": start().float()}, "its precision is torch.float64, here it is torch.float32"),
        ({"identity": {"model": "d" * 64}}, "its model is none, here it is dddddddddddd"),
    ],
)
def test_a_fit_of_another_kind_is_not_resumed(tmp_path, change, message):
    fit(tmp_path)
    with pytest.raises(CheckpointError, match=message):
        fit(tmp_path, resume=True, **change)


def test_a_damaged_checkpoint_is_reported_and_the_result_is_the_same(tmp_path):
    whole = fit(tmp_path)
    flip(Store(tmp_path / CHECKPOINTS).all()[-1] / TENSORS)
    said = []

    class Heard:
        def due(self):
            return False

        def show(self, look):
            pass

        def say(self, message):
            said.append(message)

        def close(self):
            pass

    again = fit(tmp_path, resume=True, progress=Heard())
    assert any("is damaged" in message for message in said)
    assert torch.equal(again.last, whole.last)
