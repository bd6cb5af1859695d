"""`holosym compile`: what is written, what is left alone, and what has drifted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from samples import BRANE, snapshot


def test_a_package_is_written_and_then_left_alone(holosym: Any, tmp_path: Path) -> None:
    assert holosym("compile", "btz", "rn_ads4").stdout.split() == ["generated/btz", "generated/rn_ads4"]
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    assert "(unchanged)" in holosym("compile", "btz", "rn_ads4").stdout
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before
    manifest = json.loads((tmp_path / "generated/btz/manifest.json").read_text())
    assert manifest["generator"] == "holosym"
    assert set(manifest["files"]) == set(snapshot(tmp_path / "generated/btz"))


def test_check_shows_what_has_drifted(holosym: Any, tmp_path: Path) -> None:
    holosym("compile", "btz", "--out", "made")
    assert holosym("compile", "btz", "--out", "made", "--check").exit_code == 0
    package = tmp_path / "made/btz"
    equations = (package / "equations.py").read_text()
    (package / "equations.py").write_text(equations.replace("import torch", "import troch"))
    (package / "couplings.py").unlink()
    (package / "notes.txt").write_text("mine\n")
    before = snapshot(tmp_path)
    result = holosym("compile", "btz", "--out", "made", "--check")
    assert result.exit_code == 1
    for line in ("-import troch", "+import torch", "--- /dev/null", "-mine", "made/btz/notes.txt (on disk)"):
        assert line in result.stdout.splitlines() or line in result.stdout
    assert "+++ made/btz/couplings.py (as compiled)" in result.stdout
    assert snapshot(tmp_path) == before


def test_a_difference_of_line_ends_is_drift(holosym: Any, tmp_path: Path) -> None:
    holosym("compile", "btz")
    file = tmp_path / "generated/btz/equations.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert holosym("compile", "btz", "--check").exit_code == 1


def test_check_of_the_gallery_misses_and_finds_packages(holosym: Any, tmp_path: Path) -> None:
    assert holosym("compile").exit_code == 0
    (tmp_path / "mine.py").write_text(BRANE)
    holosym("compile", "mine.py")
    (tmp_path / "generated/btz").rename(tmp_path / "elsewhere")
    result = holosym("compile", "--check")
    assert result.exit_code == 1
    packages = [line for line in result.stdout.splitlines() if line.startswith("+++")]
    assert packages == ["+++ generated/btz", "+++ generated/brane"], "nothing else differs"
    assert "+++ generated/brane\n@@ no model makes this package @@" in result.stdout
    assert "+++ generated/btz\n@@ the package is missing @@" in result.stdout


def test_two_models_of_one_name(holosym: Any, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(BRANE)
    result = holosym("compile", "a.py", "b.py")
    assert result.exit_code == 2
    assert "b.py:5: error: two models are named 'brane', the other one in a.py:5" in result.stderr
    assert not (tmp_path / "generated").exists()


def test_neither_torch_nor_matplotlib_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from holosym.cli import main\n"
        "for command in (['compile', 'btz'], ['check', 'btz'], ['show', 'btz'], ['list'], ['new', 'm']):\n"
        "    main(command, standalone_mode=False)\n"
        "print(sorted({'torch', 'matplotlib', 'scipy'} & set(sys.modules)), file=sys.stderr)\n"
    )
    path = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=path, capture_output=True, text=True)
    assert result.stderr.splitlines()[-1] == "[]"
