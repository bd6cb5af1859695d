"""Scalars of dimension d: their value at the boundary may stand in couplings, also as an exponential."""

import pytest
import sympy
from boundary_families import derived, einstein_scalar
from sympy import cosh, exp

from holosym import R, Theory, coordinates, d, parameters, profiles, scalar, square
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.observe.renormalisation import boundary_quantities, trace_identity

t, x, y, w, z = coordinates("t x y w z")
a = parameters("a", positive=True)


def dilaton_axion(coupling, name="dilaton_axion"):
    """R + 12 - (d phi)^2/2 - F(phi) (dX)^2/2 with X = a w (Mateos and Trancanelli 2011, for F = exp(2 phi))."""
    f, chi, g, phi_z = profiles("f chi g phi", z)
    phi, X = scalar("phi", phi_z), scalar("X", a * w)
    return Theory(
        name=name,
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2 + g * d(w) ** 2) / z**2,
        lagrangian=R + 12 - square(d(phi)) / 2 - coupling(phi) * square(d(X)) / 2,
        radial=z,
        horizon=1,
    )


def test_the_anisotropic_plasma_of_a_dilaton_and_an_axion():
    """The anomaly is N^2 a^4/48 pi^2 at vanishing dilaton, and N^2/8 pi^2 is 1 where 16 pi G = 1 (arXiv:1106.1637)."""
    series, q = derived(dilaton_axion(lambda phi: exp(2 * phi)))
    phi_0 = series.datum("phi_0").symbol
    assert trace_identity(series) == 0
    assert sympy.simplify(q["trace_anomaly"].value - a**4 * exp(4 * phi_0) / 6) == 0
    assert "exp(4*phi)" in q["phi_vev"].text


@pytest.mark.parametrize("coupling", [lambda p: exp(2 * p), cosh, lambda p: 1 + p**2], ids=["exp", "cosh", "square"])
def test_the_response_runs_as_the_anomaly_varies(coupling):
    """The anomaly A is how the action changes with the scale, so that <O> runs with -dA/dphi_0.

    A comes from counterterms, the running from the logarithm in the series of phi.
    """
    series, q = derived(dilaton_axion(coupling, "any_coupling"))
    assert trace_identity(series) == 0
    phi_0 = series.datum("phi_0").symbol
    flat = {series.datum("g_0").symbol: 1}
    (log,) = (term.coefficient for term in series.terms("phi") if term.log)
    # <O> = 4 phi_4 + ..., and log(lambda x) moves phi_4 by the logarithm's coefficient
    running = 4 * log.subs(flat)
    assert sympy.simplify((running + q["trace_anomaly"].value.diff(phi_0)).rewrite(exp)) == 0
    assert sympy.expand(q["phi_vev"].value).coeff(series.datum("phi_4").symbol) == 4


def test_a_marginal_source_that_runs_is_refused():
    theory = einstein_scalar(4, lambda phi, V: {V: -12 + phi**3 / 7}, "runs_with_log")
    system = theory.equations()
    with pytest.raises(ExpansionError, match="marginal, and its source runs"):
        boundary_quantities(system, boundary_series(system))
