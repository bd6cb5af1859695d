"""Linear-axion model: the simplest holographic metal with momentum relaxation.

    S = int sqrt(-g) [R + 6 - F^2/4 - (1/2) sum_I (d psi_I)^2],      psi_x = beta x,      psi_y = beta y,
    ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2 + dy^2],      A = A_t dt,
    f = 1 - beta^2 z^2/2 - (1 - beta^2/2 + mu^2/4) z^3 + mu^2 z^4/4,      A_t = mu (1 - z).

Two massless scalars that grow linearly along the boundary break translations and leave the metric
homogeneous, so that every equation stays ordinary: T = (12 - 2 beta^2 - mu^2)/(16 pi), s = 4 pi, rho = mu,
sigma_DC = 1 + mu^2/beta^2.

For: direct and optical conductivities with a Drude peak, in closed form or from ordinary differential
equations.
"""

from sympy import sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, A_t = profiles("f A_t", z)
beta = parameters("beta", positive=True)

psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="linear_axion",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4 - (square(d(psi_x)) + square(d(psi_y))) / 2,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "charged brane with axions",
    {
        f: 1 - beta**2 * z**2 / 2 - (1 - beta**2 / 2 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4,
        A_t: mu * (1 - z),
    },
    source="Andrade and Withers 2013",
)
theory.known_solution(
    "neutral brane of vanishing mass",
    {f: 1 - z**2, A_t: 0},
    parameters={beta: sqrt(2)},
    source="Davison and Gouteraux 2014",
)
theory.published("Maxwell equation", A_t.diff(z, 2), source="Andrade and Withers 2013")
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 3 * f + 3 - beta**2 * z**2 / 2 - z**4 * A_t.diff(z) ** 2 / 4,
    source="Andrade and Withers 2013",
)
