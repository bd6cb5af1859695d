"""R + 12 + a Ric^2 in D = 5: the AdS radius moves, and `a` is related to it by the solution."""

from sympy import Rational

from holosym import R, Theory, coordinates, d, parameters, profiles, ricci_square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
f = profiles("f", z)
a, k = parameters("a k", positive=True)

theory = Theory(
    name="ricci_square_ads5",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2) / z**2,
    lagrangian=R + 12 + a * ricci_square,
    radial=z,
)
theory.known_solution(
    "black brane", {f: k * (1 - z**4)}, parameters={a: Rational(3, 4) * (k - 1) / k**2}, source="Kats and Petrov 2007"
)
