"""Einstein-Maxwell-Chern-Simons in D = 5 with B x dy and a null electric wave: `levi_civita(A, d(A), d(A))`.

AdS3 x R^2 held by B, with p(z) du in the field and g(z) du^2 in the metric; p = P z^k by the Chern-Simons term.
"""

from sympy import sqrt

from holosym import R, Theory, coordinates, d, gauge_field, levi_civita, parameters, profiles, square

u, v, x, y, z = coordinates("u v x y z")
du, dv, dx, dy, dz = d(u), d(v), d(x), d(y), d(z)
p, g = profiles("p g", z)
B, k = parameters("B k", positive=True)
A = gauge_field("A", p * du + B * x * dy)

theory = Theory(
    name="emcs_null_warped",
    metric=dz**2 / (3 * z**2) + (2 * du * dv + g * du**2) / z**2 + B / sqrt(12) * (dx**2 + dy**2),
    lagrangian=R + 12 - square(d(A)) / 4 + k / 48 * levi_civita(A, d(A), d(A)),
    radial=z,
    boundary=0,
    horizon=None,
)
P, c = parameters("P c", real=True)
theory.known_solution(
    "null warped AdS3 x R^2",
    {p: P * z**k, g: -(P**2) * k / (4 * (k + 1)) * z ** (2 * k + 2) + c * z**2},
    source="D'Hoker and Kraus 2010",
)
