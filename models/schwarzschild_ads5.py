"""Planar Schwarzschild black brane in AdS5: N = 4 super-Yang-Mills plasma at strong coupling.

    S = int sqrt(-g) (R + 12),       ds^2 = z^-2 [-f dt^2 + dz^2/f + dx_1^2 + dx_2^2 + dx_3^2],
    f = 1 - z^4.

The cosmological constant -12 = -d(d-1) gives AdS radius 1 with boundary dimension d = 4. The horizon is at
z = 1: T = 1/pi, s = 4 pi, and the speed of sound squared is 1/3.

For: the background of quasinormal modes, Wilson loops and entanglement in a conformal plasma.
"""

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
dt, dz = d(t), d(z)
dx2 = d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2
f = profiles("f", z)

theory = Theory(
    name="schwarzschild_ads5",
    metric=(-f * dt**2 + dz**2 / f + dx2) / z**2,
    lagrangian=R + 12,
    radial=z, boundary=0, horizon=1,
)

theory.known_solution("black brane", {f: 1 - z**4}, source="Gubser, Klebanov and Peet 1996; Witten 1998")

z_h = parameters("z_h", positive=True)
theory.known_solution(
    "black brane of any temperature", {f: 1 - (z / z_h)**4}, source="Witten 1998; T = 1/(pi z_h)"
)
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 4 * f + 4,
    source="Witten 1998, with f/z^2 = r^2 - w/r^2 and r = 1/z",
)
