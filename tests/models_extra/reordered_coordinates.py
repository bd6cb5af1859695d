"""the time coordinate is not the first one; the orientation follows `coordinates(...)`."""

from sympy import exp

from holosym import R, Theory, coordinates, couplings, d, gauge_field, levi_civita, parameters, profiles, scalar, square

z, t, x, y = coordinates("z t x y")
f, chi, A_t, a_z = profiles("f chi A_t a", z)
B, mu = parameters("B mu", positive=True)
axion = scalar("a", a_z)
A = gauge_field("A", A_t * d(t) + B * x * d(y))
theta = couplings("theta")

theory = Theory(
    name="reordered_coordinates",
    metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4 - square(d(axion)) / 2 + theta(axion) * levi_civita(d(A), d(A)) / 8,
    radial=z,
    time=t,
)
theory.known_solution(
    "dyonic brane, axion at rest",
    {f: 1 - (1 + (mu**2 + B**2) / 4) * z**3 + (mu**2 + B**2) * z**4 / 4, chi: 0, A_t: mu * (1 - z), a_z: 0},
    couplings={theta(axion): axion**2},
    source="Hartnoll and Kovtun 2007",
)
theory.published(
    "Gauss law, sign of the orientation",
    (exp(chi / 2) * A_t.diff(z)).diff(z) - theta(a_z).diff(z) * B,
    source="Wilczek 1987; eps_{ztxy} = +sqrt(-g)",
)
