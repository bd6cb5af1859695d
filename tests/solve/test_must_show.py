"""Numerical branes beside exact ones and published numbers, from the committed packages of the gallery."""

import math
from pathlib import Path

import pytest

from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

GENERATED = Path(__file__).parents[2] / "generated"


def state(name, **settings):
    """The values of the one state of a request."""
    said = {key.replace("_source", ".source"): value for key, value in settings.items()}
    family = solve_family(load(GENERATED / name), Request(settings=said))
    assert family.failure is None, family.failure
    ((point,),) = (branch.points for branch in family.branches)
    return point


@pytest.mark.parametrize(("Q", "beta"), [(0.8, 0.5), (1.7, 1.2)])
def test_gubser_rocha(Q, beta):
    """Exact (physics.md), with the source that the exact brane has: phi = sqrt(3)/2 Q z + ..."""
    mu = math.sqrt(3 * Q * (1 + Q) * (1 - beta**2 / (2 * (1 + Q) ** 2)))
    T = (6 * (1 + Q) ** 2 - beta**2) / (8 * math.pi * (1 + Q) ** 1.5)
    found = state("gubser_rocha", T=T, mu=mu, beta=beta, phi_source=math.sqrt(3) / 2 * Q).values
    assert found["T"] == pytest.approx(T, rel=1e-9)
    assert found["s"] == pytest.approx(4 * math.pi * (1 + Q) ** 1.5, rel=1e-9)
    assert found["rho"] == pytest.approx(mu * (1 + Q), rel=1e-9)
    assert found["sigma"] == pytest.approx(math.sqrt(1 + Q) * (1 + mu**2 / beta**2), rel=1e-9)
    assert found["alpha_xx"] == pytest.approx(4 * math.pi * mu * (1 + Q) / beta**2, rel=1e-9)
    assert found["kappa_xx"] == pytest.approx(4 * math.pi * found["s"] * T / beta**2, rel=1e-9)
    # phi = phi_1 z + phi_2 z^2 in the areal gauge, phi_2 = phi_1^2/(2 sqrt 3); there h_1 = 0.
    assert found["phi.response"] == pytest.approx((3 / 4 * Q**2) / (2 * math.sqrt(3)), rel=1e-8)


@pytest.mark.parametrize(("name", "d", "charge"), [("rn_ads4", 3, 1 / 4), ("rn_ads5", 4, 1 / 3)])
def test_charged_branes(name, d, charge):
    """f = 1 - (1 + c m^2) z^d + c m^2 z^(2d-2): T = (d - (d-2) c m^2)/(4 pi), rho = (d - 2) m at z_h = 1."""
    m = 1.3
    T = (d - (d - 2) * charge * m**2) / (4 * math.pi)
    found = state(name, T=T, mu=m)
    assert found.values["s"] == pytest.approx(4 * math.pi, rel=1e-9)
    assert found.values["rho"] == pytest.approx((d - 2) * m, rel=1e-9)
    assert found.values["epsilon"] == pytest.approx((d - 1) * (1 + charge * m**2), rel=1e-9)
    assert found.cs2 == pytest.approx(1 / (d - 1), rel=1e-9)


def test_axions_in_five_dimensions():
    """sigma = r_0^(d-3) (1 + (d-2)^2 mu^2/beta^2) at r_0 = 1 (Andrade and Withers 2013)."""
    mu, beta = 0.9, 0.7
    T = (1 - beta**2 / 8 - mu**2 / 6) / math.pi
    found = state("linear_axion_ads5", T=T, mu=mu, beta=beta).values
    assert found["s"] == pytest.approx(4 * math.pi, rel=1e-9)
    assert found["rho"] == pytest.approx(2 * mu, rel=1e-9)
    sigma = next(value for name, value in found.items() if name.startswith("sigma"))
    assert sigma == pytest.approx(1 + 4 * mu**2 / beta**2, rel=1e-9)


def test_hall_conductivity_at_rest():
    """Dyonic brane with axions, z_h = 1: sigma_xx of Blake and Donos 2014 with Z = h = 1."""
    mu, beta, B = 0.9, 0.7, 0.5
    T = (12 - 2 * beta**2 - mu**2 - B**2) / (16 * math.pi)
    found = state("dyonic_axion", T=T, mu=mu, beta=beta, B=B).values
    rho, k = mu, beta**2
    below = B**2 * rho**2 + (B**2 + k) ** 2
    assert found["rho"] == pytest.approx(rho, rel=1e-9)
    assert found["sigma_xx"] == pytest.approx(k * (rho**2 + B**2 + k) / below, rel=1e-9)
    assert abs(found["sigma_xy"]) == pytest.approx(B * rho * (rho**2 + B**2 + 2 * k) / below, rel=1e-9)


def test_the_magnetic_brane_flows_to_btz():
    """s/(B T) = 4 pi^2/3 + O(T^2/B): the Cardy formula of BTZ x R^2 (D'Hoker and Kraus 2009), from the full flow.

    Along the field p = -Omega, and -epsilon + sum p = -B^2/2.
    """
    one, other = (state("magnetic_brane_ads5", T=1, B=B) for B in (100, 200))
    ratio = [point.values["s"] / B for point, B in ((one, 100), (other, 200))]
    assert 2 * ratio[1] - ratio[0] == pytest.approx(4 * math.pi**2 / 3, rel=5e-3)
    assert abs(ratio[1] - 4 * math.pi**2 / 3) > 0.05
    cold = other.values
    assert cold["pressure_x_3"] == pytest.approx(-cold["omega"], rel=1e-8)
    trace = 2 * cold["pressure_x_1"] + cold["pressure_x_3"] - cold["epsilon"]
    assert trace == pytest.approx(-(200**2) / 2, rel=1e-7)
    hot = state("magnetic_brane_ads5", T=1, B=0.01).values
    assert hot["s"] == pytest.approx(4 * math.pi**4, rel=1e-5)


def condensing(q, sweep):
    """Normal and condensed branches of the superconductor at mu = 1."""
    request = Request(settings={"q": q, "mu": 1.0}, sweep=sweep)
    return solve_family(load(GENERATED / "holographic_superconductor"), request)


def test_superconductor_across_the_transition():
    """T_c by the zero mode beside a shooting of the linear problem on the exact normal phase (SciPy, DOP853).

    The first law holds on both branches, and the condensed one has the least free energy below T_c.
    """
    family = condensing(3.0, Sweep("T", 0.18, 0.12, 4))
    assert family.failure is None, family.failure
    found = [one.value for one in family.special if one.kind == "bifurcation" and 0.12 < one.value < 0.18]
    assert found[-1] == pytest.approx(0.1567185985563686, rel=1e-8)
    normal, condensed = family.branches
    assert condensed.label.startswith("condensed")
    assert family.first_law < 1e-8
    assert all(point.values["psi.response"] > 0.1 for point in condensed.points)
    below = {round(point.swept, 12): point.values["omega"] for point in normal.points}
    assert condensed.points
    for point in condensed.points:
        assert point.values["omega"] < below[round(point.swept, 12)]
        assert point.dominant


@pytest.mark.slow
def test_superconductor_in_the_probe_limit():
    """T_c -> 0.118427 sqrt(q rho) for large charge (Hartnoll, Herzog and Horowitz 2008); 0.1184123839 at q = 100."""
    family = condensing(100.0, Sweep("T", 6.2, 5.6, 3))
    assert len(family.branches[0].points) == 3
    # the condensed branch of so large a charge ends at 1e-8 of a row, above the tolerance, and says so
    assert family.failure is None or "last residual is 1.0" in family.failure.message
    found = [one.value for one in family.special if one.kind == "bifurcation" and one.name == "T"]
    (T,) = {round(value, 6): value for value in found if 5.6 < value < 6.2}.values()
    m = -8 * math.pi * T + math.sqrt((8 * math.pi * T) ** 2 + 12)  # mu z_h of the normal phase with mu = 1
    assert T / math.sqrt(100 / m) == pytest.approx(0.1184123838935818, rel=1e-7)
    assert T / math.sqrt(100 / m) == pytest.approx(0.118427, rel=2e-4)
