"""Boundaries that scale but are not AdS, against solutions in closed form and exponents of the literature.

The exponents of perturbations are checked independently: the field equations, as SymPy expressions, are evaluated on
the scaling solution times 1 + eps x^e; the derivative in eps is a matrix, which loses rank at the exponents alone.
"""

from __future__ import annotations

import mpmath
import pytest
import sympy
from sympy import Rational, Symbol, exp, sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.dsl import loader
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.jets.to_sympy import to_sympy
from holosym.observe.renormalisation import boundary_quantities

t, x, y, w, z, r = coordinates("t x y w z r")
f, chi, phi_z, A_t, F, N = profiles("f chi phi A_t F N", z)
gamma, delta = parameters("gamma delta", real=True)
m, Lambda, k = parameters("m Lambda k", positive=True)


def brane(space, lagrangian, phi=True):
    """A flat brane with a scalar, in the gauge of functions f and chi."""
    lines = sum((d(c) ** 2 for c in space), d(z) ** 2 / f)
    matter = lagrangian(scalar("phi", phi_z)) if phi else lagrangian
    return Theory(name="scaling", metric=(-f * exp(-chi) * d(t) ** 2 + lines) / z**2, lagrangian=matter, radial=z)


def charged():
    phi, a = scalar("phi", phi_z), gauge_field("A", A_t * d(t))
    lagrangian = R - square(d(phi)) / 2 + 6 * exp(-delta * phi) - exp(gamma * phi) * square(d(a)) / 4
    return brane((x, y), lagrangian, phi=False)


def massive(mass, potential):
    a = gauge_field("A", A_t * d(t))
    return Theory(
        name="proca",
        metric=-F * d(t) ** 2 + (d(x) ** 2 + d(y) ** 2 + d(z) ** 2 / N) / z**2,
        lagrangian=R + potential - square(d(a)) / 4 - mass**2 * square(a) / 2,
        radial=z,
    )


def chamblin_reall(rate):
    return brane((x, y, w), lambda phi: R - square(d(phi)) / 2 + 12 * exp(rate * phi))


def extra(request, name):
    (theory,) = loader.load(request.config.rootpath / "tests" / "models_extra" / f"{name}.py")
    return theory


def equal(a, b):
    return sympy.simplify(sympy.sympify(a) - b) == 0


def leading(series, name, values):
    """The beginning of a profile as a function of the coordinate."""
    s = series.variable
    total = sum((q.coefficient * s**q.power * sympy.log(s) ** q.log for q in series.series[name]), sympy.S.Zero)
    return total.xreplace(values)


def point(series, values):
    """Values of parameters and of free data; what the relations fix follows."""
    found = {**values, **{one.symbol: Rational(7, 5) for one in series.data}}
    for relation in series.relations:
        (symbol,) = [s for s in relation.free_symbols if s not in found]
        found[symbol] = sympy.solve(relation.xreplace(found), symbol)[0]
    return found


class Numeric:
    """The field equations on a scaling solution and on its perturbations, with numbers for parameters and data."""

    def __init__(self, series, values):
        self.series, self.theory = series, series.system.model
        self.values = point(series, values)
        self.fields = {p: leading(series, p.func.name, self.values) for p in self.theory.profiles}
        system = series.system
        self.rows = [to_sympy(e).xreplace(self.values) for e in system.field_equations.values()]

    def residuals(self, at):
        """Every equation on the scaling solution, over the sum of its terms' sizes."""
        found = []
        for row in self.rows:
            terms = [sympy.N(self._on(q, self.fields).subs(self.theory.radial, at), 30) for q in row.as_ordered_terms()]
            found.append(abs(sum(terms)) / max(sum(abs(q) for q in terms), mpmath.mpf(1)))
        return found

    def _on(self, expression, fields):
        return expression.subs(fields).doit()

    def defect(self, e):
        """The smallest singular value over the largest of the linearised equations at the exponent e."""
        eps, variable, at = Symbol("eps"), self.series.variable, Rational(3, 4)
        columns = []
        for p, begun in self.fields.items():
            size = 1 if sympy.sympify(begun).has(sympy.log) or begun == 0 else begun
            moved = {**self.fields, p: begun + eps * size * variable**e}
            column = [self._on(row, moved).diff(eps).subs(eps, 0).subs(self.theory.radial, at) for row in self.rows]
            columns.append([mpmath.mpmathify(sympy.N(c, 40)) for c in column])
        with mpmath.workdps(35):
            matrix = mpmath.matrix(columns).T
            for i in range(matrix.cols):
                norm = mpmath.norm(matrix[:, i])
                if not norm:
                    return norm  # a constant that the equations do not see
                matrix[:, i] = matrix[:, i] / norm
            values = mpmath.svd_c(matrix, compute_uv=False)
            return min(values) / max(values)


CASES = {
    "lifshitz_emd": (lambda q: extra(q, "lifshitz_emd"), {"zeta": Rational(7, 4)}),
    "lifshitz_proca": (lambda q: extra(q, "lifshitz_proca"), {"m": Rational(5, 2)}),
    "chamblin_reall": (lambda q: chamblin_reall(-k), {"k": Rational(1, 2)}),
    "charged": (lambda q: charged(), {"gamma": Rational(12, 5), "delta": Rational(1, 3)}),
    "massive": (lambda q: massive(m, Lambda), {"m": Rational(5, 7), "Lambda": Rational(3, 2)}),
}


def made(case, request):
    build, values = CASES[case]
    series = boundary_series(build(request).equations())
    symbols = {str(s): s for e in series.system.field_equations.values() for s in to_sympy(e).free_symbols}
    return series, {symbols[n]: v for n, v in values.items()}


@pytest.mark.parametrize("case", sorted(CASES))
def test_scaling_solution_and_its_modes(case, request):
    series, values = made(case, request)
    numeric = Numeric(series, values)
    # 30 digits are kept; a wrong amplitude or exponent misses by a part of order one
    assert max(numeric.residuals(Rational(2, 3))) < 1e-25
    powers = {mode.power.xreplace(numeric.values) for mode in series.modes}
    assert powers
    for power in powers:
        assert numeric.defect(power) < 1e-15, power
        assert numeric.defect(power + Rational(1, 7)) > 1e-6, power


def test_lifshitz_of_a_dilaton(request):
    """Taylor 2008: z, the running dilaton and the charge; the brane's mass stands at x^(z + 2)."""
    theory = extra(request, "lifshitz_emd")
    series = theory.boundary_series()
    (zeta,) = series.exponents["z"].free_symbols
    assert (series.asymptotics, series.exponents) == ("Lifshitz", {"theta": 0, "z": zeta})
    assert [(mode.power, mode.kind) for mode in series.modes] == [(0, "metric"), (zeta + 2, "response")]
    at = {series.datum("phi_0").symbol: 0}
    assert equal(leading(series, "phi", at), 2 * sqrt(zeta - 1) * sympy.log(series.variable))
    ratio = leading(series, "A_t", at) * series.variable ** (zeta + 2) / sqrt(2 * (zeta - 1) / (zeta + 2))
    assert equal(ratio.subs(zeta, Rational(7, 4)), 1)


def test_lifshitz_of_a_massive_vector(request):
    """Kachru, Liu and Mulligan 2008; Taylor 2008: m^2 = 2 z, Lambda = z^2 + z + 4 where the radius is one."""
    series = extra(request, "lifshitz_proca").boundary_series()
    (mass,) = series.exponents["z"].free_symbols
    assert equal(series.exponents["z"], mass**2 / 2)
    zeta = Symbol("zeta", positive=True)
    (relation,) = series.relations
    (potential,) = relation.free_symbols - {mass}
    assert equal(relation.subs({mass: sqrt(2 * zeta), potential: zeta**2 + zeta + 4}), 0)
    amplitude = leading(series, "a", {series.datum("F_leading").symbol: sympy.S.One}).subs(mass, sqrt(2 * zeta))
    assert equal(sympy.powsimp(amplitude * series.variable**zeta), sqrt(2 * (zeta - 1) / zeta))


@pytest.mark.parametrize("zeta", [Rational(5, 4), Rational(3, 2), Rational(7, 4)])
def test_modes_of_a_massive_vector(zeta):
    """Bertoldi, Burrington and Peet 2009: 0, z + 2 and (z + 2 -+ sqrt(9 z^2 - 20 z + 20))/2."""
    series = boundary_series(massive(sqrt(2 * zeta), zeta**2 + zeta + 4).equations(), scaling=True)
    # the mass squared in units of the radius is 2 z; z and 4/z have the same ratio of m^2 and Lambda
    assert series.exponents["z"] == zeta
    root = sqrt(9 * zeta**2 - 20 * zeta + 20)
    expected = {0, zeta + 2, (zeta + 2 - root) / 2, (zeta + 2 + root) / 2}
    assert len(series.modes) == 4
    assert all(any(equal(mode.power, e) for e in expected) for mode in series.modes)
    assert leading(series, "N", {}) == 1


def test_chamblin_reall():
    """Chamblin and Reall 1999: z = 1, theta = 9 delta^2/(3 delta^2 - 2), a dilaton that runs with 3 delta log z."""
    series = boundary_series(chamblin_reall(delta).equations())
    assert series.asymptotics == "hyperscaling violating"
    assert series.exponents["z"] == 1
    assert equal(series.exponents["theta"], 9 * delta**2 / (3 * delta**2 - 2))
    values = {one.symbol: sympy.S.Zero for one in series.data}
    assert equal(leading(series, "phi", values), 3 * delta * sympy.log(z))
    assert equal(leading(series, "f", values), 8 * z ** (3 * delta**2) / (8 - 3 * delta**2))
    energy = max(series.modes, key=lambda mode: mode.power.subs(delta, Rational(1, 2)))
    # the black brane: f -> f (1 - (z/z_h)^(4 - 3 delta^2/2))
    assert equal(energy.power, 4 - 3 * delta**2 / 2)
    assert energy.kind == "response"


def test_charged_hyperscaling_violation():
    """Charmousis, Gouteraux, Kim, Kiritsis and Meyer 2010: theta and z by gamma and delta, in four dimensions."""
    series = boundary_series(charged().equations())
    assert series.asymptotics == "hyperscaling violating"
    assert equal(series.exponents["theta"], 4 * delta / (gamma + delta))
    assert equal(series.exponents["z"], ((gamma - delta) * (gamma + 3 * delta) + 4) / (gamma**2 - delta**2))


def test_the_leading_exponential_dominates():
    """V of two exponentials: the other one falls off at the boundary, or it is the one that rules."""
    one = boundary_series(chamblin_reall(Rational(-1, 2)).equations())
    two = boundary_series(
        brane((x, y, w), lambda p: R - square(d(p)) / 2 + 12 * exp(-p / 2) + 5 * exp(-p / 4)).equations()
    )
    # phi -> + oo at x = 0 as -(3/2) log x, or with the slower one as -(3/4) log x: exp(-p/4) is the larger there
    assert one.exponents["theta"] == Rational(-9, 5)
    assert two.exponents["theta"] == 9 * Rational(1, 16) / (Rational(3, 16) - 2)


def test_a_boundary_at_infinity():
    """The same brane in r = 1/z: the same exponents in x = 1/r."""
    g, c, p_r = profiles("g c p", r)
    phi = scalar("phi", p_r)
    theory = Theory(
        name="infinity",
        metric=r**2 * (-g * exp(-c) * d(t) ** 2 + d(x) ** 2 + d(y) ** 2 + d(w) ** 2) + d(r) ** 2 / (r**2 * g),
        lagrangian=R - square(d(phi)) / 2 + 12 * exp(-phi / 2),
        radial=r,
        boundary=sympy.oo,
    )
    there = boundary_series(theory.equations())
    here = boundary_series(chamblin_reall(Rational(-1, 2)).equations())
    assert there.variable == 1 / r
    assert there.exponents == here.exponents
    assert [m.power for m in there.modes] == [m.power for m in here.modes]


def test_what_is_derived_for_ads_alone():
    series = boundary_series(chamblin_reall(Rational(-1, 2)).equations())
    with pytest.raises(ExpansionError, match="renormalised for AdS only"):
        boundary_quantities(series.system, series)


def test_refused_with_both_reasons():
    """A potential that has neither an extremum nor an exponential that dominates."""
    theory = brane((x, y, w), lambda p: R - square(d(p)) / 2 + 12 + p)
    with pytest.raises(ExpansionError, match=r"cannot rest at zero.*no scaling solution"):
        boundary_series(theory.equations())


def test_ads_stays_ads():
    theory = brane((x, y, w), lambda p: R - square(d(p)) / 2 + 12 * sympy.cosh(p / 2))
    assert boundary_series(theory.equations()).asymptotics == "AdS"
