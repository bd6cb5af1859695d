"""Published equations: each must reduce to zero modulo the derived system and its derivatives.

The exact leg decides on the generic branch of the constraints. The numerical leg draws jets that obey the
constraints, solving each for a jet, a coupling or a parameter that changes from point to point, so that
every branch of a constraint that factorises is met; it can veto.
"""

from __future__ import annotations

from typing import Any

import mpmath

from holosym.derive import closed_couplings
from holosym.derive.system import EquationSystem
from holosym.dsl.symbols import AppliedCoupling
from holosym.dsl.theory import Published, Theory
from holosym.errors import RingError
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.to_sympy import to_sympy
from holosym.verify.check import DIGITS, EXACT, NUMERICAL, POINTS, Check
from holosym.verify.evaluate import WORKING_DIGITS, NotAdmissible
from holosym.verify.points import ATTEMPTS, Point
from holosym.verify.state import State

UNDECIDED = "undecided: no point was found where the constraints hold and everything is finite"


def check_published(system: EquationSystem, published: Published) -> Check:
    """Check one published equation."""
    try:
        element = _read(system, published)
        exact = system.vanishes(element) or _vanishes_closed(system, element)
        outcome = _numerically(system, element)
    except RingError as error:
        return Check("published", published.name, False, NUMERICAL, f"it cannot be read: {error.message}")
    if outcome is not None and outcome != UNDECIDED:
        return Check("published", published.name, False, NUMERICAL, outcome)
    if exact:
        return Check("published", published.name, True, EXACT, published.source)
    if outcome is None:
        return Check("published", published.name, True, NUMERICAL, published.source)
    return Check("published", published.name, False, NUMERICAL, outcome)


def _read(system: EquationSystem, published: Published) -> Element:
    values: dict[Any, Element] = {}
    if isinstance(system.model, Theory):
        convert = Converter(system.ring)
        values = {field: convert(field.ansatz) for field in system.model.scalars}
    return Converter(system.ring, values)(published.expression)


def _vanishes_closed(system: EquationSystem, element: Element) -> bool:
    """The same with closed forms of the couplings put in: for equations that are printed with them."""
    closed = closed_couplings(system.model)
    if not closed:
        return False
    put = Converter(system.ring, {}, closed)
    left = put(to_sympy(system.rules.reduce(element)))
    return system.vanishes(left, [put(to_sympy(row.element)) for row in system.solved.constraints])


def _numerically(system: EquationSystem, element: Element) -> str | None:
    """None if the reduced expression vanishes at random jets that obey the constraints; else point and value."""
    closed = closed_couplings(system.model)
    nested = {name: form for name, form in closed.items() if form[1].has(AppliedCoupling)}
    put = Converter(system.ring, {}, nested)

    def resolved(one: Element) -> Element:
        return put(to_sympy(one)) if nested else one

    reduced = resolved(system.normal_form(element))
    constraints = [resolved(row.element) for row in system.solved.constraints]
    plain = {name: form for name, form in closed.items() if name not in nested}
    accepted = 0
    with mpmath.workdps(WORKING_DIGITS):
        for salt in range(ATTEMPTS):
            try:
                state = State(system, constraints, Point(system.model, salt), plain)
                value, magnitude = state.evaluator(reduced)
            except NotAdmissible:
                continue
            if abs(value) > mpmath.mpf(10) ** -DIGITS * magnitude:
                found = f"does not vanish on shell: {mpmath.nstr(value, 8)} at {state.describe() or 'every point'}"
                return found if system.rules.prolong else f"{found} (modulo the equations without their derivatives)"
            accepted += 1
            if accepted == POINTS:
                return None
    return None if accepted else UNDECIDED
