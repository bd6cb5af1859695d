"""Which equations a boundary series is made of, and which theories have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holosym.dsl.symbols import Profile
from holosym.errors import ExpansionError
from holosym.expand.asymptotics import check_ends
from holosym.jets.element import Element
from holosym.jets.generators import CoordinateGenerator

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Theory


def theory_of(system: EquationSystem) -> Theory:
    from holosym.dsl.theory import Theory

    theory = system.model
    if not isinstance(theory, Theory):
        raise ExpansionError(
            f"{theory.name} is a plain system of equations: it has no boundary",
            mend="boundary series are made for theories with a metric",
        )
    if theory.lagrangian is None:
        raise ExpansionError(
            f"{theory.name} is a bare metric without an action: there are no equations to expand",
            mend="give lagrangian=",
        )
    check_ends(theory)
    if len(theory.coordinates) < 3:
        raise ExpansionError(
            f"{theory.name} has a boundary of one dimension",
            mend="boundary series are made for boundaries of two dimensions and more",
        )
    if system.free:
        raise ExpansionError(
            f"no equation determines {', '.join(system.free)}: a freedom of the coordinates is left",
            mend=_gauge(system, theory),
        )
    return theory


def _gauge(system: EquationSystem, theory: Theory) -> str:
    """How to use up a change of the radial coordinate, r -> R(r): one function of the metric may be chosen."""
    names = sorted(p.func.name for p in theory.metric.atoms(Profile))
    if len(names) < 2 or not set(system.free) <= set(names):
        return "fix the radial gauge in the metric ansatz"
    choice = f"{', '.join(names[:-1])} or {names[-1]}"
    return f"fix the radial gauge in the metric ansatz: one of {choice} may be chosen, and left out as a function"


def rows_of(system: EquationSystem, theory: Theory) -> dict[str, Element]:
    """The field equations, each once; for those that depend on other coordinates the independent equations."""
    found: dict[str, Element] = {}
    seen: set[Element] = set()
    excluded = False
    for label, element in system.field_equations.items():
        if _other_coordinates(system, theory, element):
            excluded = True
        elif element not in seen:
            seen.add(element)
            found[label] = element
    if excluded:
        found.update({f"equation_{e.name}": e.residual for e in system.equations})
    return found


def _other_coordinates(system: EquationSystem, theory: Theory, element: Element) -> bool:
    for g in system.ring.positions(element):
        generator = system.ring.generators[g]
        if isinstance(generator, CoordinateGenerator) and generator.symbol != theory.radial:
            return True
        if any(_other_coordinates(system, theory, a) for a in generator.arguments):
            return True
    return False
