"""f(R) gravity with an unknown function of the Ricci scalar: a coupling of a curvature invariant."""

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles

t, x, y, z = coordinates("t x y z")
f = profiles("f", z)
F = couplings("F")

theory = Theory(
    name="f_of_r",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=F(R),
    radial=z,
)
a, M = parameters("a M", positive=True)
theory.known_solution(
    "Schwarzschild", {f: 1 - M * z**3}, couplings={F(R): R + 6 + a * R**2}, source="Starobinsky 1980, for R + a R^2"
)
