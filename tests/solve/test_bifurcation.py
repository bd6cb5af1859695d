"""Where a charged scalar condenses, against independent integration of its linear equation, and the branch beyond."""

import math

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

# T_c/mu of the charged scalar with m^2 = -2, source-free; integrated with 30 digits
CRITICAL = {3.0: 0.1567185986, 6.0: 0.3423236819}


@pytest.fixture(scope="module")
def theory():
    return load("generated/holographic_superconductor")


def falloffs(mu, charge):
    """(psi_1, psi_2) of the regular solution on the Reissner-Nordstroem brane at z_h = 1, by initial values.

    z^2 f psi'' + z (z f' - 2 f) psi' + (q^2 z^2 A_t^2/f + 2) psi = 0; it starts beside the horizon with three terms
    of its Taylor series, and ends at z where four terms of the boundary series hold.
    """
    q = mu**2 / 4

    def f(z):
        return 1 - (1 + q) * z**3 + q * z**4

    def slope(z):
        return -3 * (1 + q) * z**2 + 4 * q * z**3

    def right(z, y):
        potential = (charge * mu * (1 - z)) ** 2 / f(z) ** 2 + 2 / (z**2 * f(z))
        return [y[1], -(slope(z) / f(z) - 2 / z) * y[1] - potential * y[0]]

    at, bend, h = slope(1.0), -6 * (1 + q) + 12 * q, 1e-4
    first = -2 / at
    second = -((bend - 2 * at) * first + (charge * mu) ** 2 / at + 2 * first - 4) / (2 * at)
    start = [1 - h * first + h**2 * second / 2, first - h * second]
    end = 1e-3
    y = solve_ivp(right, [1 - h, end], start, rtol=1e-11, atol=1e-13, method="DOP853").y[:, -1]
    k, mass = (charge * mu) ** 2, 1 + q
    one = [end - k * end**3 / 2 + (mass + 2 * k) * end**4 / 6, 1 - 3 * k * end**2 / 2 + 2 * (mass + 2 * k) * end**3 / 3]
    two = [end**2 - k * end**4 / 6, 2 * end - 2 * k * end**3 / 3]
    (a, c), (b, d) = one, two
    determinant = a * d - b * c
    return (y[0] * d - b * y[1]) / determinant, (a * y[1] - c * y[0]) / determinant


def temperature(mu):
    return (3 - mu**2 / 4) / (4 * math.pi) / mu


def critical(found):
    return next(special.value for special in found.special if special.kind == "bifurcation")


@pytest.mark.slow
@pytest.mark.parametrize("charge", [3.0])
def test_critical_temperature_and_both_branches(theory, charge):
    found = solve_family(theory, Request({"q": charge, "T/mu": 0.12}))
    assert found.failure is None
    assert critical(found) == pytest.approx(CRITICAL[charge], abs=2e-10)
    normal, condensed = found.branches
    assert (normal.label, condensed.label) == ("normal", "condensed psi")
    assert normal.points[0].values["psi.response"] == pytest.approx(0, abs=1e-12)
    assert condensed.points[0].values["psi.response"] > 0.5
    assert abs(condensed.points[0].values["psi.source"]) < 1e-10
    assert condensed.points[0].dominant
    assert not normal.points[0].dominant
    assert condensed.points[0].values["omega"] < normal.points[0].values["omega"]


def test_the_normal_branch_alone_is_not_searched(theory):
    found = solve_family(theory, Request({"q": 3.0, "T/mu": 0.12}, branch="normal"))
    assert [branch.label for branch in found.branches] == ["normal"]
    assert not found.special


@pytest.mark.slow
@pytest.mark.parametrize(
    ("index", "condition", "low", "high"), [(0, "psi.source", 0.8, 1.6), (1, "psi.response", 0.2, 0.6)]
)
def test_zero_modes_of_both_quantisations_agree_with_initial_values(theory, index, condition, low, high):
    """The integration is good to z^3 = 1e-9 where its boundary series takes over."""
    mu = brentq(lambda mu: falloffs(mu, 3.0)[index], low, high, xtol=1e-12)
    found = solve_family(theory, Request({"q": 3.0, "T/mu": 0.8 * temperature(mu), condition: 0.0}))
    assert critical(found) == pytest.approx(temperature(mu), abs=1e-8)


@pytest.mark.slow
def test_first_law_across_the_transition(theory):
    """1e-8 is promised; psi grows like the root of T_c - T, and the entropy's slope jumps."""
    found = solve_family(theory, Request({"q": 3.0}, Sweep.parse("T/mu=0.08:0.2:7")))
    assert found.failure is None
    assert critical(found) == pytest.approx(CRITICAL[3.0], abs=2e-10)
    normal, condensed = found.branches
    assert len(normal.points) == 7
    assert [point.swept for point in condensed.points] == [
        point.swept for point in normal.points if point.swept < CRITICAL[3.0]
    ]
    assert found.first_law < 1e-8
    for point in condensed.points:
        assert point.dominant
        assert point.values["p"] == pytest.approx(-point.values["omega"], rel=1e-9)
        assert point.cs2 == pytest.approx(1 / 2, abs=1e-8)  # no scale: a conformal theory in both phases


@pytest.mark.slow
def test_large_charge_is_the_probe_limit(theory):
    """T_c/sqrt(q rho) = 0.118427 for q = oo, 0.1184123839 at q = 100."""
    found = solve_family(theory, Request({"q": 100.0, "T/mu": 5.0}, branch="all"))
    ratio = critical(found)  # T_c/mu, from which mu at z_h = 1, and rho = mu there
    mu = brentq(lambda mu: temperature(mu) - ratio, 1e-6, 3.0, xtol=1e-15)
    assert ratio * mu / math.sqrt(100 * mu) == pytest.approx(0.1184123839, abs=1e-9)
    assert ratio * mu / math.sqrt(100 * mu) == pytest.approx(0.118427, rel=2e-4)
