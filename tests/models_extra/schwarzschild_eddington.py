"""Schwarzschild-AdS4 in ingoing Eddington-Finkelstein coordinates: g_zz = 0 is legal, the metric is not degenerate."""

from holosym import R, Theory, coordinates, d, profiles

v, x, y, z = coordinates("v x y z")
f = profiles("f", z)

theory = Theory(
    name="schwarzschild_eddington",
    metric=(-f * d(v) ** 2 - 2 * d(v) * d(z) + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6,
    radial=z,
)
theory.known_solution("black brane", {f: 1 - z**3}, source="Chesler and Yaffe 2009")
