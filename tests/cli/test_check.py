"""`holosym check`: the table, the JSON, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from samples import BRANE

WRONG = (
    BRANE
    + """
theory.known_solution("fake", {f: 1 - z**3, A_t: z**2})
"""
)
HALF = (
    BRANE
    + """
theory.known_solution("empty brane", {f: 1 - z**3, A_t: 0})
theory.published("fake law", A_t.diff(z, 2) - A_t.diff(z)/z)
"""
)


def test_the_schema_of_json(holosym: Any) -> None:
    result = holosym("check", "rn_ads4", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {"theory", "checks"}
    assert found["theory"] == "rn_ads4"
    assert {"derivation", "solution", "published"} == {check["kind"] for check in found["checks"]}
    for check in found["checks"]:
        types = {key: type(value) for key, value in check.items()}
        assert types == {"kind": str, "name": str, "passed": bool, "method": str, "detail": str}


def test_several_theories_make_a_list(holosym: Any) -> None:
    found = json.loads(holosym("check", "btz", "schwarzschild_ads4", "--json").stdout)
    assert [one["theory"] for one in found] == ["btz", "schwarzschild_ads4"]


def test_two_theories_of_one_file_make_a_list(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "two.py").write_text(BRANE + BRANE.replace('"brane"', '"other"').replace("theory =", "other ="))
    found = json.loads(holosym("check", "two.py", "--json").stdout)
    assert [one["theory"] for one in found] == ["brane", "other"]


def test_a_wrong_solution_names_the_equation_and_a_point(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    result = holosym("check", "wrong.py")
    assert result.exit_code == 1
    assert "FAILS" in result.stdout
    (failed,) = [c for c in json.loads(holosym("check", "wrong.py", "--json").stdout)["checks"] if not c["passed"]]
    assert (failed["kind"], failed["name"]) == ("solution", "fake")
    assert "maxwell_A_t" in failed["detail"]
    assert "at z = 0." in failed["detail"]


def test_a_wrong_published_equation_fails_beside_a_right_solution(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(HALF)
    result = holosym("check", "half.py", "--json")
    assert result.exit_code == 1
    passed = {c["name"]: c["passed"] for c in json.loads(result.stdout)["checks"]}
    assert passed["empty brane"]
    assert not passed["fake law"]


def test_an_unusable_model_does_not_hide_the_others(holosym: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("theory = 1\n")
    (tmp_path / "wrong.py").write_text(WRONG)
    result = holosym("check", "broken.py", "btz", "wrong.py", "--json")
    assert result.exit_code == 2
    assert [one["theory"] for one in json.loads(result.stdout)] == ["btz", "brane"]
    assert "broken.py: error: there is no theory" in result.stderr


def test_the_table(holosym: Any) -> None:
    result = holosym("check", "rn_ads4")
    assert result.exit_code == 0
    assert "Bianchi" in result.stdout
    assert "FAILS" not in result.stdout
    assert "checks hold" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_an_unusable_model_leaves_stdout_empty(holosym: Any, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "broken.py").write_text("theory =\n")
    result = holosym("check", "broken.py", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
