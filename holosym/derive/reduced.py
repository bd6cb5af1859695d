"""The second derivation: Euler-Lagrange equations of the reduced action.

    L_red[u] = sqrt(-g) L  on  g = sum_k u_k(z) S_k,  phi + u(z),  A + u_a(z) dx^a
    E_u      = sum_n (-D)^n dL_red/du^(n)

Every metric function, lapse and shifts included, is freed until after variation. S_k is one component of the
metric, or, where an isometry ties components together (g_theta_theta and g_phi_phi of a sphere: one depends
explicitly on the coordinate of the other), everything of the block that varies with one function of the
radial coordinate (Palais 1979, Fels and Torre 2002). Afterwards u goes back to the ansatz, and E_u must equal
the covariant equations contracted with S_k: `agreement` compares them.

The route is valid where explicit coordinates leave L_red as an overall factor; otherwise the functions are
freed along those coordinates too, and no symmetry is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from holosym.derive.action import Action
from holosym.derive.ansatz import Ansatz
from holosym.derive.derivation import TotalDerivatives, partial
from holosym.derive.generators import (
    CoordinateGenerator,
    Generator,
    JetGenerator,
    Unknown,
)
from holosym.derive.geometry import Geometry, Tensor, connected
from holosym.derive.ring import BITS, UNIT, Element, Ring
from holosym.dsl.forms import bare_potentials


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


@dataclass(frozen=True)
class Reduction:
    """The reduced equations: each E_u, with u on the ansatz again, and whether symmetry was used."""

    freed: tuple[Freed, ...]
    equations: tuple[Element, ...]
    extended: tuple[Any, ...]


def reduce(ansatz: Ansatz) -> Reduction:
    """Free, vary, put the ansatz back."""
    along = ansatz.active
    extra = _gauge_dependent(ansatz, along)
    if not extra:
        freed, lagrangian = _freed_density(ansatz, along)
        extra = _explicit(ansatz, lagrangian, along)
    if extra:
        along = tuple(c for c in ansatz.coordinates if c in (*along, *extra))
        freed, lagrangian = _freed_density(ansatz, along)
    images = _images(ansatz.ring, freed)
    equations = []
    for one in freed:
        varied = euler_lagrange(ansatz.ring, lagrangian, one.unknown)
        equations.append(ansatz.ring.substitute(varied, images(varied)))
    return Reduction(freed, tuple(equations), extra)


def _freed_density(ansatz: Ansatz, along: tuple[Any, ...]) -> tuple[tuple[Freed, ...], Element]:
    """The free functions, and sqrt(-g) L with the root that is positive on the ansatz."""
    ring = ansatz.ring
    freed = free_functions(ansatz, along)
    action = _freed_action(ansatz, freed)
    volume = action.geometry.volume
    on_ansatz = ring.substitute(volume, _images(ring, freed)(volume))
    if ring.is_zero(on_ansatz + Geometry(ring, ansatz.coordinates, ansatz.metric).volume):
        action = _freed_action(ansatz, freed, orientation=-1)
    return freed, action.lagrangian * action.geometry.volume


def _gauge_dependent(ansatz: Ansatz, along: tuple[Any, ...]) -> tuple[Any, ...]:
    """Coordinates on which a one-form depends explicitly whose potential itself, not its curl, stands in the action.

    There the action is invariant along them only up to a boundary term (Chern-Simons), and reduction is not valid.
    """
    assert ansatz.theory.lagrangian is not None
    bare = bare_potentials(ansatz.theory.lagrangian)
    return tuple(
        c
        for c in ansatz.coordinates
        if c not in along
        and any(_depends(ansatz.ring, v, c) for one in bare for v in ansatz.gauge.get(one, {}).values())
    )


# ---- what is freed ------------------------------------------------------------------------------------------------


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
    tied = _tied(ansatz, along)
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
    tied = _tied(ansatz, along)
    time = ansatz.coordinates.index(ansatz.theory.time)
    for (a, b), value in sorted(upper.items()):
        if not (tied[a] and tied[b]):
            # g_tt = -u: then sqrt(-g) is a root of positive functions, on the branch of the ansatz
            sign = -1 if (a, b) == (time, time) else 1
            yield value * sign, {(a, b): ring.constant(sign), (b, a): ring.constant(sign)}
    blocks = sorted({tied[a] for a in tied if tied[a]})
    for block in blocks:
        inside = {index: v for index, v in upper.items() if tied[index[0]] and tied[index[1]]}
        mine = {index: v for index, v in inside.items() if tied[index[0]] == block}
        yield from _split_block(ansatz, mine, along)


def _tied(ansatz: Ansatz, along: tuple[Any, ...]) -> dict[int, tuple[int, ...]]:
    """For every index its block of coordinates tied by explicit dependence on one of them; () where it is free."""
    ring = ansatz.ring
    edges = []
    for (a, b), value in ansatz.metric.items():
        for c, coordinate in enumerate(ansatz.coordinates):
            if coordinate not in along and _depends(ring, value, coordinate):
                edges += [(c, a), (c, b)]
    blocks = connected(range(len(ansatz.coordinates)), edges)
    return {a: (block if len(block) > 1 else ()) for block in blocks for a in block}


def _depends(ring: Ring, element: Element, coordinate: Any) -> bool:
    for g in ring.positions(element):
        generator = ring.generators[g]
        if isinstance(generator, CoordinateGenerator) and generator.symbol == coordinate:
            return True
        if any(_depends(ring, a, coordinate) for a in generator.arguments):
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
    return not any(_depends(ring, a, c) for a in generator.arguments for c in along) and not any(
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


# ---- the variation ------------------------------------------------------------------------------------------------


def _freed_action(ansatz: Ansatz, freed: tuple[Freed, ...], orientation: int = 1) -> Action:
    """The action with the free functions in place."""
    ring = ansatz.ring
    parts: dict[tuple[int, ...], list[Element]] = {}
    scalars = dict(ansatz.scalars)
    gauge = {one: dict(components) for one, components in ansatz.gauge.items()}
    for one in freed:
        function = ring.generator(JetGenerator(one.unknown, (0,) * len(one.unknown.coordinates)))
        if one.field is None:
            for index, shape in one.shape.items():
                parts.setdefault(index, []).append(function * shape)
        elif () in one.shape:
            scalars[one.field] = scalars[one.field] + function
        else:
            (index,) = one.shape
            gauge[one.field][index] = gauge[one.field][index] + function
    metric = {index: ring.sum(values) for index, values in parts.items()}
    return Action(ansatz.theory, Geometry(ring, ansatz.coordinates, metric, orientation), scalars, gauge)


def _explicit(ansatz: Ansatz, lagrangian: Element, along: tuple[Any, ...]) -> tuple[Any, ...]:
    """Coordinates on which the reduced Lagrangian depends by more than an overall factor."""
    ring = ansatz.ring
    expanded = ring.expanded(lagrangian)
    found = []
    for coordinate in ansatz.coordinates:
        if coordinate in along:
            continue
        factors = set()
        for monomial in expanded.terms:
            factors.add(tuple((g, e) for g, e in ring.decode(monomial) if _depends_generator(ring, g, coordinate)))
        if len(factors) > 1:
            found.append(coordinate)
    return tuple(found)


def _depends_generator(ring: Ring, position: int, coordinate: Any) -> bool:
    return _depends(ring, Element(ring, {UNIT << (BITS * position): 1}), coordinate)


def euler_lagrange(ring: Ring, lagrangian: Element, unknown: Unknown, order: int = 2) -> Element:
    """E_u = sum over multi-indices n of (-D)^n dL/du_n."""
    D = TotalDerivatives(ring)
    parts = []
    for orders in product(range(order + 1), repeat=len(unknown.coordinates)):
        if sum(orders) > order:
            continue
        generator = JetGenerator(unknown, orders)
        if not ring.known(generator.key):
            continue
        slope = partial(ring, generator)(lagrangian)
        if slope:
            value = D.repeated(slope, unknown.coordinates, orders)
            parts.append(value if sum(orders) % 2 == 0 else -value)
    return ring.sum(parts)


def _images(ring: Ring, freed: tuple[Freed, ...]) -> Any:
    """For an element: the images of the free functions' jets in it, on the ansatz."""
    D = TotalDerivatives(ring)
    values = {one.unknown: one.value for one in freed}
    known: dict[int, Element] = {}

    def deep(element: Element) -> set[int]:
        found = ring.positions(element)
        for g in tuple(found):
            for argument in ring.generators[g].arguments:
                found |= deep(argument)
        return found

    def images(element: Element) -> dict[int, Element]:
        for g in deep(element):
            generator = ring.generators[g]
            if g not in known and isinstance(generator, JetGenerator) and generator.unknown in values:
                base = values[generator.unknown]
                known[g] = D.repeated(base, generator.unknown.coordinates, generator.orders)
        return known

    return images
