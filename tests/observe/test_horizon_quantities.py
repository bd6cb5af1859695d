"""Temperature and entropy against exact solutions, the literature's formulas, and the first law."""

import pytest
import sympy
from on_solutions import OnSolution, known, theory_of
from sympy import Rational, oo, pi, sin, sinh, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauss_bonnet, profiles, scalar
from holosym.errors import ExpansionError
from holosym.observe.horizon import horizon_quantities

HALF, THIRD = Rational(1, 2), Rational(1, 3)
EXACT = 1e-30  # forty digits are carried


def quantities(theory):
    system = theory.equations()
    return system, {q.name: q for q in horizon_quantities(system)}


def numbers(theory, solution, at):
    system, found = quantities(theory)
    return {name: solution.quotient(system, one, at) for name, one in found.items()}


Q, B, MU, GAMMA = HALF, THIRD, HALF, HALF
LAM = Rational(1, 10)
EXPECTED = [
    ("schwarzschild_ads4", {}, 3 / (4 * pi), 4 * pi),
    ("schwarzschild_ads5", {}, 1 / pi, 4 * pi),
    ("schwarzschild_ads11", {}, 10 / (4 * pi), 4 * pi),
    ("btz", {}, 1 / (2 * pi), 4 * pi),
    ("rn_ads4", {"mu": MU}, (12 - MU**2) / (16 * pi), 4 * pi),
    ("rn_ads5", {"mu": MU}, (1 - MU**2 / 6) / pi, 4 * pi),
    ("linear_axion", {"mu": MU, "beta": B}, (12 - 2 * B**2 - MU**2) / (16 * pi), 4 * pi),
    (
        "gubser_rocha",
        {"Q": Q, "beta": B},
        (6 * (1 + Q) ** 2 - B**2) / (8 * pi * (1 + Q) ** Rational(3, 2)),
        4 * pi * (1 + Q) ** Rational(3, 2),
    ),
    ("schwarzschild_eddington", {}, 3 / (4 * pi), 4 * pi),
    # N makes the speed of light at the boundary 1: T = N/pi (Brigante et al. 2008); planes have no correction to s
    ("gauss_bonnet_ads5", {"lam": LAM}, sqrt((1 + sqrt(1 - 4 * LAM)) / 2) / pi, 4 * pi),
    ("restricted_dilaton", {}, 3 / (4 * pi), 4 * pi),
]


@pytest.mark.parametrize(("name", "parameters", "temperature", "entropy"), EXPECTED, ids=[e[0] for e in EXPECTED])
def test_exact_solutions(name, parameters, temperature, entropy):
    theory, solution = known(name, 0, **parameters)
    values = numbers(theory, solution, 1)
    assert abs(values["temperature"] - temperature) < EXACT
    assert abs(values["entropy_density"] - entropy) < EXACT


def test_chamblin_reall():
    """f = z^(3 g^2) (1 - z^(4 - 3 g^2/2)), chi = 3 g^2 log z: 4 pi T = 4 - 3 g^2/2 at z = 1."""
    theory, solution = known("einstein_scalar_ads5", 1, gamma=GAMMA)
    assert abs(numbers(theory, solution, 1)["temperature"] - (4 - 3 * GAMMA**2 / 2) / (4 * pi)) < EXACT


def test_dimensions():
    for name, expected in {
        "rn_ads4": (1, 2),
        "rn_ads5": (1, 3),
        "btz": (1, 1),
        "rn_ads4_spherical": (None, None),
    }.items():
        _, found = quantities(theory_of(name))
        assert tuple(found[n].dimension for n in ("temperature", "entropy_density")) == expected


def test_spheres_are_measured_by_their_own_area():
    """s = 4 pi r^2 without sin(theta), T = f'/4 pi with the boundary at r = oo."""
    system, found = quantities(theory_of("rn_ads4_spherical"))
    r = system.model.radial
    f = next(p for p in system.model.profiles if p.func.name == "f")
    assert system.write(found["entropy_density"].numerator) == 4 * pi * r**2
    assert sympy.simplify(system.write(found["temperature"].numerator) - f.diff(r) / (4 * pi)) == 0
    assert "sphere" in found["entropy_density"].text


def test_f_of_r():
    """s = 4 pi F'(R) (Jacobson, Kang and Myers 1994): 4 pi (1 - 24 a) for R + 6 + a R^2 at R = -12."""
    theory, solution = known("f_of_r", 0, a=Rational(1, 50), M=1)
    assert abs(numbers(theory, solution, 1)["entropy_density"] - 4 * pi * (1 - Rational(24, 50))) < EXACT


@pytest.mark.parametrize("curvature", [1, -1])
def test_gauss_bonnet_on_curved_horizons(curvature):
    """s = 4 pi (1 + lam R_horizon) area for (lam/2) GB: Jacobson and Myers 1993; R_horizon = 6 k/r^2 in AdS5.

    The formula has the intrinsic curvature of the horizon; here it comes out of the Riemann tensor of spacetime.
    """
    t, r, a, b, c = coordinates("t r a b c")
    f = profiles("f", r)
    S = sin if curvature == 1 else sinh
    sphere = d(a) ** 2 + S(a) ** 2 * (d(b) ** 2 + sin(b) ** 2 * d(c) ** 2)
    theory = Theory(
        "gauss_bonnet_curved",
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * sphere,
        lagrangian=R + 12 + LAM / 2 * gauss_bonnet,
        radial=r,
        boundary=oo,
        horizon=1,
    )
    system, found = quantities(theory)
    value = system.write(found["entropy_density"].numerator) / system.write(found["entropy_density"].denominator)
    assert sympy.expand(value - 4 * pi * r**3 * (1 + LAM * 6 * curvature / r**2)) == 0


def test_normalisations_of_the_action():
    """L = R/4 - ... has a quarter of the entropy: 16 pi G is 4 times as large."""
    t, x, y, z = coordinates("t x y z")
    f, phi_z = profiles("f phi", z)
    F = couplings("F")
    phi = scalar("phi", phi_z)
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2
    for lagrangian, expected in ((R / 4 + 6, pi), (F(phi) * R + 6, 4 * pi * F(phi_z))):
        system, found = quantities(Theory("frame", metric=metric, lagrangian=lagrangian, radial=z))
        s = found["entropy_density"]
        assert sympy.simplify(system.write(s.numerator) - expected / z**2 * system.write(s.denominator)) == 0


def test_first_law_of_a_scalar_coupled_to_curvature():
    """MTZ: f = r^2 - (1 + mu/r)^2 with F(phi) = 1 - phi^2/6 has the mass 4 mu, by its first law dM = T ds."""
    theory = theory_of("mtz_hyperbolic")
    system, found = quantities(theory)
    one = theory.known_solutions[0]
    solution = OnSolution(theory, dict(one.profiles))
    r, mu = theory.radial, next(s for p in dict(one.profiles).values() for s in p.free_symbols if s.name == "mu")
    T, s = (
        solution.expression(system.write(q.numerator) / system.write(q.denominator))
        for q in (found["temperature"], found["entropy_density"])
    )
    r_h = (1 + sqrt(1 + 4 * mu)) / 2
    slope = (T.subs(r, r_h) * s.subs(r, r_h).diff(mu)).subs(mu, Rational(1, 3))
    assert abs(sympy.N(slope, 30) - 4) < 1e-25


def test_two_emblackening_factors():
    """-a dt^2 + dz^2/b: T = (a' b')^(1/2)/4 pi."""
    t, x, y, z = coordinates("t x y z")
    a, b = profiles("a b", z)
    theory = Theory(
        "two_factors",
        metric=(-a * d(t) ** 2 + d(z) ** 2 / b + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6,
        radial=z,
    )
    values = numbers(theory, OnSolution(theory, {a: 4 * (1 - z**3), b: 1 - z**3}), 1)
    assert abs(values["temperature"] - 6 / (4 * pi)) < EXACT


def test_a_boosted_chart_of_rotating_btz():
    """T = (r_+^2 - r_-^2)/(2 pi r_+), s = 4 pi r_+ (Banados, Teitelboim and Zanelli 1992), with z = 1/r."""
    theory = theory_of("btz_rotating")
    system, found = quantities(theory)
    p = {q.func.name: q for q in theory.profiles}
    z, j = theory.radial, Rational(1, 2)  # r_+ = 1, r_- = j
    closed = {p["f"]: (1 - z**2) * (1 - j**2 * z**2), p["w"]: j * (z**2 - 1)}
    solution = OnSolution(theory, closed)
    for element in system.field_equations.values():
        assert abs(solution.number(system.write(element), THIRD)) < EXACT
    values = {name: solution.quotient(system, one, 1) for name, one in found.items()}
    assert abs(values["temperature"] - (1 - j**2) / (2 * pi)) < EXACT
    assert abs(values["entropy_density"] - 4 * pi) < EXACT


@pytest.mark.parametrize("name", ["kerr", "bare_metric", "damped_oscillator"])
def test_refusals(name):
    with pytest.raises(ExpansionError) as caught:
        horizon_quantities(theory_of(name).equations())
    assert caught.value.mend


def test_charts_agree():
    """r = 1/z gives the temperature of the z chart, with a positive sign."""
    t, x, y, r = coordinates("t x y r")
    f = profiles("f", r)
    theory = Theory(
        "schwarzschild_r",
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(x) ** 2 + d(y) ** 2),
        lagrangian=R + 6,
        radial=r,
        boundary=oo,
        horizon=1,
    )
    values = numbers(theory, OnSolution(theory, {f: r**2 - 1 / r}), 1)
    assert abs(values["temperature"] - 3 / (4 * pi)) < EXACT
    assert abs(values["entropy_density"] - 4 * pi) < EXACT
