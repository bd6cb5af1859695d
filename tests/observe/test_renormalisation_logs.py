"""Logarithms and schemes: neutral black branes solved numerically, and their thermodynamics.

At fixed horizon radius z = 1 the entropy density is 4 pi, so that along the family of horizon values phi_h

    d(energy) = - <O> dJ,      energy + pressure = T s:

the first holds only if every finite local term of energy and response belongs to one generating functional.
"""

from functools import cache

import numpy
import pytest
import sympy
from boundary_families import derived, einstein_scalar, striped
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve
from sympy import Rational, S

from holosym.expand.boundary import boundary_series
from holosym.observe.renormalisation import trace_identity

CASES = {
    "Delta 2 in d 3, cubic": (3, {2: -1, 3: Rational(1, 10)}),
    "Delta 3 in d 4": (4, {2: -Rational(3, 2), 4: Rational(1, 20)}),
    "Delta 3 in d 4, of GPPZ": (4, {2: -Rational(3, 2), 4: -Rational(1, 12)}),
    "Delta 2 in d 4, at the bound": (4, {2: -2, 3: Rational(1, 10)}),
    "Delta 5/2 in d 3": (3, {2: -Rational(5, 8), 4: -Rational(1, 50)}),
    "Delta 5/2 in d 4": (4, {2: -Rational(15, 8), 3: Rational(1, 10)}),
}
NEAR, BEYOND, AT, STEP = 0.1, 6, 0.4, 0.02
"""Where integration stops and the series, complete to x^(d + BEYOND), takes over: it leaves out NEAR^(BEYOND + 1/2),
3e-7 of the energy, times powers of log NEAR. Differences of sixth order with this STEP are good to 1e-8."""


def theory_of(case):
    """The theory of a case."""
    dimension, powers = CASES[case]
    start = -dimension * (dimension - 1)
    name = "case_" + "".join(c if c.isalnum() else "_" for c in case)
    return einstein_scalar(dimension, lambda phi, V: {V: start + sum(c * phi**n for n, c in powers.items())}, name)


def brane(d, powers, phi_h):
    """f, chi (zero at the horizon), phi, z phi' at NEAR, and f' at the horizon; areal gauge, equations by hand."""

    def V(phi, order=0):
        terms = {0: -d * (d - 1), **powers}
        return float(sum(c * sympy.ff(n, order) * phi ** (n - order) for n, c in terms.items() if n >= order))

    def right(z, y):
        f, _, phi, p = y  # p = z phi'
        chi_z = p * p / (d - 1) / z
        f_z = (d * f + V(phi) / (d - 1) + f * p * p / (2 * (d - 1))) / z
        # z^2 f phi'' + (z f' - (d - 1) f - z f chi'/2) z phi' = V'
        p_z = (V(phi, 1) + f * p - (z * f_z - (d - 1) * f - z * f * chi_z / 2) * p) / (f * z)
        return [f_z, chi_z, p / z, p_z]

    # Regular at the horizon through second order: the error is step^3 ~ 1e-15.
    step = -1e-5
    f1 = V(phi_h) / (d - 1)
    phi1 = V(phi_h, 1) / f1
    chi1 = phi1**2 / (d - 1)
    f2 = (d - 1) * f1 + V(phi_h, 1) * phi1 / (d - 1) + f1 * chi1 / 2
    phi2 = (V(phi_h, 2) * phi1 - phi1 * (f1 + f2 - (d - 1) * f1 - f1 * chi1 / 2) - f1 * phi1) / (2 * f1)
    start = [
        f1 * step + f2 * step**2 / 2,
        chi1 * step,
        phi_h + phi1 * step + phi2 * step**2 / 2,
        (1 + step) * (phi1 + phi2 * step),
    ]
    solution = solve_ivp(right, (1 + step, NEAR), start, method="DOP853", rtol=1e-12, atol=1e-15)
    return solution.y[:, -1], f1


@cache
def reader(case):
    """Profiles at NEAR as functions of the data, and the quantities as functions of the data."""
    theory = theory_of(case)
    _, quantities = derived(theory)
    series = boundary_series(theory.equations(), CASES[case][0] + BEYOND)
    data = [one.symbol for one in sorted(series.data, key=lambda one: (one.kind != "metric", one.name))]
    x = theory.radial

    def total(name):
        return sum(t.coefficient * x**t.power * sympy.log(x) ** t.log for t in series.series[name])

    rows = [total("phi"), x * total("phi").diff(x), total("f"), total("chi")]
    at = sympy.lambdify([data], [row.subs(x, S(str(NEAR))) for row in rows])
    names = ("energy_density", "pressure_x_1", "phi_source", "phi_vev")
    return at, sympy.lambdify([data], [quantities[name].value for name in names]), len(data)


def thermodynamics(case, phi_h):
    """T s, energy, pressure, J and <O> of the brane with a value of the field at the horizon z = 1."""
    at, read, count = reader(case)
    (f, chi, phi, p), f1 = brane(*CASES[case], phi_h)
    guess = numpy.zeros(count)
    # chi is zero at the horizon: chi_0 = -chi(boundary) goes into the temperature, so that the boundary has chi = 0.
    found = fsolve(lambda u: numpy.array(at(u)) - [phi, p, f, chi], guess, xtol=1e-13)
    chi_0 = found[0]
    found[0] = 0
    return numpy.array([abs(f1) * numpy.exp(chi_0 / 2), *read(found)])


QUICK = "Delta 3 in d 4"
SLOW = [pytest.param(case, marks=pytest.mark.slow) for case in sorted(CASES) if case != QUICK]


@pytest.mark.parametrize("case", [QUICK, *SLOW])
def test_first_law_and_smarr_relation_of_numerical_branes(case):
    at = {k: thermodynamics(case, AT + k * STEP) for k in range(-3, 4)}
    slope = sum(w * (at[k] - at[-k]) for k, w in ((1, 45), (2, -9), (3, 1))) / (60 * STEP)
    T_s, energy, pressure, _, vev = at[0]
    assert energy + pressure == pytest.approx(T_s, rel=1e-7)
    assert abs(vev * slope[3]) > 0.1
    assert slope[1] == pytest.approx(-vev * slope[3], rel=2e-6)


@pytest.mark.parametrize("axions", [1, 2])
def test_anomaly_of_axions(axions):
    """Henningson and Skenderis: (R_ij R^ij - R^2/3)/4 with R_ij -> R_ij - d_i psi d_j psi/2; none for three axions."""
    series, quantities = derived(striped(4, axions))
    beta = quantities["trace_anomaly"].value.free_symbols.pop()
    slopes = [beta**2 / 2] * axions
    assert quantities["trace_anomaly"].value - (sum(m**2 for m in slopes) - sum(slopes) ** 2 / 3) / 4 == 0
    assert trace_identity(series) == 0
    assert "log(z)" in quantities["energy_density"].text


@pytest.mark.parametrize("case", sorted(CASES))
def test_trace_identity(case):
    series, quantities = derived(theory_of(case))
    assert trace_identity(series) == 0
    assert ("trace_anomaly" in quantities) == (case not in ("Delta 3 in d 4, of GPPZ", "Delta 5/2 in d 4"))
