"""Neutral Einstein-scalar theory in AdS5 with an unknown potential: a bottom-up equation of state of QCD.

    S = int sqrt(-g) [R - (d phi)^2/2 - V(phi)],
    ds^2 = z^-2 [-f e^(-chi) dt^2 + dz^2/f + dx_1^2 + dx_2^2 + dx_3^2].

In this areal gauge the metric functions obey first-order equations, linear in f and chi once phi is given:

    chi' = z phi'^2/3,        z f' = 4 f + V/3 + z^2 f phi'^2/6,
    z^2 f phi'' + (z f' - 3 f - z f chi'/2) z phi' - V' = 0.

T = |f'| e^(-chi/2)/(4 pi) at the horizon z = 1, s = 4 pi. With V = -12 + m^2 phi^2/2 + ... the operator
that drives the flow has dimension Delta, m^2 = Delta (Delta - 4); here Delta = 3.

For: fitting V to an equation of state (the speed of sound of lattice QCD), and every flow driven by one
operator.
"""

from sympy import Rational, asinh, cosh, exp, log, sinh, sqrt, tanh

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
dt, dz = d(t), d(z)
dx2 = d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2
f, chi, phi_z = profiles("f chi phi", z)
phi = scalar("phi", phi_z)
V = couplings("V")

theory = Theory(
    name="einstein_scalar_ads5",
    metric=(-f * exp(-chi) * dt**2 + dz**2 / f + dx2) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    radial=z, boundary=0, horizon=1,
)
theory.boundary_condition(phi, dimension=3)         # V is open, so this says V''(0) = -3

theory.known_solution(
    "Schwarzschild black brane",
    {f: 1 - z**4, chi: 0, phi_z: 0},
    couplings={V(phi): -12},
    source="Witten 1998",
)

gamma, n = parameters("gamma n", positive=True)
theory.known_solution(
    "Chamblin-Reall black brane",                   # scale covariant: c_s^2 = 1/3 - gamma^2/2
    {
        f: z**(3*gamma**2) * (1 - z**(4 - 3*gamma**2/2)),
        chi: 3*gamma**2 * log(z),
        phi_z: 3*gamma * log(z),
    },
    couplings={V(phi): -12 * (1 - 3*gamma**2/8) * exp(gamma * phi)},
    domain={gamma: (0, 1)},
    source="Chamblin and Reall 1999; Gubser and Nellore 2008",
)
theory.known_solution(
    "GPPZ domain wall",                             # no horizon; W = -3 (1 + cosh(phi/sqrt 3)) in V below
    {f: (1 + z**2)**2, chi: 2 * log(1 + z**2), phi_z: 2*sqrt(3) * asinh(z)},
    couplings={V(phi): sinh(phi/sqrt(3))**2 * Rational(3, 2) - 3 * (1 + cosh(phi/sqrt(3)))**2},
    source="Girardello, Petrini, Porrati and Zaffaroni 1999, without gaugino condensate",
)
theory.known_solution(
    "domain walls of Delta = 3",                    # n = 2 is the one above; W = -6 cosh(phi/sqrt(6 n))^n
    {f: (1 + z**2)**n, chi: n * log(1 + z**2), phi_z: sqrt(6*n) * asinh(z)},
    couplings={V(phi): (3*n * tanh(phi/sqrt(6*n))**2 - 12) * cosh(phi/sqrt(6*n))**(2*n)},
    source="DeWolfe, Freedman, Gubser and Karch 2000: first-order equations, V = W'^2/2 - W^2/3",
)

SOURCE = "Gubser and Nellore 2008"
theory.published(
    "areal gauge, chi",
    chi.diff(z) - z * phi_z.diff(z)**2 / 3,
    source=f"{SOURCE}, in the gauge of this ansatz",
)
theory.published(
    "areal gauge, f",
    z * f.diff(z) - 4*f - V(phi_z)/3 - z**2 * f * phi_z.diff(z)**2 / 6,
    source=f"{SOURCE}, in the gauge of this ansatz",
)
theory.published(
    "areal gauge, phi",
    z**2 * f * phi_z.diff(z, 2)
    + (z * f.diff(z) - 3*f - z * f * chi.diff(z) / 2) * z * phi_z.diff(z)
    - V(phi_z).diff(phi_z),
    source=f"{SOURCE}, in the gauge of this ansatz",
)

# As printed there, in any radial coordinate r; here r = z.
A, B, h = profiles("A B h", z)
paper = theory.in_coordinates(
    {},
    {A: -log(z), B: -log(z) - chi/2, h: f * exp(-chi)},
    metric=exp(2*A) * (-h * dt**2 + dx2) + exp(2*B) * dz**2 / h,
)
paper.published("Gubser-Nellore, A", A.diff(z, 2) - A.diff(z) * B.diff(z) + phi_z.diff(z)**2 / 6, source=SOURCE)
paper.published("Gubser-Nellore, h", h.diff(z, 2) + (4*A.diff(z) - B.diff(z)) * h.diff(z), source=SOURCE)
paper.published(
    "Gubser-Nellore, constraint",
    6 * A.diff(z) * h.diff(z) + h * (24 * A.diff(z)**2 - phi_z.diff(z)**2) + 2 * exp(2*B) * V(phi_z),
    source=SOURCE,
)
