"""All three quadratic invariants in D = 4: Einstein spaces still solve, with unchanged AdS radius."""

from holosym import R, Theory, coordinates, d, parameters, profiles, ricci_square, riemann_square

t, x, y, z = coordinates("t x y z")
f = profiles("f", z)
a, b, c = parameters("a b c", real=True)

theory = Theory(
    name="quadratic_gravity_ads4",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6 + a * R**2 + b * ricci_square + c * riemann_square,
    radial=z,
)
M = parameters("M", real=True)
theory.known_solution("Schwarzschild", {f: 1 - M * z**3}, source="Stelle 1978; Lu and Pope 2011")
