"""Solutions and equations in other charts and normalisations hold as they are printed, and fail where they are wrong.

Every expectation is a closed form in the words of its own chart; none is made with the map under test.
"""

import pytest
from sympy import Rational, cosh, exp, log, sinh, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.verify import verify
from holosym.verify.check import EXACT

t, x, y, z, r, rho, u = coordinates("t x y z r rho u")
dt, dx, dy, dz, dr = d(t), d(x), d(y), d(z), d(r)
f, chi, a, p = profiles("f chi A_t phi", z)
phi = scalar("phi", p)
V = couplings("V")
M, beta, mu, B, q, gamma = parameters("M beta mu B q gamma", positive=True)
BRANE = (-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2
WARPED = (-f * exp(-chi) * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2


def vacuum() -> Theory:
    return Theory(name="vacuum", metric=BRANE, lagrangian=R + 6, radial=z)


def dyonic() -> Theory:
    """Axions, a magnetic field and a Maxwell term, all normalised as the gallery does."""
    A = gauge_field("A", a * dt + B * x * dy)
    psi = [scalar("psi_x", beta * x), scalar("psi_y", beta * y)]
    action = R + 6 - square(d(A)) / 4 - sum(square(d(one)) for one in psi) / 2
    return Theory(name="dyonic", metric=BRANE, lagrangian=action, radial=z)


def flow() -> Theory:
    action = R - square(d(phi)) / 2 - V(phi)
    return Theory(name="flow", metric=WARPED, lagrangian=action, radial=z)


def outcomes(theory: Theory) -> dict[str, bool]:
    """What holds, by name; where it holds it does so exactly."""
    found = [check for check in verify(theory) if check.kind != "derivation"]
    assert all(check.method == EXACT for check in found if check.passed), found
    return {check.name: check.passed for check in found}


def test_schwarzschild_in_r() -> None:
    """Lemos 1995: g = r^2 - M/r."""
    theory, g = vacuum(), profiles("g", r)
    paper = theory.in_coordinates({z: 1 / r}, {f: g / r**2}, metric=-g * dt**2 + dr**2 / g + r**2 * (dx**2 + dy**2))
    paper.known_solution("right", {g: r**2 - M / r})
    paper.known_solution("wrong", {g: r**2 - M / r**2})
    paper.published("right too", r * g.diff(r) + g - 3 * r**2)
    paper.published("wrong too", r * g.diff(r) - g - 3 * r**2)
    assert outcomes(theory) == {"right": True, "wrong": False, "right too": True, "wrong too": False}


@pytest.mark.parametrize(
    ("chart", "rule", "form"),
    [
        ({z: 1 / r}, {}, 1 - M / r**3),
        ({r: 1 / z}, {}, 1 - M / r**3),
        ({z: exp(-r)}, {}, 1 - M * exp(-3 * r)),
        ({z: sqrt(u)}, {}, 1 - M * u ** Rational(3, 2)),
        ({u: z**2}, {}, 1 - M * u ** Rational(3, 2)),
        ({z: 1 - u}, {}, 1 - M * (1 - u) ** 3),
        ({z: 2 * z}, {}, 1 - 8 * M * z**3),
        ({z: z / q}, {}, 1 - M * z**3 / q**3),
        ({u: z / (1 + z)}, {}, 1 - M * u**3 / (1 - u) ** 3),
        ({}, {f: 1 - f}, M * z**3),
    ],
    ids=str,
)
def test_one_brane_in_many_charts(chart, rule, form) -> None:
    """f = 1 - M z^3 under the same name in the new coordinate."""
    theory = vacuum()
    paper = theory.in_coordinates(chart, rule)
    (profile,) = paper.words.profiles
    paper.known_solution("right", {profile: form})
    paper.known_solution("wrong", {profile: form + profile.args[0] / 7})
    assert outcomes(theory) == {"right": True, "wrong": False}


def test_fefferman_graham() -> None:
    """The AdS5 black brane, f = (1 - u^4/4)^2/(1 + u^4/4)^2: of two branches the one outside of the horizon is said."""
    x_3 = coordinates("x_3")
    metric = (-f * dt**2 + dz**2 / f + dx**2 + dy**2 + d(x_3) ** 2) / z**2
    theory = Theory(name="ads5", metric=metric, lagrangian=R + 12, radial=z)
    paper = theory.in_coordinates({u: sqrt(2 - 2 * sqrt(1 - z**4)) / z})
    (g,) = paper.words.profiles
    paper.known_solution("right", {g: (1 - u**4 / 4) ** 2 / (1 + u**4 / 4) ** 2})
    paper.known_solution("wrong", {g: (1 - u**4 / 4) / (1 + u**4 / 4)})
    found = {check.name: check.passed for check in verify(theory) if check.kind == "solution"}
    assert found == {"right": True, "wrong": False}


def test_a_maxwell_field_of_another_normalisation() -> None:
    """L = R + 6 - F^2 (Hartnoll and Kovtun 2007): A = 2 A there, and so is its magnetic field."""
    theory = dyonic()
    (A,) = theory.gauge_fields
    form = 1 - (1 + mu**2 + B**2) * z**3 + (mu**2 + B**2) * z**4
    paper = theory.rescaled(A=2 * A)
    paper.known_solution("right", {f: form, a: mu * (1 - z)}, parameters={beta: 0})
    paper.known_solution("wrong", {f: form.subs(B, B / 2), a: mu * (1 - z)}, parameters={beta: 0})
    paper.published("right too", z * f.diff(z) - 3 * f + 3 - beta**2 * z**2 / 2 - z**4 * (a.diff(z) ** 2 + B**2))
    paper.published("wrong too", z * f.diff(z) - 3 * f + 3 - beta**2 * z**2 / 2 - z**4 * (a.diff(z) ** 2 + B**2) / 4)
    assert outcomes(theory) == {"right": True, "wrong": False, "right too": True, "wrong too": False}


def test_axions_of_another_normalisation() -> None:
    """L = R + 6 - sum (d psi)^2: psi = sqrt(2) psi there, so beta = sqrt(2) beta there."""
    theory = dyonic()
    psi_x, psi_y = theory.scalars
    solution = {f: 1 - beta**2 * z**2 - (1 - beta**2 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4, a: mu * (1 - z)}
    for paper in (
        theory.rescaled(psi_x=sqrt(2) * psi_x, psi_y=sqrt(2) * psi_y),
        theory.rescaled(beta=sqrt(2) * beta),
    ):
        paper.known_solution(f"of {id(paper)}", solution, parameters={B: 0})
    k, strength = parameters("k strength", positive=True)
    paper = theory.rescaled({strength: B / 3, k: beta / sqrt(2)})
    paper.known_solution("new names", {p: form.subs(beta, k) for p, form in solution.items()}, parameters={strength: 0})
    paper.known_solution("mass zero", {f: 1 - z**2, a: 0}, parameters={strength: 0, k: 1}, domain={mu: (0, 1)})
    assert set(outcomes(theory).values()) == {True}
    assert theory.known_solutions[-1].parameters == {B: 0, beta: sqrt(2)}


def chamblin_reall(slope, pref, power):
    """V = pref e^(slope phi), phi = power log z; f and chi by the exponent eta = slope^2, d = 3."""
    eta = slope**2
    return {
        f: z ** (2 * eta) * (1 - z ** (3 - eta)),
        chi: 2 * eta * log(z),
        p: power * log(z),
    }, pref * exp(slope * phi)


def test_couplings_of_another_normalisation() -> None:
    """L = R/4 - (d phi)^2/2 - V: phi = 2 phi there, and V = 4 V there, at the same point."""
    solution, potential = chamblin_reall(gamma, -6 * (1 - gamma**2 / 3), 2 * gamma)
    there = {**solution, p: solution[p] / 2}
    theory = flow()
    theory.known_solution("ours", solution, {V(phi): potential})
    paper = theory.rescaled(phi=2 * phi, V=4 * V(phi))
    paper.known_solution("theirs", there, {V(phi): potential.subs(phi, 2 * phi) / 4})
    paper.known_solution("not theirs", there, {V(phi): potential / 4})
    kinetic = (f * exp(-chi / 2) * p.diff(z) / z**2).diff(z) * z**4 * exp(chi / 2)
    paper.published("their equation", kinetic - V(p).diff(p))
    paper.published("not their equation", kinetic - 2 * V(p).diff(p))
    assert outcomes(theory) == {
        "ours": True,
        "theirs": True,
        "not theirs": False,
        "their equation": True,
        "not their equation": False,
    }
    assert theory.known_solutions[1].profiles == theory.known_solutions[0].profiles
    assert theory.known_solutions[1].couplings == theory.known_solutions[0].couplings


def test_a_potential_without_its_constant() -> None:
    """V = V there - 6, with a field and a coupling of other names."""
    v = profiles("v", z)
    varphi, U = scalar("varphi", v), couplings("U")
    theory = flow()
    paper = theory.rescaled(phi=sqrt(2) * varphi, V=2 * U(varphi) - 6)
    solution, potential = chamblin_reall(gamma, -6 * (1 - gamma**2 / 3), 2 * gamma)
    closed = (potential.subs(phi, sqrt(2) * varphi) + 6) / 2
    forms = {f: solution[f], chi: solution[chi], v: solution[p] / sqrt(2)}
    paper.known_solution("right", forms, {U(varphi): closed})
    paper.known_solution("wrong", forms, {U(varphi): closed + 1})
    kinetic = (f * exp(-chi / 2) * v.diff(z) / z**2).diff(z) * z**4 * exp(chi / 2)
    paper.published("equation", kinetic - U(v).diff(v))
    paper.published("constraint", z * f.diff(z) - 3 * f - (U(v) - 3) - z**2 * f * v.diff(z) ** 2 / 2)
    paper.published("with V for U", z * f.diff(z) - 3 * f - U(v) / 2 - z**2 * f * v.diff(z) ** 2 / 2)
    found = outcomes(theory)
    assert [name for name, holds in found.items() if not holds] == ["wrong", "with V for U"]


@pytest.mark.parametrize("first", ["chart", "normalisation"])
def test_both_in_either_order(first: str) -> None:
    """A chart on a normalisation, and the other way round."""
    theory = flow()
    if first == "chart":
        paper = theory.in_coordinates({z: 1 / r}).rescaled(phi=2 * phi, V=4 * V(phi))
    else:
        paper = theory.rescaled(phi=2 * phi, V=4 * V(phi)).in_coordinates({z: 1 / r})
    chi_r, f_r, phi_r = paper.words.profiles
    assert [str(one) for one in paper.words.profiles] == ["chi(r)", "f(r)", "phi(r)"]
    _, potential = chamblin_reall(gamma, -6 * (1 - gamma**2 / 3), 2 * gamma)
    eta = gamma**2
    forms = {f_r: r ** (-2 * eta) * (1 - r ** (eta - 3)), chi_r: -2 * eta * log(r), phi_r: -gamma * log(r)}
    paper.known_solution("right", forms, {V(phi): potential.subs(phi, 2 * phi) / 4}, domain={gamma: (0, 1), r: (1, 4)})
    paper.published("chi", chi_r.diff(r) + 2 * r * phi_r.diff(r) ** 2)
    paper.published("not chi", chi_r.diff(r) + r * phi_r.diff(r) ** 2 / 2)
    assert outcomes(theory) == {"right": True, "chi": True, "not chi": False}
    (known,) = theory.known_solutions
    assert known.domain == {gamma: (0, 1), z: (0.25, 1)}
    assert known.place.file == __file__


def test_a_field_redefined_without_a_line() -> None:
    """phi = log(lambda): a dilaton printed as the coupling it is."""
    lam = profiles("lambda", z)
    theory = flow()
    paper = theory.in_coordinates({}, {p: log(lam)})
    solution, potential = chamblin_reall(gamma, -6 * (1 - gamma**2 / 3), 2 * gamma)
    forms = {f: solution[f], chi: solution[chi], lam: z ** (2 * gamma)}
    paper.known_solution("right", forms, {V(phi): potential})
    paper.published("chi", chi.diff(z) - z * (lam.diff(z) / lam) ** 2 / 2)
    assert outcomes(theory) == {"right": True, "chi": True}


def test_a_chart_that_says_more_than_it_needs() -> None:
    """A, B and h of Gubser and Nellore: A is fixed by the chart, and a closed form that contradicts it is refused."""
    theory = flow()
    A, C, h = profiles("A C h", z)
    rules = {A: -log(z), C: -log(z) - chi / 2, h: f * exp(-chi)}
    metric = exp(2 * A) * (-h * dt**2 + dx**2 + dy**2) + exp(2 * C) * dz**2 / h
    paper = theory.in_coordinates({}, rules, metric=metric)
    solution, potential = chamblin_reall(gamma, -6 * (1 - gamma**2 / 3), 2 * gamma)
    eta = gamma**2
    forms = {A: -log(z), C: -(1 + eta) * log(z), h: 1 - z ** (3 - eta), p: solution[p]}
    paper.known_solution("right", forms, {V(phi): potential})
    paper.known_solution("wrong", {**forms, h: 1 - z**3}, {V(phi): potential})
    assert outcomes(theory) == {"right": True, "wrong": False}


def test_hyperbolic_functions_go_through() -> None:
    """A domain wall of Delta = 2 in d = 3, W = cosh(phi/2): z = sinh s has one real inverse."""
    theory, s = flow(), coordinates("s")
    paper = theory.in_coordinates({z: sinh(s)}, {p: 2 * profiles("v", s)})
    forms = {"f": cosh(s) ** 2, "chi": 2 * log(cosh(s)), "v": s}
    named = {one: forms[one.func.name] for one in paper.words.profiles}
    paper.known_solution("wall", named, {V(phi): 2 * sinh(phi / 2) ** 2 - 6 * cosh(phi / 2) ** 2})
    paper.known_solution("no wall", named, {V(phi): sinh(phi / 2) ** 2 - 6 * cosh(phi / 2) ** 2})
    found = {check.name: check.passed for check in verify(theory) if check.kind == "solution"}
    assert found == {"wall": True, "no wall": False}
