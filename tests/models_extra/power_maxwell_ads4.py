"""A power of the Maxwell term, (-F^2)**s, with s a parameter."""

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x, y, z = coordinates("t x y z")
f, A_t = profiles("f A_t", z)
s = parameters("s", positive=True)
A = gauge_field("A", A_t * d(t))

theory = Theory(
    name="power_maxwell_ads4",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6 + (-square(d(A))) ** s,
    radial=z,
)
M, mu, q = parameters("M mu q", positive=True)
p, e = 4 * s / (2 * s - 1), (3 - 2 * s) / (2 * s - 1)
theory.known_solution(
    "charged black brane",
    {
        f: 1 - M * z**3 + (2 * s - 1) * 2**s * q ** (2 * s) / (2 * (p - 3)) * z**p,
        A_t: mu - q * z**e / e,
    },
    domain={s: (0.6, 1.4)},
    source="Hassaine and Martinez 2008; Maeda, Hassaine and Martinez 2009",
)
