"""The rules of the house, by walking the imports of every file.

    dsl <- jets <- derive <- expand <- observe <- codegen    the symbolic rooms: SymPy, no torch
                   derive <- verify <- codegen
    ansatz <- solve <- fit, optimise <- fit       the numeric rooms: torch, no SymPy, nothing symbolic
              solve <- surfaces
    generated/<theory>                            torch and math only

Both worlds meet in generated packages; only cli, pipeline, report and demo see both. Data flows one way.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import holosym
from holosym import resources
from holosym.codegen.package import generate
from holosym.dsl import loader

PACKAGE = Path(holosym.__file__).parent
ROOT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py"))

SYMBOLIC = {"dsl", "jets", "derive", "expand", "observe", "verify", "codegen"}
NUMERIC = {"ansatz", "data", "solve", "surfaces", "optimise", "fit"}
BOTH = {"cli", "pipeline", "report", "demo", "solving", "fitting", "entropy", "backgrounds", "reconstructing"}
SHARED = {"errors", "resources", "whole_files", "__init__"}
TORCH = {"torch", "numpy", "scipy", "matplotlib"}

# what a symbolic room may import of holosym; `dsl.theory` asks `derive` for its equations and `expand`
# for its series when it is asked for them
MAY = {
    "dsl": {"dsl", "errors", "__init__"},  # the front door is its own
    "jets": {"jets", "dsl", "errors"},
    "derive": {"derive", "jets", "dsl", "errors"},
    "expand": {"expand", "derive", "jets", "dsl", "errors"},
    "observe": {"observe", "expand", "derive", "jets", "dsl", "errors"},
    "verify": {"verify", "derive", "jets", "dsl", "errors"},
    "codegen": {"codegen", "verify", "observe", "expand", "derive", "jets", "dsl"}
    | {"errors", "resources", "whole_files", "__init__"},
    "ansatz": {"ansatz", "errors"},
    "data": {"data", "errors", "whole_files"},
    "solve": {"solve", "ansatz", "errors", "whole_files", "__init__"},
    "surfaces": {"surfaces", "solve", "ansatz", "errors", "__init__"},
    "optimise": {"optimise", "errors"},
    "fit": {"fit", "optimise", "solve", "ansatz", "errors", "whole_files", "__init__"},
}
OPTIONAL = {"boundary", "entanglement", "horizon", "thermodynamics", "transport"}  # files of a generated package
LATE = {("dsl", "derive"), ("dsl", "expand")}


def room(file):
    """The room of a file: its folder below holosym, or its own name."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imported(tree):
    """(module, whether it is imported at the top level and at run time) for all imports of a file."""
    checking = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for node in ast.walk(test)
    }
    late = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if node in checking:
            continue
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [node.module]
            if node.module in ("holosym", "holosym.codegen", "holosym.dsl", "holosym.derive"):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            yield name, node not in late


def parsed(file):
    return ast.parse(file.read_text(), str(file))


def rooms_imported(file):
    """(room of holosym, at the top level) for all imports of a file."""
    known = {room(f) for f in FILES}
    for name, top in imported(parsed(file)):
        parts = name.split(".")
        if parts[0] == "holosym":
            inner = parts[1] if len(parts) > 1 else "__init__"
            yield (inner if inner in known else "__init__"), top


def test_every_room_is_known():
    """A new room is placed in one of the worlds before it has a file."""
    assert {room(file) for file in FILES} <= SYMBOLIC | NUMERIC | BOTH | SHARED


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_worlds_do_not_mix(file):
    """No torch in a symbolic room, no SymPy in a numeric one; not even inside of a function."""
    outside = {name.split(".")[0] for name, _ in imported(parsed(file))}
    if room(file) in SYMBOLIC:
        assert not outside & TORCH
    if room(file) in NUMERIC:
        assert not outside & {"sympy", "mpmath"}
    if room(file) in SHARED:
        assert not outside & (TORCH | {"sympy", "mpmath"})


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_data_flows_one_way(file):
    here = room(file)
    for other, top in rooms_imported(file):
        if here in MAY and other not in MAY[here]:
            assert not top, f"{file}: {here} imports {other}"
            assert (here, other) in LATE, f"{file}: {here} imports {other}"
        if here in SHARED - {"__init__"}:
            assert other in SHARED


@pytest.mark.parametrize("name", resources.gallery())
def test_generated_packages_stand_alone(name):
    """torch, math, collections and themselves; and no call that would import more."""
    (model,) = loader.load(resources.resolve(name))
    for file, text in generate(model.equations()).items():
        if not file.endswith(".py"):
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= {"torch", "math"}
            if isinstance(node, ast.ImportFrom):
                inside = node.level == 1 and node.module in ("equations", "couplings")
                inside |= node.level == 1 and node.module is None and {a.name for a in node.names} <= OPTIONAL
                assert inside or node.module in ("__future__", "collections.abc", "torch"), (file, node.module)
            if isinstance(node, ast.Name):
                assert node.id not in ("eval", "exec", "__import__", "open")


@pytest.mark.parametrize("folder", sorted((ROOT / "generated").glob("*/")), ids=lambda f: f.name)
def test_committed_packages_stand_alone(folder):
    for file in folder.glob("*.py"):
        modules = {name.split(".")[0] for name in _modules(ast.parse(file.read_text()))}
        assert modules <= {"torch", "math", "collections", "__future__", "equations", "couplings", *OPTIONAL}


def _modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from [node.module] if node.module else (alias.name for alias in node.names)


def loaded_after(statement):
    """Modules in memory after a statement in a fresh interpreter."""
    code = f"import sys\n{statement}\nprint(' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


HEAVY = {"torch", "matplotlib", "scipy", "numpy"}


def test_the_front_door_is_light():
    """`import holosym` brings what a model is written with: no torch, no plots, no templates, no command line."""
    assert not loaded_after("import holosym") & (HEAVY | {"jinja2", "click", "rich"})


def test_compiling_does_not_import_torch():
    """Load, derive, verify and generate a model: still no torch."""
    statement = (
        "from holosym import pipeline\n"
        "(model,) = pipeline.load('rn_ads4')\n"
        "assert all(check.passed for check in pipeline.verify(model))\n"
        "assert pipeline.generate(model)"
    )
    modules = loaded_after(statement)
    assert not modules & {"torch", "matplotlib", "scipy"}
    assert not {m for m in modules if m.startswith(("holosym.solve", "holosym.ansatz"))}


def test_solving_does_not_import_sympy():
    """The numeric rooms, with a generated package in use; torch may bring SymPy itself, holosym's rooms stay out."""
    modules = loaded_after("import holosym.solve.package, holosym.solve.newton, holosym.ansatz.chebyshev")
    symbolic = {
        m for m in modules if m.split(".")[:1] == ["holosym"] and m.split(".")[1:2] in ([r] for r in SYMBOLIC - {"dsl"})
    }
    assert not symbolic


def test_an_import_of_torch_would_be_seen(tmp_path):
    """The walk sees imports inside of functions, and is not taken in by those for type checkers alone."""
    text = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import scipy\n"
        "def f():\n    import torch.nn\n    from holosym.codegen import package\n"
        "import numpy as np\n"
    )
    found = dict(imported(ast.parse(text)))
    assert found == {
        "typing": True,
        "torch.nn": False,
        "holosym.codegen": False,
        "holosym.codegen.package": False,
        "numpy": True,
    }
