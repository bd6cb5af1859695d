r"""Where a horizon is in an ansatz: which profiles vanish there.

With the lapse N and the radial component of the inverse metric,

    N^2 = -det(g without r)/det(g along the horizon),      g^rr,

both vanish linearly at a non-extremal horizon while det g stays finite: in Schwarzschild-like charts through one
profile, -f dt^2 + dr^2/f, or through two, -a dt^2 + dr^2/b; in ingoing Eddington-Finkelstein ones, -f dv^2 - 2 dv dr,
as well. At the bifurcation surface the Killing vector d/dt is zero, and so is A_t = A(d/dt) there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from holosym.derive.ansatz import Ansatz
from holosym.derive.geometry import Geometry, Tensor, minor
from holosym.dsl.forms import GaugeField
from holosym.errors import ExpansionError
from holosym.jets.content import common_monomial
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem
    from holosym.dsl.theory import Theory


@dataclass(frozen=True)
class TimeRadial:
    """The geometry across a horizon, as elements.

    Attributes:
        time, radial, along: indices of the coordinates.
        lapse: N^2.
        slope: g^rr.
        area: det g along the horizon.
    """

    time: int
    radial: int
    along: tuple[int, ...]
    lapse: Element
    slope: Element
    area: Element


def horizon_theory(system: EquationSystem) -> Theory:
    """The theory of a system, if it can have a horizon to expand about.

    Raises:
        ExpansionError: for one without horizon, action or radial coordinate, and for profiles of several coordinates.
    """
    model = _radial(system)
    if model.horizon is None:
        raise _refused(model, f"{model.name} has no horizon", "give horizon=1, or the number it is at")
    return radial_theory(system)


def radial_theory(system: EquationSystem) -> Theory:
    """The theory of a system, if its profiles are functions of a radial coordinate: what is conserved needs no more.

    Raises:
        ExpansionError: for one without action or radial coordinate, and for profiles of several coordinates.
    """
    model = _radial(system)
    if model.lagrangian is None:
        raise _refused(model, f"{model.name} is a bare metric: no equation holds at its horizon", "give lagrangian=")
    for profile in model.profiles:
        if profile.args != (model.radial,):
            raise _refused(
                model,
                f"the profile {profile} depends on more than {model.radial}",
                "horizons are expanded about for stationary, homogeneous states only",
            )
    return model


def _radial(system: EquationSystem) -> Theory:
    from holosym.dsl.theory import Theory

    model = system.model
    if not isinstance(model, Theory) or model.radial is None:
        raise ExpansionError(
            f"{model.name} has no radial coordinate, so it has no horizon",
            mend="write a Theory with radial= and horizon=",
        )
    return model


def time_radial(theory: Theory, geometry: Geometry) -> TimeRadial:
    """Lapse, g^rr and area."""
    time, radial = (theory.coordinates.index(c) for c in (theory.time, theory.radial))
    along = tuple(i for i in range(len(theory.coordinates)) if i not in (time, radial))
    slice_ = tuple(sorted((time, *along)))
    ring, metric = geometry.ring, geometry.metric
    area = ring.expanded(minor(metric, along, along, ring))
    if len(area.terms) == 1:
        lapse = ring.expanded(minor(metric, slice_, slice_, ring) * -1) / area
    else:
        lapse = -minor(metric, slice_, slice_, ring) * area**-1
    slope = geometry.inverse.get((radial, radial), ring.zero)
    return TimeRadial(time, radial, along, lapse, slope, area)


def emblackening(theory: Theory, ansatz: Ansatz) -> tuple[JetGenerator, ...]:
    """The profiles that vanish linearly at the horizon, as jets of order 0.

    Raises:
        ExpansionError: where no profile, or no unique one, can take g_tt and g^rr to zero.
    """
    across = time_radial(theory, Geometry(ansatz.ring, ansatz.coordinates, ansatz.metric))
    lapse, slope = (_factors(ansatz.ring, e) for e in (across.lapse, across.slope))
    regular = _transverse(ansatz.ring, ansatz.metric, across.along)
    candidates = sorted({*lapse, *slope} - regular, key=lambda u: u.name)
    for size in (1, 2):
        found = [
            chosen
            for chosen in combinations(candidates, size)
            if sum(lapse.get(u, 0) for u in chosen) == UNIT == sum(slope.get(u, 0) for u in chosen)
            and all(lapse.get(u, 0) >= 0 and slope.get(u, 0) >= 0 for u in chosen)
        ]
        if len(found) == 1:
            return tuple(JetGenerator(u, (0,)) for u in found[0])
        if found:
            names = ", ".join("/".join(u.name for u in chosen) for chosen in found)
            raise _not_found(
                theory, f"any of {names} could vanish there", "leave one emblackening factor in the metric"
            )
    raise _not_found(
        theory,
        f"no profile takes both g_{theory.time}{theory.time} and g^{theory.radial}{theory.radial} to zero",
        f"write them as products with one profile, -f d{theory.time}^2 and d{theory.radial}^2/f, or with one each; "
        "without a horizon, horizon=None",
    )


def potentials(ansatz: Ansatz, theory: Theory) -> dict[GaugeField, Element]:
    """A_t of every one-form field that has one; none where time mixes with a direction along the horizon."""
    time, radial = (theory.coordinates.index(c) for c in (theory.time, theory.radial))
    if any(a == time and b not in (time, radial) for a, b in ansatz.metric):
        return {}
    return {one: parts[(time,)] for one, parts in ansatz.gauge.items() if (time,) in parts}


def _factors(ring: Ring, element: Element) -> dict[Unknown, int]:
    """Exponents of the profiles that divide an element."""
    expanded = ring.expanded(element)
    if not expanded:
        return {}
    found = {}
    for g, e in ring.decode(common_monomial(expanded)):
        generator = ring.generators[g]
        if isinstance(generator, JetGenerator) and not any(generator.orders):
            found[generator.unknown] = e
    return found


def _transverse(ring: Ring, metric: Tensor, along: tuple[int, ...]) -> set[Unknown]:
    """Profiles that divide a component along the horizon: finite there."""
    return {u for i in along for u in _factors(ring, metric.get((i, i), ring.zero))}


def _not_found(theory: Theory, why: str, mend: str) -> ExpansionError:
    return _refused(theory, f"the horizon of {theory.name} is not seen in its metric: {why}", mend)


def _refused(theory: Theory, message: str, mend: str) -> ExpansionError:
    return ExpansionError(message, mend=mend, file=theory.place.file, line=theory.place.line)
