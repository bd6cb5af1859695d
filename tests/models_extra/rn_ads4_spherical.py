"""Spherical Reissner-Nordstrom in AdS4: boundary at r = oo, horizon at a parameter, explicit sin(theta)**2."""

from sympy import oo, sin

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, r, theta, phi = coordinates("t r theta phi")
f, A_t = profiles("f A_t", r)
r_h = parameters("r_h", positive=True)
A = gauge_field("A", A_t * d(t))

theory = Theory(
    name="rn_ads4_spherical",
    metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
    lagrangian=R + 6 - square(d(A)) / 4,
    radial=r,
    boundary=oo,
    horizon=r_h,
)

M, Q, mu = parameters("M Q mu", positive=True)
theory.known_solution(
    "spherical charged black hole",
    {f: r**2 + 1 - 2 * M / r + Q**2 / (4 * r**2), A_t: mu - Q / r},
    source="Chamblin, Emparan, Johnson and Myers 1999",
)
theory.published("Gauss law", (r**2 * A_t.diff(r)).diff(r), source="Chamblin, Emparan, Johnson and Myers 1999")
