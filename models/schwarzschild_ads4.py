"""Planar Schwarzschild black brane in AdS4: the thermal state of a three-dimensional CFT without charge.

    S = int sqrt(-g) (R + 6),        ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2 + dy^2],        f = 1 - z^3.

The cosmological constant -6 = -d(d-1) gives AdS radius 1 with boundary dimension d = 3. One function is
left, and one first-order Einstein equation fixes it up to the mass: T = 3/(4 pi), s = 4 pi with the horizon
at z = 1.

For: the shortest model there is, and the background of every probe in a neutral 2+1-dimensional plasma.
"""

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f = profiles("f", z)

theory = Theory(
    name="schwarzschild_ads4",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6,
    radial=z, boundary=0, horizon=1,
)

theory.known_solution("black brane", {f: 1 - z**3}, source="Witten 1998, in the limit of a large horizon")

M = parameters("M", real=True)
theory.known_solution(
    "black brane of any mass", {f: 1 - M * z**3}, source="Lemos 1995; M = 0 is AdS4, M = z_h^-3 has a horizon"
)
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 3 * f + 3,
    source="Lemos 1995, with f/z^2 = r^2 - M/r and r = 1/z",
)
