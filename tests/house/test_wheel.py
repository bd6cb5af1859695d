"""The built wheel works by itself, outside the checkout, with its templates and its gallery."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The Python of a fresh environment that has the wheel; dependencies are borrowed from this one."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    built = folder / "dist"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)], cwd=ROOT, check=True, timeout=120
    )
    home = folder / "environment"
    venv.create(home, with_pip=False)
    (site,) = home.glob("lib/python*/site-packages")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return home / "bin" / "python"


def run(python, folder, *arguments):
    command = [str(python), "-c", "from holosym.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_it_is_the_wheel(python, tmp_path):
    done = subprocess.run(
        [str(python), "-c", "import holosym; print(holosym.__file__)"], cwd=tmp_path, capture_output=True, text=True
    )
    assert str(python.parent.parent) in done.stdout


def test_the_gallery_compiles_to_what_is_committed(python, tmp_path):
    done = run(python, tmp_path, "compile", "gubser_rocha", "damped_oscillator")
    assert done.returncode == 0, done.stderr
    for name in ("gubser_rocha", "damped_oscillator"):
        for file in (tmp_path / "generated" / name).iterdir():
            assert file.read_text() == (ROOT / "generated" / name / file.name).read_text()


def test_a_new_model_compiles_and_checks(python, tmp_path):
    assert run(python, tmp_path, "new", "my_model").returncode == 0
    done = run(python, tmp_path, "check", str(next(tmp_path.rglob("my_model.py"))))
    assert done.returncode == 0, done.stdout + done.stderr
