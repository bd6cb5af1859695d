"""Mass dimensions, by what is known of each theory."""

import pytest
from sympy import Rational, Symbol, exp, oo, sin

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.derive import ansatz
from holosym.dsl import loader
from holosym.errors import ExpansionError
from holosym.expand.scaling import _Weights, mass_dimensions
from holosym.resources import resolve


def of(name):
    return mass_dimensions(loader.load(resolve(name))[0].equations())


def test_axions_have_the_dimension_of_a_wave_number():
    found = of("gubser_rocha")
    assert found.parameters == {"beta": 1}
    assert found.profiles == {"A_t": 1, "f": 0, "h": 0, "phi": 0}
    assert found.time == 1


def test_a_charge_has_none():
    assert of("holographic_superconductor").parameters == {"q": 0}


def test_a_magnetic_field_has_two_and_r_grows_to_the_boundary():
    t, x, y, r = coordinates("t x y r")
    f, A_t = profiles("f A_t", r)
    B = parameters("B")
    A = gauge_field("A", A_t * d(t) + B * x * d(y))
    theory = Theory(
        "dyonic_r",
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(x) ** 2 + d(y) ** 2),
        lagrangian=R + 6 - square(d(A)) / 4,
        radial=r,
        boundary=oo,
    )
    found = mass_dimensions(theory.equations())
    assert found.parameters == {"B": 2}
    assert found.profiles == {"A_t": 1, "f": 2}


def test_time_that_scales_by_itself():
    t, x, z = coordinates("t x z")
    f = profiles("f", z)
    n = Rational(3)
    theory = Theory(
        "lifshitz_slices",
        metric=-f * d(t) ** 2 / z ** (2 * n) + d(z) ** 2 / (z**2 * f) + d(x) ** 2 / z**2,
        lagrangian=R + 2,
        radial=z,
    )
    # Only the ansatz is asked for: this metric need not solve the equations.
    assert ansatz.read(theory).metric

    class NoEquations:
        equations = ()

    assert _Weights(theory, Symbol("time")).solve(NoEquations()).time == 3
    assert _Weights(theory, -Rational(1)).solve(NoEquations()) is None


def test_the_radius_of_a_sphere_is_a_length():
    t, theta, varphi, r = coordinates("t theta varphi r")
    f = profiles("f", r)
    theory = Theory(
        "spherical",
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sin(theta) ** 2 * d(varphi) ** 2),
        lagrangian=R + 6,
        radial=r,
        horizon=1,
    )
    with pytest.raises(ExpansionError, match="length of its own"):
        mass_dimensions(theory.equations())


def test_a_mass_in_units_of_the_radius_has_none():
    t, x, y, z = coordinates("t x y z")
    f, chi, p = profiles("f chi p", z)
    k, m = parameters("k m", positive=True)
    phi, psi = scalar("phi", p), scalar("psi", k * x)
    theory = Theory(
        "q_lattice",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(phi)) - phi**2 * square(d(psi)) + m * phi**2,
        radial=z,
    )
    assert mass_dimensions(theory.equations()).parameters == {"k": 1, "m": 0}
