"""Lifshitz brane of Einstein-Maxwell-dilaton theory: exponents that are parameters, z**(-2*zeta) in the metric."""

from sympy import exp, log, sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
f, A_t, phi_z = profiles("f A_t phi", z)
zeta = parameters("zeta", positive=True)
phi = scalar("phi", phi_z)
A = gauge_field("A", A_t * d(t))

theory = Theory(
    name="lifshitz_emd",
    metric=-f * d(t) ** 2 / z ** (2 * zeta) + d(z) ** 2 / (z**2 * f) + (d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + (zeta + 1) * (zeta + 2) - square(d(phi)) / 2 - exp(2 * phi / sqrt(zeta - 1)) * square(d(A)) / 4,
    radial=z,
)
theory.known_solution(
    "Lifshitz black brane",
    {
        f: 1 - z ** (zeta + 2),
        A_t: sqrt(2 * (zeta - 1) / (zeta + 2)) * (z ** (-zeta - 2) - 1),
        phi_z: 2 * sqrt(zeta - 1) * log(z),
    },
    domain={zeta: (1, 3)},
    source="Taylor 2008",
)
