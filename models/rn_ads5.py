"""Planar Reissner-Nordstrom black brane in AdS5: a four-dimensional CFT at finite density.

    S = int sqrt(-g) (R + 12 - F^2/4),      ds^2 = z^-2 [-f dt^2 + dz^2/f + dx_1^2 + dx_2^2 + dx_3^2],
    A = A_t dt,
    f = 1 - (1 + mu^2/3) z^4 + mu^2 z^6/3,      A_t = mu (1 - z^2).

With the horizon at z = 1: T = (1 - mu^2/6)/pi, s = 4 pi, rho = 2 mu; extremal at mu^2 = 6. With equal
charges of the three Cartan generators it is the R-charged plasma of N = 4 super-Yang-Mills theory; the
Chern-Simons term of that theory does not act on this ansatz.

For: strongly coupled plasma with a chemical potential.
"""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
dt, dz = d(t), d(z)
dx2 = d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2
f, A_t = profiles("f A_t", z)
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="rn_ads5",
    metric=(-f * dt**2 + dz**2 / f + dx2) / z**2,
    lagrangian=R + 12 - square(d(A)) / 4,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "charged black brane",
    {
        f: 1 - (1 + mu**2 / 3) * z**4 + mu**2 * z**6 / 3,
        A_t: mu * (1 - z**2),
    },
    source="Chamblin, Emparan, Johnson and Myers 1999",
)
theory.published("Gauss law", (A_t.diff(z) / z).diff(z), source="Chamblin, Emparan, Johnson and Myers 1999")
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 4 * f + 4 - z**4 * A_t.diff(z) ** 2 / 6,
    source="Chamblin, Emparan, Johnson and Myers 1999",
)
