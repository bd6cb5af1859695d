"""Hyperbolic black hole: sinh(theta)**2, boundary at infinity."""

from sympy import oo, sinh

from holosym import R, Theory, coordinates, d, parameters, profiles

t, r, theta, phi = coordinates("t r theta phi")
f = profiles("f", r)

theory = Theory(
    name="hyperbolic_ads4",
    metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sinh(theta) ** 2 * d(phi) ** 2),
    lagrangian=R + 6,
    radial=r,
    boundary=oo,
    horizon=1,
)
m = parameters("m", real=True)
theory.known_solution("topological black hole", {f: r**2 - 1 - m / r}, source="Mann 1997; Emparan 1999")
