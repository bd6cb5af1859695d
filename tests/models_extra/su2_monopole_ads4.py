"""SU(2) Yang-Mills in AdS4, spherical: `d(A1) + g*wedge(A2, A3)`. w = 1 is pure gauge, w = 0 the monopole."""

from sympy import cos, oo, sin

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square, wedge

t, r, theta, phi = coordinates("t r theta phi")
f, chi, w = profiles("f chi w", r)
g = parameters("g", positive=True)
A1 = gauge_field("A1", w * d(theta) / g)
A2 = gauge_field("A2", w * sin(theta) * d(phi) / g)
A3 = gauge_field("A3", cos(theta) * d(phi) / g)
F1 = d(A1) + g * wedge(A2, A3)
F2 = d(A2) + g * wedge(A3, A1)
F3 = d(A3) + g * wedge(A1, A2)

theory = Theory(
    name="su2_monopole_ads4",
    metric=-f * (1 + chi) ** 2 * d(t) ** 2 + d(r) ** 2 / f + r**2 * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
    lagrangian=R + 6 - (square(F1) + square(F2) + square(F3)) / 4,
    radial=r,
    boundary=oo,
    horizon=1,
)
M = parameters("M", positive=True)
theory.known_solution(
    "Wu-Yang monopole",
    {f: 1 + r**2 - 2 * M / r + 1 / (4 * g**2 * r**2), chi: 0, w: 0},
    source="Bartnik and McKinnon 1988; Winstanley 1999",
)
theory.known_solution("vacuum", {f: 1 + r**2 - 2 * M / r, chi: 0, w: 1}, source="Winstanley 1999")
theory.published(
    "Yang-Mills",
    ((1 + chi) * f * w.diff(r)).diff(r) + (1 + chi) * w * (1 - w**2) / r**2,
    source="Bartnik and McKinnon 1988; Winstanley 1999",
)
