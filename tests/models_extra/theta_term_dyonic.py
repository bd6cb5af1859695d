"""Dilaton with a theta term, L contains theta(phi) eps^{mnpq} F_mn F_pq / 8, three unknown couplings, and B.

The Gubser-Rocha metric with its charge rotated into an electric and a magnetic part.
"""

from sympy import Rational, cosh, exp, log, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauge_field, levi_civita, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, h, A_t, phi_z = profiles("f h A_t phi", z)
B, Q, m = parameters("B Q m", positive=True)
phi = scalar("phi", phi_z)
A = gauge_field("A", A_t * dt + B * x * dy)
V, Z, theta = couplings("V Z theta")

theory = Theory(
    name="theta_term_dyonic",
    metric=(-f * dt**2 + dz**2 / f + h * (dx**2 + dy**2)) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4 + theta(phi) * levi_civita(d(A), d(A)) / 8,
    radial=z,
)
mass = 3 * Q * (1 + Q) ** 3  # the square of the charge before the rotation
theory.known_solution(
    "rotated Gubser-Rocha brane",
    {
        f: (1 - z) * (1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q)) * z**2) / (1 + Q * z) ** Rational(3, 2),
        h: (1 + Q * z) ** Rational(3, 2),
        A_t: m * (1 - z) / ((1 + Q) * (1 + Q * z)),
        phi_z: sqrt(3) / 2 * log(1 + Q * z),
    },
    couplings={
        V(phi): -6 * cosh(phi / sqrt(3)),
        Z(phi): mass * exp(phi / sqrt(3)) / (m**2 + B**2 * exp(2 * phi / sqrt(3))),
        theta(phi): mass * m / (B * (m**2 + B**2 * exp(2 * phi / sqrt(3)))),
    },
    source="Goldstein et al. 2010, for the rotation of charges",
)
theory.published(
    "Gauss law with Witten effect",
    (Z(phi_z) * h * A_t.diff(z) + theta(phi_z) * B).diff(z),
    source="Goldstein et al. 2010",
)
