"""Dyonic brane in AdS4: a magnetic field B x dy next to A_t dt."""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, A_t = profiles("f A_t", z)
B, mu = parameters("B mu", real=True)
A = gauge_field("A", A_t * dt + B * x * dy)

theory = Theory(
    name="dyonic_ads4",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4,
    radial=z,
)
theory.known_solution(
    "dyonic black brane",
    {f: 1 - (1 + (mu**2 + B**2) / 4) * z**3 + (mu**2 + B**2) * z**4 / 4, A_t: mu * (1 - z)},
    source="Hartnoll and Kovtun 2007",
)
