"""Kinds of data, boundary conditions, marginal and irrelevant operators, and what is refused."""

import pytest
import sympy
from flows import flow, logs, residual
from sympy import Rational, exp

from holosym import R, System, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.dsl import loader
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series


def kinds(made):
    """Name, kind and dimension of every datum."""
    return {one.name: (one.kind, one.dimension) for one in made.data}


def test_kinds_and_dimensions_of_the_gallery(gallery):
    made = boundary_series(gallery("gubser_rocha").equations())
    assert kinds(made) == {
        "A_t_0": ("source", 1),
        "A_t_1": ("response", 2),
        "f_3": ("response", 3),
        "h_0": ("metric", 0),
        "h_1": ("gauge", 1),
        "phi_1": ("source", 1),
        "phi_2": ("response", 2),
    }
    assert made.datum("h_0").vacuum == 1
    made = boundary_series(gallery("holographic_superconductor").equations())
    assert made.datum("chi_0").vacuum == 0
    assert made.relations == ()


def test_the_first_order_in_h_is_a_shift_of_z(gallery):
    """z -> z/(1 + c z) keeps the form of the Gubser-Rocha line element, so h_1 is a coordinate and nothing else."""
    made = boundary_series(gallery("gubser_rocha").equations(), 4)
    c, x = sympy.symbols("c x")
    beta = next(s for t in made.terms("f") for s in t.coefficient.free_symbols if s.name == "beta")
    base = {one.symbol: Rational(1, 3) for one in made.data} | {beta: Rational(1, 2)}
    base |= {made.datum("h_0").symbol: 1, made.datum("h_1").symbol: 0}

    def total(name, values, at):
        return sum(t.coefficient.subs(values) * at**t.power for t in made.terms(name))

    z = x / (1 + c * x)  # 1/z = 1/x + c, dz/z^2 = dx/x^2: f and h of z over z^2 are f and h of x over x^2
    forms = {"f": (x / z) ** 2, "h": (x / z) ** 2, "phi": 1, "A_t": 1}
    moved = {
        name: sympy.expand(sympy.series(total(name, base, z) * factor, x, 0, 5).removeO())
        for name, factor in forms.items()
    }
    values = {one.symbol: moved[one.profile].coeff(x, int(one.power)) for one in made.data} | {beta: Rational(1, 2)}
    for name in forms:
        assert sympy.expand(total(name, values, x) - moved[name]) == 0


def test_alternate_quantisation_exchanges_source_and_response():
    theory = flow(3, lambda p: -6 - p**2)
    theory.boundary_condition(theory.scalars[0], alternate=True)
    made = boundary_series(theory.equations())
    assert kinds(made)["phi_1"] == ("response", 1)
    assert kinds(made)["phi_2"] == ("source", 2)
    assert made.operators["phi"] == (1, 2)


def test_alternate_quantisation_outside_of_its_window():
    theory = flow(4, lambda p: -12 - Rational(3, 2) * p**2)
    theory.boundary_condition(theory.scalars[0], alternate=True)
    with pytest.raises(ExpansionError, match="alternate"):
        boundary_series(theory.equations())


def test_irrelevant_operator():
    made = boundary_series(flow(3, lambda p: -6 + 2 * p**2).equations())
    assert made.operators["phi"] == (4, -1)
    assert [one.name for one in made.data if one.profile == "phi"] == ["phi_4"]
    assert any("irrelevant" in note for note in made.notes)
    theory = flow(3, lambda p: -6 + 2 * p**2)
    theory.boundary_condition(theory.scalars[0], source=1)
    with pytest.raises(ExpansionError, match="irrelevant"):
        boundary_series(theory.equations())


def test_marginal_operator_runs():
    """theta phi = -V'/d: phi_0 - (g/6) phi_0^2 log x for V = -6 + g phi^3/6; and residuals fall as phi_0^5."""
    made = boundary_series(flow(3, lambda p: -6 + p**3 / 6).equations())
    phi_0 = made.datum("phi_0").symbol
    assert logs(made)[0, 1].coeff(phi_0, 2) == -Rational(1, 6)
    zero = {one.symbol: 0 for one in made.data}
    coarse, fine = (residual(made, zero | {phi_0: Rational(1, n)}, Rational(1, 10)) for n in (1000, 8000))
    assert coarse / fine > Rational(99, 100) * 8**5


def test_modulus_keeps_its_value_in_couplings():
    """A massless scalar without potential: Z(phi_0) and its derivatives at the source, exactly."""
    t, x, y, z = coordinates("t x y z")
    f, chi, phi, A_t = profiles("f chi phi A_t", z)
    field, A = scalar("phi", phi), gauge_field("A", A_t * d(t))
    theory = Theory(
        name="modulus",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(field)) / 2 - exp(field) * square(d(A)) / 4,
        radial=z,
    )
    made = boundary_series(theory.equations(), 4)
    assert kinds(made)["phi_0"] == ("source", 0)
    values = {one.symbol: Rational(i + 1, 5) for i, one in enumerate(made.data)}
    coarse, fine = (residual(made, values, Rational(1, n)) for n in (10**4, 8 * 10**4))
    assert coarse / fine > 8**4


def test_log_of_the_gauge_field_in_ads3():
    t, x, z = coordinates("t x z")
    f, A_t = profiles("f A_t", z)
    A = gauge_field("A", A_t * d(t))
    theory = Theory(
        name="charged_btz",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2) / z**2,
        lagrangian=R + 2 - square(d(A)) / 4,
        radial=z,
    )
    made = boundary_series(theory.equations())
    assert kinds(made)["A_t_0"][0] == "source"
    assert kinds(made)["A_t_0_log"][0] == "response"
    # f = 1 + f_2 z^2 + (Q^2/2) z^2 log z, A_t = mu + Q log z (Martinez, Teitelboim and Zanelli 2000)
    charge = made.datum("A_t_0_log").symbol
    assert logs(made, "f") == {(2, 1): charge**2 / 2}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bare_metric", "bare metric"),
        ("frw_cosmology", "no radial coordinate"),
        ("characteristic_ads5", "function of r alone"),
        ("kerr", "does not approach"),
        ("jt_gravity", "one dimension"),
        ("new_massive_gravity", "further modes"),
        ("power_maxwell_ads4", "vanishes at the boundary"),
    ],
)
def test_refused_models(name, words, request):
    (theory,) = loader.load(request.config.rootpath / "tests" / "models_extra" / f"{name}.py")
    with pytest.raises(ExpansionError, match=words) as caught:
        boundary_series(theory.equations())
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("potential", "words"),
    [
        (lambda p: -6 + p, "shift phi"),
        (lambda p: 6 - p**2, "no AdS vacuum"),
        (lambda p: -6 - 3 * p**2, "Breitenlohner"),
    ],
)
def test_refused_potentials(potential, words):
    with pytest.raises(ExpansionError) as caught:
        boundary_series(flow(3, potential).equations())
    assert words in str(caught.value)


def test_a_plain_system_is_refused():
    t = coordinates("t")
    x = profiles("x", t)
    with pytest.raises(ExpansionError, match="plain system"):
        boundary_series(System(name="free", variable=t, equations={"motion": x.diff(t, 2)}).equations())


def test_unknown_couplings_are_symbols_at_the_boundary():
    t, x, y, z = coordinates("t x y z")
    f, h, A_t, phi = profiles("f h A_t phi", z)
    beta = parameters("beta", positive=True)
    field, A = scalar("phi", phi), gauge_field("A", A_t * d(t))
    psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
    V, Z = couplings("V Z")
    theory = Theory(
        name="open",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R
        - square(d(field)) / 2
        - V(field)
        - Z(field) * square(d(A)) / 4
        - (square(d(psi_x)) + square(d(psi_y))) / 2,
        radial=z,
    )
    theory.boundary_condition(field, dimension=2, source=None)
    made = boundary_series(theory.equations())
    found = {(s.coupling, s.orders) for s in made.taylor}
    assert {("V", (3,)), ("Z", (0,)), ("Z", (1,))} <= found
    assert ("V", (2,)) not in found
    closed = {V(field): -6 - field**2 + field**4 / 3, Z(field): 1 + field / 2 + field**2}
    numbers = {("V", (3,)): 0, ("V", (4,)): 8, ("Z", (0,)): 1, ("Z", (1,)): Rational(1, 2), ("Z", (2,)): 2}
    known = Theory(name="known", metric=theory.metric, lagrangian=theory.lagrangian, couplings=closed, radial=z)
    other = boundary_series(known.equations())
    for name, terms in other.series.items():
        values = {s.symbol: numbers[s.coupling, s.orders] for s in made.taylor}
        mine = {(t.power, t.log): sympy.expand(t.coefficient.subs(values)) for t in made.series[name]}
        assert {k: v for k, v in mine.items() if v} == {(t.power, t.log): sympy.expand(t.coefficient) for t in terms}


@pytest.mark.parametrize(
    "potential",
    [
        lambda a, b: -6 - a**2 - b**2 + a * b**2,
        lambda a, b: -6 - a**2 - b**2 + a * b / 8,
        lambda a, b: -6 - a**2 - Rational(3, 4) * b**2 + a * b**2,
    ],
    ids=["logs of each other", "mixed masses", "rational and irrational"],
)
def test_two_scalars(potential):
    t, x, y, z = coordinates("t x y z")
    f, chi, a, b = profiles("f chi a b", z)
    one, two = scalar("a", a), scalar("b", b)
    theory = Theory(
        name="two_scalars",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R - (square(d(one)) + square(d(two))) / 2 - potential(one, two),
        radial=z,
    )
    made = boundary_series(theory.equations(), 3)
    assert sum(datum.kind == "source" for datum in made.data) == 2
    values = {datum.symbol: Rational(i + 2, 9) for i, datum in enumerate(made.data)}
    coarse, fine = (residual(made, values, Rational(1, n)) for n in (10**4, 8 * 10**4))
    assert coarse / fine > 8**3


def test_a_declared_dimension_that_the_mass_contradicts():
    """m^2 = -2 in AdS4 is Delta = 2 (or 1), not 5/2."""
    t, x, y, z = coordinates("t x y z")
    f, chi, p = profiles("f chi phi", z)
    phi = scalar("phi", p)

    def declared(dimension):
        theory = Theory(
            "declared",
            metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
            lagrangian=R - square(d(phi)) / 2 + 6 + phi**2,
            radial=z,
        )
        theory.boundary_condition(phi, dimension=dimension)
        return boundary_series(theory.equations())

    assert declared(2).operators == {"phi": (2, 1)}
    with pytest.raises(ExpansionError, match="has dimension 2 by the action, and 5/2 was declared"):
        declared(Rational(5, 2))
