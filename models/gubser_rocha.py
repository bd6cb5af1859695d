"""Gubser-Rocha model with momentum relaxation: resistivity linear in temperature.

    S = int sqrt(-g) [R - (d phi)^2/2 - V(phi) - Z(phi) F^2/4 - (1/2) sum_I (d psi_I)^2],      I = x, y,
    V = -6 cosh(phi/sqrt 3),      Z = e^(phi/sqrt 3),      psi_x = beta x,      psi_y = beta y,
    ds^2 = z^-2 [-f dt^2 + dz^2/f + h (dx^2 + dy^2)],      A = A_t dt.

The dilaton runs towards the horizon, so that the entropy vanishes at zero temperature, linearly in T; the
axions psi_I break translations and the direct current meets a resistance. The exact brane has one
parameter, Q, beside the strength beta of the relaxation, and its horizon at z = 1:

    T = [6 (1+Q)^2 - beta^2] / [8 pi (1+Q)^(3/2)],      s = 4 pi (1+Q)^(3/2),      rho = mu (1+Q),
    mu^2 = 3 Q (1+Q) [1 - beta^2 / (2 (1+Q)^2)],        sigma_DC = sqrt(1+Q) (1 + mu^2/beta^2).

For: strange metals; the model with which an unknown V and Z are compared (`emd_axion`).
"""

from sympy import Rational, cosh, exp, log, sqrt

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, h, A_t, phi_z = profiles("f h A_t phi", z)      # unknown functions of the radial coordinate
beta, Q = parameters("beta Q", positive=True)

phi = scalar("phi", phi_z)                         # field, with its ansatz
psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
A = gauge_field("A", A_t * dt)
V, Z = couplings("V Z")                            # functions of the fields: closed form or unknown

theory = Theory(
    name="gubser_rocha",
    metric=(-f * dt**2 + dz**2 / f + h * (dx**2 + dy**2)) / z**2,
    lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4
    - (square(d(psi_x)) + square(d(psi_y))) / 2,
    couplings={V(phi): -6 * cosh(phi / sqrt(3)), Z(phi): exp(phi / sqrt(3))},
    radial=z, boundary=0, horizon=1,
)

theory.known_solution(
    "charged dilatonic brane",
    {
        f: (1 - z) * (1 + (1 + 3*Q)*z + (1 + 3*Q*(1 + Q) - beta**2/2) * z**2) / (1 + Q*z)**Rational(3, 2),
        h: (1 + Q*z)**Rational(3, 2),
        A_t: sqrt(3*Q*(1 + Q)*(1 - beta**2/(2*(1 + Q)**2))) * (1 - z)/(1 + Q*z),
        phi_z: sqrt(3)/2 * log(1 + Q*z),
    },
    source="Gubser and Rocha 2009; Davison, Schalm and Zaanen 2013",
)

# As printed there, with L = 1: any position of the horizon, phi here = sqrt(3) phi there.
r = coordinates("r")
A_r, A_tr, B_r, h_r, phi_r = profiles("A A_t B h phi", r)
m = parameters("m", positive=True)
paper = theory.in_coordinates(
    {z: 1 / r},
    {f: exp(2*A_r) * h_r / r**2, h: exp(2*A_r) / r**2, B_r: log(z**2 / h) / 2, phi_z: sqrt(3) * phi_r},
    metric=exp(2*A_r) * (-h_r * dt**2 + dx**2 + dy**2) + exp(2*B_r) * d(r)**2 / h_r,
)
paper.known_solution(
    "charged dilatonic brane, as first printed",
    {
        A_r: log(r) + Rational(3, 4) * log(1 + Q/r),
        B_r: -log(r) - Rational(3, 4) * log(1 + Q/r),
        h_r: 1 - m / (Q + r)**3,
        A_tr: sqrt(3*Q*m) / (Q + r) - sqrt(3*Q) * m**Rational(1, 6),
        phi_r: log(1 + Q/r) / 2,
    },
    parameters={beta: 0},
    source="Gubser and Rocha 2009",
)
theory.published(
    "Gauss law",
    (Z(phi_z) * h * A_t.diff(z)).diff(z),          # an expression that must vanish on shell
    source="Davison, Schalm and Zaanen 2013",
)
theory.published(
    "dilaton equation",
    (f * h * phi_z.diff(z) / z**2).diff(z) * z**4 / h
    - V(phi_z).diff(phi_z)
    + Z(phi_z).diff(phi_z) * z**4 * A_t.diff(z) ** 2 / 2,
    source="Davison, Schalm and Zaanen 2013, the covariant equation on this ansatz",
)
theory.published(
    "null energy, radial",
    h.diff(z, 2) / h - (h.diff(z) / h) ** 2 / 2 + phi_z.diff(z) ** 2 / 2,
    source="Gubser and Rocha 2009, tt minus zz Einstein equation on this ansatz",
)
theory.published(
    "null energy, along the brane",
    ((h * f.diff(z) - f * h.diff(z)) / z**2).diff(z) * z**2 - beta**2 - Z(phi_z) * h * z**2 * A_t.diff(z)**2,
    source="Davison, Schalm and Zaanen 2013, tt minus xx Einstein equation on this ansatz",
)
