"""Horizon series against exact solutions, and against the covariant equations themselves."""

import pytest
import sympy
from on_horizon import named, solves
from on_solutions import OnSolution, known, theory_of
from sympy import Rational, exp

from holosym import R, Theory, coordinates, couplings, d, gauge_field, profiles, scalar, square
from holosym.derive import ansatz
from holosym.errors import ExpansionError
from holosym.expand.emblackening import emblackening
from holosym.expand.horizon import horizon_series
from holosym.jets.generators import JetGenerator

HALF, THIRD = Rational(1, 2), Rational(1, 3)


SOLUTIONS = [
    ("rn_ads4", 0, {"mu": HALF}),
    ("rn_ads5", 0, {"mu": HALF}),
    ("linear_axion", 0, {"mu": HALF, "beta": THIRD}),
    ("gubser_rocha", 0, {"Q": HALF, "beta": THIRD}),
    ("emd_axion", 1, {"mu": HALF, "beta": THIRD}),
    ("einstein_scalar_ads5", 1, {"gamma": HALF}),
    ("holographic_superconductor", 0, {"mu": HALF, "q": 3}),
    ("btz", 0, {}),
    ("schwarzschild_eddington", 0, {}),
    ("gauss_bonnet_ads5", 0, {"lam": Rational(1, 10)}),
    ("restricted_dilaton", 0, {}),
    ("q_lattice", 0, {"mu": HALF, "k": 2}),
    ("p_wave_ads4", 0, {"mu": HALF, "g": 2}),
    ("rn_ads4_spherical", 0, {"r_h": 2, "Q": 1, "mu": HALF, "M": Rational(81, 16)}),  # 2 M = r^3 + r + Q^2/(4 r)
]


@pytest.mark.parametrize(("name", "index", "parameters"), SOLUTIONS, ids=[f"{n}-{i}" for n, i, _ in SOLUTIONS])
def test_exact_solutions_have_these_jets(name, index, parameters):
    """Every jet through the third order (the fourth for Gubser-Rocha), to 30 digits of the 40 that are carried."""
    theory, solution = known(name, index, **parameters)
    system = theory.equations()
    series = horizon_series(system, 4 if name == "gubser_rocha" else 3)
    at = series.point if series.point.is_number else parameters[series.point.name]
    write = system.write
    zero = [solution.number(write(system.ring.generator(jet)), at) for jet in series.vanishing]
    assert max(map(abs, zero)) < 1e-30
    for jet, above, below in series.values:
        expected = solution.number(write(system.ring.generator(jet)), at)
        value = solution.number(write(above), at) / solution.number(write(below), at)
        assert abs(value - expected) < 1e-30 * (1 + abs(expected)), jet


def test_every_jet_is_stated_once_and_in_order():
    system = theory_of("gubser_rocha").equations()
    series = horizon_series(system, 6)
    known_jets = [*series.vanishing, *series.data]
    for jet, above, below in series.values:
        for part in (above, below):
            assert {system.ring.generators[g] for g in system.ring.positions(part)}.isdisjoint(
                {j for j, _, _ in series.values} - set(known_jets)
            )
        known_jets.append(jet)
    assert sorted(named(known_jets)) == sorted(p + "'" * n for p in ("A_t", "f", "h", "phi") for n in range(7))


DATA = {
    "rn_ads4": ["A_t'"],
    "gubser_rocha": ["A_t'", "f'", "h", "phi"],
    "einstein_scalar_ads5": ["chi", "phi"],
    "holographic_superconductor": ["A_t'", "chi", "psi"],
    "dyonic_axion": ["A_t'"],
    "schwarzschild_ads5": [],
    "btz_rotating": ["w", "w'"],
    "awkward_names": ["E'", "N", "phi"],
    "q_lattice": ["A_t'", "chi", "h", "phi"],
}


@pytest.mark.parametrize("name", sorted(DATA))
def test_data(name):
    assert named(horizon_series(theory_of(name).equations()).data) == DATA[name]


def test_denominators_are_monomials():
    """The equations of the superconductor were multiplied by f; nothing of that is left."""
    for name in ("gubser_rocha", "holographic_superconductor", "q_lattice"):
        for _, _, below in horizon_series(theory_of(name).equations(), 4).values:
            assert below == below.ring.one


def test_first_derivatives_as_published():
    """f' = V/(3 z), phi' = V'/(z^2 f'): Gubser and Nellore 2008 in the gauge h = 1; f' = -3 + A_t'^2/4 of RN."""
    theory = theory_of("einstein_scalar_ads5")
    system = theory.equations()
    values = {named([j])[0]: system.write(a) / system.write(b) for j, a, b in horizon_series(system).values}
    z = theory.radial
    p = {q.func.name: q for q in theory.profiles}
    V = next(iter(theory.lagrangian.atoms(type(next(iter(theory.known_solutions[0].couplings))))))
    V = V.xreplace({theory.scalars[0]: p["phi"]})
    slope = V.diff(p["phi"])
    assert sympy.simplify(values["f'"] - V / (3 * z)) == 0
    assert sympy.simplify(values["phi'"] * p["f"].diff(z) * z**2 - slope) == 0


FLOWS = [
    ("holographic_superconductor", {"A_t'": HALF, "chi": 0, "psi": THIRD}, {"q": 2}, None),
    ("einstein_scalar_ads5", {"chi": 0, "phi": HALF}, {}, lambda p: {"V": -12 - 3 * p**2 / 2 + p**3 / 5}),
    (
        "emd_axion",
        {"A_t'": HALF, "f'": Rational(-5, 2), "h": Rational(3, 2), "phi": HALF},
        {"beta": THIRD},
        lambda p: {"V": -6 - p**2 + p**4 / 7, "Z": 1 + p**2 / 3},
    ),
    ("p_wave_ads4", {"a'": HALF, "chi": 0, "h": 0, "w": HALF}, {"g": 2}, None),
]


@pytest.mark.parametrize(("name", "data", "parameters", "forms"), FLOWS, ids=[flow[0] for flow in FLOWS])
def test_series_solve_the_covariant_equations(name, data, parameters, forms):
    solves(theory_of(name), data, parameters, forms)


CHARTS = {
    "eddington": ({"A_t'": HALF, "chi": 0, "phi": HALF}, ["A_t", "f"]),
    "two factors": ({"A_t'": HALF, "D'": -2, "phi": HALF}, ["A_t", "B", "D"]),
    "areal": ({"A_t'": HALF, "f'": Rational(-5, 2), "h": Rational(3, 2), "phi": HALF}, ["A_t", "f"]),
    "free gauge": (
        {"A_t'": HALF, "f'": -2, "h": 2, "phi": HALF, **{"chi" + "'" * n: Rational(n, 3) for n in range(5)}},
        ["A_t", "f"],
    ),
}


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_any_chart(name):
    """Einstein-Maxwell-dilaton in charts of every kind; where the ansatz leaves a gauge free its function is datum."""
    t, x, y, z = coordinates("t x y z")
    f, chi, h, A_t, p, D, B = profiles("f chi h A_t phi D B", z)
    plane = d(x) ** 2 + d(y) ** 2
    metrics = {
        "eddington": (-f * exp(-chi) * d(t) ** 2 - 2 * exp(-chi / 2) * d(t) * d(z) + plane) / z**2,
        "two factors": (-D * d(t) ** 2 + d(z) ** 2 / B + plane) / z**2,
        "areal": (-f * d(t) ** 2 + d(z) ** 2 / f) / z**2 + h**2 * plane,
        "free gauge": (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * plane) / z**2,
    }
    phi, A = scalar("phi", p), gauge_field("A", A_t * d(t))
    V, Z = couplings("V Z")
    theory = Theory(
        name.replace(" ", "_"),
        metric=metrics[name],
        lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4,
        radial=z,
    )
    data, vanishing = CHARTS[name]
    assert named(horizon_series(theory.equations()).vanishing) == vanishing
    solves(theory, data, {}, lambda q: {"V": -6 - q**2 + q**4 / 7, "Z": 1 + q**2 / 3})


def test_no_state_makes_a_denominator_zero():
    """Neutral states have A_t' = 0, constant scalars phi' = 0: neither is divided by, in any of these theories."""
    for name in ("gubser_rocha", "holographic_superconductor", "p_wave_ads4", "su2_monopole_ads4", "awkward_names"):
        system = theory_of(name).equations()
        blackening = {jet.unknown for jet in emblackening(system.model, ansatz.read(system.model))}
        for _, above, below in horizon_series(system, 3).values:
            divided = {system.ring.generators[g] for m in above.terms for g, e in system.ring.decode(m) if e < 0}
            divided |= {system.ring.generators[g] for g in system.ring.positions(below)}
            assert {j.unknown for j in divided if isinstance(j, JetGenerator) and any(j.orders)} <= blackening


def test_the_horizon_is_found_in_any_chart():
    for name, expected in {"schwarzschild_eddington": ["f"], "taub_nut_ads4": ["f"], "btz_rotating": ["f"]}.items():
        theory = theory_of(name)
        assert named(emblackening(theory, ansatz.read(theory))) == expected


def test_two_emblackening_factors():
    """-a dt^2 + dz^2/b: the slope of b follows from the constraint, that of a is the scale of time."""
    t, x, y, z = coordinates("t x y z")
    a, b = profiles("a b", z)
    theory = Theory(
        "two_factors",
        metric=(-a * d(t) ** 2 + d(z) ** 2 / b + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6,
        radial=z,
    )
    system = theory.equations()
    series = horizon_series(system, 3)
    assert named(series.vanishing) == ["a", "b"]
    assert named(series.data) == ["a'"]
    solution = OnSolution(theory, {a: 4 * (1 - z**3), b: 1 - z**3})
    for jet, above, below in series.values:
        expected = solution.number(system.write(system.ring.generator(jet)), 1)
        assert abs(solution.number(system.write(above), 1) / solution.number(system.write(below), 1) - expected) < 1e-30


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("damped_oscillator", "no radial coordinate"),
        ("bare_metric", "bare metric"),
        ("kerr", "no horizon"),
        ("characteristic_ads5", "depends on more than r"),
        ("f_of_r", "no regular, non-extremal horizon"),
        ("mtz_hyperbolic", "special solutions only"),
    ],
)
def test_refusals(name, said):
    with pytest.raises(ExpansionError, match=said) as caught:
        horizon_series(theory_of(name).equations())
    assert caught.value.mend


def test_an_explicit_emblackening_factor_is_refused():
    t, x, y, z = coordinates("t x y z")
    h = profiles("h", z)
    theory = Theory(
        "explicit",
        metric=(-(1 - z**3) * d(t) ** 2 + d(z) ** 2 / (1 - z**3) + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R + 6,
        radial=z,
    )
    with pytest.raises(ExpansionError, match="no profile takes both"):
        horizon_series(theory.equations())


def test_an_extremal_horizon_is_refused():
    """Without a potential, f' = V/(2 z) = 0: the only solutions regular there have no temperature."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    theory = Theory(
        "flat",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R,
        radial=z,
    )
    with pytest.raises(ExpansionError, match="extremal"):
        horizon_series(theory.equations())


def test_closed_forms_do_not_matter():
    """The series of an unknown V holds for each V: the same formula as for the closed one."""
    one, other = (horizon_series(theory_of(n).equations(), 3) for n in ("emd_axion", "gubser_rocha"))
    shown = [[(named([j]), str(a), str(b)) for j, a, b in s.values] for s in (one, other)]
    assert shown[0] == shown[1]
