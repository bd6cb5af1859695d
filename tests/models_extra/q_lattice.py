"""Q-lattice: scalars phi cos(k x), phi sin(k x), whose explicit x drops out of the equations."""

from sympy import cos, exp, sin

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, chi, h, A_t, phi = profiles("f chi h A_t phi", z)
k = parameters("k", positive=True)
phi_1, phi_2 = scalar("phi_1", phi * cos(k * x)), scalar("phi_2", phi * sin(k * x))
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="q_lattice",
    metric=(-f * exp(-chi) * dt**2 + dz**2 / f + exp(h) * dx**2 + exp(-h) * dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4 - (square(d(phi_1)) + square(d(phi_2))) / 2 + phi_1**2 + phi_2**2,
    radial=z,
)
mu = parameters("mu", real=True)
theory.known_solution(
    "Reissner-Nordstrom",
    {f: 1 - (1 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4, chi: 0, h: 0, A_t: mu * (1 - z), phi: 0},
    source="Donos and Gauntlett 2013",
)
theory.published(
    "scalar",
    z**4 * exp(chi / 2) * (exp(-chi / 2) * f * phi.diff(z) / z**2).diff(z) - k**2 * z**2 * exp(-h) * phi + 2 * phi,
    source="Donos and Gauntlett 2013, 'Holographic Q-lattices'",
)
