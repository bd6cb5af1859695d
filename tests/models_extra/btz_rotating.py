"""Rotating BTZ: an off-diagonal square, (dx + w dt)**2, and a profile named w."""

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x, z = coordinates("t x z")
dt, dx, dz = d(t), d(x), d(z)
f, w = profiles("f w", z)

theory = Theory(
    name="btz_rotating",
    metric=(-f * dt**2 + dz**2 / f + (dx + w * dt) ** 2) / z**2,
    lagrangian=R + 2,
    radial=z,
)
M, J = parameters("M J", real=True)
theory.known_solution(
    "rotating BTZ", {f: 1 - M * z**2 + J**2 * z**4 / 4, w: -J * z**2 / 2}, source="Banados, Teitelboim and Zanelli 1992"
)
theory.published("angular momentum", (w.diff(z) / z).diff(z), source="Banados, Teitelboim and Zanelli 1992")
