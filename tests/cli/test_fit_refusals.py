"""What `holosym fit` cannot do, as a user is told: one message with its mend, an exit code, and never a traceback."""

import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import torch

from holosym.fit import checkpoint, snapshot

ROOT = Path(__file__).parents[2]
CLEAN = ROOT / "experiments" / "oscillator_inverse_clean.toml"
OSCILLATOR = ROOT / "generated" / "damped_oscillator"
SHORT = 'stages=[{optimiser="lm", steps=2}]'


@pytest.fixture
def fit(holosym):
    """Two steps of a fit without noise, on the committed package; a setting may be put over it."""

    def run(*arguments, model=OSCILLATOR):
        settings = [part for one in (f'model="{model}"', SHORT) for part in ("--set", one)]
        return holosym("fit", CLEAN, "--out", "run", *settings, *arguments)

    return run


def refused(result, *said, code=2):
    """It ended in one message with a mend."""
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert result.output.count("error: ") == 1
    assert result.output.count("\n  mend: ") == 1
    for part in said:
        assert part in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("sneeds=3", ("there is no key 'sneeds'", "did you mean 'seeds'?")),
        ("unknown.delta.strat=2", ("there is no key 'unknown.delta.strat'", "did you mean 'start'?")),
        ("data.0.nonsense=2", ("there is no key 'data.0.nonsense'", "the keys here are file, against")),
        ("seeds=many", ("valid integer", "(it is 'many')", "give a whole number")),
        ("seeds=0", ("greater than or equal to 1 (it is 0)", "in that range")),
        ("stop.validation=2", ("less than 1 (it is 2)", "in that range")),
        ("unknown.delta.start=nan", ("finite number", "give a number")),
        ("stop=1", ("valid dictionary", "write a table")),
        ("stages=3", ("stages", "write a list")),
        ("threads=100000", ("less than or equal to 1024 (it is 100000)", "in that range")),
        ("seed=99999999999999999999999", ("seed", "in that range")),
        ("interval.nodes=1e9", ("less than or equal to 2000", "in that range")),
        ("loss.points=1e12", ("less than or equal to", "in that range")),
        ("fields.coefficients=1e9", ("less than or equal to", "in that range")),
        ("fields.widths=[1000000000]", ("less than or equal to", "in that range")),
        ("seeds=1e9", ("less than or equal to", "in that range")),
        ("loss.weights=heavy", ("'fixed' or 'balanced'", "choose one of these")),
    ],
)
def test_a_setting_says_that_it_is_the_setting(fit, setting, said):
    result = fit("--set", setting)
    refused(result, f"--set {setting}: ", *said)
    assert ".toml" not in result.output


@pytest.mark.parametrize("setting", ["seeds", "seeds=", "=3", "title.x=3", "data.5.file=x.csv"])
def test_a_setting_that_leads_nowhere(fit, setting):
    refused(fit("--set", setting), f"the setting '{setting}'")


@pytest.mark.parametrize(
    ("device", "said"),
    [("quantum", "there is no device 'quantum'"), ("mps", "'mps' is not supported"), ("cuda", "no CUDA device")],
)
def test_a_device_that_is_not_there(fit, monkeypatch, device, said):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    refused(fit("--device", device), said)


def test_a_card_too_many(fit, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    refused(fit("--device", "cuda:2"), "there is no cuda:2: torch finds 2")


def test_a_device_of_the_file_has_its_line(holosym, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(f'device = "quantum"\n{CLEAN.read_text()}')
    refused(holosym("fit", path), "mine.toml:1: error: there is no device 'quantum'")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("start = 2.0", "start = -2.0", 15, "delta shall be positive, and starts at -2"),
        ("start = 2.0", "", 14, "the parameter delta has no start"),
        ("start = 2.0", "start = 2.0\nrange = [0, 1]", 16, "delta is a parameter, and 'range' is for a coupling"),
        ("true = 1.0", "true = { polynomial = [1] }", 17, "its true value is not"),
        ("[unknown.omega0]", "[unknown.omega]", 19, "nothing of that name"),
        ('"x\'(0)" = 0.0', '"x\'(2)" = 0.0', 9, "a condition stands at 2"),
        (', "x\'(0)" = 0.0', "", 9, "conditions: 1 given, and 2 needed"),
        ('"x\'(0)"', '"x(1/2)"', 9, "the condition 'x(1/2)' cannot be read"),
        ("[0, 1]", "[0, 0]", 19, "nothing constrains omega0"),
    ],
)
def test_what_does_not_fit_together_has_its_line(holosym, tmp_path, old, new, line, said):
    text = CLEAN.read_text()
    assert old in text
    shutil.copytree(CLEAN.parent / "data", tmp_path / "data")
    text = text.replace('"damped_oscillator"', f'"{OSCILLATOR}"').replace(old, new, 1)
    (tmp_path / "mine.toml").write_text(text)
    refused(holosym("fit", "mine.toml"), f"mine.toml:{line}: error: ", said)


def test_data_with_errors_and_no_guard(holosym, tmp_path):
    text = (ROOT / "experiments" / "oscillator_inverse.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("validation = 0.1", ""))
    refused(holosym("fit", path), "fitted down to their noise", "give [stop] validation = 0.2")


def test_a_line_of_the_data(holosym, tmp_path):
    """Below comments, and for rows that the interval does not reach."""
    (tmp_path / "data").mkdir()
    (tmp_path / "mine.toml").write_text(CLEAN.read_text().replace('"damped_oscillator"', f'"{OSCILLATOR}"'))
    points = tmp_path / "data" / "oscillator_clean.csv"
    points.write_text("# one\n# two\nt,x\n0.0,1.0\n# three\n0.5,0.1\n1.5,0.0\n")
    said = "oscillator_clean.csv:7: error: column 't': the data reach from 0 to 1.5, and the interval from 0 to 1"
    refused(holosym("fit", "mine.toml"), said)
    points.write_text("# one\n# two\nt,x\n0.0,1.0\n# three\n0.5,high\n")
    refused(holosym("fit", "mine.toml"), "oscillator_clean.csv:6: error: column 'x' has a text: 'high'")


def test_a_checkpoint_of_another_model(fit, tmp_path):
    other = tmp_path / "other" / "damped_oscillator"
    shutil.copytree(OSCILLATOR, other)
    for path in other.glob("*.py"):
        text = path.read_text()
        path.write_text(text.replace(_hash(), "0" * 64))
    manifest = other / "manifest.json"
    manifest.write_text(manifest.read_text().replace(_hash(), "0" * 64))
    assert fit().exit_code == 0
    result = fit("--resume", model=other)
    refused(result, f"belongs to another fit: its model is {_hash()[:12]}, here it is {'0' * 12}", "without --resume")
    assert "its unknown" not in result.output


def _hash():
    from holosym.solve.package import load

    return load(OSCILLATOR).MODEL_HASH


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("unknown.delta.start=2.5", "its unknown.delta.start is 2.0, here it is 2.5"),
        ("interval.nodes=50", "its interval.nodes is 48, here it is 50"),
        ("stages.0.gain=0.1", "its stages.0.gain is 0.0, here it is 0.1"),
        ("data.0.observables={x='x'}", ""),
        ("title=other", ""),
        ("unknown.delta.true=3.0", ""),
    ],
)
def test_what_a_checkpoint_differs_in_is_named(fit, setting, said):
    assert fit().exit_code == 0
    result = fit("--set", setting, "--resume")
    if said:
        refused(result, f"belongs to another fit: {said}\n".strip(), "without --resume")
    else:
        assert result.exit_code == 0, result.output


def test_a_checkpoint_of_other_data(holosym, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "mine.toml").write_text(CLEAN.read_text().replace('"damped_oscillator"', f'"{OSCILLATOR}"'))
    points = tmp_path / "data" / "oscillator_clean.csv"
    text = (CLEAN.parent / "data" / "oscillator_clean.csv").read_text()
    points.write_text(text)
    assert holosym("fit", "mine.toml", "--out", "run", "--set", SHORT).exit_code == 0
    points.write_text(f"# another\n{text}")
    again = holosym("fit", "mine.toml", "--out", "run", "--set", SHORT, "--resume")
    refused(again, "belongs to another fit: its content of data/oscillator_clean.csv is ", "without --resume")


def test_more_steps_for_a_fit_that_is_over(fit, tmp_path):
    """Two steps and then three more are five: the same result, to the last bit."""
    assert fit("--set", "stages.0.steps=5").exit_code == 0
    whole = (tmp_path / "run" / "result.json").read_bytes()
    shutil.rmtree(tmp_path / "run")
    assert fit().exit_code == 0
    assert (tmp_path / "run" / "result.json").read_bytes() != whole
    result = fit("--set", "stages.0.steps=5", "--resume")
    assert result.exit_code == 0
    assert "lm goes on after its 2 steps" in result.output
    assert (tmp_path / "run" / "result.json").read_bytes() == whole
    assert "this fit is complete" in fit("--set", "stages.0.steps=5", "--resume").output


def test_data_against_what_is_no_variable_come_before_their_order(holosym, tmp_path):
    text = CLEAN.read_text().replace('"damped_oscillator"', f'"{OSCILLATOR}"')
    shutil.copytree(CLEAN.parent / "data", tmp_path / "data")
    text = text.replace('against = "t"', 'against = "x"').replace('{ x = "x" }', '{ t = "x" }')
    (tmp_path / "mine.toml").write_text(text)
    said = "the data are against 'x', and the variable of damped_oscillator is t"
    line = text.splitlines().index('against = "x"') + 1
    refused(holosym("fit", "mine.toml"), f"mine.toml:{line}: error: {said}")


def test_more_nodes_than_rounding_bears(fit):
    refused(fit("--set", "interval.nodes=600"), "stands still short of a solution", "fewer [interval] nodes")


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes")]
)
def test_memory_that_runs_out(fit, monkeypatch, error):
    def full(*_arguments, **_settings):
        raise error

    monkeypatch.setattr(sys.modules["holosym.fitting.run"], "train", full)  # the package has a function of that name
    refused(fit(), "there is not enough memory", "fewer points, nodes, seeds or states", code=1)


def test_a_checkpoint_of_another_version(fit, monkeypatch):
    assert fit().exit_code == 0
    written = snapshot.FORMAT
    monkeypatch.setattr(snapshot, "FORMAT", written + 1)
    said = f"has format {written}, and this version of holosym reads format {written + 1}"
    refused(fit("--resume"), said, "without --resume")


def test_checkpoints_that_are_damaged(fit, tmp_path):
    assert fit().exit_code == 0
    for path in (tmp_path / "run" / "checkpoints").rglob("state.json"):
        path.write_text("{")
    refused(fit("--resume"), "no checkpoint of this fit is whole", "without --resume")


def failing(number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_disk_that_is_full_at_a_checkpoint(fit, monkeypatch):
    monkeypatch.setattr(checkpoint, "write_through", failing(errno.ENOSPC))
    refused(fit(), "checkpoint cannot be written: No space left on device", "make room on the disk")


@pytest.mark.parametrize("suffix", [".json", ".nc", ".png", ".html"])
def test_a_disk_that_is_full_at_the_end(fit, monkeypatch, tmp_path, suffix):
    replace = os.replace

    def full(source, target, **named):
        if str(target).endswith(suffix):
            failing(errno.ENOSPC)()
        replace(source, target, **named)

    monkeypatch.setattr(os, "replace", full)
    refused(fit(), "cannot be written: No space left on device", "make room on the disk")
    assert not [path for path in (tmp_path / "run").iterdir() if path.name.startswith(".")]
    # The fit is not lost: with room again it is finished at once.
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert fit("--resume").exit_code == 0


@pytest.mark.parametrize("where", ["the folder", "a file"])
def test_a_folder_without_permission(fit, monkeypatch, where):
    """Whoever runs the tests may be allowed to write everywhere."""
    if where == "the folder":
        monkeypatch.setattr(Path, "mkdir", failing(errno.EACCES))
    else:
        monkeypatch.setattr(tempfile, "mkstemp", failing(errno.EROFS))
    refused(fit(), "cannot be written", "make the folder writable, or choose another one with --out")


def test_a_file_in_the_way(fit, tmp_path):
    (tmp_path / "run").write_text("a file")
    refused(fit(), "cannot be written", "choose another folder with --out")
