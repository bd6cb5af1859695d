"""Horizons of anisotropic branes: the slopes of f, h and chi follow from several equations at once."""

import pytest
import sympy
from on_horizon import named, solves
from on_solutions import OnSolution
from sympy import Rational, exp

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.expand.horizon import horizon_series

HALF, THIRD = Rational(1, 2), Rational(1, 3)
t, x, y, w, z = coordinates("t x y w z")
f, chi, h, g, A_t, p = profiles("f chi h g A_t phi", z)
k, q, B = parameters("k q B", real=True)
X, Y, phi = scalar("X", k * x), scalar("Y", q * y), scalar("phi", p)
field = gauge_field("A", B * x * d(y))
charged = gauge_field("A", A_t * d(t) + B * x * d(y))

AXION = R + 12 - square(d(X)) / 2
AXIONS = AXION - square(d(Y)) / 2
MAGNETIC = R + 12 - square(d(field)) / 4


def brane(lagrangian, along, name="brane"):
    return Theory(
        name, metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + along) / z**2, lagrangian=lagrangian, radial=z
    )


BRANES = {
    "gravity, one direction": (R + 12, h * d(x) ** 2 + d(y) ** 2 + d(w) ** 2, {}, {}),
    "gravity, two directions": (R + 12, h * (d(x) ** 2 + d(y) ** 2) + d(w) ** 2, {}, {}),
    "axion": (AXION, h * d(x) ** 2 + d(y) ** 2 + d(w) ** 2, {}, {"k": 2}),
    "axion, exponential": (AXION, exp(h) * d(x) ** 2 + d(y) ** 2 + d(w) ** 2, {"h": 0}, {"k": 2}),
    "two axions": (AXIONS, h * d(x) ** 2 + g * d(y) ** 2 + d(w) ** 2, {"g": THIRD}, {"k": 2, "q": HALF}),
    "magnetic": (MAGNETIC, h * (d(x) ** 2 + d(y) ** 2) + d(w) ** 2, {}, {"B": 2}),
    "magnetic, charged": (
        R + 12 - square(d(charged)) / 4,
        h * (d(x) ** 2 + d(y) ** 2) + d(w) ** 2,
        {"A_t'": HALF},
        {"B": 2},
    ),
    "four dimensions": (AXIONS - 6, h * d(x) ** 2 + d(y) ** 2, {}, {"k": 2, "q": HALF}),
}


@pytest.mark.parametrize("name", sorted(BRANES))
def test_series_solve_the_covariant_equations(name):
    """Data that no isotropic state has, h = 2."""
    lagrangian, along, data, parameters_ = BRANES[name]
    solves(brane(lagrangian, along), {"chi": 0, "h": 2, **data}, parameters_, None)


@pytest.mark.parametrize("name", ["gravity, one direction", "gravity, two directions", "axion", "magnetic, charged"])
def test_isotropic_states_are_regular(name):
    """h' = 0, k = 0, A_t' = 0 are states of these theories: only f' is divided by."""
    lagrangian, along, _, _ = BRANES[name]
    system = brane(lagrangian, along).equations()
    series = horizon_series(system, 3)
    for _, above, below in series.values:
        assert below == below.ring.one
        divided = {system.ring.generators[i] for m in above.terms for i, e in system.ring.decode(m) if e < 0}
        assert {named([j])[0] for j in divided if hasattr(j, "orders")} <= {"f'", "h", "g"}


def test_the_schwarzschild_brane():
    """h = 1, chi = 0 at the horizon: the jets of f = 1 - z^4, h = 1 and chi = 0 follow."""
    theory = brane(R + 12, h * (d(x) ** 2 + d(y) ** 2) + d(w) ** 2)
    system = theory.equations()
    series = horizon_series(system, 4)
    assert named(series.data) == ["chi", "h"]
    solution = OnSolution(theory, {f: 1 - z**4, h: 1, chi: 0})
    for jet, above, below in series.values:
        expected = solution.number(system.write(system.ring.generator(jet)), 1)
        value = solution.number(system.write(above), 1) / solution.number(system.write(below), 1)
        assert abs(value - expected) < 1e-30, jet


def test_conformal_coupling():
    """(1 - phi^2/12) R: f' phi' = -2 phi/z^2, a mass of -2, which is regular at phi = 0."""
    theory = Theory(
        "conformal",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=(1 - phi**2 / 12) * R + 6 - square(d(phi)) / 2,
        radial=z,
    )
    system = theory.equations()
    values = {named([j])[0]: system.write(a) / system.write(b) for j, a, b in horizon_series(system, 1).values}
    assert sympy.simplify(values["phi'"] * f.diff(z) + 2 * p / z**2) == 0
    solves(theory, {"f'": -2, "h": 2, "phi": HALF}, {}, None, order=3)
