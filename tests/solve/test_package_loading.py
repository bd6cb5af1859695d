"""Loading generated packages: what is one, what is not, and what each refusal says."""

import shutil
import sys
from pathlib import Path

import pytest

from holosym.errors import PackageError
from holosym.solve.package import load

POTENTIAL = Path(__file__).parent / "packages" / "potential"


def modules_of(folder_name):
    return [name for name in sys.modules if name.startswith("_holosym_generated") and folder_name in name]


def test_a_package_comes_with_its_submodules():
    package = load(POTENTIAL)
    assert package.NAME == "potential"
    assert callable(package.residuals)


def test_each_load_is_a_module_of_its_own(tmp_path):
    folder = shutil.copytree(POTENTIAL, tmp_path / "my model-2.0")
    first = load(folder)
    text = (folder / "__init__.py").read_text()
    (folder / "__init__.py").write_text(text.replace('NAME = "potential"', 'NAME = "edited"'))
    second = load(folder)
    assert (first.NAME, second.NAME) == ("potential", "edited")
    assert first.residuals.__globals__ is not second.residuals.__globals__
    assert len([name for name in modules_of("my_model_2_0") if name.endswith("equations")]) == 2


def test_a_folder_that_is_absent_is_named(tmp_path):
    with pytest.raises(PackageError, match="there is no such folder") as caught:
        load(tmp_path / "absent")
    assert caught.value.file == str(tmp_path / "absent")
    assert "holosym compile" in caught.value.mend


def test_a_folder_without_a_package_is_refused(tmp_path):
    with pytest.raises(PackageError, match=r"has no __init__\.py"):
        load(tmp_path)


def test_another_package_is_refused_with_what_it_lacks(tmp_path):
    text = (POTENTIAL / "__init__.py").read_text()
    shutil.copytree(POTENTIAL, tmp_path / "p")
    (tmp_path / "p" / "__init__.py").write_text(
        text.replace("PARAMETERS =", "OTHER =").replace(", magnitudes", "").replace('"magnitudes", ', "")
    )
    with pytest.raises(PackageError, match="it lacks PARAMETERS, magnitudes\n"):
        load(tmp_path / "p")


def test_an_import_that_fails_is_told_and_leaves_nothing_behind(tmp_path):
    folder = shutil.copytree(POTENTIAL, tmp_path / "broken_package")
    (folder / "equations.py").write_text("def residuals(:\n")
    with pytest.raises(PackageError, match="importing the generated package failed: SyntaxError"):
        load(folder)
    assert modules_of("broken_package") == []
