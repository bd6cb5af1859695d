"""Bianchi VII_0: cos(p x) and sin(p x) in the metric itself, homogeneous all the same."""

from sympy import cos, sin

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x, y, w, z = coordinates("t x y w z")
f, a, b = profiles("f a b", z)
p = parameters("p", positive=True)
one = cos(p * x) * d(y) + sin(p * x) * d(w)
two = -sin(p * x) * d(y) + cos(p * x) * d(w)

theory = Theory(
    name="helical_ads5",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + a * one**2 + b * two**2) / z**2,
    lagrangian=R + 12,
    radial=z,
)
theory.known_solution("Schwarzschild", {f: 1 - z**4, a: 1, b: 1}, source="Donos and Gauntlett 2012")
