r"""The heat current that is read at the horizon is conserved: off shell, in the ring,

    d_r Q^i = -sigma sqrt(-g) (2 E^i_t - a_t E_A^i),      Q^i = sigma 2 sqrt(-g) F D^r k^i - a_t J^i,  k = d_t,

for the linear perturbation of `observe.linearised` with free functions a_i, h_ti, h_ri of r; so it equals its value at
the horizon, where a_t = 0 and  2 sqrt(-g) F D^r k^i -> -4 pi T sqrt(g) F g^ii h_ti.
"""

import pytest
from gallery_models import load
from sympy import Symbol, oo

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.derive.covariant import CovariantVariation, full
from holosym.dsl.invariants import R as CURVATURE
from holosym.jets.element import UNIT
from holosym.jets.generators import HALF, ConstantGenerator
from holosym.jets.ring import Ring
from holosym.observe.limit import HorizonLimit
from holosym.observe.linearised import Perturbation, _heat
from holosym.observe.planar import planar_brane


def jordan_frame():
    t, x, y, r = coordinates("t x y r")
    U, W, a, p = profiles("U W A_t phi", r)
    k = parameters("k", positive=True)
    F, Z, Y = couplings("F Z Y")
    phi, A = scalar("phi", p), gauge_field("A", a * d(t))
    axions = square(d(scalar("psi_x", k * x))) + square(d(scalar("psi_y", k * y)))
    return Theory(
        "jordan_frame",
        -U * d(t) ** 2 + d(r) ** 2 / U + W * (d(x) ** 2 + d(y) ** 2),
        F(phi) * R - square(d(phi)) / 2 - Z(phi) * square(d(A)) / 4 - Y(phi) * axions / 2,
        radial=r,
        boundary=oo,
        horizon=parameters("r_h", positive=True),
    )


@pytest.fixture(params=[load("emd_axion"), jordan_frame()], ids=lambda theory: theory.name)
def perturbed(request):
    """The perturbation of a theory, with its ring."""
    ring = Ring(truncate=1)
    ring.index(ConstantGenerator(Symbol("eps#")))
    return Perturbation(planar_brane(request.param.equations(), ring))


def momentum_flux(perturbed, i):
    """sigma 2 sqrt(-g) F D^r k^i."""
    action, brane = perturbed.action, perturbed.brane
    killing = twice_gradient(action.geometry, brane.time)
    return killing[brane.radial, i] * action.geometry.volume * action.slope(CURVATURE) * brane.outward


def test_the_heat_current_is_conserved(perturbed):
    ring, brane, geometry = perturbed.ring, perturbed.brane, perturbed.action.geometry
    variation = CovariantVariation(perturbed.action)
    ((A, components),) = brane.gauge.items()
    i, background = brane.along[0], components[(brane.time,)]
    flux = full(variation.fluxes.gradient[A])[brane.radial, i] * geometry.volume * (2 * brane.outward)
    slope = geometry.derive(momentum_flux(perturbed, i) - background * flux, brane.radial)
    einstein = variation.metric_equations_mixed[i, brane.time]
    maxwell = variation.gauge_equations[A][(i,)]
    source = geometry.volume * (einstein * 2 - background * maxwell) * brane.outward
    assert linear(perturbed, slope)
    assert ring.is_zero(linear(perturbed, slope + source))


def test_its_value_at_the_horizon(perturbed):
    """2 sqrt(-g) F D^r k^i -> -4 pi T sqrt(g) F g^ii h_ti; N h_ti' drops out."""
    ring, brane = perturbed.ring, perturbed.brane
    limit = HorizonLimit(ring, brane.vanishing, brane.outward)
    thermal = limit.coefficient(ring.power(brane.redshift * brane.radial_inverse, HALF), 1)
    i = brane.along[0]
    flux = linear(perturbed, momentum_flux(perturbed, i))
    flat = {g: ring.zero for g in ring.positions(flux) if is_slope(ring.generators[g])}
    value = limit.coefficient(perturbed.first_order(ring.substitute(flux, flat) * ring.generator(ring.generators[0])))
    h = perturbed.constant("h", None, i)
    assert ring.is_zero(value - h * _heat(perturbed, limit, thermal)[(None, i), (None, i)])


def is_slope(generator):
    """h_ti'."""
    unknown = getattr(generator, "unknown", None)
    return unknown is not None and unknown.name.startswith("h_t#") and generator.orders == (1,)


def twice_gradient(geometry, time):
    """2 D^a k^b = g^ac g^bd (d_c g_dt - d_d g_ct) for the Killing vector of t."""
    lowered = {}
    n = geometry.dimension
    for c in range(n):
        for e in range(n):
            parts = geometry.ring.zero
            if (e, time) in geometry.metric:
                parts = parts + geometry.derive(geometry.metric[e, time], c)
            if (c, time) in geometry.metric:
                parts = parts - geometry.derive(geometry.metric[c, time], e)
            if parts:
                lowered[c, e] = parts
    return geometry.raise_all(lowered)


def linear(perturbed, element):
    """The part of first order, a_t put in; a_i, h_ti, h_ri stay free functions."""
    ring = perturbed.ring
    first = ring.expanded(ring.collect(element, 0).get(UNIT, ring.zero))
    ((_, components),) = perturbed.brane.gauge.items()
    images = {}
    for g in ring.positions(first):
        generator = ring.generators[g]
        if getattr(generator, "unknown", None) is not None and generator.unknown.name.startswith("a_t_"):
            potential = components[(perturbed.brane.time,)]
            images[g] = perturbed.D.repeated(potential, (perturbed.radial,), generator.orders)
    return ring.substitute(first, images)
