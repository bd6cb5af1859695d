"""Static BTZ black brane in AdS3: the thermal state of a two-dimensional CFT on the line.

    S = int sqrt(-g) (R + 2),        ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2],        f = 1 - z^2.

The cosmological constant -2 = -d(d-1) gives AdS radius 1 with d = 2. Gravity has no waves in three
dimensions, so every solution is locally AdS3 and much is known in closed form: T = 1/(2 pi), s = 4 pi, the
entropy of an interval of length l is proportional to log(sinh(l/2)), and quasinormal frequencies are evenly
spaced.

For: tests against closed forms of a CFT, and the metric that entanglement data of a critical chain should
give.
"""

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x, z = coordinates("t x z")
dt, dx, dz = d(t), d(x), d(z)
f = profiles("f", z)

theory = Theory(
    name="btz",
    metric=(-f * dt**2 + dz**2 / f + dx**2) / z**2,
    lagrangian=R + 2,
    radial=z, boundary=0, horizon=1,
)

theory.known_solution("BTZ", {f: 1 - z**2}, source="Banados, Teitelboim and Zanelli 1992")

M = parameters("M", real=True)
theory.known_solution(
    "BTZ of any mass", {f: 1 - M * z**2}, source="Banados, Teitelboim and Zanelli 1992; M = -1 is global AdS3"
)
theory.published(
    "lapse of vanishing angular momentum",
    f - 1 - z * f.diff(z) / 2,
    source="Banados, Teitelboim and Zanelli 1992: N^2 = f/z^2 = r^2 - M with r = 1/z",
)
