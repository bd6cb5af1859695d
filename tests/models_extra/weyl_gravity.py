"""Weyl gravity in four dimensions: equations of fourth order, and a solution that Einstein's theory does not have."""

from sympy import oo, sin

from holosym import R, Theory, coordinates, d, parameters, profiles, ricci_square, riemann_square

t, r, theta, phi = coordinates("t r theta phi")
f = profiles("f", r)

theory = Theory(
    name="weyl_gravity",
    metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
    lagrangian=riemann_square - 2 * ricci_square + R**2 / 3,
    radial=r,
    boundary=oo,
)
beta, gamma, k = parameters("beta gamma k", real=True)
theory.known_solution(
    "with a linear term",
    {f: 1 - 3 * beta * gamma - beta * (2 - 3 * beta * gamma) / r + gamma * r - k * r**2},
    source="Mannheim and Kazanas 1989",
)
