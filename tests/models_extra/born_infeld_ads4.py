"""Born-Infeld electrodynamics in AdS4: L = R + 6 + b^2 (1 - sqrt(1 + F^2/(2 b^2))); closed form with 2F1."""

from sympy import Rational, hyper, sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x, y, z = coordinates("t x y z")
f, A_t = profiles("f A_t", z)
b = parameters("b", positive=True)
A = gauge_field("A", A_t * d(t))

theory = Theory(
    name="born_infeld_ads4",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6 + b**2 * (1 - sqrt(1 + square(d(A)) / (2 * b**2))),
    radial=z,
)

mu, rho, M = parameters("mu rho M", positive=True)
F = hyper((Rational(1, 4), Rational(1, 2)), (Rational(5, 4),), -(rho**2) * z**4 / b**2)
theory.known_solution(
    "charged black brane",
    {
        f: 1 - M * z**3 + b**2 / 6 * (1 - sqrt(1 + rho**2 * z**4 / b**2)) + rho**2 * z**4 / 3 * F,
        A_t: mu - rho * z * F,
    },
    source="Cai, Pang and Wang 2004; Dey 2004",
)
theory.published(
    "Einstein, first order",
    z * f.diff(z) - 3 * f + 3 + b**2 / 2 * (1 - 1 / sqrt(1 - z**4 * A_t.diff(z) ** 2 / b**2)),
    source="Cai, Pang and Wang 2004",
)
theory.published("Gauss law", (A_t.diff(z) / sqrt(1 - z**4 * A_t.diff(z) ** 2 / b**2)).diff(z), source="Dey 2004")
