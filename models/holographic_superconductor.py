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

# As printed there, with L = 1 and V = -2 psi^2.
r = coordinates("r")
dr = d(r)
g, chi_r, phi, psi_r = profiles("g chi phi psi", r)
paper = theory.in_coordinates(
    {z: 1 / r},
    {f: g / r**2, A_t: phi},
    metric=-g * exp(-chi_r) * dt**2 + dr**2 / g + r**2 * (dx**2 + dy**2),
)

SOURCE = "Hartnoll, Herzog and Horowitz 2008, 'Holographic superconductors', section 2"
paper.published(
    "scalar",
    psi_r.diff(r, 2) + (g.diff(r)/g - chi_r.diff(r)/2 + 2/r) * psi_r.diff(r)
    + q**2 * phi**2 * exp(chi_r)/g**2 * psi_r + 2*psi_r/g,
    source=SOURCE,
)
paper.published(
    "Maxwell",
    phi.diff(r, 2) + (chi_r.diff(r)/2 + 2/r) * phi.diff(r) - 2 * q**2 * psi_r**2/g * phi,
    source=SOURCE,
)
paper.published(
    "Einstein, chi",
    chi_r.diff(r) + r * psi_r.diff(r)**2 + r * q**2 * phi**2 * psi_r**2 * exp(chi_r)/g**2,
    source=SOURCE,
)
paper.published(
    "Einstein, g",
    g.diff(r) + (1/r - chi_r.diff(r)/2) * g + r * phi.diff(r)**2 * exp(chi_r)/4 - 3*r - r * psi_r**2,
    source=SOURCE,
)
