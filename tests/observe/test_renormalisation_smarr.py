"""The radially conserved charge of planar branes relates the horizon to the boundary, sources and condensates included.

    Q = e^(chi/2) [ (f e^(-chi))'/z^(d-1) - A_t A_t'/z^(d-3) ],      Q' = 0,

is -T s at the horizon (f = A_t = 0, s = 4 pi at z = 1); at the boundary it must be -(energy + pressure - mu rho).
"""

import pytest
import sympy
from boundary_families import derived, superconductor
from sympy import Rational, exp

from holosym.observe.renormalisation import renormalised, trace_identity

CASES = {
    "Delta 2 in d 3": (3, -2),
    "Delta 5/2 in d 3, log of psi^6 and of psi^2 A^2": (3, -Rational(5, 4)),
    "Delta 3 in d 4, log of psi^4 and of psi^2 A^2": (4, -3),
    "Delta 5/2 in d 4": (4, -Rational(15, 4)),
    "Delta 2 in d 4, at the bound": (4, -4),
}


@pytest.fixture(params=sorted(CASES))
def theory(request):
    dimension, mass = CASES[request.param]
    return superconductor(dimension, mass, f"superconductor_{sorted(CASES).index(request.param)}")


def test_energy_and_pressure_are_the_conserved_charge(theory):
    series, q = derived(theory)
    d, z = series.dimension, theory.radial
    A_t, chi, f, _ = theory.profiles
    charge = exp(chi / 2) * ((f * exp(-chi)).diff(z) / z ** (d - 1) - A_t * A_t.diff(z) / z ** (d - 3))
    one = renormalised(series)
    at_boundary = one.at(sympy.expand(charge.doit()))
    assert {key for key in at_boundary.terms if key[0] <= 0} == {(0, 0)}
    value = one.value(at_boundary.constant())
    mu_rho = q["chemical_potential_A"].value * q["charge_density_A"].value
    assert sympy.expand(value + q["energy_density"].value + q["pressure_x_1"].value - mu_rho) == 0


def test_trace_identity_with_a_charged_source(theory):
    series, q = derived(theory)
    assert trace_identity(series) == 0
    J, anomaly = q["psi_source"].value, q.get("trace_anomaly")
    if anomaly is not None:
        assert anomaly.value.subs(J, 0) == 0
