r"""Linear response of a planar brane at its horizon.

    delta A_i = t (-E_i + zeta_i a_t) + a_i(r),     delta g_ti = t zeta_i g_tt + h_ti(r),     delta g_ri = h_ri(r)

solves the linearised equations with an electric field E and a thermal gradient zeta = -grad T / T; every explicit t
drops out of them. With the ingoing time v = t + r_*, dr_*/dr = sigma (D N)^(-1/2), regularity at the horizon is

    a_i' = -E_i dr_*/dr,      h_ri = h_ti dr_*/dr,      (up to terms that drop out in the limit)

and delta psi = chi(r) regular, so that its derivative drops out as well. Three things are read off at the horizon:

    M h + S E + X zeta = 0      the ri component of the metric's equation (momentum balance),
    J = P h + G E               the flux of every gauge field, radially conserved by its equation,
    Q = -4 pi T sqrt(g) F g^ii h_ti     the heat current; F multiplies R in the Lagrangian (Donos and Gauntlett 2014).

Where B != 0 and zeta != 0 the fluxes are conserved up to magnetisation currents, which are no transport: what is
read at the horizon is the transport current (Blake, Donos and Lohitsiri 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Symbol

from holosym.derive.action import Action, full
from holosym.derive.covariant import CovariantVariation
from holosym.derive.geometry import Geometry, Tensor
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import GaugeField
from holosym.dsl.invariants import R
from holosym.errors import ExpansionError
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import HALF, ConstantGenerator, CoordinateGenerator, JetGenerator, Unknown
from holosym.jets.ring import Ring
from holosym.observe.limit import HorizonLimit
from holosym.observe.planar import PlanarBrane, planar_brane

Source = tuple[GaugeField | None, int]  # E of a gauge field, or zeta (None), along a direction
Matrix = dict[tuple[Source, Source], Element]  # row, column; absent entries are zero


@dataclass(frozen=True)
class Response:
    """The response at the horizon, entries with |p'| for the slopes of what vanishes there.

    Attributes:
        brane: the background; its ring truncates at first order in a generator that stands in no entry.
        limit: how entries become elements with p' again.
        balance: rows (None, i); columns (None, j) for h_tj.
        drive: rows (None, i); columns are sources.
        current: rows (A, i), or (None, i) for heat; columns (None, j) for h_tj.
        ohmic: rows (A, i); columns are sources.
        thermal: 4 pi T.
    """

    brane: PlanarBrane
    limit: HorizonLimit
    balance: Matrix
    drive: Matrix
    current: Matrix
    ohmic: Matrix
    thermal: Element


class Perturbation:
    """The perturbed brane: its action, and what its functions are by regularity."""

    def __init__(self, brane: PlanarBrane) -> None:
        self.brane = brane
        self.ring = ring = brane.ring
        self.D = TotalDerivatives(ring)
        theory = brane.theory
        self.radial = theory.coordinates[brane.radial]
        time = ring.generator(CoordinateGenerator(theory.coordinates[brane.time]))
        tortoise = ring.power(brane.redshift * brane.radial_inverse, -HALF) * brane.outward
        eps = ring.generator(ring.generators[0])
        self.images: dict[int, Element] = {}
        metric = dict(brane.metric)
        for i in brane.along:
            h = self.constant("h", None, i)
            shift = self._function("h_t", i, (h,))
            radial = self._function("h_r", i, (h * tortoise,))
            lapse = time * self.constant("zeta", None, i) * brane.metric[brane.time, brane.time]
            metric[brane.time, i] = metric[i, brane.time] = eps * (lapse + shift)
            metric[brane.radial, i] = metric[i, brane.radial] = eps * radial
        gauge = {}
        for one, components in brane.gauge.items():
            gauge[one] = dict(components)
            background = components.get((brane.time,), ring.zero)
            potential = self._function(f"a_t_{one.name}", brane.time, (ring.zero, self.D(background, self.radial)))
            for i in brane.along:
                field = self.constant("E", one, i)
                varied = self._function(f"a_{one.name}", i, (None, -field * tortoise))
                force = time * (self.constant("zeta", None, i) * potential - field)
                gauge[one][(i,)] = components.get((i,), ring.zero) + eps * (force + varied)
        geometry = Geometry(ring, brane.theory.coordinates, metric)
        self.action = Action(theory, geometry, brane.scalars, gauge)

    def constant(self, kind: str, one: GaugeField | None, i: int) -> Element:
        """A source, or the value of h_ti at the horizon."""
        return self.ring.generator(ConstantGenerator(Symbol(f"{kind}#{one.name if one else ''}#{i}")))

    def _function(self, name: str, i: int, images: tuple[Element | None, ...]) -> Element:
        """A function of r; `images` are what its derivatives are near the horizon, None for what must not appear."""
        unknown = Unknown(f"{name}#{i}", "perturbation", (self.radial,))
        for order, image in enumerate(images):
            position = self.ring.index(JetGenerator(unknown, (order,)))
            if image is not None:
                self.images[position] = image
        return self.ring.generator(JetGenerator(unknown, (0,)))

    def first_order(self, element: Element) -> Element:
        """The part linear in the perturbation, with regular functions put in.

        Raises:
            ExpansionError: where it holds derivatives that regularity says nothing about, or is not homogeneous.
        """
        ring = self.ring
        linear = ring.expanded(ring.collect(element, 0).get(UNIT, ring.zero))
        linear = ring.substitute(linear, self.images)
        for g in ring.positions(linear):
            generator = ring.generators[g]
            if isinstance(generator, JetGenerator) and generator.unknown.kind == "perturbation":
                raise ExpansionError(
                    f"the linearised equations of {self.brane.theory.name} are not of second order at the horizon"
                )
            if isinstance(generator, CoordinateGenerator) and generator.symbol != self.radial:
                raise ExpansionError(
                    f"the linearised equations of {self.brane.theory.name} depend on {generator.symbol}",
                    mend="homogeneous states only: the stress of the fields must not depend on it",
                )
        return linear


def horizon_response(system: EquationSystem) -> Response:
    """Linearise the covariant equations and take them to the horizon.

    Raises:
        ExpansionError: where the theory has no such formula.
    """
    ring = Ring(truncate=1)
    ring.index(ConstantGenerator(Symbol("eps#")))
    brane = planar_brane(system, ring)
    limit = HorizonLimit(ring, brane.vanishing, brane.outward)
    perturbed = Perturbation(brane)
    thermal = limit.coefficient(ring.power(brane.redshift * brane.radial_inverse, HALF), 1)
    columns: dict[Source, Element] = {
        (one, i): perturbed.constant("E", one, i) for one in brane.gauge for i in brane.along
    }
    columns |= {(None, i): perturbed.constant("zeta", None, i) for i in brane.along}
    velocities: dict[Source, Element] = {(None, i): perturbed.constant("h", None, i) for i in brane.along}
    rows = _rows(perturbed, limit)
    if any(_holds(ring, a, 0) for g in tuple(ring.generators) for a in g.arguments):
        raise ExpansionError(f"a coupling of {brane.theory.name} is a function of what the perturbation changes")
    momentum = {key: value for key, value in rows.items() if key[0] is None}
    flux = {key: value for key, value in rows.items() if key[0] is not None}
    return Response(
        brane,
        limit,
        balance=_matrix(ring, momentum, velocities),
        drive=_matrix(ring, momentum, columns),
        current={**_matrix(ring, flux, velocities), **_heat(perturbed, limit, thermal)},
        ohmic=_matrix(ring, flux, columns),
        thermal=thermal,
    )


def _rows(perturbed: Perturbation, limit: HorizonLimit) -> dict[Source, Element]:
    """E^r_i as (None, i), and the flux sqrt(-g) dL/dF_ri of a gauge field as (A, i), at the horizon."""
    brane = perturbed.brane
    variation = CovariantVariation(perturbed.action)
    equations = variation.metric_equations_mixed
    volume = perturbed.action.geometry.volume * (2 * brane.outward)
    rows: dict[Source, Element] = {}
    for i in brane.along:
        entry = perturbed.first_order(equations.get((brane.radial, i), brane.ring.zero))
        rows[None, i] = limit.coefficient(entry)
        for one in brane.gauge:
            flux: Tensor = full(variation.fluxes.gradient.get(one, {}))
            entry = flux.get((brane.radial, i), brane.ring.zero) * volume
            rows[one, i] = limit.coefficient(perturbed.first_order(entry))
    return rows


def _heat(perturbed: Perturbation, limit: HorizonLimit, thermal: Element) -> Matrix:
    """Q^i = -4 pi T sqrt(g) F g^ii h_ti."""
    brane, ring = perturbed.brane, perturbed.ring
    area = ring.one
    for i in brane.along:
        area = area * brane.metric[i, i]
    background = Action(
        brane.theory, Geometry(ring, brane.theory.coordinates, brane.metric), brane.scalars, brane.gauge
    )
    weight = thermal * limit.coefficient(ring.power(area, HALF) * background.slope(R))
    return {((None, i), (None, i)): -(weight * limit.coefficient(brane.metric[i, i] ** -1)) for i in brane.along}


def _holds(ring: Ring, element: Element, position: int) -> bool:
    """Whether a generator stands in an element, inside of composites too."""
    found = ring.positions(element)
    return position in found or any(_holds(ring, a, position) for g in found for a in ring.generators[g].arguments)


def _matrix(ring: Ring, rows: dict[Source, Element], columns: dict[Source, Element]) -> Matrix:
    """Coefficients of the columns' constants in the rows."""
    found: Matrix = {}
    for column, constant in columns.items():
        (position,) = ring.positions(constant)
        for row, element in rows.items():
            value = ring.collect(element, position).get(UNIT, ring.zero)
            if not ring.is_zero(value):
                found[row, column] = value
    return found
