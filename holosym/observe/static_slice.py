"""Whether surfaces on a constant-time slice are what is asked for: a static metric, an area, directions to move in."""

from __future__ import annotations

from holosym.derive.ansatz import Ansatz
from holosym.derive.freed import depends
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import CoordinateDifferential, expand_forms
from holosym.dsl.invariants import INVARIANTS, Curvature, R
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError

COVARIANT = "the covariant (HRT) surface of Hubeny, Rangamani and Takayanagi 2007 would be needed"


def refused(theory: Theory, why: str, mend: str) -> ExpansionError:
    """The error for a theory whose surfaces are others than those on a constant-time slice."""
    return ExpansionError(
        f"no entanglement functional for {theory.name}: {why}",
        mend=mend,
        file=theory.place.file,
        line=theory.place.line,
    )


def require_static(system: EquationSystem) -> Theory:
    """The theory, if its metric is diagonal and does not change in time.

    Raises:
        ExpansionError: for any other: its surfaces do not lie on a slice of constant time.
    """
    theory = system.model
    if not isinstance(theory, Theory) or theory.radial is None:
        raise ExpansionError(f"{theory.name} has no spacetime", mend="write a Theory with radial=")
    for profile in theory.profiles:
        others = [c for c in profile.args if c != theory.radial]
        if theory.time in others:
            raise refused(theory, f"the profile {profile} depends on {theory.time}: {COVARIANT}", "static states only")
        if others:
            raise refused(
                theory,
                f"the profile {profile} depends on {others[0]}, which is no translation",
                "states that are homogeneous along the boundary only",
            )
    expanded = expand_forms(theory.metric)
    differentials = [CoordinateDifferential(c) for c in theory.coordinates]
    for n, a in enumerate(differentials):
        for b in differentials[n + 1 :]:
            if expanded.coeff(a, 1).coeff(b, 1) != 0:
                raise _off_diagonal(theory, a, b)
    if expanded.has(theory.time):
        raise refused(
            theory,
            f"its metric depends on {theory.time}: {COVARIANT}",
            "static states only",
        )
    return theory


def _off_diagonal(theory: Theory, a: CoordinateDifferential, b: CoordinateDifferential) -> ExpansionError:
    """Why there are no strips on a constant-time slice where the metric has a term of two differentials."""
    if CoordinateDifferential(theory.time) in (a, b):
        return refused(
            theory,
            f"its metric has a term {a} {b}: on a stationary or Eddington-Finkelstein metric the covariant "
            "(HRT) surface leaves the slices of constant time",
            "write the static metric in Schwarzschild-like coordinates, diagonal",
        )
    return refused(
        theory,
        f"its metric has a term {a} {b}: the surface over a strip would bend along the strip as well",
        "use coordinates in which the metric is diagonal",
    )


def require_area(theory: Theory) -> None:
    """Refuse actions whose entanglement entropy is not an area weighted with a function of the scalars.

    Raises:
        ExpansionError: for higher curvature.
    """
    if theory.lagrangian is None:
        return
    slope = theory.lagrangian.diff(R)
    if theory.lagrangian.atoms(Curvature) - {R} or slope.has(*INVARIANTS):
        raise refused(
            theory,
            "its action is not (function of scalars) R + matter: the functional is not the area (Jacobson and Myers "
            "1993 for Gauss-Bonnet; Dong 2014 for others)",
            "go to the Einstein frame where there is one; T and s are derived for this theory all the same",
        )
    if slope == 0:
        raise refused(theory, "its action has no R", "there is no gravitational entropy")


def directions(theory: Theory, ansatz: Ansatz) -> tuple[list[int], list[str]]:
    """Directions along which the metric does not change, and for the others why they are left out.

    Raises:
        ExpansionError: where there is none.
    """
    kept, notes = [], []
    spatial = [i for i, c in enumerate(theory.coordinates) if c not in (theory.time, theory.radial)]
    elements = [*ansatz.metric.values()]
    moving = [i for i in spatial if any(depends(ansatz.ring, g, theory.coordinates[i]) for g in elements)]
    for i in spatial:
        name = theory.coordinates[i].name
        if i in moving:
            notes.append(f"no strip along {name}: the metric depends on {name}, which is no translation")
        elif moving:
            other = theory.coordinates[moving[0]].name
            notes.append(f"no strip along {name}: its transverse measure depends on {other}")
        else:
            kept.append(i)
    if not kept:
        why = notes[0] if notes else "it has no direction along the boundary"
        raise refused(
            theory, why, "strips need a planar boundary: a metric that does not depend on the position along it"
        )
    return kept, notes
