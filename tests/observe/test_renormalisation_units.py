"""Other normalisations: of the length (an AdS radius that is not one) and of the action."""

import pytest
import sympy
from boundary_families import derived, einstein_scalar
from sympy import Rational, log, pi

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square
from holosym.observe.renormalisation import trace_identity


@pytest.mark.parametrize(("dimension", "inverse"), [(3, 2), (4, 4), (4, Rational(1, 9)), (4, 2)])
def test_schwarzschild_brane_of_another_radius(dimension, inverse):
    """f = k (1 - z^d), chi = log k: T = d sqrt(k)/4 pi, s = 4 pi, and eps = (d - 1)/d T s since eps ~ T^d."""
    theory = einstein_scalar(
        dimension, lambda phi, V: {V: inverse * (-dimension * (dimension - 1) - phi**2)}, "another_radius"
    )
    series, q = derived(theory)
    assert sympy.exp(series.datum("chi_0").vacuum) == inverse
    matter = {one.symbol: 0 for one in series.data if one.profile == "phi"}
    brane = {**matter, series.datum(f"f_{dimension}").symbol: -inverse, series.datum("chi_0").symbol: log(inverse)}
    temperature, entropy = dimension * sympy.sqrt(inverse) / (4 * pi), 4 * pi
    energy = q["energy_density"].value.subs(brane)
    assert sympy.simplify(energy - Rational(dimension - 1, dimension) * temperature * entropy) == 0
    assert sympy.simplify(q["pressure_x_1"].value.subs(brane) - energy / (dimension - 1)) == 0


def test_the_length_is_a_unit():
    """V = 4 V_1 is solved by g = g_1/4; with x = x_1/2, t = t_1/2 and f = 4 f_1 the line element has its form again."""
    _, one = derived(einstein_scalar(4, lambda phi, V: {V: -12 - 3 * phi**2 / 2}, "radius_one"))
    series, half = derived(einstein_scalar(4, lambda phi, V: {V: 4 * (-12 - 3 * phi**2 / 2)}, "radius_half"))
    assert trace_identity(series) == 0
    # sqrt(-g) L is (1/4)^(5/2) 4 of what it was, and a volume dt d^3x holds 2^4 times as much of dt_1 d^3x_1.
    f_4 = series.datum("f_4").symbol
    for name in ("energy_density", "pressure_x_1", "phi_vev"):
        assert sympy.expand(half[name].value.subs(f_4, 4 * f_4) - 2 * one[name].value) == 0


def strong(dimension, strength, kinetic, potential, name, superpotential=None):
    """L = c R - kinetic (d psi)^2 - V(psi) in the areal gauge; V from `potential` of the field and a coupling W."""
    names = [f"x_{i}" for i in range(1, dimension)]
    t, *x, z = coordinates(" ".join(["t", *names, "z"]))
    f, chi, psi_z = profiles("f chi phi", z)
    psi = scalar("phi", psi_z)
    V, W = couplings("V W")
    closed = {V(psi): potential(psi, W(psi))}
    if superpotential is not None:
        closed[W(psi)] = superpotential(psi)
    return Theory(
        name=name,
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(one) ** 2 for one in x)) / z**2,
        lagrangian=strength * R - kinetic * square(d(psi)) - V(psi),
        couplings=closed,
        radial=z,
        horizon=1,
    )


def scaled_copy(dimension, strength, potential, name):
    """c times the theory of R - (d phi)^2/2 - V(phi), written in psi = sqrt(2 c) phi: a kinetic term -(d psi)^2/4."""
    ratio = sympy.sqrt(2 * strength)
    return strong(dimension, strength, Rational(1, 4), lambda psi, _: strength * potential(psi / ratio), name)


@pytest.mark.parametrize(
    ("strength", "dimension", "mass"),
    [(Rational(1, 4), 4, -3), (3, 3, -2), (parameters("c", positive=True), 3, -2)],
    ids=["1/4", "3", "c"],
)
def test_a_factor_of_the_action_is_a_factor_of_all_that_is_extensive(strength, dimension, mass):
    """psi = sqrt(2 c) phi, -(d psi)^2/4: c S[phi] is S'[psi], so eps' = c eps, and J' <O>' = c J <O>."""

    def potential(phi):
        return -dimension * (dimension - 1) + Rational(mass, 2) * phi**2 + phi**4 / 20

    plain, one = derived(strong(dimension, 1, Rational(1, 2), lambda phi, _: potential(phi), "plain_action"))
    _, other = derived(scaled_copy(dimension, strength, potential, "scaled_action"))
    ratio = sympy.sqrt(2 * strength)
    data = {o.symbol: o.symbol / ratio for o in plain.data if o.profile == "phi"}
    for name, factor in {
        "energy_density": strength,
        "pressure_x_1": strength,
        "phi_source": ratio,
        "phi_vev": strength / ratio,
    }.items():
        assert sympy.simplify(other[name].value - factor * one[name].value.subs(data)) == 0, name
    assert f"16 pi G = {1 / sympy.sympify(strength)}" in other["energy_density"].text


def test_the_superpotential_of_a_quarter():
    """L = R/4 - (d phi)^2/2 - V, V = W'^2/2 - 4 W^2/3, W = -3/2 - phi^2/2 + phi^4/8 in AdS5: its wall has no energy.

    ds^2 = e^(2A) dx^2 + dr^2 with phi' = W', A' = -2 W/3 solves the equations; z = e^(-A), so that
    z d phi/dz = 3 W'/(2 W) and f = A'^2.
    """
    a = Rational(1, 8)
    theory = strong(
        4,
        Rational(1, 4),
        Rational(1, 2),
        lambda phi, W: W.diff(phi) ** 2 / 2 - 4 * W**2 / 3,
        "quarter",
        superpotential=lambda phi: -Rational(3, 2) - phi**2 / 2 + a * phi**4,
    )
    series, q = derived(theory)
    assert "W-type" in q["energy_density"].text
    J = series.datum("phi_1").symbol
    cubic = sympy.Symbol("cubic")
    z = sympy.Symbol("z", positive=True)
    phi = J * z + cubic * z**3
    W = -Rational(3, 2) - phi**2 / 2 + a * phi**4
    slope = sympy.series(3 * (-phi + 4 * a * phi**3) / (2 * W) - z * phi.diff(z), z, 0, 4).removeO()
    (value,) = sympy.solve(slope.coeff(z, 3), cubic)
    assert sympy.expand(slope.coeff(z, 1)) == 0
    f_4 = sympy.series((2 * W / 3) ** 2, z, 0, 5).removeO().coeff(z, 4).subs(cubic, value)
    wall = {series.datum("phi_3").symbol: value, series.datum("f_4").symbol: f_4, series.datum("chi_0").symbol: 0}
    for name in ("phi_vev", "energy_density", "pressure_x_1"):
        assert sympy.expand(q[name].value.subs(wall)) == 0
