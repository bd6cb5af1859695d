"""Kerr's metric with one radial function left: off-diagonal, with two coordinates in every component."""

from sympy import cos, oo, sin

from holosym import R, Theory, coordinates, d, parameters, profiles

t, r, theta, phi = coordinates("t r theta phi")
dt, dr, dtheta, dphi = d(t), d(r), d(theta), d(phi)
Delta = profiles("Delta", r)
a = parameters("a", positive=True)
rho2 = r**2 + a**2 * cos(theta) ** 2

theory = Theory(
    name="kerr",
    metric=-Delta / rho2 * (dt - a * sin(theta) ** 2 * dphi) ** 2
    + rho2 / Delta * dr**2
    + rho2 * dtheta**2
    + sin(theta) ** 2 / rho2 * ((r**2 + a**2) * dphi - a * dt) ** 2,
    lagrangian=R,
    radial=r,
    boundary=oo,
    horizon=None,
)
M = parameters("M", positive=True)
theory.known_solution("Kerr", {Delta: r**2 - 2 * M * r + a**2}, source="Kerr 1963")
