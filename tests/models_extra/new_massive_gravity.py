"""New massive gravity at its special point in three dimensions: a black hole with a hair b."""

from sympy import Rational, oo

from holosym import R, Theory, coordinates, d, parameters, profiles, ricci_square

t, x, r = coordinates("t x r")
f = profiles("f", r)

theory = Theory(
    name="new_massive_gravity",
    metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * d(x) ** 2,
    lagrangian=R + 1 + 2 * (ricci_square - Rational(3, 8) * R**2),
    radial=r,
    boundary=oo,
)
b, mu = parameters("b mu", real=True)
theory.known_solution("OTT black hole", {f: r**2 + b * r - mu}, source="Oliva, Tempo and Troncoso 2009")
