"""Families of branes for people: which columns, which sentences, which lines of a plot."""

import io
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from holosym.errors import OutputError
from holosym.report import solutions
from holosym.solve.family import Special, solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

RN = Path(__file__).parents[2] / "generated" / "rn_ads4"


@pytest.fixture(scope="module")
def swept():
    """Three charged branes."""
    return solve_family(load(RN), Request({"mu": 1.0}, Sweep.parse("T/mu=0.1:0.4:3:log"), units="mu=1"))


@pytest.fixture(scope="module")
def single():
    """One of them."""
    return solve_family(load(RN), Request({"T": 0.2, "mu": 1.0}))


def two_branches(family):
    """The family and, as if it were another branch, its last two states."""
    (branch,) = family.branches
    points = [[replace(point, dominant=one) for point in branch.points] for one in (False, True)]
    other = replace(branch, label="condensed psi", points=points[1][1:])
    return replace(family, branches=[replace(branch, points=points[0]), other])


def printed(table, width=200):
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text()


def figure(monkeypatch, family):
    drawn = []
    monkeypatch.setattr(solutions, "write_figure", lambda figure, path: drawn.append(figure) or path)
    solutions.plot(family, "p.png")
    return drawn[0]


def test_a_table_begins_with_what_is_swept(swept):
    text = printed(solutions.as_table(swept))
    header = next(line for line in text.splitlines() if "omega" in line)
    assert [word for word in header.split() if word != "┃"][:4] == ["T/mu", "T", "mu", "s"]
    assert "units mu = 1" in text
    assert "branch" not in text
    assert "dominant" not in text
    first = next(line for line in text.splitlines() if line.startswith("│"))
    assert first.strip("│").split("│")[0].strip() == "0.1"
    # s = 4 pi/z^2 with 12 - z^2 = 16 pi z/10
    z = -0.8 * math.pi + math.sqrt(0.64 * math.pi**2 + 12)
    assert f"{4 * math.pi / z**2:.9g}"[:8] in first


def test_branches_are_told_apart(swept):
    text = printed(solutions.as_table(two_branches(swept)))
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines() if line[:1] == "│"]
    assert [(row[0], row[-1]) for row in rows] == [("normal", "no")] * 3 + [("condensed psi", "yes")] * 2


def test_rounding_is_shown_as_zero_and_absence_as_nothing(swept):
    (branch,) = swept.branches
    point = replace(branch.points[0], values={**branch.points[0].values, "s": 1e-17, "rho": math.nan})
    text = printed(solutions.as_table(replace(swept, branches=[replace(branch, points=[point])])))
    header, row = (next(line for line in text.splitlines() if line[:1] == mark) for mark in "┃│")
    cells = dict(zip((c.strip() for c in header.split("┃")), (c.strip() for c in row.split("│")), strict=True))
    assert (cells["s"], cells["rho"]) == ("0", "")


def test_sentences_have_special_places_and_the_first_law(swept):
    family = replace(swept, special=[Special("fold", "T", 0.2, "turning point of the normal branch at T = 0.2")])
    turning, law, residual = solutions.sentences(family)
    assert turning == "turning point of the normal branch at T = 0.2"
    assert law.startswith("first law: d epsilon = T ds + mu d rho holds to")
    assert residual.startswith("largest residual: ")
    assert len(solutions.sentences(replace(family, first_law=math.nan))) == 2


def test_a_sweep_is_drawn_against_what_is_swept(monkeypatch, swept):
    drawn = figure(monkeypatch, swept)
    axes = [one for one in drawn.axes if one.get_visible()]
    assert {one.get_xscale() for one in axes} == {"log"}
    assert {one.get_xlabel() for one in axes} == {r"$T$ / $\mu$"}
    (entropy,) = (one for one in axes if one.get_ylabel() == "$s$")
    (line,) = entropy.lines
    points = swept.branches[0].points
    assert line.get_xdata().tolist() == [point.swept for point in points]
    assert line.get_ydata().tolist() == [point.values["s"] for point in points]


def test_what_does_not_dominate_is_dashed(monkeypatch, swept):
    drawn = figure(monkeypatch, two_branches(swept))
    (entropy,) = (one for one in drawn.axes if one.get_ylabel() == "$s$")
    lost, dashed, winning = entropy.lines
    assert all(math.isnan(value) for value in lost.get_ydata())
    assert (dashed.get_linestyle(), winning.get_linestyle()) == ("--", "-")
    assert len(winning.get_xdata()) == 2
    labels = [text.get_text() for text in drawn.axes[0].get_legend().get_texts()]
    assert labels == ["normal", "condensed psi"]


def test_one_state_is_drawn_as_its_fields(monkeypatch, single):
    (axes,) = figure(monkeypatch, single).axes
    labels = [line.get_label() for line in axes.lines]
    assert labels == ["$A_{t}$", "$f$"]
    f = axes.lines[labels.index("$f$")]
    assert f.get_xdata()[[0, -1]].tolist() == [0, 1]
    assert f.get_ydata()[[0, -1]].tolist() == pytest.approx([1, 0], abs=1e-12)
    assert axes.get_xlabel() == "$z/z_h$"


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_a_file_of_each_kind(tmp_path, single, kind):
    path = solutions.plot(single, tmp_path / f"p.{kind}")
    assert path.read_bytes().lstrip()[:5] in (b"\x89PNG\r", b"%PDF-", b"<?xml")
    assert [one.name for one in tmp_path.iterdir()] == [f"p.{kind}"]


def test_other_kinds_are_refused(tmp_path, single):
    with pytest.raises(OutputError, match=r"cannot be a file \.txt"):
        solutions.plot(single, tmp_path / "p.txt")
