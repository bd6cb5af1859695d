"""the ansatz (h = 1, no chi) forces phi' = 0; reported as a constraint, not refused."""

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
f, phi_z = profiles("f phi", z)
phi = scalar("phi", phi_z)
V = couplings("V")

theory = Theory(
    name="restricted_dilaton",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    couplings={V(phi): -6},
    radial=z,
)
theory.known_solution("Schwarzschild, constant dilaton", {f: 1 - z**3, phi_z: 2}, source="textbook")
theory.published("no running", phi_z.diff(z), source="the tt minus zz Einstein equation")
