"""Holographic superconductor in AdS4 with backreaction: a charged scalar, m^2 = -2, condenses below T_c.

    S = int sqrt(-g) [R + 6 - F^2/4 - |d Psi - i q A Psi|^2 + 2 |Psi|^2],        Psi = psi e^(i theta),
    ds^2 = z^-2 [-f e^(-chi) dt^2 + dz^2/f + dx^2 + dy^2],      A = A_t dt,
    psi = psi(z),      theta = 0.

In the Stueckelberg form |d Psi - i q A Psi|^2 = (d psi)^2 + psi^2 (d theta - q A)^2 the equation of theta
is the conservation of the current, which this ansatz obeys. With m^2 = -2 the scalar falls off as psi_1 z +
psi_2 z^2 and both quantisations are admissible: a condensate of dimension 2 (psi_1 = 0) or 1 (psi_2 = 0).

For: T_c and the condensate at any charge q; the normal phase is Reissner-Nordstrom, and q -> oo with q A
fixed is the probe limit.
"""

from sympy import exp

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, chi, A_t, psi_z = profiles("f chi A_t psi", z)
q = parameters("q", positive=True)

psi, theta = scalar("psi", psi_z), scalar("theta", 0)
A = gauge_field("A", A_t * dt)

theory = Theory(
    name="holographic_superconductor",
    metric=(-f * exp(-chi) * dt**2 + dz**2 / f + dx**2 + dy**2) / z**2,
    lagrangian=R + 6 - square(d(A)) / 4 - square(d(psi)) - psi**2 * square(d(theta) - q * A) + 2 * psi**2,
    radial=z, boundary=0, horizon=1,
)

mu = parameters("mu", real=True)
theory.known_solution(
    "normal phase",
    {
        f: 1 - (1 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4,
        chi: 0,
        A_t: mu * (1 - z),
        psi_z: 0,
    },
    source="Hartnoll, Herzog and Horowitz 2008",
)

# As printed there, with L = 1, V = -2 psi^2 and ds^2 = -g e^(-chi) dt^2 + dr^2/g + r^2 (dx^2 + dy^2).
r, g = 1 / z, f / z**2


def d_r(expression):
    """The derivative with respect to r = 1/z."""
    return -z**2 * expression.diff(z)


SOURCE = "Hartnoll, Herzog and Horowitz 2008, 'Holographic superconductors', section 2"
theory.published(
    "scalar",
    d_r(d_r(psi_z)) + (d_r(g)/g - d_r(chi)/2 + 2/r) * d_r(psi_z)
    + q**2 * A_t**2 * exp(chi)/g**2 * psi_z + 2*psi_z/g,
    source=SOURCE,
)
theory.published(
    "Maxwell", d_r(d_r(A_t)) + (d_r(chi)/2 + 2/r) * d_r(A_t) - 2 * q**2 * psi_z**2/g * A_t, source=SOURCE
)
theory.published(
    "Einstein, chi",
    d_r(chi) + r * d_r(psi_z)**2 + r * q**2 * A_t**2 * psi_z**2 * exp(chi)/g**2,
    source=SOURCE,
)
theory.published(
    "Einstein, g",
    d_r(g) + (1/r - d_r(chi)/2) * g + r * d_r(A_t)**2 * exp(chi)/4 - 3*r - r * psi_z**2,
    source=SOURCE,
)
