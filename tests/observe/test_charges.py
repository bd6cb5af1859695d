"""Fluxes and Noether charges: closed formulas, exact solutions, T s at the horizon, published first integrals."""

import pytest
import sympy
from on_solutions import known, theory_of
from sympy import Rational, exp, log, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauge_field, levi_civita, parameters, profiles, scalar, square
from holosym.derive import ansatz
from holosym.derive.system import unknown_of
from holosym.dsl.symbols import AppliedCoupling
from holosym.errors import ExpansionError
from holosym.expand.emblackening import emblackening
from holosym.expand.horizon_rows import HorizonRows
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import JetGenerator
from holosym.observe.antiderivative import antiderivative
from holosym.observe.charges import conserved_charges, gauss_fluxes
from holosym.observe.horizon import horizon_quantities
from holosym.observe.noether import noether_charges

HALF, THIRD = Rational(1, 2), Rational(1, 3)
EXACT = 1e-30


def charges(theory):
    system = theory.equations()
    return system, {q.name: q for q in conserved_charges(system)}


def written(system, one):
    return system.write(one.numerator) / system.write(one.denominator)


def profile(theory, name):
    return next(p for p in theory.profiles if p.func.name == name)


def test_fluxes():
    """rho = -Z h A_t' in the z chart, positive for A_t falling from mu to zero; e^(chi/2) where there is a chi."""
    theory = theory_of("emd_axion")
    system, found = charges(theory)
    z, A_t, h, phi = theory.radial, *(profile(theory, n) for n in ("A_t", "h", "phi"))
    Z = next(c for c in theory.lagrangian.atoms(AppliedCoupling) if c.func.base == "Z")
    expected = -Z.xreplace({theory.scalars[0]: phi}) * h * A_t.diff(z)
    assert sympy.simplify(written(system, found["charge_density_A"]) - expected) == 0
    assert found["charge_density_A"].dimension == 2
    assert found["charge_density_A"].where == "anywhere"


RHO = [
    ("rn_ads4", 0, {"mu": HALF}, HALF),
    ("rn_ads5", 0, {"mu": HALF}, 1),
    ("linear_axion", 0, {"mu": HALF, "beta": THIRD}, HALF),
    ("gubser_rocha", 0, {"Q": HALF, "beta": THIRD}, None),
    ("rn_ads4_spherical", 0, {"r_h": 2, "Q": HALF, "mu": 1, "M": 3}, HALF),
]


@pytest.mark.parametrize(("name", "index", "parameters", "expected"), RHO, ids=[r[0] for r in RHO])
def test_charge_densities_of_exact_solutions(name, index, parameters, expected):
    """The literature's rho, at every r."""
    if expected is None:
        Q, b = parameters["Q"], parameters["beta"]
        expected = (1 + Q) * sqrt(3 * Q * (1 + Q) * (1 - b**2 / (2 * (1 + Q) ** 2)))
    theory, solution = known(name, index, **parameters)
    system, found = charges(theory)
    for at in (Rational(2, 3), Rational(9, 10)):
        assert abs(solution.quotient(system, found["charge_density_A"], at) - expected) < EXACT


def test_a_charged_condensate_carries_charge():
    """Nothing is conserved; the flux through the horizon has another name and another place."""
    for name, field in (("holographic_superconductor", "A"), ("p_wave_ads4", "A3")):
        system = theory_of(name).equations()
        (one,) = gauss_fluxes(system)
        assert (one.name, one.where) == (f"electric_flux_{field}", "horizon")


def test_theta_terms_belong_to_the_charge():
    """rho = -(Z h A_t' + theta B): Witten's effect."""
    system, found = charges(theory_of("theta_term_dyonic"))
    assert "theta" in str(written(system, found["charge_density_A"]))


def mixed_chern_simons(bare):
    """A has an electric and a magnetic part, C runs along w; C ^ F ^ F, or up to a boundary term A ^ F ^ dC."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, h, A_t, c = profiles("f chi h A_t c", z)
    B, k = parameters("B k", positive=True)
    A, C = gauge_field("A", A_t * d(t) + B * x * d(y)), gauge_field("C", c * d(w))
    form = levi_civita(A, d(A), d(C)) if bare else levi_civita(C, d(A), d(A))
    theory = Theory(
        "mixed",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2) + d(w) ** 2) / z**2,
        lagrangian=R + 12 - square(d(A)) / 4 - square(d(C)) / 4 + k * form,
        radial=z,
    )
    return theory, B, k, c


def test_page_charge():
    """With A itself in the action its flux is sourced by d_z (B c), and flux and source are conserved together: the
    charge is the flux of the other form of the action, where nothing is sourced."""
    written_charges = []
    for bare in (True, False):
        theory, B, k, c = mixed_chern_simons(bare)
        system = theory.equations()
        (one,) = (q for q in gauss_fluxes(system) if "_A" in q.name)
        assert one.name == "charge_density_A"
        assert ("Page" in one.text) == bare
        written_charges.append(written(system, one))
        assert {B, k} <= sympy.expand(written_charges[-1]).coeff(c).free_symbols
    assert sympy.simplify(written_charges[0] - written_charges[1]) == 0


TS = [
    "schwarzschild_ads4",
    "schwarzschild_ads5",
    "btz",
    "rn_ads4",
    "rn_ads5",
    "einstein_scalar_ads5",
    "holographic_superconductor",
    "schwarzschild_eddington",
    "gauss_bonnet_ads5",
    "born_infeld_ads4",
    "p_wave_ads4",
    "q_lattice",
    "awkward_names",
    "f_of_r",
    "new_massive_gravity",
    "ricci_square_ads5",
]


@pytest.mark.parametrize("name", TS)
def test_charges_are_ts_at_the_horizon(name):
    """Exactly, as elements: with f = 0 and A_t = 0, whatever the other jets are; of Wald's s in higher gravity too."""
    theory = theory_of(name)
    system = theory.equations()
    T, s = horizon_quantities(system)
    potentials = {p for p in theory.profiles for A in theory.gauge_fields if A.ansatz == p * d(theory.time)}
    vanishing = {JetGenerator(unknown_of(p), (0,)) for p in potentials}
    vanishing |= set(emblackening(theory, ansatz.read(theory)))
    rows = HorizonRows(system.ring, theory.radial, system.units, sorted(vanishing, key=lambda j: j.unknown.name))
    found = noether_charges(system)
    assert found
    for one in found:
        difference = one.numerator * T.denominator * s.denominator - T.numerator * s.numerator * one.denominator
        assert system.ring.is_zero(rows.at_horizon(difference)), one.name


def test_schwarzschild_smarr():
    """-f'/z^3 = 4 = T s, and epsilon + p at the boundary, f = 1 - z^4."""
    theory, solution = known("schwarzschild_ads5", 0)
    system, found = charges(theory)
    for at in (Rational(1, 7), Rational(1, 2), 1):
        assert abs(solution.quotient(system, found["noether_charge"], at) - 4) < EXACT


@pytest.mark.parametrize(
    ("name", "index", "parameters"),
    [
        ("rn_ads4", 0, {"mu": HALF}),
        ("einstein_scalar_ads5", 1, {"gamma": HALF}),
        ("holographic_superconductor", 0, {"mu": HALF, "q": 2}),
        ("gauss_bonnet_ads5", 0, {"lam": Rational(1, 10)}),
        ("born_infeld_ads4", 0, {"b": 2}),
        ("lifshitz_emd", 0, {"zeta": 2}),
    ],
)
def test_charges_are_constant_on_exact_solutions(name, index, parameters):
    theory, solution = known(name, index, **parameters)
    rest = {s.name for p in solution.profiles.values() for s in sympy.sympify(p).free_symbols} - {theory.radial.name}
    solution.parameters.update(dict.fromkeys(rest - set(solution.parameters), HALF))
    system, found = charges(theory)
    assert any(n.startswith("noether_charge") for n in found)
    for one in found.values():
        values = [solution.quotient(system, one, at) for at in (Rational(2, 5), Rational(4, 5))]
        assert abs(values[0] - values[1]) < EXACT * (1 + abs(values[0])), one.name


def test_published_first_integral():
    """h^2 (f/h)'/z^2 - Z h A_t A_t' of Gubser and Nellore, which axions break: without them it is minus our charge."""
    t, x, y, z = coordinates("t x y z")
    f, h, A_t, phi_z = profiles("f h A_t phi", z)
    phi = scalar("phi", phi_z)
    A = gauge_field("A", A_t * d(t))
    V, Z = couplings("V Z")
    theory = Theory(
        "emd",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4,
        radial=z,
    )
    system, found = charges(theory)
    published = h**2 * (f / h).diff(z) / z**2 - Z(phi_z) * h * A_t * A_t.diff(z)
    assert sympy.simplify(written(system, found["noether_charge"]) + published) == 0
    assert found["noether_charge"].dimension == 3


@pytest.mark.parametrize("name", ["emd_axion", "linear_axion", "dyonic_ads4", "rn_ads4_spherical", "helical_ads5"])
def test_what_breaks_the_scaling(name):
    """Axions, magnetic fields, spheres and helices have no charge of this kind."""
    assert noether_charges(theory_of(name).equations()) == ()


def test_anisotropic_axions_leave_one_direction():
    t, x, y, z = coordinates("t x y z")
    f, chi, h, A_t = profiles("f chi h A_t", z)
    k = parameters("k", positive=True)
    psi, A = scalar("psi", k * x), gauge_field("A", A_t * d(t))
    theory = Theory(
        "anisotropic",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + exp(h) * d(x) ** 2 + exp(-h) * d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(psi)) / 2 - square(d(A)) / 4,
        radial=z,
    )
    (one,) = noether_charges(theory.equations())
    assert one.name == "noether_charge"
    assert "y -> lambda y" in one.text


def test_directions_have_charges_of_their_own():
    names = [q.name for q in noether_charges(theory_of("p_wave_ads4").equations())]
    assert names == ["noether_charge_x", "noether_charge_y"]


def test_a_dilaton_is_shifted_through_exponential_couplings():
    """Chamblin-Reall flows are scale covariant: their second charge holds phi', and is constant on the exact brane."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, phi_z = profiles("f chi phi", z)
    phi = scalar("phi", phi_z)
    V = couplings("V")
    g = HALF
    theory = Theory(
        "chamblin_reall",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2 + d(w) ** 2) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings={V(phi): -12 * (1 - 3 * g**2 / 8) * exp(g * phi)},
        radial=z,
    )
    from on_solutions import OnSolution

    closed = {
        f: z ** (3 * g**2) * (1 - z ** (4 - 3 * g**2 / 2)),
        chi: 3 * g**2 * log(z),
        phi_z: 3 * g * log(z),
    }
    system, found = charges(theory)
    assert sorted(found) == ["noether_charge", "noether_charge_dilaton"]
    solution = OnSolution(theory, closed)
    for one in found.values():
        values = [solution.quotient(system, one, at) for at in (Rational(2, 5), Rational(4, 5))]
        assert abs(values[0] - values[1]) < EXACT
    assert phi_z.diff(z) in written(system, found["noether_charge_dilaton"]).atoms(sympy.Derivative)


def test_antiderivative():
    """D(a b' + b^3/3) is found again; a b' alone is no total derivative."""
    z = coordinates("z")
    a, b = profiles("a b", z)
    from holosym.jets.ring import Ring

    ring = Ring()
    convert = Converter(ring)
    K = a * b.diff(z) + b**3 / 3
    found = antiderivative(convert(K.diff(z)), z)
    assert found is not None
    assert ring.is_zero(found - convert(K))
    assert antiderivative(convert(a * b.diff(z)), z) is None


def test_refusals():
    with pytest.raises(ExpansionError, match="no radial coordinate"):
        conserved_charges(theory_of("frw_cosmology").equations())
    assert conserved_charges(theory_of("kerr").equations()) == ()
