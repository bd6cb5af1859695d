"""Loading a model file: what is found, in which order, and what is left behind (nothing)."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from holosym.cli import main
from holosym.dsl.loader import headline, load
from holosym.errors import ModelError, ModelFileError

OSCILLATOR = '''"""An oscillator.

More of it.
"""
from holosym import System, coordinates, profiles

t = coordinates("t")
x = profiles("x", t)
{body}
'''


def model(folder: Path, body: str, name: str = "model.py") -> Path:
    file = folder / name
    file.write_text(OSCILLATOR.format(body=body), encoding="utf-8")
    return file


def system(name: str) -> str:
    return f'System("{name}", t, {{"motion": x.diff(t, 2) + x}})'


def names(file: Path) -> list[str]:
    return [one.name for one in load(file)]


def test_all_models_in_the_order_of_appearance(tmp_path: Path) -> None:
    body = f"b = {system('second')}\na = {system('first')}\nalias = b\nmore = [{system('third')}]"
    assert names(model(tmp_path, body)) == ["second", "first", "third"]


def test_headline(tmp_path: Path) -> None:
    assert headline(model(tmp_path, "")) == "An oscillator."


def test_neighbouring_files_can_be_imported_and_are_forgotten(tmp_path: Path) -> None:
    before = list(sys.path)
    for folder, stiffness in (("one", 1), ("two", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "stiffness_of_mine.py").write_text(f"k = {stiffness}\n")
        body = 'from stiffness_of_mine import k\ns = System("s", t, {"motion": x.diff(t, 2) + k*x})'
        (loaded,) = load(model(tmp_path / folder, body))
        assert str(loaded.given["motion"]).startswith(f"{stiffness}*x(t)" if stiffness > 1 else "x(t)")
    assert sys.path == before
    assert "stiffness_of_mine" not in sys.modules
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_mistake_in_a_neighbouring_file_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / "broken_neighbour.py").write_text("x = 1\nx = (\n")
    with pytest.raises(ModelFileError, match=r"broken_neighbour\.py:2: this is not Python") as caught:
        load(model(tmp_path, "import broken_neighbour"))
    assert caught.value.mend


def test_the_main_guard_is_not_run(tmp_path: Path) -> None:
    assert names(model(tmp_path, f"s = {system('s')}\nif __name__ == '__main__':\n    raise SystemExit")) == ["s"]


def test_dataclasses_work(tmp_path: Path) -> None:
    body = f"import dataclasses\n@dataclasses.dataclass\nclass C:\n    k: 'int' = 1\ns = {system('s')}"
    assert names(model(tmp_path, body)) == ["s"]


def test_coordinates_are_counted_anew(tmp_path: Path) -> None:
    first = model(tmp_path, f"s = {system('s')}", "first.py")
    second = model(tmp_path, f"u, v = coordinates('u v')\ns = {system('s')}", "second.py")
    positions = [load(file)[0].variable.position for file in (first, second, first)]
    assert positions == [0, 0, 0]


def test_what_a_model_prints_stays_out_of_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(model(tmp_path, f"print('hello')\ns = {system('s')}"))
    assert capsys.readouterr() == ("", "hello\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x7fELF\0\0\1", "not a Python file: it is not text"),
        (b"x = '\xff\xfe'", "not a Python file: it is not text"),
        (b"# coding: no-such-code\n", "not a Python file: it is not text"),
        (b"", "there is no theory in this file"),
        ("# é\n".encode(), "there is no theory in this file"),
    ],
)
def test_strange_files(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "model.py"
    file.write_bytes(data)
    with pytest.raises(ModelFileError, match=message) as caught:
        load(file)
    assert caught.value.file == str(file)
    assert caught.value.mend


def test_no_file_and_no_gallery_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model(tmp_path, "", "mine.py")
    for target, hint in (
        ("gubser_rosha", "gubser_rocha"),
        ("mine", "mine.py"),
        ("./mime.py", "mine.py"),
        ("models/gubser_rocha.py", "gubser_rocha"),
        (".", "is a folder"),
        ("quite_another", "holosym list"),
    ):
        result = CliRunner().invoke(main, ["check", target])
        assert result.exit_code == 2
        assert hint in result.stderr
        assert "mend: " in result.stderr


def test_ctrl_c_is_not_the_models_mistake(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load(model(tmp_path, "raise KeyboardInterrupt"))


def test_an_error_in_a_helper_function_names_the_line_that_called_it(tmp_path: Path) -> None:
    (tmp_path / "helper_of_mine.py").write_text("def half(n):\n    return n / 0\n")
    with pytest.raises(ModelError) as caught:
        load(model(tmp_path, "import helper_of_mine\nhelper_of_mine.half(1)"))
    assert caught.value.line == 10
