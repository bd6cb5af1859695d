"""Dyonic brane with axions in AdS4: a metal with momentum relaxation in a magnetic field.

    S = int sqrt(-g) [R + 6 - F^2/4 - (1/2) sum_I (d psi_I)^2],      psi_x = beta x,      psi_y = beta y,
    ds^2 = z^-2 [-f dt^2 + dz^2/f + dx^2 + dy^2],      A = A_t dt + B x dy,
    f = 1 - beta^2 z^2/2 - (1 - beta^2/2 + (mu^2 + B^2)/4) z^3 + (mu^2 + B^2) z^4/4,      A_t = mu (1 - z).

With the horizon at z = 1: T = (12 - 2 beta^2 - mu^2 - B^2)/(16 pi), s = 4 pi, rho = mu, and

    sigma_xx = beta^2 (beta^2 + mu^2 + B^2)/D,      sigma_xy = mu B (2 beta^2 + mu^2 + B^2)/D,
    D = (beta^2 + B^2)^2 + mu^2 B^2.

Without axions sigma_xx = 0 and sigma_xy = rho/B, as Lorentz invariance demands.

For: Hall angle and magnetoresistance of a strongly coupled metal, in closed form.
"""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, A_t = profiles("f A_t", z)
beta = parameters("beta", positive=True)
B = parameters("B", real=True)

psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
A = gauge_field("A", A_t * dt + B * x * dy)

theory = Theory(
    name="dyonic_axion",
    metric=(-f * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4 - (square(d(psi_x)) + square(d(psi_y))) / 2,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "dyonic brane with axions",
    {
        f: 1 - beta**2 * z**2 / 2 - (1 - beta**2 / 2 + (mu**2 + B**2) / 4) * z**3 + (mu**2 + B**2) * z**4 / 4,
        A_t: mu * (1 - z),
    },
    source="Blake and Donos 2014; Hartnoll and Kovtun 2007 at beta = 0; Andrade and Withers 2013 at B = 0",
)
theory.published("Maxwell equation", A_t.diff(z, 2), source="Hartnoll and Kovtun 2007")
theory.published(
    "Einstein equation, first order",
    z * f.diff(z) - 3 * f + 3 - beta**2 * z**2 / 2 - z**4 * (A_t.diff(z) ** 2 + B**2) / 4,
    source="Blake and Donos 2014, the covariant equation on this ansatz",
)
