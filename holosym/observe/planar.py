r"""A static planar black brane, read from a theory, or a refusal that says what is in the way.

    ds^2 = -D dt^2 + dr^2/N + sum_i g_i dx_i^2,      A = a_t dt + (constant field strength along the brane),

with D, N, g_i, a_t and the scalars' kinetic terms functions of the radial coordinate. D and N vanish linearly at
the horizon: either through one common profile f, or each through a profile of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr, S, oo

from holosym.derive.ansatz import one_form
from holosym.derive.freed import depends
from holosym.derive.geometry import Tensor
from holosym.derive.line_element import line_element
from holosym.derive.system import EquationSystem, unknown_of
from holosym.dsl.forms import GaugeField, ScalarField, bare_potentials
from holosym.dsl.invariants import INVARIANTS, Curvature, LeviCivita, R
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring


@dataclass(frozen=True)
class PlanarBrane:
    """A static planar black brane in a ring of one's choice.

    Attributes:
        theory: the theory.
        ring: the ring.
        time, radial, along: indices of the coordinates.
        metric, scalars, gauge: the ansatz as elements.
        vanishing: the profiles through which D and N vanish, as jets of order 0.
        outward: +1 where the radial coordinate grows towards the boundary, -1 where it falls.
    """

    theory: Theory
    ring: Ring
    time: int
    radial: int
    along: tuple[int, ...]
    metric: Tensor
    scalars: dict[ScalarField, Element]
    gauge: dict[GaugeField, Tensor]
    vanishing: tuple[JetGenerator, ...]
    outward: int

    @property
    def redshift(self) -> Element:
        """D = -g_tt."""
        return -self.metric[self.time, self.time]

    @property
    def radial_inverse(self) -> Element:
        """N = g^rr."""
        return self.metric[self.radial, self.radial] ** -1

    def name(self, index: int) -> str:
        """The name of a coordinate."""
        return str(self.theory.coordinates[index].name)


def refused(theory: Any, why: str, mend: str) -> ExpansionError:
    """The error for a theory to which the horizon formula does not apply."""
    return ExpansionError(
        f"no DC transport for {theory.name}: {why}", mend=mend, file=theory.place.file, line=theory.place.line
    )


def planar_brane(system: EquationSystem, ring: Ring) -> PlanarBrane:
    """Read the theory of a system as a planar brane.

    Raises:
        ExpansionError: where it is none, or its Lagrangian is outside of the formula's reach.
    """
    theory = _theory(system)
    convert = Converter(ring, angles=True)
    coordinates = theory.coordinates
    time, radial = coordinates.index(theory.time), coordinates.index(theory.radial)
    along = tuple(i for i in range(len(coordinates)) if i not in (time, radial))
    metric = line_element(theory.metric, coordinates, convert)
    _check_metric(theory, ring, metric, along)
    scalars = {one: convert(one.ansatz) for one in theory.scalars}
    gauge = {one: one_form(one, theory, convert) for one in theory.gauge_fields}
    _check_fields(theory, ring, scalars, gauge, along)
    vanishing = _vanishing(theory, ring, metric, time, radial, along)
    return PlanarBrane(
        theory, ring, time, radial, along, metric, scalars, gauge, vanishing, outward(theory.boundary, theory.horizon)
    )


def _theory(system: EquationSystem) -> Theory:
    model = system.model
    if not isinstance(model, Theory) or model.radial is None or model.lagrangian is None:
        raise refused(model, "it has no action or no radial coordinate", "write a Theory with a Lagrangian and radial=")
    if model.horizon is None:
        raise refused(model, "it has no horizon", "the formula evaluates currents at a horizon: give horizon=")
    foreign = [p for p in model.profiles if p.args != (model.radial,)]
    if foreign:
        raise refused(model, f"{foreign[0]} depends on more than {model.radial}", "homogeneous, static states only")
    _check_lagrangian(model)
    return model


def _check_lagrangian(theory: Theory) -> None:
    lagrangian = theory.lagrangian
    assert lagrangian is not None
    curvatures = lagrangian.atoms(Curvature)
    slope: Expr = lagrangian.diff(R)
    if curvatures != {R} or slope.has(*INVARIANTS):
        raise refused(
            theory,
            "its equations are not those of (function of scalars) R + matter",
            "the heat current at the horizon is T s times a velocity for such theories only",
        )
    if any(bare_potentials(one) for one in lagrangian.atoms(LeviCivita)):
        raise refused(theory, "it has a Chern-Simons term", "its current is not the flux of the field strength alone")


def _check_metric(theory: Theory, ring: Ring, metric: Tensor, along: tuple[int, ...]) -> None:
    if any(a != b for a, b in metric):
        raise refused(theory, "its metric is not diagonal", "write the static metric in Schwarzschild-like time")
    if not along:
        raise refused(theory, "it has no direction along the brane", "transport needs one")
    for c in theory.coordinates:
        if c != theory.radial and any(depends(ring, g, c) for g in metric.values()):
            raise refused(theory, f"its metric depends on {c}", "the horizon has to be planar and static")


def _check_fields(
    theory: Theory,
    ring: Ring,
    scalars: dict[ScalarField, Element],
    gauge: dict[GaugeField, Tensor],
    along: tuple[int, ...],
) -> None:
    values = [*scalars.values(), *(v for one in gauge.values() for v in one.values())]
    if any(depends(ring, value, theory.time) for value in values):
        raise refused(theory, f"its fields depend on {theory.time}", "stationary states only")
    for one, components in gauge.items():
        for i in along:
            value = components.get((i,))
            if value is not None and (depends(ring, value, theory.radial) or _profiles(ring, value)):
                raise refused(
                    theory, f"{one} has a radial profile along the brane", "charges and magnetic fields are covered"
                )


def _profiles(ring: Ring, element: Element) -> set[JetGenerator]:
    """The profiles that stand as factors, with a positive power, in a monomial."""
    if len(element.terms) != 1:
        return {g for p in ring.positions(element) if isinstance(g := ring.generators[p], JetGenerator)}
    (monomial,) = element.terms
    return {g for p, e in ring.decode(monomial) if e == UNIT and isinstance(g := ring.generators[p], JetGenerator)}


def _vanishing(
    theory: Theory, ring: Ring, metric: Tensor, time: int, radial: int, along: tuple[int, ...]
) -> tuple[JetGenerator, ...]:
    """The profiles that vanish at the horizon: a simple factor of D and of N, and no factor along the brane."""
    regular = {
        g for i in along for p in ring.positions(metric[i, i]) if isinstance(g := ring.generators[p], JetGenerator)
    }
    inverse = metric[radial, radial] ** -1
    lapse, slope = (_profiles(ring, e) - regular for e in (metric[time, time], inverse))
    common = lapse & slope
    chosen = common or lapse | slope
    single = len(metric[time, time].terms) == 1 == len(inverse.terms)
    if not single or not (len(common) == 1 or (not common and len(lapse) == len(slope) == 1)):
        raise refused(
            theory,
            "no profile is seen through which g_tt and g^rr vanish at the horizon",
            "write g_tt and 1/g_rr as products, with one profile (or one each) that vanishes at the horizon",
        )
    known = {unknown_of(p) for p in theory.profiles}
    assert all(g.unknown in known for g in chosen)
    return tuple(sorted(chosen, key=lambda g: g.unknown.name))


def outward(boundary: Expr, horizon: Expr | None) -> int:
    """The sign of (boundary - horizon) along the radial coordinate; a parameter for the horizon is positive."""
    if boundary == oo:
        return 1
    difference = boundary - (horizon or S.Zero)
    if difference.is_positive:
        return 1
    return -1
