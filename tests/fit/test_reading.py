"""Experiment files: whatever is wrong in one is a message with the line and the nearest valid key."""

from pathlib import Path

import pytest

from holosym.errors import ExperimentError
from holosym.fit.experiment import Experiment
from holosym.fit.reading import read_experiment

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
title = "Damped oscillator"
model = "damped_oscillator"
way = "all_at_once"

[interval]
start = 0.0
stop = 1.0
conditions = { "x(0)" = 1.0 }

[couplings]
V = { polynomial = [0, 1] }

[unknown.delta]
start = 2.0

[unknown.omega0]
start = 15.0

[[data]]
file = "x.csv"
against = "t"
observables = { x = "x" }

[[stages]]
optimiser = "lm"
steps = 20
"""


def written(folder, text):
    path = folder / "experiment.toml"
    path.write_text(text)
    return path


def test_a_good_file(tmp_path):
    experiment = read_experiment(written(tmp_path, GOOD))
    assert experiment.unknown["delta"].start == 2.0
    assert experiment.all_stages()[0].steps == 20


@pytest.mark.parametrize(
    ("way", "place", "optimisers"),
    [
        ("all_at_once", {"interval": {"start": 0.0, "stop": 1.0}}, ["adam", "lm"]),
        ("all_at_once", {}, ["lm"]),
        ("reduced", {}, ["lm"]),
    ],
)
def test_stages_that_nobody_gave(way, place, optimisers):
    """Adam leads branes from near the neutral one to metrics that vanish."""
    experiment = Experiment.model_validate({"title": "a", "model": "b", "way": way, **place})
    assert [stage.optimiser for stage in experiment.all_stages()] == optimisers


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("start = 2.0", "strat = 2.0", "did you mean 'start'", 14),
        ('way = "all_at_once"\n', "", "'way' is missing", None),
        ('way = "all_at_once"', 'wya = "reduced"', "there is no key 'wya'\n  mend: did you mean 'way'?", 3),
        ('optimiser = "lm"', 'optimiser = "adan"', "'adam', 'soap', 'lbfgs' or 'lm'", 25),
        ("steps = 20", "steps = -1", "greater than 0", 26),
        ("start = 2.0", 'start = "two"', "valid number", 14),
        ("start = 2.0", "start = nan", "finite", 14),
        ("stop = 1.0", "stop = -1.0", "empty", 5),
        ("[interval]", "[intervall]", "did you mean 'interval'", 5),
        ("[[stages]]", "[[stages]", "not TOML", 24),
        ('title = "Damped oscillator"', "title = 'a'\nsedes = 3", "did you mean 'seeds'", 2),
    ],
)
def test_what_is_wrong_is_said(tmp_path, old, new, said, line):
    assert old in GOOD
    with pytest.raises(ExperimentError) as caught:
        read_experiment(written(tmp_path, GOOD.replace(old, new)))
    assert said in str(caught.value)
    assert caught.value.line == line


def test_no_such_file(tmp_path):
    with pytest.raises(ExperimentError, match="cannot be read"):
        read_experiment(tmp_path / "none.toml")


def test_settings_are_put_over_the_file(tmp_path):
    path = written(tmp_path, GOOD)
    experiment = read_experiment(path, ["seeds=3", "unknown.delta.start=4", "stages.0.steps=7", 'title="other"'])
    assert (experiment.seeds, experiment.unknown["delta"].start) == (3, 4.0)
    assert experiment.stages[0].steps == 7
    assert experiment.title == "other"


@pytest.mark.parametrize(("setting", "steps"), [("stages.0.steps=3", [3, 300]), ("stages.1.steps=7", [2000, 7])])
def test_stages_that_nobody_gave_may_be_set_too(tmp_path, setting, steps):
    path = written(tmp_path, GOOD[: GOOD.index("[[stages]]")])
    given, whole = read_experiment(path, [setting]), read_experiment(path)
    assert [stage.steps for stage in given.all_stages()] == steps
    assert [stage.optimiser for stage in given.stages] == [stage.optimiser for stage in whole.all_stages()]
    assert given.stages[1].gain == whole.all_stages()[1].gain == 1e-9


@pytest.mark.parametrize("setting", ["seeds", "seeds=", "=3", "unknown.delta.satrt=3", "stages.0=1", "title.x=3"])
def test_a_setting_that_cannot_be(tmp_path, setting):
    with pytest.raises(ExperimentError):
        read_experiment(written(tmp_path, GOOD), [setting])


NOISY = GOOD.replace('observables = { x = "x" }', 'observables = { x = "x" }\nerrors = { x = 0.01 }')
FORCE = NOISY.replace("[couplings]\nV = { polynomial = [0, 1] }", "[unknown.V]\nrange = [-1, 1]")


@pytest.mark.parametrize(
    ("text", "guard", "mend"),
    [
        (NOISY, "", "give [stop] validation = 0.2"),
        (NOISY, "[stop]\nnoise = true\n", "give [stop] validation = 0.2"),
        (NOISY, "[loss]\nsmoothness = 1e-3\n", "give [stop] validation = 0.2"),  # of what?
        (FORCE, "[stop]\nnoise = true\n", "give [stop] validation = 0.2, or [loss] smoothness = 1e-3"),
        (FORCE.replace('"all_at_once"', '"reduced"'), "", "validation = 0.2, or [loss] smoothness = 1e-3"),
    ],
)
def test_data_with_errors_need_validation_or_a_prior(tmp_path, text, guard, mend):
    with pytest.raises(ExperimentError, match="fitted down to their noise") as error:
        read_experiment(written(tmp_path, f"{text}\n{guard}"))
    assert str(error.value).count("\n") == 1
    assert mend in str(error.value)


@pytest.mark.parametrize(
    ("text", "guard", "validation", "smoothness"),
    [
        (NOISY, "[stop]\nvalidation = 0.2\n", 0.2, 0.0),
        (NOISY, "[stop]\nnoise = true\nvalidation = 0.2\n", 0.2, 0.0),
        (FORCE, "[loss]\nsmoothness = 1e-3\n", None, 1e-3),
        (GOOD, "", None, 0.0),
    ],
)
def test_either_guard_is_enough(tmp_path, text, guard, validation, smoothness):
    experiment = read_experiment(written(tmp_path, f"{text}\n{guard}"))
    assert (experiment.stop.validation, experiment.loss.smoothness) == (validation, smoothness)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "experiments").glob("*.toml")))
def test_the_committed_experiments_are_valid(name):
    experiment = read_experiment(ROOT / "experiments" / name)
    for data in experiment.data:
        assert (ROOT / "experiments" / data.file).is_file()
