"""profiles N, S, E, a field and its profile of one printed name, a field beta beside a parameter, `S: 1`."""

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
N, S, E, phi_profile = profiles("N S E phi", z)
phi = scalar("phi", phi_profile)
A = gauge_field("A", E * d(t))
V, Z = couplings("V Z")

theory = Theory(
    name="awkward_names",
    metric=(-(N**2) * S * d(t) ** 2 + d(z) ** 2 / S + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4,
    couplings={V(phi): -6 - phi**2, Z(phi): 1 + phi**2},
    radial=z,
)
mu = parameters("mu", real=True)
theory.known_solution(
    "Reissner-Nordstrom",
    {N: 1, S: 1 - (1 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4, E: mu * (1 - z), phi_profile: 0},
    source="Chamblin, Emparan, Johnson and Myers 1999",
)
theory.known_solution("AdS4", {N: 1, S: 1, E: 0, phi_profile: 0}, source="textbook")
