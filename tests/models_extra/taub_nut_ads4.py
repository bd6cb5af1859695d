"""Taub-NUT-AdS4: off-diagonal, with cos(theta) in the shift; profile named S, solution with a charge."""

from sympy import cos, oo, sin

from holosym import R, Theory, coordinates, d, parameters, profiles

t, r, theta, phi = coordinates("t r theta phi")
f, S = profiles("f S", r)
n = parameters("n", positive=True)

theory = Theory(
    name="taub_nut_ads4",
    metric=-f * (d(t) + 2 * n * cos(theta) * d(phi)) ** 2
    + d(r) ** 2 / f
    + S * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
    lagrangian=R + 6,
    radial=r,
    boundary=oo,
    horizon=1,
)
M = parameters("M", real=True)
theory.known_solution(
    "Taub-NUT-AdS",
    {f: (r**2 - n**2 - 2 * M * r + r**4 + 6 * n**2 * r**2 - 3 * n**4) / (r**2 + n**2), S: r**2 + n**2},
    source="Chamblin, Emparan, Johnson and Myers 1999, hep-th/9808177",
)
