"""K(X) of an invariant summed over two axions: general viscoelastic holography; closed form given on the invariant."""

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
f = profiles("f", z)
beta = parameters("beta", positive=True)
psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
K = couplings("K")
X = (square(d(psi_x)) + square(d(psi_y))) / 2

theory = Theory(
    name="axion_k_of_x",
    metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
    lagrangian=R + 6 - 2 * K(X),
    radial=z,
)
M, k, n = parameters("M k n", positive=True)
theory.known_solution(
    "black brane of X + k X^n",
    {f: 1 - M * z**3 - beta**2 * z**2 - k * beta ** (2 * n) * z ** (2 * n) / (3 - 2 * n)},
    couplings={K(X): X + k * X**n},
    domain={n: (2, 4)},
    source="Baggioli and Pujolas 2015",
)
