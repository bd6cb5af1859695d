"""Gubser-Nellore potential in AdS5: a scalar flow that mimics the equation of state of QCD.

    S = int sqrt(-g) [R - (d phi)^2/2 - V(phi)],      V = -12 cosh(gamma phi) + b phi^2,
    gamma = 0.606,      b = 2.057,
    ds^2 = z^-2 [-f e^(-chi) dt^2 + dz^2/f + dx_1^2 + dx_2^2 + dx_3^2].

m^2 = 2 b - 12 gamma^2 = Delta (Delta - 4) with Delta = 3.925..., an irrational dimension: the source of a
nearly marginal operator drives a crossover. Far inside, V ~ e^(gamma phi) and the brane is that of Chamblin
and Reall, c_s^2 -> 1/3 - gamma^2/2. In between the speed of sound has a minimum, at the temperature that
plays the part of T_c.

For: the speed of sound and the equation of state of QCD matter at mu = 0; the potential with which a fit
(`einstein_scalar_ads5`) is compared.
"""

from sympy import Rational, cosh, exp, log

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
dt, dz = d(t), d(z)
dx2 = d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2
f, chi, phi_z = profiles("f chi phi", z)
phi = scalar("phi", phi_z)
V = couplings("V")
gamma, b = Rational("0.606"), Rational("2.057")

theory = Theory(
    name="gubser_nellore",
    metric=(-f * exp(-chi) * dt**2 + dz**2 / f + dx2) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi),
    couplings={V(phi): -12 * cosh(gamma * phi) + b * phi**2},
    radial=z, boundary=0, horizon=1,
)
theory.boundary_condition(phi, source=None)        # the flow is driven by the source: one number for each temperature

theory.known_solution(
    "conformal plasma, without a source", {f: 1 - z**4, chi: 0, phi_z: 0}, source="Gubser and Nellore 2008"
)

SOURCE = "Gubser and Nellore 2008"
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
    "Gubser-Nellore, phi",
    phi_z.diff(z, 2) + (4*A.diff(z) - B.diff(z) + h.diff(z)/h) * phi_z.diff(z) - exp(2*B)/h * V(phi_z).diff(phi_z),
    source=SOURCE,
)
paper.published(
    "Gubser-Nellore, constraint",
    6 * A.diff(z) * h.diff(z) + h * (24 * A.diff(z)**2 - phi_z.diff(z)**2) + 2 * exp(2*B) * V(phi_z),
    source=SOURCE,
)
