"""Quantisations, relations between falloffs, and theories that are refused."""

import pytest
import sympy
from boundary_families import derived, einstein_scalar
from gallery_models import load
from sympy import Rational, S, simplify

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.observe.renormalisation import boundary_quantities, trace_identity

kappa = parameters("kappa", real=True)


def neutral(name, dimension=3, mass=-2, **choice):
    """A scalar with a mass and a quartic term in AdS_(d+1), with a boundary condition."""
    start = -dimension * (dimension - 1)
    theory = einstein_scalar(
        dimension, lambda phi, V: {V: start + S(mass) * phi**2 / 2 + Rational(1, 20) * phi**4}, name
    )
    if choice:
        theory.boundary_condition(theory.scalars[0], **choice)
    return theory


def test_alternate_quantisation_is_a_legendre_transform():
    _, standard = derived(neutral("standard"))
    _, q = derived(neutral("alternate", alternate=True, source=None))
    J, vev = standard["phi_source"].value, standard["phi_vev"].value
    assert q["phi_vev"].value == -J
    assert q["phi_source"].value == vev
    assert (q["phi_source"].dimension, q["phi_vev"].dimension) == (2, 1)
    assert sympy.expand(q["energy_density"].value - standard["energy_density"].value - J * vev) == 0
    trace = 2 * q["pressure_x_1"].value - q["energy_density"].value
    assert sympy.expand(trace - (3 - 1) * q["phi_source"].value * q["phi_vev"].value) == 0
    assert "alternate" in q["energy_density"].text


def test_a_marginal_relation_keeps_the_trace_zero():
    """phi_2 = kappa phi_1^2 is a triple-trace deformation of dimension 3: no scale is brought in."""
    theory = neutral("triple_trace", relation=lambda phi_1: kappa * phi_1**2)
    series, q = derived(theory)
    on = {series.datum("phi_2").symbol: kappa * series.datum("phi_1").symbol ** 2}
    trace = (2 * q["pressure_x_1"].value - q["energy_density"].value).subs(on)
    assert sympy.expand(trace) == 0
    assert q["energy_density"].value.has(kappa)


def test_a_relation_adds_what_makes_the_first_law_hold():
    """d(energy) loses <O> dJ: what was added varies as + <O> dJ along the relation."""
    theory = neutral("double_trace", relation=lambda phi_1: kappa * phi_1)
    series, q = derived(theory)
    _, plain = derived(neutral("plain"))
    a, b = (series.datum(name).symbol for name in ("phi_1", "phi_2"))
    added = q["energy_density"].value - plain["energy_density"].value
    assert sympy.expand(added.diff(a) - plain["phi_vev"].value.subs(b, kappa * a)) == 0


def test_kinetic_normalisation_is_in_the_response():
    """-(d psi)^2 is twice -(d phi)^2/2: <O> = 2 (2 Delta - d) psi_2."""
    series, q = derived(load("holographic_superconductor"))
    assert q["psi_vev"].value == 2 * series.datum("psi_2").symbol
    assert (q["psi_source"].symbol, q["psi_vev"].symbol) == (r"J_{\psi}", r"\langle O_{\psi}\rangle")


def test_irrational_dimensions():
    series, q = derived(load("gubser_nellore"))
    delta = series.operators["phi"][0]
    J, v = (one.symbol for one in series.data if one.profile == "phi")
    assert simplify(q["phi_vev"].value - (2 * delta - 4) * v) == 0
    trace = 3 * q["pressure_x_1"].value - q["energy_density"].value
    assert simplify(trace - (4 - delta) * (2 * delta - 4) * J * v) == 0


def test_text_says_which_scheme():
    text = derived(neutral("says"))[1]["energy_density"].text
    assert "finite counterterms set to zero: phi^3" in text
    assert "16 pi G = 1" in text
    assert "Omega = energy_density - T s - mu rho" in text
    assert "log(z) for phi^4" in derived(neutral("runs", 4, -3))[1]["energy_density"].text
    assert "no finite counterterm is left open" in derived(load("gubser_nellore"))[1]["energy_density"].text


def refused(theory):
    system = theory.equations()
    with pytest.raises(ExpansionError) as caught:
        boundary_quantities(system, boundary_series(system))
    assert caught.value.mend
    return str(caught.value)


def test_gravity_with_a_coupling_is_refused():
    t, x, y, z = coordinates("t x y z")
    f, chi, phi_z = profiles("f chi phi", z)
    phi = scalar("phi", phi_z)
    line = (-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2
    conformal = (1 - phi**2 / 12) * R + 6 - square(d(phi)) / 2
    assert "constant c" in refused(Theory(name="conformal", metric=line, lagrangian=conformal, radial=z))


def test_unknown_dimension_is_refused():
    assert "boundary_condition(phi, dimension=" in refused(einstein_scalar(3, lambda phi, V: {}, "unknown_mass"))


def test_spherical_horizons_are_refused():
    t, theta, varphi, r = coordinates("t theta varphi r")
    f = profiles("f", r)
    line = -f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sympy.sin(theta) ** 2 * d(varphi) ** 2)
    theory = Theory(name="sphere", metric=line, lagrangian=R + 6, radial=r, boundary=sympy.oo, horizon=None)
    assert "theta" in refused(theory)


def test_a_short_series_is_refused():
    theory = neutral("short")
    system = theory.equations()
    with pytest.raises(ExpansionError, match="higher order"):
        boundary_quantities(system, boundary_series(system, 1))


def test_charts_agree_on_the_energy():
    """z and r = 1/z give one energy."""
    t, x, y, r = coordinates("t x y r")
    f = profiles("f", r)
    theory = Theory(
        name="in_r",
        metric=r**2 * (-f * d(t) ** 2 + d(x) ** 2 + d(y) ** 2) + d(r) ** 2 / (r**2 * f),
        lagrangian=R + 6,
        radial=r,
        boundary=sympy.oo,
        horizon=1,
    )
    inverse, one = derived(theory)
    direct, other = derived(load("schwarzschild_ads4"))
    (a,), (b,) = ([x.symbol for x in s.data if x.kind == "response"] for s in (inverse, direct))
    assert one["energy_density"].value == -2 * a
    assert other["energy_density"].value == -2 * b


def test_a_modulus_has_a_response_and_no_counterterm():
    """Delta = d with a flat potential: J is a constant shift, <O> = d phi_d, and the state is traceless."""
    theory = einstein_scalar(3, lambda phi, V: {V: -6}, "flat")
    series, q = derived(theory)
    assert q["phi_vev"].value == 3 * series.datum("phi_3").symbol
    assert sympy.expand(2 * q["pressure_x_1"].value - q["energy_density"].value) == 0


def test_a_magnetic_field_in_five_dimensions_runs():
    """B^2 has dimension 4 = d: the trace is the Maxwell anomaly, (1/4) F_ij F^ij = B^2/2 in magnitude."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, h = profiles("f chi h", z)
    B = parameters("B", positive=True)
    A = gauge_field("A", B * x * d(y))
    theory = Theory(
        name="magnetic_brane",
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2 + h * d(w) ** 2) / z**2,
        lagrangian=R + 12 - square(d(A)) / 4,
        radial=z,
        horizon=1,
    )
    series, q = derived(theory)
    assert trace_identity(series) == 0
    assert sympy.Abs(q["trace_anomaly"].value) == B**2 / 2
    assert q["pressure_x"].value == q["pressure_y"].value != q["pressure_w"].value
