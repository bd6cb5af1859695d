"""V made from a superpotential, one coupling in the form of another, in domain-wall coordinates; profile named A."""

from sympy import cosh, exp, log, oo, sqrt

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square

t, x_1, x_2, x_3, r = coordinates("t x_1 x_2 x_3 r")
A, phi_r = profiles("A phi", r)
phi = scalar("phi", phi_r)
V, W = couplings("V W")

theory = Theory(
    name="superpotential_wall",
    metric=exp(2 * A) * (-(d(t) ** 2) + d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2) + d(r) ** 2,
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    couplings={V(phi): W(phi).diff(phi) ** 2 / 2 - W(phi) ** 2 / 3, W(phi): -6 * cosh(phi / sqrt(12)) ** 2},
    radial=r,
    boundary=oo,
    horizon=None,
)
theory.known_solution(
    "GPPZ flow",
    {A: log(exp(2 * r) - 1) / 2, phi_r: sqrt(3) * log((1 + exp(-r)) / (1 - exp(-r)))},
    source="Girardello, Petrini, Porrati and Zaffaroni 1999",
)
