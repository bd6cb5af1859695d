"""The scales of the boundary metric at which it is flat and light has speed one, by the line element itself."""

import pytest
import sympy
from sympy import exp, log, sqrt

from holosym import R, Theory, coordinates, d, profiles
from holosym.expand.boundary import boundary_series

t, x, y, z = coordinates("t x y z")
f, chi, h = profiles("f chi h", z)
SPACE = d(x) ** 2 + d(y) ** 2


def theory(line, radius, name):
    """Gravity alone, in AdS4 of a radius."""
    return Theory(name=name, metric=line, lagrangian=R + 6 / sympy.sympify(radius) ** 2, radial=z)


@pytest.mark.parametrize(
    ("line", "radius", "time", "space"),
    [
        ((-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + SPACE) / z**2, 1, f * exp(-chi), 1),
        ((-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + SPACE) / z**2, sqrt(2) / 2, f * exp(-chi), 1),
        ((-f * exp(-2 * chi) * d(t) ** 2 + d(z) ** 2 / f + SPACE) / z**2, sympy.Rational(1, 3), f * exp(-2 * chi), 1),
        ((-f * d(t) ** 2 + d(z) ** 2 / f + h * SPACE) / z**2, 2, f, h),
        ((-f * h * d(t) ** 2 + d(z) ** 2 / f + SPACE / 5) / z**2, 2, f * h, sympy.Rational(1, 5)),
    ],
    ids=["radius 1", "chi", "twice chi", "slices", "fifth"],
)
def test_light_has_speed_one(line, radius, time, space):
    made = boundary_series(theory(line, radius, "flat").equations())
    vacuum = {one.symbol: one.vacuum for one in made.data if one.kind == "metric"}
    start = {p: made.terms(p)[0].coefficient.subs(vacuum) for p in made.system.model.profiles}
    assert sympy.simplify(time.subs(start) - sympy.sympify(space).subs(start)) == 0
    assert not any("boundary metric" in note for note in made.notes)


def test_an_areal_gauge_keeps_the_slices():
    line = (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * d(x) ** 2 + d(y) ** 2) / z**2
    made = boundary_series(theory(line, sympy.Rational(1, 2), "areal").equations())
    assert made.datum("chi_0").vacuum == log(4)
    assert made.datum("h_0").vacuum == 1


def test_an_ansatz_without_such_scales_says_so():
    line = (-f * d(t) ** 2 + d(z) ** 2 / f + SPACE) / z**2
    notes = boundary_series(theory(line, sympy.Rational(1, 2), "stiff").equations()).notes
    assert any("diag(4, 1, 1) in t, x, y" in note for note in notes)
    notes = boundary_series(theory(line, 1, "soft").equations()).notes
    assert not any("boundary metric" in note for note in notes)
