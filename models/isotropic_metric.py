"""A general static, isotropic metric of four dimensions, without an action: for entanglement and Wilson loops alone.

    ds^2 = z^-2 [-f dt^2 + dz^2/f + h (dx^2 + dy^2)],        f(0) = h(0) = 1,        f(1) = 0 at a horizon.

No equation is derived and none is needed: the area of a strip knows g_zz = 1/(z^2 f) and g_xx = h/z^2,

    l(z_*) = 2 int_0^(z_*) dz / sqrt(h f [h^2 z_*^4/(h_*^2 z^4) - 1]),      dS/dl = 4 pi h_*/z_*^2    (16 pi G = 1).

The gauge that makes g_tt g_zz = -z^-4 leaves two functions, and strips of all widths fix one combination of them: a
second one needs the thermal entropy, a Wilson loop or a conductivity.

For: metrics from entanglement entropies, by whatever dynamics they came about.
"""

from sympy import Rational

from holosym import Theory, coordinates, d, parameters, profiles

t, x, y, z = coordinates("t x y z")
dt, dx, dy, dz = d(t), d(x), d(y), d(z)
f, h = profiles("f h", z)

theory = Theory(
    name="isotropic_metric",
    metric=(-f * dt**2 + dz**2 / f + h * (dx**2 + dy**2)) / z**2,
    radial=z, boundary=0, horizon=1,
)

theory.known_solution("vacuum", {f: 1, h: 1}, source="Poincare AdS4: l = 1.198 z_*, S_fin = -0.718/l")
theory.known_solution("neutral brane", {f: 1 - z**3, h: 1}, source="Witten 1998")

beta, Q = parameters("beta Q", positive=True)
mu = parameters("mu", real=True)
theory.known_solution(
    "linear axion",
    {f: 1 - beta**2 * z**2 / 2 - (1 - beta**2 / 2 + mu**2 / 4) * z**3 + mu**2 * z**4 / 4, h: 1},
    source="Andrade and Withers 2013",
)
theory.known_solution(
    "Gubser-Rocha",
    {
        f: (1 - z) * (1 + (1 + 3*Q)*z + (1 + 3*Q*(1 + Q) - beta**2/2) * z**2) / (1 + Q*z)**Rational(3, 2),
        h: (1 + Q*z)**Rational(3, 2),
    },
    source="Gubser and Rocha 2009; Davison, Schalm and Zaanen 2013",
)
