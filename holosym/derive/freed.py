"""What the reduced route frees: one function a metric component or tied block, a scalar, a component of a one-form.

Components are tied where one depends explicitly on the coordinate of another (a sphere, a hyperbolic slice); such
a block is split into g = sum_k r_k(z) S_k with r_k linearly independent, and one function is freed for every r_k.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from holosym.derive.ansatz import Ansatz
from holosym.derive.geometry import Tensor, connected
from holosym.jets.element import BITS, Element
from holosym.jets.generators import CoordinateGenerator, Generator, JetGenerator, Unknown
from holosym.jets.ring import Ring


@dataclass(frozen=True)
class Freed:
    """One function freed for the variation.

    Attributes:
        name: what it stands for, as in `g_tt` or `A_t`.
        unknown: the free function.
        value: what it is on the ansatz.
        shape: the part of the metric, of a scalar or of a one-form that it multiplies, by indices (() for a scalar).
        field: the field it belongs to; None for the metric.
    """

    name: str
    unknown: Unknown
    value: Element
    shape: Tensor
    field: Any


def free_functions(ansatz: Ansatz, along: tuple[Any, ...]) -> tuple[Freed, ...]:
    """One function for every metric block, one for every scalar, one for every component of a one-form."""
    names = [c.name for c in ansatz.coordinates]
    found = []
    for group, (value, shape) in enumerate(_metric_shapes(ansatz, along)):
        a, b = min(shape)
        unknown = Unknown(f"g_{names[a]}{names[b]}#{group}", "free", along)
        found.append(Freed(f"g_{names[a]}{names[b]}", unknown, value, shape, None))
    for one in ansatz.scalars:
        found.append(Freed(one.name, Unknown(one.name, "free", along), ansatz.ring.zero, {(): ansatz.ring.one}, one))
    tied = tied_blocks(ansatz, along)
    for one, components in ansatz.gauge.items():
        for index in components:
            if tied[index[0]]:
                continue  # a component along a sphere is no symmetric variation: the covariant route alone has it
            label = f"{one.name}_{names[index[0]]}"
            unknown = Unknown(label, "free", along)
            found.append(Freed(label, unknown, ansatz.ring.zero, {index: ansatz.ring.one}, one))
    return tuple(found)


def _metric_shapes(ansatz: Ansatz, along: tuple[Any, ...]) -> Iterable[tuple[Element, Tensor]]:
    """(u_k on the ansatz, S_k): single components, and tied blocks split by their radial functions."""
    ring = ansatz.ring
    upper = {index: value for index, value in ansatz.metric.items() if index[0] <= index[1]}
    tied = tied_blocks(ansatz, along)
    time = ansatz.coordinates.index(ansatz.theory.time)
    for (a, b), value in sorted(upper.items()):
        if not (tied[a] and tied[b]):
            # u positive, as in g_tt = -u: then roots are those of positive functions, on the ansatz' branch
            negative = len(value.terms) == 1 and next(iter(value.terms.values())) < 0
            sign = -1 if (a, b) == (time, time) or negative else 1
            yield value * sign, {(a, b): ring.constant(sign), (b, a): ring.constant(sign)}
    blocks = sorted({tied[a] for a in tied if tied[a]})
    for block in blocks:
        inside = {index: v for index, v in upper.items() if tied[index[0]] and tied[index[1]]}
        mine = {index: v for index, v in inside.items() if tied[index[0]] == block}
        yield from _split_block(ansatz, mine, along)


def tied_blocks(ansatz: Ansatz, along: tuple[Any, ...]) -> dict[int, tuple[int, ...]]:
    """For every index its block of coordinates tied by explicit dependence on one of them; () where it is free."""
    ring = ansatz.ring
    edges = []
    for (a, b), value in ansatz.metric.items():
        for c, coordinate in enumerate(ansatz.coordinates):
            if coordinate not in along and depends(ring, value, coordinate):
                edges += [(c, a), (c, b)]
    blocks = connected(range(len(ansatz.coordinates)), edges)
    return {a: (block if len(block) > 1 else ()) for block in blocks for a in block}


def depends(ring: Ring, element: Element, coordinate: Any) -> bool:
    for g in ring.positions(element):
        generator = ring.generators[g]
        if isinstance(generator, CoordinateGenerator) and generator.symbol == coordinate:
            return True
        if any(depends(ring, a, coordinate) for a in generator.arguments):
            return True
    return False


def _split_block(ansatz: Ansatz, block: Tensor, along: tuple[Any, ...]) -> Iterable[tuple[Element, Tensor]]:
    """g = sum_k r_k(z) S_k, with r_k linearly independent functions of the active coordinates."""
    ring = ansatz.ring
    parts: dict[tuple[int, ...], dict[int, Element]] = {
        index: _by_shape(ring, value, along) for index, value in block.items()
    }
    radial = [r for split in parts.values() for r in split.values()]
    basis = _independent(ring, sorted(radial, key=lambda r: len(r.terms)))
    for k, one in enumerate(basis):
        shape: Tensor = {}
        for (a, b), split in parts.items():
            entry = ring.zero
            for monomial, r in split.items():
                weight = _coordinates_in(ring, basis, r)[k]
                entry = entry + Element(ring, {monomial: 1}) * weight
            if entry:
                shape[a, b] = shape[b, a] = entry
        yield one, shape


def _by_shape(ring: Ring, value: Element, along: tuple[Any, ...]) -> dict[int, Element]:
    """Split sum_s s(theta) r_s(z): monomials in the other coordinates, and what multiplies each."""
    value = ring.expanded(value)
    found: dict[int, dict[int, Any]] = {}
    for monomial, coefficient in value.terms.items():
        other = 0
        for g, e in ring.decode(monomial):
            if _is_angular(ring, ring.generators[g], along):
                other += e << (BITS * g)
        found.setdefault(other, {})[monomial - other] = coefficient
    return {other: Element(ring, terms) for other, terms in found.items()}


def _is_angular(ring: Ring, generator: Generator, along: tuple[Any, ...]) -> bool:
    if isinstance(generator, CoordinateGenerator):
        return generator.symbol not in along
    if not generator.arguments:
        return False
    return not any(depends(ring, a, c) for a in generator.arguments for c in along) and not any(
        _has_jets(ring, a) for a in generator.arguments
    )


def _has_jets(ring: Ring, element: Element) -> bool:
    generators = [ring.generators[g] for g in ring.positions(element)]
    return any(isinstance(g, JetGenerator) or any(_has_jets(ring, a) for a in g.arguments) for g in generators)


def _independent(ring: Ring, elements: list[Element]) -> list[Element]:
    basis: list[Element] = []
    for element in elements:
        if _solve_linear(basis, element) is None:
            basis.append(element)
    return basis


def _coordinates_in(ring: Ring, basis: list[Element], element: Element) -> list[Fraction]:
    found = _solve_linear(basis, element)
    assert found is not None
    return found


def _solve_linear(basis: list[Element], element: Element) -> list[Fraction] | None:
    """Rational coefficients of an element in a basis of elements, or None."""
    monomials = sorted({m for b in (*basis, element) for m in b.terms})
    if not basis:
        return None if element.terms else []

    def column(one: Element) -> list[Any]:
        return [
            sympy.Rational(Fraction(one.terms.get(m, 0)).numerator, Fraction(one.terms.get(m, 0)).denominator)
            for m in monomials
        ]

    matrix = sympy.Matrix([column(b) for b in basis]).T
    try:
        solution, free = matrix.gauss_jordan_solve(sympy.Matrix(column(element)))
    except ValueError:
        return None
    return [Fraction(int(c.p), int(c.q)) for c in solution.subs(dict.fromkeys(free, 0))]
