"""`holosym fit` as a user meets it: files, numbers, messages, exit codes, and going on after an interruption."""

import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "experiments"
OSCILLATOR = ROOT / "generated" / "damped_oscillator"

TEXT = """\
title = "Damped oscillator"
model = "damped_oscillator"
way = "reduced"

[interval]
start = 0.0
stop = 1.0
conditions = { "x(0)" = 1.0, "x'(0)" = 0.0 }

[couplings]
V = { polynomial = [0, 1] }

[unknown.delta]
start = 2.0
positive = true

[unknown.omega0]
start = 18.0
positive = true

[[data]]
file = "x.csv"
against = "t"
observables = { x = "x" }
"""


@pytest.fixture
def experiment(tmp_path):
    """Writes an experiment with changes (old, new) of its text, beside the clean data, on the committed package."""
    shutil.copy(EXPERIMENTS / "data" / "oscillator_clean.csv", tmp_path / "x.csv")

    def write(*changes):
        text = TEXT.replace('"damped_oscillator"', f'"{OSCILLATOR}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "oscillator.toml"
        path.write_text(text)
        return path

    return write


def test_parameters_from_clean_data(holosym, experiment, tmp_path):
    out = tmp_path / "run"
    result = holosym("fit", experiment(), "--out", out, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["parameters"]["delta"]["value"] == pytest.approx(1.0, abs=1e-8)
    assert found["parameters"]["omega0"]["value"] == pytest.approx(20.0, abs=1e-8)
    assert json.loads((out / "result.json").read_text()) == found
    names = {path.name for path in out.iterdir()}
    assert {"index.html", "fields.nc", "data.png", "residuals.png", "losses.png", "checkpoints"} <= names


def test_a_recovered_function_is_written_and_loaded_again(holosym, experiment, tmp_path):
    from holosym.fit.coupling_file import load_coupling

    changes = (
        ("stop = 1.0\n", "stop = 1.0\nnodes = 96\ntolerance = 3e-3\n"),
        ("[couplings]\nV = { polynomial = [0, 1] }\n", "[fixed]\ndelta = 1.0\nomega0 = 20.0\n"),
        (
            "[unknown.delta]\nstart = 2.0\npositive = true\n\n[unknown.omega0]\nstart = 18.0\npositive = true\n",
            '[unknown.V]\nrange = [-1.05, 1.05]\nansatz = { kind = "chebyshev", coefficients = 4 }\n'
            "guess = { polynomial = [0, 0.95] }\ntrue = { polynomial = [0, 1] }\n",
        ),
    )
    out = tmp_path / "run"
    result = holosym("fit", experiment(*changes), "--out", out)
    assert result.exit_code == 0, result.output
    assert json.loads((out / "result.json").read_text())["functions"]["V"]["relative_error"] < 1e-6
    rows = (out / "V.csv").read_text().splitlines()
    assert rows[0].startswith("x,V,V_error,V_true")
    coupling = load_coupling(out / "V.json")
    last = [float(cell) for cell in rows[-1].split(",")]
    import torch

    value = coupling.jet([torch.tensor([last[0]], dtype=torch.float64)], [(0,)])[0]
    assert float(value) == pytest.approx(last[1], rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("start = 2.0", "strat = 2.0")], "did you mean 'start'"),
        ([("[unknown.delta]", "[unknown.detla]")], "did you mean 'delta'"),
        ([("V = { polynomial = [0, 1] }", "")], "leaves V open"),
        ([('against = "t"', 'against = "time"')], "against 'time', and the variable of damped_oscillator is t"),
        ([('{ x = "x" }', '{ position = "x" }')], "no column 'position'"),
        ([('{ x = "x" }', '{ x = "y" }')], "no profile of damped_oscillator"),
        ([("stop = 1.0", "stop = 0.5")], "the data reach from"),
        ([('"x(0)" = 1.0', '"x(1/2)" = 1.0')], "cannot be read"),
        ([('"x(0)" = 1.0', '"x(0.5)" = 1.0')], "no end of the interval"),
        ([("[interval]", "[states]\n[interval]")], "not both"),
        ([("start = 2.0", "start = -2.0")], "shall be positive"),
        ([("V = { polynomial = [0, 1] }", "V = { polynomial = [0, 0] }")], "nothing constrains omega0"),
        ([(', "x\'(0)" = 0.0', "")], "conditions: 1 given, and 2 needed"),
        ([('title = "Damped oscillator"', 'title = "Damped oscillator"\ndevice = "tpu"')], "device"),
        ([('title = "Damped oscillator"', 'title = "Damped oscillator"\ndevice = "mps"')], "not supported"),
    ],
)
def test_what_cannot_be_fitted_is_said(holosym, experiment, tmp_path, changes, said):
    result = holosym("fit", experiment(*changes), "--out", tmp_path / "run")
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("data.7.file=x.csv", "asks for entry 7 of a list of"),
        ("sneed=3", "did you mean 'seed"),
        ("seeds=many", "seeds"),
        ("exact.parameters={delta=1.0}", "has no value of"),
        ("exact.parameters={delta=1.0, omega0=20.0, c_1=1.0, c_2=0.05, mass=1.0}", "has no parameter mass"),
        ("device=quantum", "device"),
    ],
)
def test_a_setting_that_cannot_be_meant(holosym, tmp_path, setting, said):
    result = holosym("fit", EXPERIMENTS / "oscillator_pinn.toml", "--out", tmp_path / "run", "--set", setting)
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Traceback" not in result.output


def test_an_unknown_whose_range_the_motion_does_not_reach(holosym, experiment, tmp_path):
    elsewhere = '[unknown.V]\nrange = [3.0, 4.0]\nansatz = { kind = "chebyshev", coefficients = 4 }\n'
    changes = [
        ("[couplings]\nV = { polynomial = [0, 1] }\n", "[fixed]\ndelta = 1.0\nomega0 = 20.0\n"),
        ("[unknown.delta]\nstart = 2.0\npositive = true\n\n", elsewhere),
        ("[unknown.omega0]\nstart = 18.0\npositive = true\n", "guess = { polynomial = [0, 0.9] }\n"),
    ]
    result = holosym("fit", experiment(*changes), "--out", tmp_path / "run")
    assert result.exit_code == 2, result.output
    assert "do not probe the range of V, [3, 4]" in result.output


def test_resuming_what_is_done_changes_nothing(holosym, experiment, tmp_path):
    out = tmp_path / "run"
    assert holosym("fit", experiment(), "--out", out).exit_code == 0
    before = (out / "result.json").read_bytes()
    assert holosym("fit", experiment(), "--out", out, "--resume").exit_code == 0
    assert (out / "result.json").read_bytes() == before


def test_a_folder_that_cannot_be(holosym, experiment, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result = holosym("fit", experiment(), "--out", tmp_path / "file" / "run")
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
