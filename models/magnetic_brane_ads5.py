"""Magnetic brane in AdS5: a constant magnetic field, and the flow to BTZ x R^2 that it drives.

    S = int sqrt(-g) [R + 12 - F^2/4],        F = B dx_1 dx_2,
    ds^2 = z^-2 [-f e^(-chi) dt^2 + dz^2/f + h (dx_1^2 + dx_2^2) + dx_3^2].

The field singles out x_3. At low temperature, T^2 << B, the horizon is that of BTZ x R^2 and s = 4 pi^2 B T/3, as of
a theory in 1 + 1 dimensions; at high temperature it is the Schwarzschild brane's, s = 4 pi^4 T^3. The trace anomaly
is a logarithm, z^4 log z in f, h and chi, so that energies depend on the scale of renormalisation.

T = |f'| e^(-chi/2)/(4 pi) and s = 4 pi h at the horizon z = 1.

For: plasmas and metals in strong magnetic fields, and flows between fixed points of different dimension.
"""

from sympy import exp, log, sqrt

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, square

t, x_1, x_2, x_3, z = coordinates("t x_1 x_2 x_3 z")
f, chi, h = profiles("f chi h", z)
B = parameters("B", positive=True)
A = gauge_field("A", B * x_1 * d(x_2))

theory = Theory(
    name="magnetic_brane_ads5",
    metric=(-f * exp(-chi) * d(t)**2 + d(z)**2 / f + h * (d(x_1)**2 + d(x_2)**2) + d(x_3)**2) / z**2,
    lagrangian=R + 12 - square(d(A)) / 4,
    radial=z, boundary=0, horizon=1,
)
theory.known_solution(
    "BTZ x R^2",
    {f: 3 * (1 - z**2), chi: log(3), h: B * z**2 / (2*sqrt(3))},
    source="D'Hoker and Kraus 2009: near the horizon of the magnetic brane, at low temperature",
)
