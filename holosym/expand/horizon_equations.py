r"""The covariant equations in the combinations that are regular at a horizon.

Elimination divides by what is not zero in general, h' for one, and may leave rows that no horizon solves one by one.
Without it, and with the trace reversed,

    S_ab = E_ab - g_ab E^c_c/(D - 2)        (R_ab - ... : along the horizon f' appears, but neither f'' nor chi),
    S_ab l^a l^b,    l = (1/N) d_t + (g^rr)^(1/2) d_r        (Raychaudhuri's equation: f divides it),

the components along the horizon give the slopes of f and of the metric functions there, and the null one, of which f is
divided out, the slope of the lapse (chi'). Each is an invertible combination of the field equations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holosym.derive.ansatz import Ansatz
from holosym.derive.geometry import Geometry
from holosym.derive.system import EquationSystem
from holosym.expand.emblackening import time_radial
from holosym.jets.element import Element
from holosym.jets.transfer import Transfer

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

Equations = dict[str, Element]


def eliminated_equations(system: EquationSystem) -> Equations:
    """The independent equations, each solved for a highest derivative."""
    return {e.name: e.residual for e in system.equations}


def covariant_equations(system: EquationSystem, theory: Theory, ansatz: Ansatz) -> Equations:
    """All field equations, those of the metric with the trace reversed and along a null vector, without units.

    Args:
        system: the equations.
        theory: their theory.
        ansatz: its metric.
    """
    ring = system.ring
    transfer = Transfer(ring)
    geometry = Geometry(ring, ansatz.coordinates, {ab: transfer(e) for ab, e in ansatz.metric.items()})
    names = [c.name for c in ansatz.coordinates]
    labels = {(a, b): f"einstein_{names[a]}{names[b]}" for a in range(len(names)) for b in range(a, len(names))}
    found = dict(system.field_equations)
    if geometry.dimension > 2:
        given = {ab: found.pop(label, ring.zero) for ab, label in labels.items()}
        trace = ring.sum(geometry.inverse.get(ab, ring.zero) * e * (1 + (ab[0] != ab[1])) for ab, e in given.items())
        share = ring.expanded(trace) / (geometry.dimension - 2)
        turned = {ab: e - geometry.metric.get(ab, ring.zero) * share for ab, e in given.items()}
        found.update({labels[ab]: e for ab, e in _along_null(theory, geometry, turned).items()})
    cleared = {label: system.units.clear(ring.expanded(e)) for label, e in found.items()}
    return {label: e for label, e in cleared.items() if e}


def _along_null(
    theory: Theory, geometry: Geometry, turned: dict[tuple[int, int], Element]
) -> dict[tuple[int, int], Element]:
    """The rr-component replaced by l^a l^b S_ab, where time mixes with no other coordinate."""
    across = time_radial(theory, geometry)
    time, radial = across.time, across.radial
    if any(time in ab and ab[0] != ab[1] for ab in geometry.metric):
        return turned
    null = turned[time, time] * across.lapse**-1 + turned[radial, radial] * across.slope
    return {**turned, (radial, radial): null}
