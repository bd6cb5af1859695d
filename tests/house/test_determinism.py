"""The same model gives the same bytes: under every hash seed, in any order, as often as one likes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import holosym
from holosym import resources
from holosym.codegen.package import generate
from holosym.dsl import loader

ROOT = Path(holosym.__file__).parent.parent
THEORIES = Path(__file__).parent.parent / "codegen"

PROGRAM = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[2])
from holosym import pipeline, resources
from holosym.verify import verify
from holosym.codegen.package import generate
import theories

found = {}
for name in (sorted if sys.argv[1] == "forwards" else lambda n: sorted(n, reverse=True))(resources.gallery()):
    (model,) = pipeline.load(name)
    found[name] = generate(model.equations())
for name, make in theories.THEORIES.items():
    found[name] = generate(make().equations())
checks = [check.as_dict() for name in ("rn_ads4", "einstein_scalar_ads5") for check in verify(pipeline.load(name)[0])]
json.dump({"files": found, "checks": checks}, sys.stdout)
"""


def run(seed, order):
    """Everything that is generated, from an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, order, str(THEORIES)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def first():
    return run(0, "forwards")


@pytest.mark.parametrize(("seed", "order"), [(1, "forwards"), (12345, "backwards")])
def test_bytes(first, seed, order):
    """Files, and the details of checks: points and values in them too."""
    other = run(seed, order)
    assert set(other["files"]) == set(first["files"])
    for name, files in first["files"].items():
        assert list(files) == list(other["files"][name])
        for file, text in files.items():
            assert other["files"][name][file] == text, f"{name}/{file} under PYTHONHASHSEED={seed}"
    assert other["checks"] == first["checks"]


def test_this_process_too(first):
    """Among all that tests have loaded before."""
    for name in resources.gallery():
        (model,) = loader.load(resources.resolve(name))
        assert generate(model.equations()) == first["files"][name]


def test_nothing_of_the_machine_is_in_it(first):
    """No path, no date, no address of an object."""
    for name, files in first["files"].items():
        for file, text in files.items():
            for word in (str(ROOT), str(Path.home()), " at 0x", "site-packages", "Dummy"):
                assert word not in text, (name, file, word)


def test_the_hash_is_of_the_model(tmp_path):
    """Comments and layout do not change it; what the model says does."""
    source = resources.resolve("rn_ads4").read_text()

    def hash_of(text):
        path = tmp_path / f"m{hashlib.sha256(text.encode()).hexdigest()[:8]}.py"
        path.write_text(text)
        (model,) = loader.load(path)
        return json.loads(generate(model.equations())["manifest.json"])["model_hash"]

    plain = hash_of(source)
    assert hash_of("# a comment\n\n" + source.replace("\n\n", "\n\n\n")) == plain
    assert hash_of(source.replace("square(d(A)) / 4", "square(d(A)) / 8").split("mu = ")[0]) != plain
    assert hash_of(source.replace("Hartnoll 2009", "Hartnoll 2010")) != plain
    assert hash_of(source.replace("boundary=0", "boundary=-1")) != plain


def test_a_manifest_lists_its_files(first):
    for name, files in first["files"].items():
        manifest = json.loads(files["manifest.json"])
        assert manifest["files"] == sorted(files)
        assert manifest["generator"] == "holosym"
        assert manifest["name"] == name
        assert manifest["version"] == holosym.__version__
