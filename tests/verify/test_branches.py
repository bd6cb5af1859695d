"""Constraints with several branches: a published equation must hold on every one of them."""

import pytest
from sympy import Rational, exp

from holosym import R, System, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.errors import InconsistentAnsatzError
from holosym.verify import verify


def outcomes(model):
    return {c.name: (c.passed, c.method) for c in verify(model) if c.kind == "published"}


def test_a_quadratic_constraint():
    """The domain-wall gauge: 6 A'^2 - phi'^2/2 - 6 = 0, and A'' + phi'^2/4 = 0 (DeWolfe et al. 2000 for d = 3)."""
    t, x, y, r = coordinates("t x y r")
    A, p = profiles("A phi", r)
    phi = scalar("phi", p)
    wall = Theory(
        name="wall",
        metric=exp(2 * A) * (-(d(t) ** 2) + d(x) ** 2 + d(y) ** 2) + d(r) ** 2,
        lagrangian=R + 6 - square(d(phi)) / 2,
        radial=r,
        horizon=None,
    )
    wall.published("constraint", 6 * A.diff(r) ** 2 - p.diff(r) ** 2 / 2 - 6)
    wall.published("wrong sign", 6 * A.diff(r) ** 2 + p.diff(r) ** 2 / 2 - 6)
    wall.published("second order", 4 * A.diff(r, 2) + p.diff(r) ** 2)
    wall.published("modulo the constraint", 2 * A.diff(r, 2) + 6 * A.diff(r) ** 2 - 6)
    found = outcomes(wall)
    assert found["constraint"] == found["second order"] == found["modulo the constraint"] == (True, "exact")
    assert not found["wrong sign"][0]


def test_a_constraint_that_factorises():
    """A_t and A_x without g_tx leave A_t' A_x' = 0 over: neither factor vanishes by itself."""
    t, x, y, z = coordinates("t x y z")
    f, chi, h, A_t, A_x = profiles("f chi h A_t A_x", z)
    A = gauge_field("A", A_t * d(t) + A_x * d(x))
    theory = Theory(
        name="two_components",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4,
        radial=z,
    )
    theory.published("A_t", A_t.diff(z))
    theory.published("A_x", A_x.diff(z))
    theory.published("product", A_t.diff(z) * A_x.diff(z))
    found = outcomes(theory)
    assert not found["A_t"][0]
    assert not found["A_x"][0]
    assert found["product"] == (True, "exact")


def test_a_superpotential_left_open():
    """V made of an unknown W: the constraint written with W holds, with another factor it does not."""
    t, x, y, r = coordinates("t x y r")
    A, p = profiles("A phi", r)
    phi = scalar("phi", p)
    V, W = couplings("V W")
    theory = Theory(
        name="superpotential",
        metric=exp(2 * A) * (-(d(t) ** 2) + d(x) ** 2 + d(y) ** 2) + d(r) ** 2,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings={V(phi): W(phi).diff(phi) ** 2 / 2 - Rational(3, 8) * W(phi) ** 2},
        radial=r,
        horizon=None,
    )
    kinetic = 6 * A.diff(r) ** 2 - p.diff(r) ** 2 / 2 + W(p).diff(p) ** 2 / 2
    theory.published("with W", kinetic - Rational(3, 8) * W(p) ** 2)
    theory.published("wrong factor", kinetic - Rational(3, 4) * W(p) ** 2)
    found = outcomes(theory)
    assert found["with W"] == (True, "exact")
    assert not found["wrong factor"][0]


def test_a_constraint_on_parameters():
    """Axions along x and y of strengths b and c on an isotropic brane: b^2 = c^2, so b = c where both are positive."""
    t, x, y, z = coordinates("t x y z")
    f, h = profiles("f h", z)
    b, c = parameters("b c", positive=True)
    one, two = scalar("one", b * x), scalar("two", c * y)
    theory = Theory(
        name="two_axions",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R + 6 - (square(d(one)) + square(d(two))) / 2,
        radial=z,
    )
    theory.published("equal", b - c)
    theory.published("opposite", b + c)
    found = outcomes(theory)
    assert found["equal"][0]
    assert not found["opposite"][0]


def test_a_sum_of_squares_contradicts():
    """Both axions along x: b^2 + c^2 = 0 cannot hold."""
    t, x, y, z = coordinates("t x y z")
    f, h = profiles("f h", z)
    b, c = parameters("b c", positive=True)
    one, two = scalar("one", b * x), scalar("two", c * x)
    theory = Theory(
        name="one_direction",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R + 6 - (square(d(one)) + square(d(two))) / 2,
        radial=z,
    )
    with pytest.raises(InconsistentAnsatzError, match=r"b\*\*2.*c\*\*2.* = 0"):
        theory.equations()


def test_derivatives_with_several_coordinates():
    """Eddington-Finkelstein form without matter: f_v = 0, and so f_vz = 0."""
    v, x, y, z = coordinates("v x y z")
    f = profiles("f", (v, z))
    theory = Theory(
        name="vaidya",
        metric=(-f * d(v) ** 2 - 2 * d(v) * d(z) + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6,
        radial=z,
        time=v,
    )
    theory.published("static", f.diff(v))
    theory.published("its slope", f.diff(v, z))
    theory.published("wrong", f.diff(z))
    found = outcomes(theory)
    assert found["static"] == found["its slope"] == (True, "exact")
    assert not found["wrong"][0]


def test_a_system_that_contradicts_itself():
    z = coordinates("z")
    f = profiles("f", z)
    with pytest.raises(InconsistentAnsatzError):
        System("contradiction", z, {"slope": f.diff(z) + 1, "value": f - 1}).equations()


def test_signs_that_are_not_declared():
    """sqrt(c^2) is c only where c is positive."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    free, positive = parameters("c"), parameters("p", positive=True)
    theory = Theory(
        name="signs",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6,
        radial=z,
    )
    theory.published("free", (free**2) ** Rational(1, 2) - free + 0 * f)
    theory.published("positive", (positive**2) ** Rational(1, 2) - positive + z * f.diff(z) - 3 * f + 3)
    found = outcomes(theory)
    assert not found["free"][0]
    assert found["positive"][0]
