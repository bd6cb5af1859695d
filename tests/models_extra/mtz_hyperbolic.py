"""Conformally coupled scalar, (1 - phi**2/6) R, with a hyperbolic horizon. `phi` is an angle, a field and a profile."""

from sympy import oo, sinh, sqrt

from holosym import R, Theory, coordinates, d, parameters, profiles, scalar, square

t, r, theta, phi = coordinates("t r theta phi")
f, phi_r = profiles("f phi", r)
field = scalar("phi", phi_r)

theory = Theory(
    name="mtz_hyperbolic",
    metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sinh(theta) ** 2 * d(phi) ** 2),
    lagrangian=(1 - field**2 / 6) * R + 6 - square(d(field)) - field**4 / 6,
    radial=r,
    boundary=oo,
    horizon=1,
)
mu = parameters("mu", positive=True)
theory.known_solution(
    "MTZ black hole",
    {f: r**2 - (1 + mu / r) ** 2, phi_r: sqrt(6) * mu / (r + mu)},
    source="Martinez, Troncoso and Zanelli 2004, in the conformal frame",
)
theory.known_solution("hyperbolic vacuum", {f: r**2 - 1 - mu / r, phi_r: 0}, source="Mann 1997; Emparan 1999")
