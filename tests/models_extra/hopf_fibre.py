"""Rotating AdS5 with equal angular momenta: a Hopf fibre over a sphere, cos(theta) in the shift."""

from sympy import cos, oo, sin

from holosym import R, Theory, coordinates, d, parameters, profiles

t, r, theta, phi, psi = coordinates("t r theta phi psi")
f, g, h, w = profiles("f g h w", r)
fibre = d(psi) + cos(theta) * d(phi) - w * d(t)

theory = Theory(
    name="hopf_fibre",
    metric=-f * d(t) ** 2
    + g * d(r) ** 2
    + r**2 / 4 * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2)
    + r**2 / 4 * h * fibre**2,
    lagrangian=R + 12,
    radial=r,
    boundary=oo,
    horizon=None,
)
M, a = parameters("M a", positive=True)
H = 1 + 2 * M * a**2 / r**4
G = 1 + r**2 - 2 * M * (1 - a**2) / r**2 + 2 * M * a**2 / r**4
theory.known_solution(
    "Myers-Perry",
    {h: H, g: 1 / G, f: G / H, w: 4 * M * a / (r**4 * H)},
    source="Hawking, Hunter and Taylor-Robinson 1999",
)
