"""Gauss-Bonnet gravity in AdS5; a parameter of the theory related by the solution."""

from sympy import sqrt

from holosym import R, Theory, coordinates, d, gauss_bonnet, parameters, profiles

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
f = profiles("f", z)
lam, N = parameters("lam N", positive=True)

theory = Theory(
    name="gauss_bonnet_ads5",
    metric=(-(N**2) * f * d(t) ** 2 + d(z) ** 2 / f + d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2) / z**2,
    lagrangian=R + 12 + lam / 2 * gauss_bonnet,
    radial=z,
    boundary=0,
    horizon=1,
)
theory.known_solution(
    "Gauss-Bonnet black brane",
    {f: (1 - sqrt(1 - 4 * lam * (1 - z**4))) / (2 * lam)},
    parameters={N: sqrt((1 + sqrt(1 - 4 * lam)) / 2)},
    domain={lam: (0, 0.25)},
    source="Cai 2002; Brigante, Liu, Myers, Shenker and Yaida 2008",
)
theory.published("first integral", ((f - lam * f**2 - 1) / z**4).diff(z), source="Cai 2002")
