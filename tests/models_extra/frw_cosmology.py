"""`radial=None`, profiles of time; the lapse must be freed to get the Friedmann constraint."""

from sympy import exp, log, sqrt

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square

t, x, y, w = coordinates("t x y w")
a, phi_t = profiles("a phi", t)
phi = scalar("phi", phi_t)
V = couplings("V")

theory = Theory(
    name="frw_cosmology",
    metric=-(d(t) ** 2) + a**2 * (d(x) ** 2 + d(y) ** 2 + d(w) ** 2),
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    radial=None,
    horizon=None,
)
H, p = parameters("H p", positive=True)
theory.known_solution("de Sitter", {a: exp(H * t), phi_t: 0}, couplings={V(phi): 6 * H**2}, source="de Sitter 1917")
theory.known_solution(
    "power-law inflation",
    {a: t**p, phi_t: 2 * sqrt(p) * log(t)},
    couplings={V(phi): 2 * p * (3 * p - 1) * exp(-phi / sqrt(p))},
    source="Lucchin and Matarrese 1985",
)
theory.published("Friedmann", 6 * (a.diff(t) / a) ** 2 - phi_t.diff(t) ** 2 / 2 - V(phi_t), source="Friedmann 1922")
theory.published("acceleration", 4 * (a.diff(t) / a).diff(t) + phi_t.diff(t) ** 2, source="Friedmann 1922")
