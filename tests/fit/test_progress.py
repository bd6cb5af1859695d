"""What a fit shows: a bar on a terminal, lines in a file."""

import io

import pytest
from rich.console import Console

from holosym.fit import progress
from holosym.fit.progress import Bar, Lines, Look, Silent, progress_for


def look(step, number=0, **change):
    values = {
        "stage": "adam", "number": number, "step": step, "steps": 100, "loss": 1.25e-3, "worst": "equation of phi",
        "size": 0.031, "pace": "rate 1.0e-03", "active": 3, "seeds": 4,
    }  # fmt: skip
    return Look(**(values | change))


@pytest.fixture
def clock(monkeypatch):
    """Time stands until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_the_kind_follows_the_place():
    assert isinstance(progress_for(Console(file=io.StringIO())), Lines)
    assert isinstance(progress_for(Console(file=io.StringIO(), force_terminal=True)), Bar)


def test_lines_come_at_the_beginning_then_every_ten_seconds_and_at_the_end(clock):
    file = io.StringIO()
    lines = Lines(Console(file=file, width=40))
    for step in range(101):
        lines.show(look(step, over=step == 100))
        clock[0] += 0.3
    said = file.getvalue().splitlines()
    assert [line.split(":")[0] for line in said] == ["adam 0/100", "adam 34/100", "adam 68/100", "adam 100/100"]
    assert said[0] == "adam 0/100: loss 1.25e-03, equation of phi 3.1e-02, rate 1.0e-03, 3 of 4 seeds"
    assert said[1].endswith("at most 0:20 left")


def test_a_new_stage_gets_its_line_at_once(clock):
    file = io.StringIO()
    lines = Lines(Console(file=file, width=200))
    lines.show(look(0))
    lines.show(look(0, number=1, stage="lm"))
    assert [line[:2] for line in file.getvalue().splitlines()] == ["ad", "lm"]


def test_a_stage_that_ends_early_says_so(clock):
    file = io.StringIO()
    lines = Lines(Console(file=file, width=200))
    lines.show(look(0))
    clock[0] += 1
    lines.show(look(5, over=True))
    assert "adam 5/100" in file.getvalue()
    assert "left" not in file.getvalue()


def test_text_with_brackets_stays_as_it_is():
    file = io.StringIO()
    for shown in (Lines(Console(file=file, width=80)), Bar(Console(file=file, width=80, force_terminal=True))):
        shown.say("[red] is no colour here")
        shown.close()
    assert file.getvalue().count("[red] is no colour here") == 2


def test_a_bar_on_a_terminal():
    file = io.StringIO()
    bar = Bar(Console(file=file, width=160, force_terminal=True))
    bar.show(look(0))
    assert not bar.due()
    bar.show(look(40))
    bar.show(look(7, number=1, stage="lm", steps=10))
    bar.close()
    text = file.getvalue()
    assert "adam" in text
    assert "40/100" in text
    assert "lm" in text
    assert "equation of phi 3.1e-02" in text


def test_silence(capsys):
    silent = Silent()
    assert not silent.due()
    silent.show(look(0))
    silent.say("nothing")
    silent.close()
    assert capsys.readouterr().out == ""
