"""Packages on disk: whole or not at all, and never over what holosym did not make."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from samples import snapshot

from holosym.codegen import output
from holosym.errors import OutputError


def package(text: str, *more: str) -> dict[str, str]:
    files = {"__init__.py": text, "sub/part.py": "x = 1\n", **dict.fromkeys(more, "")}
    manifest = {"generator": "holosym", "files": sorted([*files, "manifest.json"])}
    return {**files, "manifest.json": json.dumps(manifest)}


def test_a_package_replaces_its_older_self_files_and_all(tmp_path: Path) -> None:
    assert output.write(package("old\n", "gone.py"), tmp_path / "p")
    assert output.write(package("new\n"), tmp_path / "p")
    assert set(snapshot(tmp_path)) == {"p/__init__.py", "p/sub/part.py", "p/manifest.json"}
    assert not output.write(package("new\n"), tmp_path / "p")
    assert output.packages_in(tmp_path) == ["p"]


def test_caches_are_no_obstacle(tmp_path: Path) -> None:
    output.write(package("old\n"), tmp_path / "p")
    (tmp_path / "p/__pycache__").mkdir()
    (tmp_path / "p/__pycache__/x.pyc").write_bytes(b"\0")
    assert output.drift(package("old\n"), tmp_path / "p") == ""
    assert output.write(package("new\n"), tmp_path / "p")


def foreign(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work")


def foreign_manifest(folder: Path) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_text('{"generator": "another"}')


def broken_manifest(folder: Path) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_text("{")


def a_file(folder: Path) -> None:
    folder.write_text("years of work")


def a_link(folder: Path) -> None:
    output.write(package("old\n"), folder.parent / "elsewhere")
    folder.symlink_to(folder.parent / "elsewhere")


def with_notes(folder: Path) -> None:
    output.write(package("old\n"), folder)
    (folder / "notes.txt").write_text("years of work")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (foreign, "was not made by holosym"),
        (foreign_manifest, "was not made by holosym"),
        (broken_manifest, "was not made by holosym"),
        (a_file, "is a file"),
        (a_link, "is a symbolic link"),
        (with_notes, "files that holosym did not make: notes.txt"),
    ],
)
def test_what_is_not_holosyms_is_never_overwritten(tmp_path: Path, make: Any, message: str) -> None:
    make(tmp_path / "p")
    before = snapshot(tmp_path)
    with pytest.raises(OutputError, match=message) as caught:
        output.write_all({"a": package("a\n"), "p": package("p\n")}, tmp_path)
    assert caught.value.file == str(tmp_path / "p")
    assert caught.value.mend
    assert snapshot(tmp_path) == before


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert output.write(package("p\n"), tmp_path / "p")


@pytest.mark.parametrize("out", ["thesis.tex", "thesis.tex/deeper"])
def test_the_folder_of_packages_is_a_file(tmp_path: Path, out: str) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        output.write(package("p\n"), tmp_path / out / "p")
    assert "a file" in caught.value.mend
    assert snapshot(tmp_path) == {"thesis.tex": b"years of work"}


@pytest.mark.parametrize(
    ("code", "mend"), [(errno.ENOSPC, "make room"), (errno.EDQUOT, "quota"), (errno.EACCES, "writable")]
)
def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, mend: str) -> None:
    output.write(package("old\n"), tmp_path / "p")
    before = snapshot(tmp_path)

    def fail(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OutputError, match=os.strerror(code)) as caught:
        output.write_all({"p": package("new\n"), "q": package("q\n")}, tmp_path)
    assert mend in caught.value.mend
    with pytest.raises(OutputError):
        output.write(package("new\n"), tmp_path / "some" / "where" / "p")
    monkeypatch.undo()
    assert snapshot(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p"]


@pytest.mark.parametrize("count", range(6))
def test_an_interruption_at_any_renaming_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    output.write_all({"a": package("a\n"), "b": package("b\n")}, tmp_path)
    before, rename, left = snapshot(tmp_path), Path.rename, [count]

    def interrupted(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    new = {"a": package("a2\n"), "b": package("b2\n"), "c": package("c\n")}
    if count < 5:
        with pytest.raises(KeyboardInterrupt):
            output.write_all(new, tmp_path)
        assert snapshot(tmp_path) == before
    else:
        assert output.write_all(new, tmp_path) == ["a", "b", "c"]
    assert not list(tmp_path.glob(".*"))
