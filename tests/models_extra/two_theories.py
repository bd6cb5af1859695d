"""two theories at module level, each with its own name, made in a loop over the dimension."""

from holosym import R, Theory, coordinates, d, profiles

t, x, y, w, z = coordinates("t x y w z")
f = profiles("f", z)
theories = []
for dim, flat in ((3, (x, y)), (4, (x, y, w))):
    theories.append(
        Theory(
            name=f"schwarzschild_in_{dim}",
            metric=(-f * d(t) ** 2 + d(z) ** 2 / f + sum(d(c) ** 2 for c in flat)) / z**2,
            lagrangian=R + dim * (dim - 1),
            radial=z,
        )
    )
    theories[-1].known_solution("black brane", {f: 1 - z**dim}, source="Witten 1998")
first, second = theories
