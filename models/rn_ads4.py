"""Planar Reissner-Nordstrom black brane in AdS4: a three-dimensional CFT at finite density.

    S = int sqrt(-g) (R + 6 - F^2/4),      ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2 + dy^2],      A = A_t dt,
    f = 1 - (1 + mu^2/4) z^3 + mu^2 z^4/4,      A_t = mu (1 - z).

mu is the chemical potential in units of the horizon radius: T = (12 - mu^2)/(16 pi), s = 4 pi, rho = mu. At
mu^2 = 12 the brane is extremal, with an AdS2 throat and entropy at zero temperature.

For: the simplest metal of holography, the normal phase of the holographic superconductor, and the clean
limit of the linear-axion model.
"""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, A_t = profiles("f A_t", z)
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="rn_ads4",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "charged black brane",
    {
        f: 1 - (1 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4,
        A_t: mu * (1 - z),
    },
    source="Chamblin, Emparan, Johnson and Myers 1999; Hartnoll 2009",
)
theory.published("Maxwell equation", A_t.diff(z, 2), source="Hartnoll 2009")
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 3 * f + 3 - z**4 * A_t.diff(z) ** 2 / 4,
    source="Hartnoll 2009",
)
