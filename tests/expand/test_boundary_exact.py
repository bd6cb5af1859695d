"""The boundary series against exact solutions of the gallery: their own expansions, for some values of the data.

SymPy expands the closed forms, which knows nothing of the derivation; the data are read off the closed forms'
coefficients, and every other coefficient must agree exactly.
"""

import pytest
import sympy
from sympy import Rational, Symbol, log, oo, series, simplify

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, resources, scalar, square
from holosym.dsl import loader
from holosym.expand.boundary import boundary_series

X, LOG = Symbol("x", positive=True), Symbol("LOG")


def expanded(form, radial, boundary, order):
    """Coefficients of x^e log(x)^k of a closed form, by sympy.series."""
    positive = sympy.Dummy("r", positive=True)
    form = form.xreplace({radial: positive}).subs(positive, 1 / X if boundary == oo else X)
    form = sympy.expand_log(form.rewrite(log), force=True)
    cut = sympy.expand(series(form, X, 0, order + 1).removeO()).subs(log(X), LOG)
    found = {}
    for term in sympy.Add.make_args(sympy.expand(cut)):
        coefficient, x_part = term.as_independent(X)
        power = x_part.as_base_exp()[1] if x_part != 1 else sympy.S.Zero
        for (k,), c in sympy.Poly(coefficient, LOG).terms():
            found[power, k] = found.get((power, k), 0) + c
    return found


def agrees(made, theory, solution, order):
    """Put the data of a closed form into the series and compare all coefficients."""
    exact = {}
    for profile, form in solution.profiles.items():
        value = sympy.sympify(form).subs(solution.parameters)
        top = order + 1
        exact[profile.func.name] = expanded(value, theory.radial, theory.boundary, top)
    values = {one.symbol: exact[one.profile].get((one.power, one.log), 0) for one in made.data}
    compared = 0
    for name, terms in made.series.items():
        mine = {(t.power, t.log): t.coefficient for t in terms}
        leading = min((t.power for t in terms), default=0)
        leading = min(leading, 0)
        for key in sorted(set(mine) | set(exact[name]), key=str):
            if key[0] - leading > order:
                continue
            left = sympy.sympify(mine.get(key, 0)).subs(values).subs(solution.parameters)
            assert simplify(left - exact[name].get(key, 0)) == 0, (name, key, left, exact[name].get(key, 0))
            compared += 1
    return compared


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("schwarzschild_ads4", 6),
        ("schwarzschild_ads5", 8),
        ("btz", 4),
        ("rn_ads4", 5),
        ("rn_ads5", 7),
        ("linear_axion", 5),
        ("linear_axion_ads5", 7),
        ("dyonic_axion", 5),
        ("gubser_rocha", 4),
        ("holographic_superconductor", 5),
    ],
)
def test_gallery(name, order, gallery):
    theory = gallery(name)
    made = boundary_series(theory.equations(), order)
    for solution in theory.known_solutions:
        assert agrees(made, theory, solution, order) > 1


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("rn_ads4_spherical", 4),
        ("hyperbolic_ads4", 4),
        ("mtz_hyperbolic", 4),
        ("dyonic_ads4", 5),
        ("born_infeld_ads4", 6),
        ("boosted_brane", 4),
        ("helical_ads5", 5),
        ("btz_rotating", 4),
        ("taub_nut_ads4", 4),
        ("gauss_bonnet_ads5", 8),
        ("schwarzschild_ads11", 12),
    ],
)
def test_further_models(name, order, tests_folder):
    (theory,) = loader.load(tests_folder / "models_extra" / f"{name}.py")
    made = boundary_series(theory.equations(), order)
    for solution in theory.known_solutions:
        assert agrees(made, theory, solution, order) > 1


@pytest.fixture
def tests_folder(request):
    return request.config.rootpath / "tests"


def closed(name, solution, **extra):
    """A gallery theory with the couplings of one of its solutions put in."""
    (theory,) = loader.load(resources.resolve(name))
    (found,) = [s for s in theory.known_solutions if s.name == solution]
    values = {s: extra[s.name] for v in found.profiles.values() for s in v.free_symbols if s.name in extra}
    forms = {k: v.subs(values) for k, v in found.couplings.items()}
    made = Theory(
        name="closed",
        metric=theory.metric,
        lagrangian=theory.lagrangian,
        couplings=forms,
        radial=theory.radial,
        boundary=theory.boundary,
        horizon=theory.horizon,
    )
    return made, made.known_solution(solution, {k: v.subs(values) for k, v in found.profiles.items()})


def test_domain_wall_of_gppz():
    theory, solution = closed("einstein_scalar_ads5", "GPPZ domain wall")
    made = boundary_series(theory.equations(), 6)
    assert made.operators["phi"] == (3, 1)
    assert agrees(made, theory, solution, 6) > 6


@pytest.mark.parametrize("n", [1, Rational(7, 3)])
def test_domain_walls_of_dimension_3(n):
    """Another V for every n, and never a logarithm: each comes from a superpotential."""
    theory, solution = closed("einstein_scalar_ads5", "domain walls of Delta = 3", n=n)
    made = boundary_series(theory.equations(), 5)
    assert agrees(made, theory, solution, 5) > 6
    assert not any(t.log for terms in made.series.values() for t in terms)


def test_two_charts_of_one_theory():
    """Reissner-Nordstrom with z and with r = 1/z: f(r) = r^2 f(z), and the same numbers."""
    t, x, y, r, z = coordinates("t x y r z")
    beta = parameters("beta", positive=True)
    V = couplings("V")

    def theory(name, radial, boundary):
        f, chi, phi = profiles(f"f_{name} chi_{name} phi_{name}", radial)
        field, psi_x, psi_y = scalar("phi", phi), scalar("psi_x", beta * x), scalar("psi_y", beta * y)
        metric = (
            (-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2
            if radial == z
            else -f * sympy.exp(-chi) * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(x) ** 2 + d(y) ** 2)
        )
        return Theory(
            name=name,
            metric=metric,
            lagrangian=R - square(d(field)) / 2 - V(field) - (square(d(psi_x)) + square(d(psi_y))) / 2,
            couplings={V(field): -6 - field**2 + field**3 / 5 - field**4 / 7},
            radial=radial,
            boundary=boundary,
        )

    first = boundary_series(theory("a", z, 0).equations(), 4)
    second = boundary_series(theory("b", r, oo).equations(), 4)
    assert second.variable == 1 / r
    rename = {}
    for one in second.data:
        (other,) = [o for o in first.data if o.profile[0] == one.profile[0] and o.kind == one.kind and o.log == one.log]
        rename[one.symbol] = other.symbol
        assert one.dimension == other.dimension
    for name in ("f", "chi", "phi"):
        shift = 2 if name == "f" else 0
        mine = {(t.power, t.log): t.coefficient for t in first.series[f"{name}_a"]}
        other = {(t.power + shift, t.log): t.coefficient.subs(rename) for t in second.series[f"{name}_b"]}
        assert set(mine) == set(other)
        assert all(sympy.expand(mine[k] - other[k]) == 0 for k in mine), name
