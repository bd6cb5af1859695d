"""A profile of two coordinates, H(z, x): the wave in AdS4, linear in H and exact. No horizon."""

from sympy import cos, exp

from holosym import R, Theory, coordinates, d, parameters, profiles

u, v, x, z = coordinates("u v x z")
H = profiles("H", (z, x))

theory = Theory(
    name="ads_wave",
    metric=(2 * d(u) * d(v) + H * d(u) ** 2 + d(x) ** 2 + d(z) ** 2) / z**2,
    lagrangian=R + 6,
    radial=z,
    boundary=0,
    horizon=None,
)
k = parameters("k", positive=True)
theory.known_solution("standing wave", {H: cos(k * x) * exp(-k * z) * (1 + k * z)}, source="Siklos 1985")
theory.published("wave equation", H.diff(z, 2) - 2 * H.diff(z) / z + H.diff(x, 2), source="Siklos 1985")
