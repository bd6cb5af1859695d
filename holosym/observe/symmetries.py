r"""Scaling symmetries of a reduced action, by what they do to the coordinates.

`stretchings` are volume preserving, t -> lambda^-n t and x_i -> lambda x_i for n directions that belong together; they
are symmetries of every action in which x_i itself does not stand. `further` are all others, with a dilaton shifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Rational

from holosym.derive.ansatz import Ansatz
from holosym.derive.freed import Freed, tied_blocks
from holosym.derive.system import unknown_of
from holosym.dsl.symbols import Profile
from holosym.jets.element import Element
from holosym.jets.generators import Unknown
from holosym.observe.weights import SCALED, SHIFTED, Key, Scalings


@dataclass(frozen=True)
class Symmetry:
    """A scaling.

    Attributes:
        label: the directions that are stretched, or what else is special: for the charge's name.
        index: the same as LaTeX.
        text: what is scaled.
        weights: of metric functions and profiles.
        further: whether it is no stretching of the coordinates alone.
    """

    label: str
    index: str
    text: str
    weights: Mapping[Key, Expr]
    further: bool


def stretchings(ansatz: Ansatz, freed: tuple[Freed, ...], lagrangian: Element) -> Iterable[Symmetry]:
    """Time against each direction along the horizon."""
    scalings = Scalings(ansatz.ring, lagrangian, _shiftable(ansatz))
    names = [str(c.name) for c in ansatz.coordinates]
    time = ansatz.coordinates.index(ansatz.theory.time)
    for block in _directions(ansatz):
        weights = scalings.with_weights(_stretched(freed, time, block))
        if weights is not None:
            inner = ", ".join(f"{names[i]} -> lambda {names[i]}" for i in block)
            text = f"{names[time]} -> lambda^-{len(block)} {names[time]}, {inner}"
            index = "".join(sympy.latex(ansatz.coordinates[i]) for i in block)
            yield Symmetry("".join(names[i] for i in block), index, text, weights, False)


def further(ansatz: Ansatz, freed: tuple[Freed, ...], lagrangian: Element) -> Iterable[Symmetry]:
    """A basis of all scalings, g_tt with weight 2 where it has one."""
    scalings = Scalings(ansatz.ring, lagrangian, _shiftable(ansatz))
    time = ansatz.coordinates.index(ansatz.theory.time)
    lapses = [(SCALED, one.unknown) for one in freed if one.field is None and (time, time) in one.shape]
    for vector in scalings.basis():
        weight = sum((vector.get(key, Integer(0)) for key in lapses), Integer(0))
        weights = {key: sympy.simplify(2 * w / weight) if weight != 0 else w for key, w in vector.items()}
        shifted = any(kind == SHIFTED and w != 0 for (kind, _), w in vector.items())
        label = "dilaton" if shifted else "scaling"
        text = "a scaling of the metric" + (" and a shift of the dilaton" if shifted else "")
        yield Symmetry(label, rf"\mathrm{{{label}}}", text, weights, True)


def _directions(ansatz: Ansatz) -> list[tuple[int, ...]]:
    """Directions along the horizon, those of one tied block together."""
    tied = tied_blocks(ansatz, ansatz.active)
    ends = [ansatz.coordinates.index(c) for c in (ansatz.theory.time, ansatz.theory.radial)]
    return sorted({tied[i] or (i,) for i in range(len(ansatz.coordinates)) if i not in ends})


def _stretched(freed: tuple[Freed, ...], time: int, block: tuple[int, ...]) -> dict[Key, Expr]:
    """Weights of the metric under t -> lambda^-1 t and x_i -> lambda^(1/n) x_i for n directions."""
    exponent: dict[int, Expr] = {time: Integer(1)}
    exponent |= {i: -Rational(1, len(block)) for i in block}
    found: dict[Key, Expr] = {}
    for one in freed:
        if one.field is None:
            a, b = min(one.shape)
            found[SCALED, one.unknown] = exponent.get(a, Integer(0)) + exponent.get(b, Integer(0))
    return found


def _shiftable(ansatz: Ansatz) -> set[Unknown]:
    """Profiles that are scalar fields."""
    return {unknown_of(one.ansatz) for one in ansatz.theory.scalars if isinstance(one.ansatz, Profile)}
