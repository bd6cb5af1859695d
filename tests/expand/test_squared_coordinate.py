"""u = z^2, the coordinate of Policastro, Son and Starinets 2002: series, energy and charges are those of z.

ds2 = (-f dt2 + dx2)/u + du2/(4 u^2 g),      f = f(z^2), g = g(z^2)
"""

import pytest
import sympy
from sympy import Rational

from holosym import R, Theory, coordinates, d, gauge_field, profiles, scalar, square
from holosym.expand.boundary import boundary_series
from holosym.expand.scaling import mass_dimensions
from holosym.observe.renormalisation import boundary_quantities


def brane(squared, mass=None):
    """AdS5 with a charge, and a scalar of the given mass squared, in u = z^2 or in z."""
    t, x, y, w, r = coordinates("t x y w u" if squared else "t x y w z")
    f, g, At, p = profiles("f g A_t p", r)
    slices = -f * d(t) ** 2 + d(x) ** 2 + d(y) ** 2 + d(w) ** 2
    A, phi = gauge_field("A", At * d(t)), scalar("phi", p)
    matter = 0 if mass is None else -square(d(phi)) / 2 - mass * phi**2 / 2
    return Theory(
        name="squared" if squared else "plain",
        metric=slices / r + d(r) ** 2 / (4 * r**2 * g) if squared else (slices + d(r) ** 2 / g) / r**2,
        lagrangian=R + 12 - square(d(A)) / 4 + matter,
        radial=r,
    )


@pytest.mark.parametrize("mass", [None, -3], ids=["charged", "scalar"])
def test_series_are_those_of_z(mass):
    plain, squared = (boundary_series(brane(s, mass).equations()) for s in (False, True))
    (u,) = squared.variable.free_symbols
    assert squared.variable == sympy.sqrt(u)
    assert squared.dimension == 4
    assert squared.modes == plain.modes
    assert squared.operators == plain.operators
    for name, terms in plain.series.items():
        others = squared.series[name]
        shared = [(t.power, t.log) for t in terms if t.power <= 6]
        assert shared == [(t.power, t.log) for t in others if t.power <= 6]
        for one, other in zip(terms, others, strict=False):
            assert sympy.expand(one.coefficient - other.coefficient) == 0


def test_energy_and_charge_are_those_of_z():
    found = []
    for squared in (False, True):
        system = brane(squared).equations()
        quantities = boundary_quantities(system, boundary_series(system))
        found.append({q.name: (sympy.sympify(q.value), q.dimension) for q in quantities})
    assert set(found[0]) == set(found[1])
    assert {"energy_density", "charge_density_A", "pressure_x"} <= set(found[0])
    for name, (value, dimension) in found[0].items():
        assert sympy.expand(value - found[1][name][0]) == 0, name
        assert dimension == found[1][name][1]


def test_equations_vanish_on_the_series():
    """With the series put in, the terms of every equation in u cancel beyond the order of energy and charge."""
    theory = brane(True)
    system = theory.equations()
    series = boundary_series(system)
    u = theory.radial
    x = series.variable
    values = {one.symbol: Rational(k + 2, 7) for k, one in enumerate(series.data) if one.vacuum is None}
    values |= {one.symbol: one.vacuum for one in series.data if one.vacuum is not None}
    forms = {
        p: sum(t.coefficient * x**t.power * sympy.log(x) ** t.log for t in series.series[p.func.name]).subs(values)
        for p in theory.profiles
    }
    for label, element in system.field_equations.items():
        terms = [term.subs(forms).doit() for term in sympy.Add.make_args(sympy.expand(system.write(element)))]
        left = []
        for n in (8, 10):
            numbers = [term.subs(u, Rational(1, 10**n)).evalf(80) for term in terms]
            left.append(abs(sum(numbers)) / sum(map(abs, numbers)))
        assert left[1] == 0 or sympy.log(left[0] / left[1], 10) > 4, label  # beyond x^4 = u^2


def test_dimensions():
    """Of u -2, so that f is a number and A_t has 1."""
    scaling = mass_dimensions(brane(True).equations())
    assert scaling.step == 2
    assert scaling.profiles == {"A_t": 1, "f": 0, "g": 0}
