"""Linear-axion model in AdS5: momentum relaxation in 3+1 dimensions.

    S = int sqrt(-g) [R + 12 - F^2/4 - (1/2) sum_I (d psi_I)^2],      psi_I = beta x_I,      I = 1, 2, 3,
    ds^2 = z^-2 [-f dt^2 + dz^2/f + dx_1^2 + dx_2^2 + dx_3^2],      A = A_t dt,
    f = 1 - beta^2 z^2/4 - (1 - beta^2/4 + mu^2/3) z^4 + mu^2 z^6/3,      A_t = mu (1 - z^2).

With the horizon at z = 1: T = (1 - beta^2/8 - mu^2/6)/pi, s = 4 pi, rho = 2 mu, sigma_DC = 1 + 4 mu^2/beta^2.
Three equal axions leave no logarithm and no conformal anomaly; one or two would (beta^4/24, with log z in the
series). The pressure <T_xx> is not minus the grand potential.

For: the axions' counterterms in d = 4, and a metal in three space dimensions.
"""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
dt, dz = d(t), d(z)
dx2 = d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2
f, A_t = profiles("f A_t", z)
beta = parameters("beta", positive=True)

psi = [scalar(f"psi_{i}", beta * x) for i, x in enumerate((x_1, x_2, x_3), start=1)]
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="linear_axion_ads5",
    metric=(-f * dt**2 + dz**2 / f + dx2) / z**2,
    lagrangian=R + 12 - square(d(A)) / 4 - sum(square(d(psi_i)) for psi_i in psi) / 2,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "charged brane with axions",
    {
        f: 1 - beta**2 * z**2 / 4 - (1 - beta**2 / 4 + mu**2 / 3) * z**4 + mu**2 * z**6 / 3,
        A_t: mu * (1 - z**2),
    },
    source="Andrade and Withers 2013",
)
theory.published("Gauss law", (A_t.diff(z) / z).diff(z), source="Andrade and Withers 2013")
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 4 * f + 4 - beta**2 * z**2 / 2 - z**4 * A_t.diff(z) ** 2 / 6,
    source="Andrade and Withers 2013",
)
