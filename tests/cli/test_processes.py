"""Signals, pipes and patience: what needs a process of its own."""

import io
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from samples import BRANE, snapshot

from holosym.report import progress

SLOW = """
import sys, time
print("it has begun", file=sys.stderr, flush=True)
time.sleep(60)
"""


def unhurried(error: str) -> str:
    """What a process says, without the stages that a busy machine made long."""
    return "".join(line for line in error.splitlines(keepends=True) if not line.startswith("holosym: "))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_generated_untouched(
    holosym: Any, start: Any, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "brane.py").write_text(BRANE)
    assert holosym("compile", "brane.py").exit_code == 0
    (tmp_path / "brane.py").write_text(BRANE.replace("R + 6", "R + 12"))
    (tmp_path / "slow.py").write_text(BRANE.replace('"brane"', '"slow"') + SLOW)
    before = snapshot(tmp_path)
    with start("compile", "brane.py", "slow.py") as process:
        while process.stderr.readline() not in ("it has begun\n", ""):
            pass
        process.send_signal(number)
        out, error = process.communicate(timeout=30)
    assert process.returncode == code
    assert out == ""
    assert unhurried(error) == "interrupted, nothing was written\n"
    assert snapshot(tmp_path) == before
    assert not list((tmp_path / "generated").glob(".*"))


def test_a_reader_that_goes_away_is_no_error(start: Any) -> None:
    with start("show", "gubser_rocha") as process:
        process.stdout.close()
        error = process.stderr.read()
    assert process.returncode == 141
    assert unhurried(error) == ""


def test_long_stages_are_named_on_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with progress.StageReporter(patience=0.05) as report:
        report("loading", "quick")
        report("deriving the equations of", "slow")
        deadline = time.monotonic() + 5
        while "\n" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        report("loading", "last")
    time.sleep(0.1)
    assert stream.getvalue() == "holosym: deriving the equations of slow ...\n"


def test_on_a_terminal_the_stage_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress.StageReporter() as report:
        report("deriving the equations of", "brane")
        time.sleep(0.2)
    assert "brane" in stream.getvalue()
