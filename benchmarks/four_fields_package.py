"""The theory of `peers/four_fields.py` as a generated package, made at run time."""

import sys
import tempfile
from pathlib import Path

from sympy import Expr

from holosym import System, coordinates, parameters, pipeline, profiles
from holosym.solve.package import GeneratedPackage, load

sys.path.append(str(Path(__file__).parent / "peers"))

from four_fields import FIELDS, cleared, left_sides

z = coordinates("z")
SOURCES = tuple(f"S_{name}" for name in FIELDS)


def package(sources: bool = False) -> GeneratedPackage:
    """The package, with a parameter S_... taken off each equation where sources are asked for."""
    fields = dict(zip(FIELDS, profiles(" ".join(FIELDS), z), strict=True))
    equations: dict[str, Expr] = left_sides({name: (u, u.diff(z), u.diff(z, 2)) for name, u in fields.items()})
    if sources:
        given = parameters(" ".join(SOURCES), real=True)
        equations = {name: left - source for (name, left), source in zip(equations.items(), given, strict=True)}
    return compiled(System(name="four_fields", variable=z, equations=equations))


def compiled(system: System) -> GeneratedPackage:
    """A system as its generated package, which needs its folder no longer once it is imported."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in pipeline.generate(system).items():
            (Path(folder) / name).write_text(text)
        return load(folder)


__all__ = ["FIELDS", "SOURCES", "cleared", "compiled", "left_sides", "package"]
