"""`holosym show`, `list`, `new`, `demo`, and what all commands have in common."""

import json
from pathlib import Path
from typing import Any

import pytest

from holosym import pipeline
from holosym.errors import HolosymError, RingError
from holosym.resources import gallery


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("--pretty", ["ansatz", "action", "equations", "constraints", "proved", "V(φ)", "h''", "known solution"]),
        ("--latex", [r"\begin{align*}", r"{h}'' &=", r"\mathrm{d}t^{2}", r"V'\left(\phi\right)", "constraints"]),
        ("--markdown", ["# gubser_rocha", "## Dynamical equations", "$$"]),
        ("--mathematica", ["Derivative[2][A$t][z] ==", "V = Function[{phi}, -6*Cosh[", "Dt[z]^2", "constraints"]),
    ],
)
def test_show(holosym: Any, notation: str, words: list[str]) -> None:
    result = holosym("show", "gubser_rocha", notation)
    assert result.exit_code == 0
    for word in words:
        assert word in result.stdout
    assert "Subs" not in result.stdout
    assert "operatorname" not in result.stdout


@pytest.mark.parametrize("name", gallery())
@pytest.mark.parametrize("notation", ["pretty", "latex", "mathematica"])
def test_every_model_can_be_shown(holosym: Any, name: str, notation: str) -> None:
    result = holosym("show", name, f"--{notation}")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= 160 or notation != "pretty"


def test_the_default_is_pretty(holosym: Any) -> None:
    assert holosym("show", "btz").stdout == holosym("show", "btz", "--pretty").stdout


def test_list(holosym: Any) -> None:
    table = holosym("list").stdout
    found = {one["name"]: one for one in json.loads(holosym("list", "--json").stdout)}
    assert set(found) == set(gallery())
    assert all(name in table for name in found)
    assert found["gubser_rocha"]["couplings"] == {"V": "closed", "Z": "closed"}
    assert found["emd_axion"]["couplings"] == {"V": "unknown", "Z": "unknown"}
    assert found["gubser_rocha"]["profiles"] == ["A_t(z)", "f(z)", "h(z)", "phi(z)"]
    assert all(one["about"] for one in found.values())


@pytest.mark.parametrize("folder", [".", "models"])
def test_a_new_model_compiles_and_checks(holosym: Any, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    file = Path(folder) / "my_brane.py"
    assert str(file) in holosym("new", "my_brane").stdout
    checked = holosym("check", file, "--json")
    assert checked.exit_code == 0
    assert {"solution", "published"} < {c["kind"] for c in json.loads(checked.stdout)["checks"]}
    assert holosym("compile", file).stdout == "generated/my_brane\n"
    assert f"holosym check {file}" in file.read_text()


def test_new_overwrites_nothing(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("years of work")
    result = holosym("new", "mine")
    assert (result.exit_code, result.stderr.partition(": ")[0]) == (2, "mine.py")
    assert "exists already" in result.stderr
    assert (tmp_path / "mine.py").read_text() == "years of work"


@pytest.mark.parametrize("name", ["my model", "../up", "class", "1st", ""])
def test_a_name_that_is_none(holosym: Any, tmp_path: Path, name: str) -> None:
    result = holosym("new", name)
    assert result.exit_code == 2
    assert "letters, digits and underscores" in result.stderr
    assert not list(tmp_path.iterdir())


def test_demo(holosym: Any, tmp_path: Path) -> None:
    result = holosym("demo", "gubser_rocha", "--out", "here")
    assert result.exit_code == 0, result.output
    assert "relative error" in result.stdout
    assert (tmp_path / "here/gubser_rocha.png").stat().st_size > 10_000
    assert (tmp_path / "here/generated/gubser_rocha/manifest.json").is_file()


def test_demo_of_another_model(holosym: Any) -> None:
    result = holosym("demo", "btz")
    assert result.exit_code == 2
    assert "no demo of 'btz'" in result.stderr


def test_version_and_help(holosym: Any) -> None:
    assert holosym("--version").stdout.startswith("holosym, version 0.")
    for command in ("check", "compile", "show", "list", "new", "demo"):
        assert command in holosym("--help").stdout
        assert holosym(command, "--help").exit_code == 0
    assert holosym("chekc").exit_code == 2


def test_a_bug_is_one_line_and_a_traceback_only_on_request(holosym: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: Any) -> None:
        raise ZeroDivisionError("seven\nlines")

    monkeypatch.setattr(pipeline, "load", bug)
    result = holosym("show", "btz")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: this is a bug in holosym: ZeroDivisionError: seven")
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" in holosym("--debug", "show", "btz").stderr


def test_an_error_without_a_place_gets_the_models(holosym: Any, tmp_path: Path) -> None:
    assert holosym("new", "m").exit_code == 0
    (model,) = pipeline.load("m.py")
    with pytest.raises(HolosymError) as caught, pipeline._about(model):
        raise RingError("too hard")
    assert caught.value.place() == f"m.py:{model.place.line}"
    assert "exp, log" in caught.value.mend
