"""Charges need no horizon: solitons and hard walls have them too."""

import pytest
import sympy
from sympy import Rational, exp

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.observe.charges import conserved_charges

t, x, w, z = coordinates("t x w z")
f, h, chi, A_t, psi = profiles("f h chi A_t psi", z)


def written(theory):
    system = theory.equations()
    return {q.name: system.write(q.numerator) / system.write(q.denominator) for q in conserved_charges(system)}


def test_the_soliton():
    """AdS4 with f = 1 - z^3 along w: t and x are alike, and the charge of t against w is 3, minus T s of the brane."""
    theory = Theory(
        name="soliton",
        metric=(-h * d(t) ** 2 + d(x) ** 2 + f * d(w) ** 2 + d(z) ** 2 / f) / z**2,
        lagrangian=R + 6,
        radial=z,
        horizon=None,
    )
    found = written(theory)
    on = {h: 1, f: 1 - z**3}
    values = {
        name: {sympy.simplify(q.subs(on).doit().subs(z, at)) for at in (Rational(1, 3), Rational(3, 4))}
        for name, q in found.items()
    }
    assert values == {"noether_charge_x": {0}, "noether_charge_w": {-3}}


@pytest.mark.parametrize("end", [{"wall": 1}, {"wall": parameters("z_w", positive=True)}, {"horizon": None}], ids=str)
def test_a_wall_has_the_charges_of_a_horizon(end):
    """They are statements on the equations, which do not know what is at the inner end."""
    A = gauge_field("A", A_t * d(t))

    def theory(**inner):
        return Theory(
            name="walled",
            metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(w) ** 2) / z**2,
            lagrangian=R + 6 - square(d(A)) / 4,
            radial=z,
            **inner,
        )

    found, other = written(theory(**end)), written(theory(horizon=1))
    assert set(found) == {"charge_density_A", "noether_charge"}
    assert all(sympy.simplify(found[name] - other[name]) == 0 for name in found)


def test_a_flux_that_is_not_conserved_is_of_a_horizon_alone():
    A = gauge_field("A", A_t * d(t))
    field, phase = scalar("psi", psi), scalar("theta", 0)
    theory = Theory(
        name="charged_wall",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(w) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4 - square(d(field)) - field**2 * square(d(phase) - A) + 2 * field**2,
        radial=z,
        wall=1,
    )
    assert set(written(theory)) == {"noether_charge"}
