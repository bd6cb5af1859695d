"""What is known of a theory's solutions beyond its equations: both ends of the radial line, and what is read off there.

Each part is asked for by itself. A theory without a horizon, or with a potential of unknown mass, lacks some of
them: the reason is kept, for the manifest and for EQUATIONS.md, and the other parts are made all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from holosym.derive.system import EquationSystem
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError, HolosymError, RingError
from holosym.expand.scaling import Scaling
from holosym.expand.series import BoundarySeries, HorizonSeries
from holosym.observe.quantity import BoundaryQuantity, LocalQuantity
from holosym.observe.surfaces import Surfaces

T = TypeVar("T")


@dataclass(frozen=True)
class Observables:
    """Expansions and observables of one theory; a part that is None or empty has its reason.

    Attributes:
        horizon, boundary: the expansions.
        scaling: mass dimensions of profiles and parameters.
        at_horizon: temperature, entropy density.
        conserved: radially conserved charges.
        at_boundary: sources, responses, energy, pressure.
        transport: DC conductivities by horizon formulae.
        transport_notes: what is said of transport where no number can be.
        surfaces: surfaces of entanglement and strings.
        reasons: for every part that is missing, why: by the names above.
    """

    horizon: HorizonSeries | None = None
    boundary: BoundarySeries | None = None
    scaling: Scaling | None = None
    at_horizon: tuple[LocalQuantity, ...] = ()
    conserved: tuple[LocalQuantity, ...] = ()
    at_boundary: tuple[BoundaryQuantity, ...] = ()
    transport: tuple[LocalQuantity, ...] = ()
    transport_notes: tuple[str, ...] = ()
    surfaces: Surfaces | None = None
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def local(self) -> tuple[LocalQuantity, ...]:
        """All quantities that are functions of jets at one point."""
        return (*self.at_horizon, *self.conserved, *self.transport)


PARTS = ("horizon", "boundary", "scaling", "at_horizon", "conserved", "at_boundary", "transport", "surfaces")


def observables(system: EquationSystem) -> Observables:
    """All expansions and observables that a theory has."""
    if not isinstance(system.model, Theory):
        return Observables(reasons=dict.fromkeys(PARTS, "a system of given equations has no spacetime"))
    return _Collector(system).collect()


class _Collector:
    """Asks for one part after the other."""

    def __init__(self, system: EquationSystem) -> None:
        self.system = system
        self.reasons: dict[str, str] = {}

    def collect(self) -> Observables:
        """All parts."""
        from holosym.expand.boundary import boundary_series
        from holosym.expand.horizon import horizon_series
        from holosym.expand.scaling import mass_dimensions
        from holosym.observe.charges import conserved_charges
        from holosym.observe.horizon import horizon_quantities
        from holosym.observe.renormalisation import boundary_quantities
        from holosym.observe.surfaces import surfaces
        from holosym.observe.transport import dc_transport, transport_notes

        system = self.system
        order = highest_derivative(system)
        short = self.part("boundary", lambda: responses(boundary_series, system))
        if short is None:
            self.reasons["at_boundary"] = f"no boundary series: {self.reasons['boundary']}"
        series = short and long_enough(short, boundary_series)
        return Observables(
            self.part("horizon", lambda: horizon_series(system, order)),
            series,
            self.part("scaling", lambda: mass_dimensions(system)),
            self.part("at_horizon", lambda: horizon_quantities(system)) or (),
            self.part("conserved", lambda: conserved_charges(system)) or (),
            (self.part("at_boundary", lambda: boundary_quantities(system, short)) if short else None) or (),
            self.part("transport", lambda: dc_transport(system)) or (),
            self.part("transport_notes", lambda: transport_notes(system)) or (),
            self.part("surfaces", lambda: surfaces(system, short)),
            self.reasons,
        )

    def part(self, name: str, ask: Callable[[], T]) -> T | None:
        """One part, or None with the reason kept."""
        try:
            found = ask()
        except (ExpansionError, RingError) as error:
            self.reasons[name] = reason(error)
            return None
        if not found:
            self.reasons[name] = "there are none"
        return found


def responses(expand: Callable[..., BoundarySeries], system: EquationSystem) -> BoundarySeries:
    """The boundary series through its responses; with exponents that are symbols its beginning, which is only shown."""
    start = expand(system, 1)
    return expand(system) if all(m.power.is_number for m in start.modes) else start


def long_enough(series: BoundarySeries, expand: Callable[..., BoundarySeries]) -> BoundarySeries:
    """The boundary series as far as a spectral solver can use it; what is read off it needs the responses alone.

    Whole powers alone are smooth: the responses are enough. Logarithms and fractional powers are written out twice as
    far, so that what a grid has to resolve is smooth to x^2d. Irrational powers are too many for that.
    """
    terms = [t for found in series.series.values() for t in found]
    if all(t.power.is_Integer and t.log == 0 for t in terms) or not all(t.power.is_Rational for t in terms):
        return series
    try:
        return expand(series.system, 2 * series.dimension)
    except ExpansionError:
        return series


def reason(error: HolosymError) -> str:
    """An error's message as one line of a list."""
    return " ".join(error.message.split())


def highest_derivative(system: EquationSystem) -> int:
    """The highest order among the jets that the equations hold, at least one."""
    from holosym.derive.rules import jets_in

    ring, order = system.ring, 1
    for equation in system.equations:
        for g in jets_in(ring, equation.residual):
            order = max(order, sum(ring.generators[g].orders))  # type: ignore[attr-defined]
    return order
