"""From a model file to the theories in it.

A model file is Python, so all that can happen to a Python file can happen here: each mishap becomes a
`ModelFileError` with the file, the line and the mend. The file runs by itself: coordinates are counted anew,
files beside it can be imported while it runs, and nothing of it is left in the interpreter afterwards.
"""

from __future__ import annotations

import ast
import contextlib
import os
import sys
import tokenize
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from holosym.dsl import mishaps
from holosym.dsl.symbols import forget_declarations
from holosym.dsl.theory import Model
from holosym.errors import HolosymError, ModelFileError


def load(path: str | Path) -> list[Model]:
    """Run a model file and collect its theories and systems, in the order in which they appear.

    Args:
        path: the file; messages name it as it is given here.

    Returns:
        Every `Theory` and `System` at module level, also those in a list, a tuple or a dictionary there.

    Raises:
        ModelFileError: for a file that cannot be read or run, or that holds no theory or two of one name.
        ModelError: for a model that cannot be used.
    """
    file = Path(path)
    code = _compiled(_source(file), file)
    forget_declarations()
    return _distinct(list(_models(_run(code, file).values())), file)


def headline(path: str | Path) -> str:
    """The first line of a model file's docstring; empty where there is none."""
    file = Path(path)
    text = ast.get_docstring(ast.parse(_source(file), str(file))) or ""
    return text.partition("\n")[0].strip()


def _source(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise ModelFileError("there is no such file", mend="give the path of a model file", file=file) from None
    except IsADirectoryError:
        raise ModelFileError(
            "this is a folder", mend=f"give a model file in it: {file / 'NAME.py'}", file=file
        ) from None
    except OSError as error:
        raise ModelFileError(
            f"the file cannot be read: {error.strerror}",
            mend="make it readable, or give another path",
            file=file,
        ) from None
    try:
        if b"\0" in data:
            raise ValueError
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        return data.decode(encoding)
    except (ValueError, SyntaxError):
        raise ModelFileError(
            "this is not a Python file: it is not text",
            mend="give a model file, or save it as text in UTF-8",
            file=file,
        ) from None


def _compiled(source: str, file: Path) -> CodeType:
    try:
        return compile(source, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise mishaps.not_python(error, file) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ModelFileError(f"this is not Python: {error}", mend="give a model file", file=file) from None


def _run(code: CodeType, file: Path) -> dict[str, Any]:
    """Execute the file. What it prints goes to stderr: stdout belongs to the command that loads it."""
    module = ModuleType(f"_holosym_model_{file.stem}")
    module.__file__ = str(file)
    with _surroundings(module, file.resolve().parent), contextlib.redirect_stdout(sys.stderr):
        try:
            exec(code, module.__dict__)
        except HolosymError as error:
            mishaps.place(error, file)
            raise
        except SystemExit as error:
            raise mishaps.leaves(error, file) from None
        except Exception as error:
            raise mishaps.mishap(error, file, module.__dict__) from error
    return dict(module.__dict__)


@contextlib.contextmanager
def _surroundings(module: ModuleType, folder: Path) -> Iterator[None]:
    """The model's folder on the path of imports, as for a script; what comes from it is forgotten after."""
    before = set(sys.modules)
    path, bytecode = list(sys.path), sys.dont_write_bytecode
    sys.modules[module.__name__] = module
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, bytecode
        for name in set(sys.modules) - before:
            if name == module.__name__ or _beside(name, folder):
                del sys.modules[name]


def _beside(name: str, folder: Path) -> bool:
    """Whether a module came from the model's folder, and not from an environment that lies below it."""
    file = getattr(sys.modules[name], "__file__", None)
    if not file or name.partition(".")[0] == "holosym" or f"{os.sep}site-packages{os.sep}" in file:
        return False
    return Path(file).resolve().is_relative_to(folder)


def _models(values: Iterable[Any]) -> Iterator[Model]:
    for value in values:
        if isinstance(value, Model):
            yield value
        elif isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, Model))
        elif isinstance(value, dict):
            yield from (one for one in list(value.values()) if isinstance(one, Model))


def _distinct(found: list[Model], file: Path) -> list[Model]:
    models: dict[str, Model] = {}
    for model in found:
        other = models.setdefault(model.name, model)
        if other is not model:
            raise ModelFileError(
                f"two theories are named {model.name!r}, the other one in line {other.place.line}",
                mend="give each a name of its own: its generated package goes by it",
                file=file,
                line=model.place.line,
            )
    if not models:
        raise ModelFileError(
            "there is no theory in this file",
            mend="bind one to a name at module level: theory = Theory(...), or system = System(...)",
            file=file,
        )
    return list(models.values())
