"""Holographic p-wave superconductor with backreaction: A3 = a dt, A1 = w dx, anisotropic metric."""

from sympy import exp

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square, wedge

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, chi, h, a, w = profiles("f chi h a w", z)
g = parameters("g", positive=True)
A1, A2, A3 = gauge_field("A1", w * dx), gauge_field("A2", 0), gauge_field("A3", a * dt)
F1 = d(A1) + g * wedge(A2, A3)
F2 = d(A2) + g * wedge(A3, A1)
F3 = d(A3) + g * wedge(A1, A2)

theory = Theory(
    name="p_wave_ads4",
    metric=(-f * exp(-chi) * dt**2 + dz**2 / f + exp(h) * dx**2 + exp(-h) * dy**2) / z**2,
    lagrangian=R + 6 - (square(F1) + square(F2) + square(F3)) / 4,
    radial=z,
)
mu = parameters("mu", real=True)
theory.known_solution(
    "normal phase",
    {f: 1 - (1 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4, chi: 0, h: 0, a: mu * (1 - z), w: 0},
    source="Gubser and Pufu 2008",
)
theory.published(
    "Yang-Mills, w",
    (exp(-chi / 2 - h) * f * w.diff(z)).diff(z) + exp(chi / 2 - h) * g**2 * a**2 * w / f,
    source="Gubser and Pufu 2008, with the metric functions of the backreaction",
)
theory.published(
    "Yang-Mills, a",
    (exp(chi / 2) * a.diff(z)).diff(z) - exp(chi / 2 - h) * g**2 * w**2 * a / f,
    source="Gubser and Pufu 2008, with the metric functions of the backreaction",
)
