"""Einstein-Maxwell-dilaton theory with axions and both couplings unknown: a metal learned from its data.

    S = int sqrt(-g) [R - (d phi)^2/2 - V(phi) - Z(phi) F^2/4 - (1/2) sum_I (d psi_I)^2],      I = x, y,
    psi_x = beta x,      psi_y = beta y,
    ds^2 = z^-2 [-f dt^2 + dz^2/f + h (dx^2 + dy^2)],      A = A_t dt.

V and Z are left open: a fit determines them, and each solution below closes them for itself alone. The
equations are those of `gubser_rocha`; V = -6 + m^2 phi^2/2 + ..., Z = 1 + ... for an asymptotic AdS4 with a
Maxwell field of unit coupling.

    sigma_DC = Z + rho^2 / (beta^2 h),      s = 4 pi h,      both at the horizon z = 1.

For: V(phi) and Z(phi) from resistivity and entropy together; the resistivity alone does not determine both.
"""

from sympy import Rational, cosh, exp, log, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, h, A_t, phi_z = profiles("f h A_t phi", z)
beta = parameters("beta", positive=True)

phi = scalar("phi", phi_z)
psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
A = gauge_field("A", A_t * dt)
V, Z = couplings("V Z")

theory = Theory(
    name="emd_axion",
    metric=(-f * dt**2 + dz**2 / f + h * (dx**2 + dy**2)) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4
    - (square(d(psi_x)) + square(d(psi_y))) / 2,
    radial=z, boundary=0, horizon=1,
)
theory.boundary_condition(phi, dimension=2)         # V is open, so this says V''(0) = -2

Q, mu = parameters("Q mu", positive=True)
theory.known_solution(
    "Gubser-Rocha",
    {
        f: (1 - z) * (1 + (1 + 3*Q)*z + (1 + 3*Q*(1 + Q) - beta**2/2) * z**2) / (1 + Q*z)**Rational(3, 2),
        h: (1 + Q*z)**Rational(3, 2),
        A_t: sqrt(3*Q*(1 + Q)*(1 - beta**2/(2*(1 + Q)**2))) * (1 - z)/(1 + Q*z),
        phi_z: sqrt(3)/2 * log(1 + Q*z),
    },
    couplings={V(phi): -6 * cosh(phi / sqrt(3)), Z(phi): exp(phi / sqrt(3))},
    source="Gubser and Rocha 2009; Davison, Schalm and Zaanen 2013",
)
theory.known_solution(
    "linear axion",
    {
        f: 1 - beta**2 * z**2 / 2 - (1 - beta**2 / 2 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4,
        h: 1,
        A_t: mu * (1 - z),
        phi_z: 0,
    },
    couplings={V(phi): -6, Z(phi): 1},
    source="Andrade and Withers 2013",
)

GOUTERAUX = "Gouteraux 2014, the covariant equations on this ansatz"
theory.published("Gauss law", (Z(phi_z) * h * A_t.diff(z)).diff(z), source=GOUTERAUX)
theory.published(
    "dilaton equation",
    (f * h * phi_z.diff(z) / z**2).diff(z) * z**4 / h
    - V(phi_z).diff(phi_z)
    + Z(phi_z).diff(phi_z) * z**4 * A_t.diff(z)**2 / 2,
    source=GOUTERAUX,
)
theory.published(
    "conserved charge of the radial line",          # at beta = 0: T s = epsilon + p - mu rho
    (h**2 * (f/h).diff(z) / z**2 - Z(phi_z) * h * A_t * A_t.diff(z)).diff(z) - beta**2 / z**2,
    source="Gubser and Nellore 2009, with the source that axions give it",
)
