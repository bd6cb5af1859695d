"""What can go wrong while a model file runs, in the words of one who wrote a model rather than a program."""

from __future__ import annotations

import difflib
import inspect
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sympy

from holosym import dsl
from holosym.dsl.symbols import Coordinate
from holosym.errors import HolosymError, ModelFileError

# Names of SymPy that a model is likely to use. Not all: `beta`, `zeta` and `Q` are parameters to a physicist.
_OF_SYMPY = (
    *("sqrt", "exp", "log", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh", "coth", "sech", "csch"),
    *("asin", "acos", "atan", "asinh", "acosh", "atanh", "Rational", "Integer", "Float", "pi", "I", "oo"),
    *("Abs", "sign", "Symbol", "symbols", "Function", "diff", "Derivative", "Piecewise", "sympify"),
)


def not_python(error: SyntaxError, file: Path) -> ModelFileError:
    """A file, or one that it imports, that Python cannot read."""
    at = Path(error.filename) if error.filename else file
    text = (error.text or "").strip()
    return ModelFileError(
        f"this is not Python: {error.msg}" + (f", in `{text}`" if text else ""),
        mend="correct this line or the one before it" if text else "give a model file, written in Python",
        file=at,
        line=error.lineno,
    )


def place(error: HolosymError, file: Path) -> None:
    """Give an error that has no place one in the model file."""
    if error.file is None:
        error.file, error.line = str(file), line_in(error, file)


def leaves(error: SystemExit, file: Path) -> ModelFileError:
    """The file ends the program."""
    said = "" if error.code in (None, 0) else f" with {error.code!r}"
    return ModelFileError(
        f"the file leaves Python by itself{said}",
        mend="take the call of exit() or sys.exit() out",
        file=file,
        line=line_in(error, file),
    )


def mishap(error: Exception, file: Path, namespace: Mapping[str, Any]) -> ModelFileError:
    """A Python error in the file; `namespace` is what the file had defined by then."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return not_python(error, file)
    if isinstance(error, ImportError):
        message, mend = _import(error)
    elif isinstance(error, NameError) and error.name:
        message, mend = f"the name {error.name} is not defined", _undefined(error.name, namespace)
    else:
        message = " ".join(traceback.format_exception_only(error)[-1].split())
        mend = _likely_mend(error)
    return ModelFileError(message, mend=mend, file=file, line=line_in(error, file))


def line_in(error: BaseException, file: Path) -> int | None:
    """The innermost line of the file that an error passed through."""
    passed = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in passed if frame.f_code.co_filename == str(file)]
    return lines[-1] if lines else None


def _import(error: ImportError) -> tuple[str, str]:
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        return (
            f"the module {error.name} cannot be imported: it is not installed",
            f"install {top} in this environment, or put {top}.py beside the model file",
        )
    wanted = re.search(r"cannot import name '(\w+)'", str(error))
    if error.name and wanted:
        return f"{error.name} has no {wanted[1]} to import", _where_else(error.name, wanted[1])
    return f"an import fails: {error}", "correct or remove this import"


def _where_else(module: str, name: str) -> str:
    """Where a name that a module lacks can be found."""
    if module != "holosym" and name in dsl.__all__:
        return f"import it from holosym: from holosym import {name}"
    if module != "sympy" and hasattr(sympy, name):
        return f"import it from sympy: from sympy import {name}"
    near = difflib.get_close_matches(name, dir({"holosym": dsl, "sympy": sympy}.get(module, ())), n=1)
    return f"did you mean {near[0]}?" if near else f"import a name that {module} has"


def _undefined(name: str, namespace: Mapping[str, Any]) -> str:
    """How to make a name mean something."""
    if name in dsl.__all__:
        return f"import it: from holosym import {name}"
    if name in _OF_SYMPY:
        return f"import it: from sympy import {name}"
    if name.startswith("d") and isinstance(namespace.get(name[1:]), Coordinate):
        return f"define the differential: {name} = d({name[1:]})"
    defined = [one for one in namespace if not one.startswith("__")]
    near = difflib.get_close_matches(name, [*dsl.__all__, *defined], n=1, cutoff=0.8)
    question = f"did you mean {near[0]}? If not, " if near else ""
    return f"{question}declare it: {name} = parameters({name!r}), or with coordinates, profiles, couplings, ..."


def _likely_mend(error: Exception) -> str:
    """What is most often behind an error of this kind."""
    text = str(error)
    if isinstance(error, TypeError) and text.endswith("object is not callable"):
        return (
            "what profiles and scalar return stands for the function already: write f, not f(z); "
            "a function of fields comes from couplings('V')"
        )
    if isinstance(error, TypeError) and "CouplingHead" in text:
        return "apply the coupling to its fields: V(phi)"
    unknown = re.search(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'", text)
    if unknown:
        near = difflib.get_close_matches(unknown[2], _keywords(), n=1)
        return f"did you mean {near[0]}=?" if near else f"leave {unknown[2]}= out"
    if isinstance(error, RecursionError):
        return "a function or an import of the file calls itself without end"
    return "correct this line"


def _keywords() -> list[str]:
    """The names of the arguments of everything that a model file calls."""
    methods = ("known_solution", "published", "fluctuation", "boundary_condition", "in_coordinates")
    called = (dsl.Theory, dsl.System, *(getattr(dsl.Theory, name) for name in methods))
    return sorted({name for one in called for name in inspect.signature(one).parameters})
