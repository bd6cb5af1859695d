"""From a model to its `EquationSystem`: covariant variation, reduced action, their agreement, elimination.

ansatz -> covariant variation -> field equations -> elimination -> EquationSystem
       -> reduced action      -> agreement  ------------^
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holosym.derive import agreement, ansatz, reduced
from holosym.derive.consistency import eliminate
from holosym.derive.couplings import closed_couplings
from holosym.derive.covariant import CovariantVariation
from holosym.derive.elimination import Solved
from holosym.derive.line_element import einstein_mixed
from holosym.derive.roles import equations_of
from holosym.derive.rules import Rules, jets_in
from holosym.derive.system import EquationSystem, Proof, unknown_of
from holosym.derive.units import Units
from holosym.dsl.symbols import Profile
from holosym.errors import ModelError
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.dsl.theory import Model, System, Theory

__all__ = ["EquationSystem", "closed_couplings", "einstein_mixed", "equation_system"]


def equation_system(model: Model) -> EquationSystem:
    """Derive a model's equations.

    Raises:
        ModelError: where the model cannot be used.
        DerivationError: where the two derivations disagree.
    """
    from holosym.dsl.theory import System, Theory

    if isinstance(model, System):
        return _of_system(model)
    assert isinstance(model, Theory)
    return _of_theory(model)


def _of_theory(theory: Theory) -> EquationSystem:
    read = ansatz.read(theory)
    metric_units = _metric_profiles(read)
    units = Units(read.ring, metric_units)
    unknowns = _ordered_unknowns(theory, metric_units)
    if theory.lagrangian is None:
        proof = Proof(notes=("there is no action: the metric alone is known, and no equation is derived",))
        return EquationSystem(theory, read.ring, {}, (), Solved(Rules(read.ring)), units, proof)
    covariant = CovariantVariation(read.action())
    found = field_equations(covariant)
    reduction = reduced.reduce(read)
    statements = agreement.prove(theory.name, covariant, reduction)
    notes = [
        f"the fluctuation {one.name!r} is recorded; its linearised equations are not derived by this version"
        for one in theory.fluctuations
    ]
    if reduction.extended:
        names = ", ".join(map(str, reduction.extended))
        notes.append(
            f"the reduced Lagrangian depends explicitly on {names}: no symmetry reduction was used along {names}, "
            "the functions were varied along these coordinates too"
        )
    _dynamics(theory, read.ring, found)
    in_metric = {unknown_of(p) for p in theory.metric.atoms(Profile)}
    solved = eliminate(theory, read.ring, found, unknowns, in_metric, units, read.active)
    equations = equations_of(read.ring, solved, units, found, read.active)
    return EquationSystem(theory, read.ring, found, equations, solved, units, Proof(tuple(statements), tuple(notes)))


def _of_system(system: System) -> EquationSystem:
    ring = Ring()
    convert = Converter(ring)
    found = {name: convert(expression) for name, expression in system.given.items()}
    units = Units(ring, ())
    unknowns = [unknown_of(p) for p in system.profiles]
    solved = eliminate(system, ring, found, unknowns, set(), units, (system.variable,))
    equations = equations_of(ring, solved, units, found, (system.variable,))
    return EquationSystem(system, ring, found, equations, solved, units, Proof())


def field_equations(covariant: CovariantVariation) -> dict[str, Element]:
    """Every covariant component that is not identically zero, by label."""
    names = [c.name for c in covariant.geometry.coordinates]
    ring = covariant.ring
    found: dict[str, Element] = {}
    for (a, b), value in sorted(covariant.metric_equations.items()):
        if a <= b and not ring.is_zero(value):
            found[f"einstein_{names[a]}{names[b]}"] = value
    for scalar, value in covariant.scalar_equations.items():
        if not ring.is_zero(value):
            found[f"scalar_{scalar.name}"] = value
    for gauge, current in covariant.gauge_equations.items():
        for (a,), value in sorted(current.items()):
            if not ring.is_zero(value):
                found[f"maxwell_{gauge.name}_{names[a]}"] = value
    return found


def _metric_profiles(read: ansatz.Ansatz) -> set[Unknown]:
    """Profiles that the metric, its inverse or its determinant divides by: they cannot vanish."""
    geometry = read.action().geometry
    found = set()
    for element in (*read.metric.values(), *geometry.inverse.values()):
        for monomial in element.terms:
            for g, e in read.ring.decode(monomial):
                generator = read.ring.generators[g]
                if e < 0 and isinstance(generator, JetGenerator):
                    found.add(generator.unknown)
    return found


def _ordered_unknowns(theory: Theory, metric_units: set[Unknown]) -> list[Unknown]:
    """Pivots are sought among metric functions first, those that cannot vanish before the others."""
    inside = theory.metric.atoms(Profile)
    found = [unknown_of(p) for p in theory.profiles]
    in_metric = {unknown_of(p) for p in theory.profiles if p in inside}
    return sorted(found, key=lambda u: (u not in metric_units, u not in in_metric, u.name))


def _dynamics(theory: Theory, ring: Ring, found: dict[str, Element]) -> None:
    """Every profile must stand in some equation."""
    present = {
        jet.unknown
        for element in found.values()
        for g in jets_in(ring, element)
        if isinstance(jet := ring.generators[g], JetGenerator)
    }
    for profile in theory.profiles:
        if unknown_of(profile) not in present:
            raise ModelError(
                f"the action has no dynamics for the profile {profile}: no field equation contains it",
                mend=f"add a kinetic term for it to the Lagrangian, or take {profile.func.name} out of the ansatz",
                file=theory.place.file,
                line=theory.place.line,
            )
