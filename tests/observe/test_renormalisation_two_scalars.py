"""Two scalars that drive each other's sources: numerical black branes, and identities of the series.

At fixed entropy  d(energy) = - <O_1> dJ_1 - <O_2> dJ_2  along any direction in the space of horizon values.
"""

from functools import cache

import numpy
import pytest
import sympy
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve
from sympy import Rational

from holosym import R, Theory, coordinates, d, profiles, scalar, square
from holosym.expand.boundary import boundary_series
from holosym.observe.renormalisation import boundary_quantities, renormalised, trace_identity

NEAR, BEYOND = {4: Rational(1, 10), 6: Rational(1, 5)}, {4: 4, 6: 8}
"""Where integration stops, by dimension, and how far beyond x^d the series goes there: rounding leaves 1e-12/NEAR^d of
the energy, and the series NEAR^(BEYOND + 2)."""
POTENTIALS = {
    "at the bound, driven with log^2": (4, lambda a, b: -12 - 3 * a**2 / 2 - 2 * b**2 + a**2 * b / 3),
    "driven with log": (6, lambda a, b: -30 - 5 * a**2 / 2 - 4 * b**2 + a**2 * b / 3),
    "of a superpotential": (4, lambda a, b: -12 - 3 * a**2 / 2 - 2 * b**2 + a**2 * b**2 / 5 - a**4 / 9),
}


@cache
def derived(case, order=None):
    dimension, potential = POTENTIALS[case]
    names = [f"x_{i}" for i in range(1, dimension)]
    t, *x, z = coordinates(" ".join(["t", *names, "z"]))
    f, chi, p1, p2 = profiles("f chi p1 p2", z)
    one, two = scalar("p1", p1), scalar("p2", p2)
    theory = Theory(
        name="two_scalars",
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(c) ** 2 for c in x)) / z**2,
        lagrangian=R - (square(d(one)) + square(d(two))) / 2 - potential(one, two),
        radial=z,
        horizon=1,
    )
    series = boundary_series(theory.equations(), order)
    quantities = {} if order else {q.name: q for q in boundary_quantities(series.system, series)}
    return series, quantities


@pytest.mark.parametrize("case", sorted(POTENTIALS))
def test_identities(case):
    """The trace, with the beta function of the driven source; and eps + p is the Noether charge."""
    series, q = derived(case)
    z, dim = series.system.model.radial, series.dimension
    chi, f, *_ = series.system.model.profiles
    assert trace_identity(series) == 0
    one = renormalised(series)
    charge = one.at(sympy.expand(sympy.exp(chi / 2) * (f * sympy.exp(-chi)).diff(z) / z ** (dim - 1)))
    value = one.value(charge.constant())
    assert {key for key in charge.terms if key[0] <= 0} == {(0, 0)}
    assert sympy.expand(value + q["energy_density"].value + q["pressure_x_1"].value) == 0


def brane(case, horizon):
    """p1, p2, z p1', z p2', f, chi at NEAR, and |f'| at the horizon; chi = 0 there. Equations by hand."""
    dim, potential = POTENTIALS[case]
    a, b = sympy.symbols("a b")
    V = potential(a, b)
    value, *slopes = (sympy.lambdify([a, b], e) for e in (V, V.diff(a), V.diff(b)))
    n = dim - 1

    def right(s, y):
        # s = log z; p = dphi/ds
        phi, p, f = y[:2], y[2:4], y[4]
        square_p = float(p @ p)
        f_s = dim * f + value(*phi) / n + f * square_p / (2 * n)
        force = numpy.array([g(*phi) for g in slopes])
        p_s = (force - (f_s - dim * f - f * square_p / (2 * n)) * p) / f
        return [*p, *p_s, f_s, square_p / n]

    phi = numpy.array(horizon, dtype=float)
    force = numpy.array([g(*phi) for g in slopes])
    f1 = value(*phi) / n
    first = force / f1
    # One Newton-like refinement of the regular solution: d/ds of p_s f at f = 0.
    hessian = numpy.array([[float(V.diff(u, v).subs({a: phi[0], b: phi[1]})) for v in (a, b)] for u in (a, b)])
    f2 = dim * f1 + force @ first / n + f1 * (first @ first) / (2 * n)
    second = (hessian @ first - (f2 - dim * f1 - f1 * (first @ first) / (2 * n)) * first) / (2 * f1)
    s = -1e-5
    start = [
        *(phi + first * s + second * s**2 / 2),
        *(first + second * s),
        f1 * s + f2 * s**2 / 2,
        first @ first / n * s,
    ]
    end = float(sympy.log(NEAR[dim]))
    found = solve_ivp(right, (s, end), start, method="DOP853", rtol=1e-12, atol=1e-14)
    return found.y[:, -1], abs(f1)


@cache
def reader(case):
    series, q = derived(case)
    long, _ = derived(case, series.dimension + BEYOND[series.dimension])
    x = long.system.model.radial
    data = [one.symbol for one in sorted(long.data, key=lambda one: (one.kind != "metric", one.name))]

    def total(name):
        return sum(t.coefficient * x**t.power * sympy.log(x) ** t.log for t in long.series[name])

    rows = [total("p1"), total("p2"), x * total("p1").diff(x), x * total("p2").diff(x), total("f"), total("chi")]
    names = ("energy_density", "pressure_x_1", "p1_source", "p2_source", "p1_vev", "p2_vev")
    at = sympy.lambdify([data], [row.subs(x, NEAR[series.dimension]) for row in rows])
    return at, sympy.lambdify([data], [q[name].value for name in names]), len(data)


def thermodynamics(case, horizon):
    """T s, energy, pressure, J_1, J_2, <O_1>, <O_2>."""
    at, read, count = reader(case)
    end, slope = brane(case, horizon)
    found = fsolve(lambda u: numpy.array(at(u)) - end, numpy.zeros(count), xtol=1e-13)
    chi_0, found[0] = found[0], 0
    return numpy.array([slope * numpy.exp(chi_0 / 2), *read(found)])


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(POTENTIALS))
@pytest.mark.parametrize("direction", [(1, 0), (0, 1)])
def test_first_law(case, direction):
    step = 0.02
    points = {k: numpy.array([0.3, 0.2]) + k * step * numpy.array(direction) for k in range(-3, 4)}
    at = {k: thermodynamics(case, point) for k, point in points.items()}
    slope = sum(w * (at[k] - at[-k]) for k, w in ((1, 45), (2, -9), (3, 1))) / (60 * step)
    T_s, energy, pressure, _, _, first, second = at[0]
    assert energy + pressure == pytest.approx(T_s, rel=1e-6)
    assert slope[1] == pytest.approx(-first * slope[3] - second * slope[4], rel=1e-5)
    assert min(abs(first * slope[3]), abs(second * slope[4])) > 1e-3
