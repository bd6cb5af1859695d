"""Published equations hold if they vanish modulo the derived ones and their derivatives."""

import re

import mpmath
import pytest
import sympy
from sympy import Rational, cosh, exp, sinh, sqrt

from holosym import R, System, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.verify import verify
from holosym.verify.check import EXACT, NUMERICAL

t, x, y, z = coordinates("t x y z")
f, h, a, p = profiles("f h a phi", z)
phi = scalar("phi", p)
A = gauge_field("A", a * d(t))
V, Z = couplings("V Z")


def dilaton(couplings=None):
    return Theory(
        name="dilaton",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4,
        couplings=couplings or {},
        radial=z,
    )


def published(expression, closed=None):
    """The check of one expression."""
    theory = dilaton(closed)
    theory.published("it", expression, source="here")
    (check,) = (one for one in verify(theory) if one.kind == "published")
    return check


GAUSS = Z(p) * h * a.diff(z)
NULL = h.diff(z, 2) / h - (h.diff(z) / h) ** 2 / 2 + p.diff(z) ** 2 / 2
CHARGE = h**2 * (f / h).diff(z) / z**2 - Z(p) * h * a * a.diff(z)
ENERGY = ((h * f.diff(z) - f * h.diff(z)) / z**2).diff(z) * z**2 - Z(p) * h * z**2 * a.diff(z) ** 2

HOLD = {
    "Gauss": GAUSS.diff(z),
    "twice derived": GAUSS.diff(z, 2) + GAUSS.diff(z),
    "null energy": NULL,
    "null energy, derived": NULL.diff(z),
    "Noether charge": CHARGE.diff(z),
    "tt minus xx": ENERGY,
    "a product": GAUSS.diff(z) * cosh(p) + NULL * exp(f * z),
    "a quotient": NULL / (1 + f**2) / sqrt(1 + h),
    "a square": NULL**2,
}
FAIL = {
    "a wrong sign": NULL - p.diff(z) ** 2,
    "a wrong factor": h.diff(z, 2) / h - (h.diff(z) / h) ** 2 / 2 + p.diff(z) ** 2 / 3,
    "no zero at all": p.diff(z),
    "a constant": sympy.Integer(1),
    "not derived": GAUSS,
    "a charge without its field": (h**2 * (f / h).diff(z) / z**2).diff(z),
    "a tiny error": NULL + p / 10**30,
    "a tinier error": NULL + p / sympy.Integer(10) ** 44,
    "a root of something else": sqrt(1 + NULL) - sqrt(2),
}


@pytest.mark.parametrize("expression", HOLD.values(), ids=HOLD)
def test_what_holds(expression):
    check = published(expression)
    assert check.passed
    assert check.method == EXACT
    assert check.detail == "here"


@pytest.mark.parametrize("expression", FAIL.values(), ids=FAIL)
def test_what_does_not_hold(expression):
    """Never by a simplifier that gave up: a value that is not zero, and where."""
    check = published(expression)
    assert not check.passed
    value = re.search(r"does not vanish on shell: (.+) at (.+)", check.detail)
    assert value, check.detail
    assert abs(mpmath.mpmathify(value[1].strip("()").replace(" ", ""))) > 0


def test_a_zero_that_only_numbers_see():
    """The difference of two ways to write one root is not seen in the ring, and said to be numerical."""
    hidden = sqrt(1 - z**2) - sqrt(1 - z) * sqrt(1 + z)
    check = published(NULL + hidden * p)
    assert check.passed
    assert check.method == NUMERICAL
    assert not published(NULL + (hidden + Rational(1, 10**6)) * p).passed


CLOSED = {V(phi): -6 * cosh(phi / sqrt(3)), Z(phi): exp(phi / sqrt(3))}


def test_closed_forms_are_put_in():
    """An equation printed with the potential's closed form; with another potential it fails."""
    printed = (f * h * p.diff(z) / z**2).diff(z) * z**4 / h + exp(p / sqrt(3)) / sqrt(3) * z**4 * a.diff(z) ** 2 / 2
    force = 6 / sqrt(3) * sinh(p / sqrt(3))
    check = published(printed + force, CLOSED)
    assert check.passed
    assert check.method == EXACT
    assert not published(printed - force, CLOSED).passed
    assert not published(printed + force).passed  # V and Z unknown: it is not their equation


def test_couplings_may_stand_in_it():
    """V(p).diff(p) on a profile, also through its derivative."""
    klein_gordon = (
        (f * h * p.diff(z) / z**2).diff(z) * z**4 / h - V(p).diff(p) + Z(p).diff(p) * z**4 * a.diff(z) ** 2 / 2
    )
    assert published(klein_gordon).method == EXACT
    assert published(klein_gordon.diff(z)).method == EXACT
    assert published(klein_gordon * p.diff(z)).method == EXACT
    assert published(klein_gordon.subs(V(p).diff(p), V(p).diff(z) / p.diff(z))).passed
    assert not published(klein_gordon + 2 * V(p).diff(p)).passed


def test_fields_stand_for_their_profiles():
    """phi the field in place of phi the profile."""
    assert published(NULL + V(phi) - V(p)).method == EXACT


def test_constraints_count():
    """The first-order equation holds; it is not implied by the second-order ones alone."""
    theory = dilaton()
    (constraint,) = theory.equations().constraints.values()
    theory.published("constraint", constraint)
    theory.published("times something", constraint * p.diff(z) + NULL)
    assert all(check.passed for check in verify(theory) if check.kind == "published")
    assert not theory.equations().ring.is_zero(
        theory.equations().rules.reduce(theory.equations().solved.constraints[0].element)
    )


@pytest.mark.parametrize("expression", [sympy.Piecewise((f, f > 0), (0, True)), sympy.Integral(f, z)], ids=str)
def test_what_cannot_be_read(expression):
    """It fails, and says why: never passed over."""
    check = published(expression)
    assert not check.passed
    assert "cannot be read" in check.detail
    assert type(expression).__name__ in check.detail


def oscillators():
    s = coordinates("s")
    u, v = profiles("u v", s)
    system = System(
        name="oscillators",
        variable=s,
        equations={"u": u.diff(s, 2) + u, "v": v.diff(s, 2) + v, "product": u * v},
    )
    return system, u, v


def test_systems():
    s = coordinates("s")
    u = profiles("u", s)
    k = parameters("k", positive=True)
    system = System(name="swing", variable=s, equations={"motion": u.diff(s, 2) + k**2 * u})
    system.published("energy", (u.diff(s) ** 2 / 2 + k**2 * u**2 / 2).diff(s))
    system.published("no energy", (u.diff(s) ** 2 / 2 - k**2 * u**2 / 2).diff(s))
    assert [check.passed for check in verify(system)] == [True, False]


def test_a_product_that_vanishes_does_not_make_its_factor_vanish():
    system, u, v = oscillators()
    system.published("the product", u * v)
    system.published("one factor", u)
    system.published("the other factor", v)
    product, one, other = verify(system)
    assert product.passed
    assert not one.passed
    assert not other.passed


def test_a_wrong_reduction_would_be_seen(monkeypatch):
    """With the rule of one profile lost, Gauss' law no longer reduces to zero."""
    theory = dilaton()
    theory.published("Gauss", GAUSS.diff(z))
    system = theory.equations()
    kept = [rule for rule in system.rules.rules if rule.jet.unknown.name != "a"]
    assert len(kept) < len(system.rules.rules)
    monkeypatch.setattr(system.rules, "rules", kept)
    monkeypatch.setattr(system.rules, "_images", {})
    (check,) = (one for one in verify(theory) if one.kind == "published")
    assert not check.passed
