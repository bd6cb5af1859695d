"""Families of states against exact branes, in physical units, with the first law and the speed of sound."""

import math

import pytest

from holosym.errors import SolveError
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep
from holosym.solve.units import rescaled

PI = math.pi
DIGITS = 1e-9  # the accuracy that is promised for T, s, rho, sigma


def family(name, *args, **settings):
    return solve_family(load(f"generated/{name}"), Request(*args, **settings))


def only(found):
    """The one state of a family without failure."""
    assert found.failure is None
    ((point,),) = ([*branch.points] for branch in found.branches)
    return point


def agree(point, exact):
    for name, value in exact.items():
        assert point.values[name] == pytest.approx(value, rel=DIGITS, abs=DIGITS), name


def reissner_nordstroem(temperature, mu):
    """T = (3 - mu'^2/4)/(4 pi) for mu' = mu z_h, in units where 16 pi G = 1 and L = R + 6 - F^2/4."""
    root = (math.sqrt(16 * PI**2 * temperature**2 + 3 * mu**2) - 4 * PI * temperature) * 2 / mu**2
    z = root  # from 3 - (mu z)^2/4 = 4 pi T z
    mass = (1 + (mu * z) ** 2 / 4) / z**3
    return {"s": 4 * PI / z**2, "rho": mu / z, "epsilon": 2 * mass, "p": mass, "omega": -mass, "mu": mu}


def test_schwarzschild_at_a_temperature():
    """f = 1 - z^3/z_h^3, T = 3/(4 pi z_h)."""
    found = family("schwarzschild_ads4", {"T": 0.3})
    z = 3 / (4 * PI * 0.3)
    point = only(found)
    agree(point, {"T": 0.3, "s": 4 * PI / z**2, "epsilon": 2 / z**3, "omega": -1 / z**3})
    assert point.cs2 == pytest.approx(1 / 2, abs=1e-12)
    assert point.scale == pytest.approx(z, rel=1e-12)


def test_schwarzschild_in_five_dimensions_is_conformal():
    assert only(family("schwarzschild_ads5", {"T": 1.0})).cs2 == pytest.approx(1 / 3, abs=1e-12)


@pytest.mark.parametrize("temperature", [0.05, 0.3])
def test_reissner_nordstroem_in_units_of_mu(temperature):
    point = only(family("rn_ads4", {"T": temperature, "mu": 1.0}))
    agree(point, reissner_nordstroem(temperature, 1.0))
    assert point.cs2 == pytest.approx(1 / 2, abs=1e-10)


@pytest.mark.parametrize("temperature", [1e-4, 1e-7])
def test_low_temperatures(temperature):
    """The way there is long, and T is a small difference of large numbers: mu gives the scale."""
    point = only(family("rn_ads4", {"T": temperature, "mu": 1.0}))
    agree(point, reissner_nordstroem(temperature, 1.0))
    assert point.values["T"] == pytest.approx(temperature, rel=1e-7)
    assert point.first_law < 1e-9


def test_a_temperature_below_rounding_is_refused():
    found = family("rn_ads4", {"T": 1e-9, "mu": 1.0})
    assert "cannot be told from an extremal horizon" in found.failure.message
    assert not found.branches


def test_reissner_nordstroem_by_its_charge():
    """The scale may be any setting: s = 4 pi/z_h^2 fixes it here, rho the charge."""
    exact = reissner_nordstroem(0.2, 1.0)
    agree(only(family("rn_ads4", {"s": exact["s"], "rho": exact["rho"]})), {**exact, "T": 0.2})


def test_reissner_nordstroem_by_potential_and_charge():
    """rho/mu^2 = 1/(mu z_h); the neutral brane has neither, so another one is the seed."""
    exact = reissner_nordstroem(0.2, 1.0)
    agree(only(family("rn_ads4", {"mu": 1.0, "rho": exact["rho"]})), {**exact, "T": 0.2})


def test_linear_axions():
    """f = (1 - z)(...): 4 pi T = 3 - beta^2/2 - mu^2/4 at z_h = 1, sigma = 1 + mu^2/beta^2."""
    mu, beta = 1.2, 0.7
    temperature = (3 - beta**2 / 2 - mu**2 / 4) / (4 * PI)
    found = family("linear_axion", {"mu": mu / temperature, "beta": beta / temperature, "T": 1.0})
    exact = {"s": 4 * PI / temperature**2, "rho": mu / temperature**2, "sigma": 1 + (mu / beta) ** 2}
    agree(only(found), exact)


@pytest.mark.parametrize("charge", [0.4, 2.0])
def test_gubser_rocha(charge):
    """h = (1 + Q z)^(3/2), phi = (sqrt 3/2) log(1 + Q z), z_h = 1: the source of phi is sqrt(3) Q/2 in these units.

    This solution has h_1 = 3 Q/2, the solver's gauge is h_1 = 0, so their z differ by a shift; T, s, rho, sigma do not.
    """
    beta = 0.6
    mu = math.sqrt(3 * charge * (1 + charge) * (1 - beta**2 / (2 * (1 + charge) ** 2)))
    temperature = (6 * (1 + charge) ** 2 - beta**2) / (8 * PI * (1 + charge) ** 1.5)
    source = math.sqrt(3) * charge / 2
    point = only(family("gubser_rocha", {"T/mu": temperature / mu, "beta/mu": beta / mu, "phi.source/mu": source / mu}))
    exact = {
        "s": 4 * PI * (1 + charge) ** 1.5 / mu**2,
        "rho": mu * (1 + charge) / mu**2,
        "sigma": math.sqrt(1 + charge) * (1 + mu**2 / beta**2),
    }
    agree(point, {"T": temperature / mu, **exact})
    assert point.first_law < 1e-10  # promised 1e-8


def test_a_sweep_has_the_values_asked_for_and_the_first_law():
    found = family("rn_ads4", {"mu": 1.0}, Sweep.parse("T=0.5:0.05:5:log"))
    assert found.failure is None
    (branch,) = found.branches
    assert [point.swept for point in branch.points] == Sweep.parse("T=0.5:0.05:5:log").values()
    for point in branch.points:
        agree(point, reissner_nordstroem(point.swept, 1.0))
    assert found.first_law < 1e-10  # promised 1e-8


def test_units_of_the_results():
    """The same state in three units: dimensionless ratios agree, the unit is one."""
    points = [only(family("rn_ads4", {"T/mu": 0.2}, units=units)) for units in ("mu=1", "T=1", "z_h=1")]
    for name, point in zip(("mu", "T"), points, strict=False):
        assert point.values[name] == pytest.approx(1, rel=1e-12)
    assert points[2].scale == 1
    ratios = [point.values["omega"] / point.values["mu"] ** 3 for point in points]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-11)


def test_a_negative_temperature_is_refused():
    """mu z_h > sqrt(12) lies beyond extremality."""
    found = family("rn_ads4", {"mu": 4.0}, units="z_h=1")
    assert "not positive" in found.failure.message
    assert not found.branches


def test_an_interrupted_sweep_keeps_its_points():
    def stop(stage, done, total):
        if done == 2:
            raise KeyboardInterrupt

    request = Request({"mu": 1.0}, Sweep.parse("T=0.5:0.1:5"))
    found = solve_family(load("generated/rn_ads4"), request, stop)
    assert found.interrupted
    assert isinstance(found.failure, SolveError)
    assert [len(branch.points) for branch in found.branches] == [2]


def logarithmic(*args, **settings):
    """Delta = 3 in AdS5 with V = -12 - 3 phi^2/2 + phi^4/24: source and response mix under a change of units."""
    potential = PolynomialCoupling([-12.0, 0.0, -1.5, 0.0, 1 / 24])
    return solve_family(load("generated/einstein_scalar_ads5"), Request(*args, **settings), couplings={"V": potential})


@pytest.mark.slow
def test_the_first_law_holds_where_logarithms_mix_source_and_response():
    """At a fixed source in physical units; without the mixing, omega = -p would miss the anomaly's share."""
    found = logarithmic({"phi.source": 1.0}, Sweep.parse("T=1:0.5:2"))
    assert found.failure is None
    assert found.first_law < 1e-9
    for point in found.branches[0].points:
        assert point.values["phi.source"] == pytest.approx(1, rel=1e-12)
        assert point.values["p"] == pytest.approx(-point.values["omega"], rel=1e-10)
        assert point.cs2 < 1 / 3 - 1e-4  # not conformal


@pytest.mark.slow
def test_units_mix_a_logarithmic_response_in_the_same_way_as_a_state():
    """Two implementations: of scalars with the horizon moved, and of a state's boundary data."""
    point = only(logarithmic({"T": 0.5, "phi.source": 0.3}))
    seen, other = rescaled(point.state.scalars, 1.7).data, point.state.rescaled(1.7).data
    for name, value in other.items():
        assert float(seen[name]) == pytest.approx(float(value), rel=1e-13, abs=1e-14)


@pytest.mark.slow
def test_a_relation_between_response_and_source_holds_in_the_users_units():
    point = only(logarithmic({"T": 0.3}, relations={"phi.response": "0.1*phi.source + 0.2"}))
    values = point.values
    assert values["phi.response"] == pytest.approx(0.1 * values["phi.source"] + 0.2, abs=1e-12)
    assert abs(values["phi.source"]) > 0.1
