"""`lagrangian=None`, a bare metric for entanglement only."""

from holosym import Theory, coordinates, d, profiles

t, x, y, z = coordinates("t x y z")
f, h = profiles("f h", z)
theory = Theory(
    name="bare_metric",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
    lagrangian=None,
    radial=z,
    boundary=0,
    horizon=1,
)
