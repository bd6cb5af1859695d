"""What has no DC formula at the horizon: refused with a reason, or infinite and said so."""

import pytest
from gallery_models import load
from sympy import exp, oo, sin

from holosym import (
    R,
    System,
    Theory,
    coordinates,
    couplings,
    d,
    dot,
    gauge_field,
    gauss_bonnet,
    levi_civita,
    parameters,
    profiles,
    scalar,
    square,
)
from holosym.errors import ExpansionError
from holosym.observe.transport import dc_transport, transport_notes

t, x, y, w, z = coordinates("t x y w z")
f, a, p = profiles("f A_t phi", z)
k = parameters("k", positive=True)
A = gauge_field("A", a * d(t))
FLAT = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2
FIVE = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2 + d(w) ** 2) / z**2


def refusal(theory):
    with pytest.raises(ExpansionError) as caught:
        dc_transport(theory.equations())
    assert caught.value.mend or caught.value.message
    assert caught.value.exit_code == 2
    return caught.value.message


def test_no_horizon():
    theory = Theory("domain_wall", FLAT, R + 6 - square(d(A)) / 4, radial=z, horizon=None)
    assert "no horizon" in refusal(theory)


def test_a_plain_system():
    assert "no action" in refusal(System("oscillator", z, {"one": a.diff(z, 2) + a}))


def test_curved_slices():
    assert "depends on theta" in refusal(_sphere())


def _sphere():
    u, r, theta, varphi = coordinates("t r theta varphi")
    g = profiles("f", r)
    metric = -g * d(u) ** 2 + d(r) ** 2 / g + r**2 * (d(theta) ** 2 + sin(theta) ** 2 * d(varphi) ** 2)
    return Theory("ball", metric, R + 6, radial=r, boundary=oo, horizon=1)


def test_higher_curvature():
    theory = Theory("gauss_bonnet", FIVE, R + 12 + gauss_bonnet / 10, radial=z)
    assert "R + matter" in refusal(theory)


def test_chern_simons():
    theory = Theory("chern_simons", FIVE, R + 12 - square(d(A)) / 4 + levi_civita(A, d(A), d(A)), radial=z)
    assert "Chern-Simons" in refusal(theory)


def test_ingoing_coordinates():
    metric = (-f * d(t) ** 2 - 2 * d(t) * d(z) + d(x) ** 2 + d(y) ** 2) / z**2
    assert "not diagonal" in refusal(Theory("eddington", metric, R + 6, radial=z))


def test_no_emblackening_profile():
    metric = (-exp(p) * d(t) ** 2 + d(z) ** 2 / exp(p) + d(x) ** 2 + d(y) ** 2) / z**2
    assert "no profile is seen" in refusal(Theory("exponential", metric, R + 6, radial=z))


def test_a_coupling_of_what_the_perturbation_changes():
    """d(phi).d(psi) is zero on the ansatz and not at first order; an unknown function of it has no expansion here."""
    K = couplings("K")
    phi, psi = scalar("phi", p), scalar("psi", k * x)
    mixed = K(dot(d(phi), d(psi)))
    lagrangian = R + 6 + mixed - (square(d(psi)) + square(d(phi))) / 2
    g, chi, h = profiles("g chi h", z)
    metric = (-g * exp(-chi) * d(t) ** 2 + d(z) ** 2 / g + exp(h) * d(x) ** 2 + exp(-h) * d(y) ** 2) / z**2
    theory = Theory("mixed", metric, lagrangian, radial=z)
    assert "a coupling of mixed" in refusal(theory)


def test_a_superconductor():
    system = load("holographic_superconductor").equations()
    assert dc_transport(system) == ()
    (note,) = transport_notes(system)
    assert "A is massive" in note
    assert "superfluid" in note


@pytest.mark.parametrize(("name", "pair"), [("rn_ads4", "1"), ("rn_ads5", "1/z")])
def test_drude(name, pair):
    """sigma(omega) -> K i/omega and Re sigma(0+) = G (sT/(sT + mu rho))^2, of reference benchmark 11."""
    system = load(name).equations()
    assert dc_transport(system) == ()
    (note,) = transport_notes(system)
    assert "K = rho^2/(s T + mu rho)" in note
    assert note.endswith(f"G = {pair} at the horizon")


def test_the_drude_weights_of_benchmark_11():
    """With s, T, rho of Reissner-Nordstrom (z_h = 1) the note's formulas give the benchmark's numbers."""
    for mu, regular, weight in ((1.0, 0.537778, 0.266667), (2.0, 1 / 9, 2 / 3)):
        heat, rho = (12 - mu**2) / 4, mu
        assert abs(rho**2 / (heat + mu * rho) - weight) < 1e-6
        assert abs((heat / (heat + mu * rho)) ** 2 - regular) < 1e-6


def test_uncharged_gravity():
    system = load("schwarzschild_ads4").equations()
    assert dc_transport(system) == ()
    (note,) = transport_notes(system)
    assert note.startswith("kappa along x, y is infinite")
    assert "sigma" not in note
