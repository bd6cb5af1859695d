"""Second-order equations that a later first-order one leads back to themselves are solved again; determinants cancel.

L = (1 - phi^2/12) R - (d phi)^2/2 - V in the gauge g_xx = 1/z^2: the scalar's equation holds phi'', f'' and chi'',
the first-order equation gives chi' by f' and phi', hence chi'' by f'' and phi''.
"""

import pytest
import sympy
from sympy import Rational, exp, log, sqrt

from holosym import R, Theory, coordinates, d, profiles, scalar, square

POTENTIALS = [lambda p: -6 - p**2, lambda p: -6 + p**4 / 5 - p**3 / 7]


def conformal_scalar(potential):
    """The system, and z, f, chi, phi."""
    t, x, y, z = coordinates("t x y z")
    f, chi, p = profiles("f chi phi", z)
    phi = scalar("phi", p)
    theory = Theory(
        name="conformal_scalar",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=(1 - phi**2 / 12) * R - square(d(phi)) / 2 - potential(phi),
        radial=z,
    )
    return theory.equations(), (z, f, chi, p)


@pytest.mark.parametrize("potential", POTENTIALS, ids=["quadratic", "quartic"])
def test_equations_are_those_of_the_einstein_frame(potential):
    """g_E = W g, W = 1 - phi^2/12: z_E = z/sqrt(W), phi_E'^2 = 3 (W'/W)^2 + phi'^2/W and V_E = V/W^2.

    There  chi_E' = z_E phi_E'^2/2  and  z_E f_E' = 3 f_E + V_E/2 + z_E^2 f_E phi_E'^2/4.
    """
    system, (z, f, chi, p) = conformal_scalar(potential)
    assert set(system.dynamical) == {chi.diff(z), f.diff(z), p.diff(z, 2)}
    assert system.free == ()
    assert not system.constraints
    W = 1 - p**2 / 12
    z_e = z / sqrt(W)
    stretch = z_e.diff(z)
    f_e = f * (stretch * z / z_e) ** 2 / W
    chi_e = chi + log(f_e / f)
    slope_squared = (3 * (W.diff(z) / W) ** 2 + p.diff(z) ** 2 / W) / stretch**2
    left = [
        chi_e.diff(z) / stretch - z_e * slope_squared / 2,
        z_e * f_e.diff(z) / stretch - 3 * f_e - potential(p) / W**2 / 2 - z_e**2 * f_e * slope_squared / 4,
    ]
    rules = dict(system.dynamical)
    numbers = {p.diff(z): Rational(2, 7), p: Rational(3, 5), f: Rational(5, 11), chi: Rational(1, 3), z: Rational(4, 9)}
    for one in left:
        at_point = one.xreplace({p.diff(z, 2): rules[p.diff(z, 2)]}).xreplace(rules)
        for jet, value in numbers.items():
            at_point = at_point.xreplace({jet: value})
        assert sympy.expand(at_point) == 0


def test_no_equation_keeps_a_power_of_a_determinant():
    """The boosted brane, whose dt dx block has the determinant -(a b + k^2): no residual is divisible by it."""
    t, x, y, z = coordinates("t x y z")
    a, b, k, f = profiles("a b k f", z)
    theory = Theory(
        name="off_diagonal",
        metric=(-a * d(t) ** 2 + 2 * k * d(t) * d(x) + b * d(x) ** 2 + d(y) ** 2 + d(z) ** 2 / f) / z**2,
        lagrangian=R + 6,
        radial=z,
    )
    system = theory.equations()
    names = sympy.symbols("a b k")
    for equation in system.equations:
        residual = system.write(equation.residual).doit()
        plain = {jet: sympy.Dummy() for jet in residual.atoms(sympy.Derivative)}
        polynomial = residual.xreplace(plain).xreplace(dict(zip((a, b, k), names, strict=True)))
        assert sympy.rem(polynomial, names[0] * names[1] + names[2] ** 2, names[2]) != 0, equation.name
