"""Eleven dimensions."""

from holosym import R, Theory, coordinates, d, profiles

axes = coordinates("t x_1 x_2 x_3 x_4 x_5 x_6 x_7 x_8 x_9 z")
z = axes[-1]
f = profiles("f", z)

theory = Theory(
    name="schwarzschild_ads11",
    metric=(-f * d(axes[0]) ** 2 + d(z) ** 2 / f + sum(d(x) ** 2 for x in axes[1:-1])) / z**2,
    lagrangian=R + 90,
    radial=z,
)
theory.known_solution("black brane", {f: 1 - z**10}, source="Witten 1998")
