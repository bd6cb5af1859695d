"""Operators that are irrelevant, and massive one-forms: what enters energy and pressure, and what is left out."""

import pytest
import sympy
from boundary_families import derived, einstein_scalar
from sympy import Rational

from holosym import R, Theory, coordinates, d, gauge_field, profiles, scalar, square
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.observe.charges import conserved_charges
from holosym.observe.renormalisation import boundary_quantities, trace_identity

t, x, y, z = coordinates("t x y z")
f, chi = profiles("f chi", z)
LINE = (-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2


def noether_at_the_boundary(series):
    """The conserved charge of t -> t/lambda, x -> lambda x, on the series at x = 0."""
    system = series.system
    charge = conserved_charges(system)[-1]
    value = system.write(charge.numerator) / system.write(charge.denominator)
    vacuum = {one.symbol: one.vacuum for one in series.data if one.kind == "metric"}
    at = system.model.radial
    forms = [
        (p, sum(term.coefficient.subs(vacuum) * at**term.power for term in series.terms(p)))
        for p in system.model.profiles
    ]
    w = sympy.Symbol("w", positive=True)  # every power of x is a power of w
    return sympy.limit(sympy.expand(sympy.powsimp(value.subs(forms).doit().subs(at, w**4), force=True)), w, 0)


def proca(mass):
    """A massive vector in AdS4."""
    A_t = profiles("A_t", z)
    A = gauge_field("A", A_t * d(t))
    matter = square(d(A)) / 4 + Rational(mass) * square(A) / 2
    return Theory(name="proca", metric=LINE, lagrangian=R + 6 - matter, radial=z, horizon=1)


@pytest.mark.parametrize(
    "theory",
    [einstein_scalar(3, lambda phi, V: {V: -6 + 2 * phi**2}, "irrelevant"), proca(2)],
    ids=["scalar", "vector"],
)
def test_an_irrelevant_operator_without_source(theory):
    """Its response decays as x^4: the brane is conformal, eps = 2 p, and eps + p is the Noether charge, T s."""
    system = theory.equations()
    series = boundary_series(system)
    q = {one.name: one for one in boundary_quantities(system, series)}
    assert {name.split("_")[0] for name in q} == {"energy", "pressure"}
    energy, pressure = (next(q[name].value for name in q if name.startswith(s)) for s in ("energy", "pressure"))
    assert energy == -2 * series.datum("f_3").symbol
    assert pressure == energy / 2
    assert sympy.expand(energy + pressure - noether_at_the_boundary(series)) == 0
    assert "irrelevant" in q["energy_density"].text
    (only,) = (p.func.name for p in theory.profiles if p.func.name in ("phi", "A_t"))
    assert len(series.terms(only)) == 1  # it begins with its response


def test_an_irrelevant_operator_that_is_driven_is_refused():
    p1, p2 = profiles("p1 p2", z)
    one, two = scalar("p1", p1), scalar("p2", p2)
    potential = -6 - one**2 + 2 * two**2 + one**2 * two
    theory = Theory(
        name="driven", metric=LINE, lagrangian=R - square(d(one)) / 2 - square(d(two)) / 2 - potential, radial=z
    )
    system = theory.equations()
    series = boundary_series(system)
    with pytest.raises(ExpansionError, match="drive p2"):
        boundary_quantities(system, series)


def test_a_massive_vector_that_is_relevant():
    """m^2 = -3/16 in AdS4: falloffs x^(1/4), x^(3/4); the trace is J <J>/4, and eps + p - J <J> is Q, T s."""
    series, q = derived(proca(Rational(-3, 16)))
    J, response = series.datum("A_t_1_4").symbol, series.datum("A_t_3_4").symbol
    assert trace_identity(series) == 0
    assert q["source_A_t"].value == J
    assert q["current_A_t"].value == -response / 2
    assert (q["source_A_t"].dimension, q["current_A_t"].dimension) == (Rational(5, 4), Rational(7, 4))
    smarr = q["energy_density"].value + q["pressure_x"].value - J * q["current_A_t"].value
    assert sympy.expand(smarr - noether_at_the_boundary(series)) == 0
