"""The independent equations with their roles, from the outcome of an elimination.

A dynamical equation is shown with one highest derivative: other highest derivatives are eliminated,
lower-order rules are left alone, denominators are cleared. It is named by its profile, a constraint by the
field equation it came from.
"""

from __future__ import annotations

from typing import Any

from holosym.derive.elimination import Solved
from holosym.derive.rules import Rule, jets_in, order_of
from holosym.derive.system import Equation
from holosym.derive.units import Units
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring


def equations_of(
    ring: Ring, solved: Solved, units: Units, found: dict[str, Element], active: tuple[Any, ...]
) -> tuple[Equation, ...]:
    """Dynamical equations sorted by name, then constraints."""
    dynamical = [_dynamical(ring, solved, units, rule) for rule in solved.rules.rules]
    names = [e.name for e in dynamical]
    if len(set(names)) < len(names):
        dynamical = [_renamed(e) if names.count(e.name) > 1 else e for e in dynamical]
    constraints = [
        Equation(f"constraint_{row.label}", "constraint", _cleared(units, row.element), None, None, row.label)
        for row in solved.constraints
    ]
    return (*sorted(dynamical, key=lambda e: e.name), *sorted(constraints, key=lambda e: e.name))


def _dynamical(ring: Ring, solved: Solved, units: Units, rule: Rule) -> Equation:
    order = sum(rule.jet.orders)
    shown = units.shortest(solved.rules.reduce(rule.row.element, without=rule, order=order))
    if not _has_only(ring, shown, rule.jet, order):
        position = ring.generator(rule.jet)
        shown = units.shortest(position - rule.right)
    shown = _signed(ring, shown, rule.jet)
    return Equation(rule.jet.unknown.name, "dynamical", shown, rule.jet, rule.right, rule.row.label)


def _has_only(ring: Ring, element: Element, jet: JetGenerator, order: int) -> bool:
    """Whether an element's only jet of its highest order is the given one, and stands there linearly."""
    if order_of(ring, element) != order:
        return False
    top = [g for g in jets_in(ring, element) if _order(ring, g) == order]
    if len(top) != 1 or ring.generators[top[0]].key != jet.key:
        return False
    return set(ring.collect(element, top[0])) <= {0, UNIT}


def _order(ring: Ring, g: int) -> int:
    jet = ring.generators[g]
    assert isinstance(jet, JetGenerator)
    return sum(jet.orders)


def _signed(ring: Ring, element: Element, jet: JetGenerator) -> Element:
    """The leading term with a positive coefficient."""
    leading = ring.collect(element, ring.index(jet))
    top = leading[max(leading)]
    first = top.terms[min(top.terms)]
    return -element if first < 0 else element


def _cleared(units: Units, element: Element) -> Element:
    cleared = units.shortest(element)
    first = cleared.terms[min(cleared.terms)]
    return -cleared if first < 0 else cleared


def _renamed(equation: Equation) -> Equation:
    assert equation.leading is not None
    coordinates = equation.leading.unknown.coordinates
    suffix = "".join(str(c) * n for c, n in zip(coordinates, equation.leading.orders, strict=True))
    return Equation(
        f"{equation.name}_d{suffix}",
        equation.role,
        equation.residual,
        equation.leading,
        equation.right,
        equation.origin,
    )
