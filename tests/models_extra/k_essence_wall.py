"""P(X, phi) with X = (d phi)^2, a coupling of an invariant and a field; a scale-covariant wall that closes it."""

from sympy import exp, log

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
f, chi, phi_z = profiles("f chi phi", z)
phi = scalar("phi", phi_z)
P = couplings("P")
X = square(d(phi))

theory = Theory(
    name="k_essence_wall",
    metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + P(X, phi),
    radial=z,
    boundary=0,
    horizon=None,
)
c, k, C = parameters("c k C", positive=True)
F = 1 / (C * exp(-c * phi / 2) - 4 * k * c**2)
theory.known_solution(
    "kinetic domain wall",
    {
        f: 1 / (C * z ** (-(c**2) / 2) - 4 * k * c**2),
        chi: -log(C * z ** (-(c**2) / 2) - 4 * k * c**2),
        phi_z: c * log(z),
    },
    couplings={P(X, phi): -X / 2 - k * X**2 - (c**2 * F / 2 + 3 * k * c**4 * F**2 - 6 * F)},
    domain={k: (0, 0.1), C: (1, 2), c: (0.1, 1)},
    source="Armendariz-Picon, Mukhanov and Steinhardt 2000, for P(X, phi)",
)
