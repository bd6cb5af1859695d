"""Lifshitz from a massive vector: `square(A)` of a gauge field; constants related by the solution. No horizon."""

from sympy import sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x, y, z = coordinates("t x y z")
F, a = profiles("F a", z)
m, Lambda, zeta = parameters("m Lambda zeta", positive=True)
A = gauge_field("A", a * d(t))

theory = Theory(
    name="lifshitz_proca",
    metric=-F * d(t) ** 2 + (d(z) ** 2 + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + Lambda - square(d(A)) / 4 - m**2 * square(A) / 2,
    radial=z,
    boundary=0,
    horizon=None,
)
theory.known_solution(
    "Lifshitz spacetime",
    {F: z ** (-2 * zeta), a: sqrt(2 * (zeta - 1) / zeta) * z ** (-zeta)},
    parameters={m: sqrt(2 * zeta), Lambda: zeta**2 + zeta + 4},
    domain={zeta: (1, 3)},
    source="Kachru, Liu and Mulligan 2008; Taylor 2008",
)
