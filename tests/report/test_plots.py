"""Plots: names are typeset, and a file is whole or not there."""

import pytest
import torch

from holosym.errors import OutputError
from holosym.report import plots
from holosym.report.plots import COLOURS, FieldPlot, mathtext, plot_fields

X = torch.linspace(0, 1, 11, dtype=torch.float64)
DOTS = X[::5]


def fields(count=1):
    return [FieldPlot(f"f_{i}", X + i, DOTS + i, torch.zeros_like(DOTS)) for i in range(count)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f", "$f$"),
        ("phi", r"$\phi$"),
        ("A_t", "$A_{t}$"),
        ("h_tx", r"$h_{\mathrm{tx}}$"),
        ("psi_x_mu", r"$\psi_{x \mu}$"),
        ("chill", r"$\mathrm{chill}$"),
    ],
)
def test_names_are_typeset(name, expected):
    assert mathtext(name) == expected


def test_a_plot_is_a_png_and_leaves_nothing_else(tmp_path):
    path = plot_fields(tmp_path / "new" / "p.png", fields(), X, DOTS, coordinate="z", title=r"$\mu = 1$")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in path.parent.iterdir()] == ["p.png"]


def test_every_field_is_drawn_even_with_more_fields_than_colours(monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr(plots, "write_figure", lambda figure, path: drawn.append(figure) or path)
    count = len(COLOURS) + 2
    plot_fields(tmp_path / "p.png", fields(count), X, DOTS, coordinate="z", title="")
    upper, lower = drawn[0].axes
    assert (len(upper.lines), len(lower.lines)) == (2 * count, count)
    assert upper.lines[2].get_ydata().tolist() == (X + 1).tolist()
    assert upper.lines[3].get_ydata().tolist() == (DOTS + 1).tolist()


def test_a_failure_keeps_the_old_plot_and_no_rest(monkeypatch, tmp_path):
    path = plot_fields(tmp_path / "p.png", fields(), X, DOTS, coordinate="z", title="")
    before = path.read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OutputError, match="the plot cannot be written: No space left on device"):
        plot_fields(path, fields(2), X, DOTS, coordinate="z", title="")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["p.png"]


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="the plot cannot be written") as caught:
        plot_fields(tmp_path / "taken" / "p.png", fields(), X, DOTS, coordinate="z", title="")
    assert caught.value.file == str(tmp_path / "taken" / "p.png")
