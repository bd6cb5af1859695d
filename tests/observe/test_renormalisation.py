"""Renormalised one-point functions against exact black branes: the first law with every source varied.

    d(energy) = T ds + mu d(rho) - <O> dJ + c d(beta),      pressure_x = -Omega + beta c/(d - 1),
    -energy + sum of pressures = (d - Delta) J <O> + anomaly

c is what the axions' slope costs; it is read off one variation and must serve in all others.
"""

import pytest
import sympy
from boundary_families import Q, b, derived, gppz, gubser_rocha, linear_axion, m, values, z_h
from gallery_models import load
from sympy import Rational, asinh, simplify, sqrt, symbols

from holosym.observe.renormalisation import trace_identity


def first_law(q, variables, beta=True, source=False):
    """The variations of the energy that the first law leaves, and the axions' c."""
    mu, rho = q.get("chemical_potential_A", 0), sympy.sympify(q.get("charge_density_A", 0))
    left = {}
    for v in variables:
        left[v] = q["energy_density"].diff(v) - q["T"] * q["s"].diff(v) - mu * rho.diff(v)
        if source:
            left[v] += q["phi_vev"] * q["phi_source"].diff(v)
    c = simplify(left[z_h] / q["beta"].diff(z_h)) if beta else 0
    return [simplify(left[v] - (c * q["beta"].diff(v) if beta else 0)) for v in variables], c


@pytest.mark.parametrize(("name", "dimension"), [("linear_axion", 3), ("linear_axion_ads5", 4)])
def test_first_law_with_axions(name, dimension):
    q = linear_axion(name, dimension)
    left, c = first_law(q, (z_h, b, m))
    assert left == [0, 0, 0]
    omega = q["energy_density"] - q["T"] * q["s"] - q["chemical_potential_A"] * q["charge_density_A"]
    pressure = next(value for key, value in q.items() if key.startswith("pressure"))
    assert simplify(pressure + omega - q["beta"] * c / (dimension - 1)) == 0
    assert simplify(pressure + omega) != 0


def test_energy_of_the_linear_axion_model():
    q = linear_axion("linear_axion", 3)
    assert simplify(q["energy_density"] * z_h**3 - 2 * (1 - b**2 / 2 + m**2 / 4)) == 0
    assert simplify(q["pressure_x"] - q["energy_density"] / 2) == 0
    assert simplify(q["charge_density_A"] * z_h**2 - m) == 0


def test_first_law_of_the_dilatonic_brane_with_its_source_varied():
    q = gubser_rocha()
    left, c = first_law(q, (z_h, Q, b), source=True)
    assert left == [0, 0, 0]
    assert simplify(q["phi_source"].diff(Q)) != 0
    omega = q["energy_density"] - q["T"] * q["s"] - q["chemical_potential_A"] * q["charge_density_A"]
    assert simplify(q["pressure_x"] + omega - q["beta"] * c / 2) == 0


@pytest.mark.parametrize(("name", "dimension"), [("rn_ads4", 3), ("rn_ads5", 4)])
def test_reissner_nordstrom(name, dimension):
    theory = load(name)
    z = theory.radial
    mass = 1 + Rational(dimension - 2, 2 * (dimension - 1)) * m**2
    f = 1 - mass * z**dimension + (mass - 1) * z ** (2 * dimension - 2)
    q = values(theory, {"f": f, "A_t": m * (1 - z ** (dimension - 2))})
    pressure = next(value for key, value in q.items() if key.startswith("pressure"))
    assert simplify(q["energy_density"] - (dimension - 1) * mass) == 0
    assert simplify(pressure - mass) == 0
    assert simplify(q["charge_density_A"] - (dimension - 2) * m) == 0


def test_the_wall_of_a_superpotential_has_no_energy():
    theory = gppz()
    z = theory.radial
    walls = {"f": (1 + z**2) ** 2, "chi": 2 * sympy.log(1 + z**2), "phi": 2 * sqrt(3) * asinh(z)}
    q = values(theory, walls)
    assert q["energy_density"] == 0
    assert q["pressure_x_1"] == 0
    assert q["phi_vev"] == 0
    assert q["phi_source"] == 2 * sqrt(3)
    assert "W-type" in derived(theory)[1]["energy_density"].text


NAMES = ["btz", "gubser_rocha", "holographic_superconductor", "linear_axion", "linear_axion_ads5", "rn_ads4", "rn_ads5"]


@pytest.mark.parametrize("name", NAMES)
def test_trace_identity_of_the_gallery(name):
    series, quantities = derived(load(name))
    assert trace_identity(series) == 0
    assert "trace_anomaly" not in quantities


def test_a_shift_of_the_radial_coordinate_is_not_seen():
    """z -> z + a z^2 moves h_1, phi_2 and f_3 and nothing that is measured."""
    theory = load("gubser_rocha")
    z = theory.radial
    a, p, v, e = symbols("a p v e")
    series, quantities = derived(theory)
    names = {one.name: one.symbol for one in series.data}
    base = {names["phi_1"]: p, names["phi_2"]: v, names["f_3"]: e, names["h_0"]: 1, names["h_1"]: 0}
    f, h, phi = (sum(t.coefficient.subs(base) * z**t.power for t in series.series[name]) for name in ("f", "h", "phi"))

    def moved(expression, power):
        # g_tt = f/z^2, g_xx = h/z^2 and phi are scalars along z; z = Z/(1 - a Z) keeps g_tt g_zz = -1/z^4.
        return sympy.series(expression.subs(z, z / (1 - a * z)), z, 0, power + 1).removeO().coeff(z, power)

    shifted = {**base, names["h_1"]: moved(h / z**2, -1)}
    shifted[names["phi_2"]] = moved(phi, 2)
    shifted[names["f_3"]] = moved(f / z**2, 1)
    assert shifted[names["h_1"]] == -2 * a
    for name in ("energy_density", "pressure_x", "phi_vev"):
        value = quantities[name].value
        assert sympy.expand(value.subs(shifted) - value.subs(base)) == 0
