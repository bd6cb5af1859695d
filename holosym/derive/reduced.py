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

from dataclasses import dataclass
from itertools import product
from typing import Any

from holosym.derive.action import Action
from holosym.derive.ansatz import Ansatz
from holosym.derive.freed import Freed, depends, free_functions
from holosym.derive.geometry import Geometry
from holosym.dsl.forms import bare_potentials
from holosym.jets.derivation import TotalDerivatives, partial
from holosym.jets.element import BITS, UNIT, Element
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring


@dataclass(frozen=True)
class Reduction:
    """The reduced equations: each E_u, with u on the ansatz again, and whether symmetry was used."""

    freed: tuple[Freed, ...]
    equations: tuple[Element, ...]
    extended: tuple[Any, ...]


def reduce(ansatz: Ansatz) -> Reduction:
    """Free, vary, put the ansatz back."""
    along = ansatz.active
    extra = gauge_dependent(ansatz, along)
    if not extra:
        freed, lagrangian = freed_density(ansatz, along)
        extra = explicit_coordinates(ansatz, lagrangian, along)
    if extra:
        along = tuple(c for c in ansatz.coordinates if c in (*along, *extra))
        freed, lagrangian = freed_density(ansatz, along)
    images = images_on_ansatz(ansatz.ring, freed)
    equations = []
    for one in freed:
        varied = euler_lagrange(ansatz.ring, lagrangian, one.unknown)
        equations.append(ansatz.ring.substitute(varied, images(varied)))
    return Reduction(freed, tuple(equations), extra)


def freed_density(ansatz: Ansatz, along: tuple[Any, ...]) -> tuple[tuple[Freed, ...], Element]:
    """The free functions, and sqrt(-g) L with the root that is positive on the ansatz."""
    ring = ansatz.ring
    freed = free_functions(ansatz, along)
    action = _freed_action(ansatz, freed)
    volume = action.geometry.volume
    on_ansatz = ring.substitute(volume, images_on_ansatz(ring, freed)(volume))
    if ring.is_zero(on_ansatz + Geometry(ring, ansatz.coordinates, ansatz.metric).volume):
        action = _freed_action(ansatz, freed, orientation=-1)
    return freed, action.lagrangian * action.geometry.volume


def gauge_dependent(ansatz: Ansatz, along: tuple[Any, ...]) -> tuple[Any, ...]:
    """Coordinates on which a one-form depends explicitly whose potential itself, not its curl, stands in the action.

    There the action is invariant along them only up to a boundary term (Chern-Simons), and reduction is not valid.
    """
    assert ansatz.theory.lagrangian is not None
    bare = bare_potentials(ansatz.theory.lagrangian)
    return tuple(
        c
        for c in ansatz.coordinates
        if c not in along
        and any(depends(ansatz.ring, v, c) for one in bare for v in ansatz.gauge.get(one, {}).values())
    )


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


def explicit_coordinates(ansatz: Ansatz, lagrangian: Element, along: tuple[Any, ...]) -> tuple[Any, ...]:
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
    return depends(ring, Element(ring, {UNIT << (BITS * position): 1}), coordinate)


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


def images_on_ansatz(ring: Ring, freed: tuple[Freed, ...]) -> Any:
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
