"""An off-diagonal block whose determinant is no monomial: the boosted black brane with k dt dx."""

from sympy import cosh, sinh

from holosym import R, Theory, coordinates, d, parameters, profiles

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
a, b, k, f = profiles("a b k f", z)

theory = Theory(
    name="boosted_brane",
    metric=(-a * dt**2 + 2 * k * dt * dx + b * dx**2 + dy**2 + dz**2 / f) / z**2,
    lagrangian=R + 6,
    radial=z,
)
eta = parameters("eta", real=True)
F = 1 - z**3
theory.known_solution(
    "boosted Schwarzschild",
    {
        a: F * cosh(eta) ** 2 - sinh(eta) ** 2,
        b: cosh(eta) ** 2 - F * sinh(eta) ** 2,
        k: (F - 1) * sinh(eta) * cosh(eta),
        f: F,
    },
    source="Bhattacharyya, Hubeny, Minwalla and Rangamani 2008",
)
