"""Other normalisations: of the length (an AdS radius that is not one) and of the action."""

import pytest
import sympy
from boundary_families import derived, einstein_scalar
from sympy import Rational, log, pi

from holosym.observe.renormalisation import trace_identity


@pytest.mark.parametrize(("dimension", "inverse"), [(3, 2), (4, 4), (4, Rational(1, 9)), (4, 2)])
def test_schwarzschild_brane_of_another_radius(dimension, inverse):
    """f = k (1 - z^d), chi = log k: T = d sqrt(k)/4 pi, s = 4 pi, and eps = (d - 1)/d T s since eps ~ T^d."""
    theory = einstein_scalar(
        dimension, lambda phi, V: {V: inverse * (-dimension * (dimension - 1) - phi**2)}, "another_radius"
    )
    series, q = derived(theory)
    assert sympy.exp(series.datum("chi_0").vacuum) == inverse
    matter = {one.symbol: 0 for one in series.data if one.profile == "phi"}
    brane = {**matter, series.datum(f"f_{dimension}").symbol: -inverse, series.datum("chi_0").symbol: log(inverse)}
    temperature, entropy = dimension * sympy.sqrt(inverse) / (4 * pi), 4 * pi
    energy = q["energy_density"].value.subs(brane)
    assert sympy.simplify(energy - Rational(dimension - 1, dimension) * temperature * entropy) == 0
    assert sympy.simplify(q["pressure_x_1"].value.subs(brane) - energy / (dimension - 1)) == 0


def test_the_length_is_a_unit():
    """V = 4 V_1 is solved by g = g_1/4; with x = x_1/2, t = t_1/2 and f = 4 f_1 the line element has its form again."""
    _, one = derived(einstein_scalar(4, lambda phi, V: {V: -12 - 3 * phi**2 / 2}, "radius_one"))
    series, half = derived(einstein_scalar(4, lambda phi, V: {V: 4 * (-12 - 3 * phi**2 / 2)}, "radius_half"))
    assert trace_identity(series) == 0
    # sqrt(-g) L is (1/4)^(5/2) 4 of what it was, and a volume dt d^3x holds 2^4 times as much of dt_1 d^3x_1.
    f_4 = series.datum("f_4").symbol
    for name in ("energy_density", "pressure_x_1", "phi_vev"):
        assert sympy.expand(half[name].value.subs(f_4, 4 * f_4) - 2 * one[name].value) == 0
