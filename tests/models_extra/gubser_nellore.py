"""A potential with decimal numbers, as papers print them; a field named phi with constant solution."""

from sympy import cosh, exp

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
f, chi, phi_z = profiles("f chi phi", z)
phi = scalar("phi", phi_z)
V = couplings("V")

theory = Theory(
    name="gubser_nellore",
    metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    couplings={V(phi): -12 * cosh(0.606 * phi) + 2.057 * phi**2},
    radial=z,
)
theory.known_solution("conformal plasma", {f: 1 - z**4, chi: 0, phi_z: 0}, source="Gubser and Nellore 2008")
