"""What there is to choose from: every model of the gallery with its unknown functions and couplings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table
from rich.text import Text

from holosym import resources
from holosym.dsl import loader
from holosym.dsl.symbols import AppliedCoupling
from holosym.dsl.theory import Model, System, Theory
from holosym.pipeline import Progress, load, silent


@dataclass(frozen=True)
class Entry:
    """A model of the gallery.

    Attributes:
        name: the theory's name.
        about: the first line of its file.
        profiles: its unknown functions.
        couplings: from a coupling's name to `closed` or `unknown`.
    """

    name: str
    about: str
    profiles: tuple[str, ...]
    couplings: dict[str, str]


def entries(progress: Progress = silent) -> list[Entry]:
    """Every model of the gallery, in the order of their names."""
    found = []
    for name in resources.gallery():
        about = loader.headline(resources.resolve(name))
        found += [
            Entry(model.name, about, tuple(map(str, model.profiles)), couplings_of(model))
            for model in load(name, progress)
        ]
    return found


def couplings_of(model: Model) -> dict[str, str]:
    """Which couplings a model has, and whether they are closed, by name."""
    expressions = list(model.couplings.values())
    if isinstance(model, Theory) and model.lagrangian is not None:
        expressions.append(model.lagrangian)
    if isinstance(model, System):
        expressions.extend(model.given.values())
    used = {applied.func.base for one in expressions for applied in one.atoms(AppliedCoupling)}
    closed = {applied.func.base for applied in model.couplings}
    return {name: "closed" if name in closed else "unknown" for name in sorted(used | closed)}


def as_json(found: Sequence[Entry]) -> str:
    """A list of objects."""
    return json.dumps([asdict(one) for one in found], indent=2)


def as_table(found: Sequence[Entry]) -> Table:
    """A line a model."""
    table = Table(title="gallery", title_justify="left", show_edge=False)
    for column in ("model", "profiles", "couplings", "about"):
        table.add_column(column, overflow="fold", no_wrap=column == "model")
    for one in found:
        couplings = ", ".join(f"{name} {state}" for name, state in one.couplings.items())
        table.add_row(Text(one.name, "bold"), Text(", ".join(one.profiles)), Text(couplings), Text(one.about))
    return table
