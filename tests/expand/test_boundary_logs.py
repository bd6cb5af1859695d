"""Resonances: logarithms against what is known of them, and residuals of truncated series at high precision."""

import dataclasses

import pytest
import sympy
from flows import flow, logs, residual
from sympy import Rational, Symbol, exp, sqrt

from holosym import R, Theory, coordinates, d, parameters, profiles, scalar, square
from holosym.expand.boundary import boundary_series


def test_delta_2_in_ads4_has_a_log_exactly_where_the_third_derivative_is_not_zero():
    g = parameters("g", real=True)
    made = boundary_series(flow(3, lambda p: -6 - p**2 + g * p**3 / 6 + p**4).equations())
    phi_1 = made.datum("phi_1").symbol
    # x^2 phi'' - 2 x phi' + 2 phi = g phi^2/2 near the boundary: g phi_1^2/2 over 2 e - 3 = 1 at e = 2
    assert logs(made)[2, 1] - g * phi_1**2 / 2 == 0
    without = boundary_series(flow(3, lambda p: -6 - p**2 + p**4).equations())
    assert not any(logs(without, name) for name in ("phi", "f", "chi"))


@pytest.mark.parametrize("quartic", [Rational(1, 3), Rational(-2), Rational(0)])
def test_delta_3_in_ads5_log_from_hamilton_and_jacobi(quartic):
    """V = W'^2/2 - W^2/3 with W = -6 - phi^2/2 + w phi^4 fixes V_4 up to phi^4: w drops out there, and the log with it.

    V = W'^2/2 - W^2/3 gives -12 - 3/2 phi^2 + (8 w - 1) /2 ... ; the coefficient of phi^4 is 0 w + const because
    4 w (-1) phi^4 from W'^2/2 and + 4 w phi^4 from -W^2/3 cancel: a resonance in the equation for W itself.
    """
    p, w = sympy.symbols("p w")
    W = -6 - p**2 / 2 + w * p**4
    V = sympy.expand(sympy.diff(W, p) ** 2 / 2 - W**2 / 3)
    assert not V.coeff(p, 4).has(w)
    critical = V.coeff(p, 4)
    made = boundary_series(flow(4, lambda f: -12 - Rational(3, 2) * f**2 + (critical + quartic) * f**4).equations())
    phi_1 = made.datum("phi_1").symbol
    # near the boundary x^2 phi'' - 3 x phi' + 3 phi = 4 quartic phi^3 at x^3 log x: 2 e - 4 = 2
    assert sympy.expand(logs(made).get((3, 1), 0) - 2 * quartic * phi_1**3) == 0


def test_delta_2_in_ads5_at_the_bound_of_breitenlohner_and_freedman():
    made = boundary_series(flow(4, lambda p: -12 - 2 * p**2 + p**4 / 3).equations())
    source, response = made.datum("phi_2_log"), made.datum("phi_2")
    assert (source.kind, response.kind) == ("source", "response")
    assert made.operators["phi"] == (2, 2)
    assert logs(made)[2, 1] == source.symbol
    f_logs = logs(made, "f")
    assert {k for _, k in f_logs} == {1, 2}  # phi^2 ~ x^4 (A log x + B)^2 drives f at its own resonance x^4


CASES = {
    "Delta = 2 with a log": (lambda: flow(3, lambda p: -6 - p**2 + p**3 / 3 - p**4 / 5), 5),
    "Delta = 3 with a log": (lambda: flow(4, lambda p: -12 - 3 * p**2 / 2 - p**4 / 7), 6),
    "Breitenlohner and Freedman": (lambda: flow(4, lambda p: -12 - 2 * p**2 + p**3 / 4), 5),
    "half-integer": (lambda: flow(3, lambda p: -6 - Rational(5, 8) * p**2 + p**3 / 4), 4),
    "irrational": (lambda: flow(3, lambda p: -6 - Rational(3, 4) * p**2 + p**3 / 4), 4),
}


@pytest.mark.parametrize("case", CASES)
def test_residuals_fall_as_the_order_says(case):
    """Between x and x/8 the residual falls at least by 8^order: logarithms to powers below the next order included."""
    make, order = CASES[case]
    made = boundary_series(make().equations(), order)
    values = {one.symbol: Rational(1, 3) + Rational(i, 7) for i, one in enumerate(made.data)}
    values.update({one.symbol: 0 for one in made.data if one.kind == "metric"})
    coarse, fine = (residual(made, values, Rational(1, n)) for n in (10**4, 8 * 10**4))
    assert fine > 0
    # the first power left out is above `order`, by 1/4 at least, and 8^(1/4) exceeds ratios of powers of logarithms
    assert coarse / fine > 8**order


def test_no_lower_order_would_pass():
    """The test above has teeth: with one coefficient off by a millionth the residual falls more slowly."""
    made = boundary_series(flow(3, lambda p: -6 - p**2 + p**3 / 3 - p**4 / 5).equations(), 5)
    terms = list(made.series["phi"])
    at = next(i for i, t in enumerate(terms) if (t.power, t.log) == (2, 1))
    terms[at] = dataclasses.replace(terms[at], coefficient=terms[at].coefficient * (1 + Rational(1, 10**6)))
    wrong = dataclasses.replace(made, series={**made.series, "phi": tuple(terms)})
    values = {one.symbol: Rational(1, 3) + Rational(i, 7) for i, one in enumerate(made.data)}
    coarse, fine = (residual(wrong, values, Rational(1, n)) for n in (10**4, 8 * 10**4))
    assert coarse / fine < 8**3


def test_irrational_dimension():
    made = boundary_series(flow(3, lambda p: -6 - Rational(3, 4) * p**2).equations())
    delta, slower = made.operators["phi"]
    assert sympy.simplify(delta - (Rational(3, 2) + sqrt(Rational(9, 4) - Rational(3, 2)))) == 0
    assert sympy.simplify(delta + slower - 3) == 0
    assert not any(logs(made, name) for name in made.series)
    assert {one.name for one in made.data if one.profile == "phi"} == {"phi_source", "phi_response"}


def test_unknown_potential_with_and_without_a_dimension():
    made = boundary_series(flow(3, None).equations())
    assert made.operators["phi"][0] == Symbol("Delta_phi", positive=True)
    with_dimension = flow(3, None)
    with_dimension.boundary_condition(with_dimension.scalars[0], dimension=2)
    made = boundary_series(with_dimension.equations())
    third = made.taylor[0]
    assert (third.coupling, third.orders, third.value) == ("V", (3,), None)
    phi_1 = made.datum("phi_1").symbol
    assert logs(made)[2, 1] == third.symbol * phi_1**2 / 2


def test_anisotropic_axion_in_ads5_has_the_log_of_the_trace_anomaly():
    """One axion along one direction (Mateos and Trancanelli 2011): beta^4 log x at x^4 in the metric."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, h = profiles("f chi h", z)
    beta = parameters("beta", positive=True)
    psi = scalar("psi", beta * x)
    theory = Theory(
        name="anisotropic",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * d(x) ** 2 + d(y) ** 2 + d(w) ** 2) / z**2,
        lagrangian=R + 12 - square(d(psi)) / 2,
        radial=z,
    )
    made = boundary_series(theory.equations())
    assert [sympy.degree(c, beta) for c in logs(made, "h").values()] == [4]
    values = {
        one.symbol: {"metric": 1 if one.profile != "chi" else 0}.get(one.kind, Rational(1, 5)) for one in made.data
    }
    values[beta] = Rational(1, 2)
    coarse, fine = (residual(made, values, Rational(1, n)) for n in (10**4, 8 * 10**4))
    assert coarse / fine > 8**4
