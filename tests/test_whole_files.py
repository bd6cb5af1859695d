"""Files are whole, or as they were; what the system refuses has a message with the file and a mend."""

import errno
import os
import stat
import tempfile

import pytest

from holosym.errors import OutputError
from holosym.whole_files import flush_folder, reported, write_text, write_through, write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def failing(code):
    def fail(*_, **__):
        raise OSError(code, "what a library says, at length")

    return fail


def test_a_file_is_whole_and_readable_by_all(tmp_path):
    path = write_text(tmp_path / "a" / "b" / "V.csv", "phi\n")
    assert write_text(str(path), "phi,V\nφ,1\r\n") == path
    assert path.read_bytes() == "phi,V\nφ,1\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert names(path.parent) == ["V.csv"]


def test_it_is_written_beside_its_place_with_its_suffix(tmp_path):
    path = write_text(tmp_path / "V.nc", "old")
    seen = []

    def write(temporary):
        seen.append(temporary)
        assert path.read_text() == "old"
        temporary.write_text("new")

    write_whole(path, write)
    (temporary,) = seen
    assert (temporary.parent, temporary.suffix, temporary.name[0]) == (tmp_path, ".nc", ".")
    assert path.read_text() == "new"


@pytest.mark.parametrize("where", ["write", "flush", "move"])
@pytest.mark.parametrize("old", [None, "old"])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, where, old):
    path = tmp_path / "V.csv"
    if old is not None:
        write_text(path, old)

    def write(temporary):
        temporary.write_text("ne")
        if where == "write":
            failing(errno.ENOSPC)()

    if where != "write":
        monkeypatch.setattr(os, "fsync" if where == "flush" else "replace", failing(errno.ENOSPC))
    with pytest.raises(OutputError) as caught:
        write_whole(path, write, "the plot cannot be written")
    assert caught.value.message == "the plot cannot be written: No space left on device"
    assert caught.value.file == str(path)
    assert caught.value.mend == "make room on the disk, or choose another folder with --out"
    assert names(tmp_path) == ([] if old is None else ["V.csv"])
    assert old is None or path.read_text() == old


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_interrupted_leaves_nothing_and_keeps_its_error(tmp_path, error):
    path = write_text(tmp_path / "V.csv", "old")

    def write(temporary):
        temporary.write_text("ne")
        raise error

    with pytest.raises(error):
        write_whole(path, write)
    assert (path.read_text(), names(tmp_path)) == ("old", ["V.csv"])


@pytest.mark.parametrize("below", ["V.csv", "deeper/V.csv"])
def test_a_file_in_the_way_of_the_folder(tmp_path, below):
    (tmp_path / "file").write_text("years of work")
    with pytest.raises(OutputError, match="cannot be written: ") as caught:
        write_text(tmp_path / "file" / below, "new")
    assert caught.value.file == str(tmp_path / "file" / below)
    assert "choose another folder with --out: " in caught.value.mend
    assert (tmp_path / "file").read_text() == "years of work"


def test_a_folder_in_the_way_of_the_file(tmp_path):
    (tmp_path / "V.csv").mkdir()
    with pytest.raises(OutputError, match="cannot be written: Is a directory"):
        write_text(tmp_path / "V.csv", "new")
    assert names(tmp_path) == ["V.csv"]


@pytest.mark.parametrize(
    ("code", "mend"), [(errno.EDQUOT, "quota"), (errno.EACCES, "make the folder writable"), (errno.EROFS, "writable")]
)
def test_what_else_the_system_refuses(tmp_path, monkeypatch, code, mend):
    monkeypatch.setattr(tempfile, "mkstemp", failing(code))
    with pytest.raises(OutputError, match=os.strerror(code)) as caught:
        write_text(tmp_path / "V.csv", "new")
    assert mend in caught.value.mend
    assert names(tmp_path) == []


def test_an_error_without_a_number_says_what_it_is(tmp_path):
    with pytest.raises(OutputError) as caught, reported(tmp_path, "the folder cannot be read", "nothing is lost"):
        raise OSError("a file of another kind")
    assert caught.value.message == "the folder cannot be read: a file of another kind; nothing is lost"


def test_content_and_names_reach_the_disk(tmp_path, monkeypatch):
    flushed = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (flushed.append(handle), fsync(handle)))
    write_through(tmp_path / "state", b"1234")
    flush_folder(tmp_path)
    assert (tmp_path / "state").read_bytes() == b"1234"
    assert len(flushed) == (2 if os.name == "posix" else 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_device_is_noticed(tmp_path):
    """The disk says that it is full when the cache is flushed, not when it is filled."""
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as error:
        write_through(tmp_path / "full", b"1234")
    assert error.value.errno == errno.ENOSPC
