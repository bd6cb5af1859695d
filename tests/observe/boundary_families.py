"""Exact black branes as points in the space of boundary data, and theories with logarithms."""

from functools import cache

import sympy
from gallery_models import load
from sympy import Rational, S, cosh, log, pi, sqrt, symbols

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.expand.boundary import boundary_series
from holosym.observe.renormalisation import boundary_quantities

Q, b, m, z_h = symbols("Q b m z_h", positive=True)


@cache
def derived(theory):
    """The boundary series and the quantities of a theory, by name."""
    system = theory.equations()
    series = boundary_series(system)
    return series, {one.name: one for one in boundary_quantities(system, series)}


def data_of(series, solution, variable):
    """The data of an exact solution: each is a coefficient of its profile's expansion."""
    found = {}
    for one in series.data:
        exact = solution[one.profile]
        found[one.symbol] = (
            sympy.series(exact, variable, 0, int(one.power) + 1).removeO().coeff(variable, int(one.power))
        )
    return found


def values(theory, solution, parameters=()):
    """Every boundary quantity on an exact solution."""
    series, quantities = derived(theory)
    put = {**data_of(series, solution, theory.radial), **dict(parameters)}
    return {name: sympy.simplify(one.value.subs(put)) for name, one in quantities.items()}


def scaled(quantities, theory, extra):
    """Values at z_h = 1 put at any z_h: each times z_h^-dimension."""
    dimensions = {name: one.dimension for name, one in derived(theory)[1].items()}
    dimensions |= {"T": S.One, "s": S(series_dimension(theory) - 1), "beta": S.One}
    return {name: value * z_h ** -dimensions[name] for name, value in {**quantities, **extra}.items()}


def series_dimension(theory):
    """d."""
    return derived(theory)[0].dimension


def parameter(theory, name):
    """A parameter of a theory by name."""
    expressions = [theory.lagrangian, theory.metric, *(f.ansatz for f in theory.fields)]
    return next(s for e in expressions for s in e.free_symbols if s.name == name)


def linear_axion(name, dimension):
    """The charged brane with axions, beta = b and mu = m at z_h = 1."""
    theory = load(name)
    z = theory.radial
    if dimension == 3:
        f = 1 - b**2 * z**2 / 2 - (1 - b**2 / 2 + m**2 / 4) * z**3 + m**2 * z**4 / 4
        A_t, temperature = m * (1 - z), (12 - 2 * b**2 - m**2) / (16 * pi)
    else:
        f = 1 - b**2 * z**2 / 4 - (1 - b**2 / 4 + m**2 / 3) * z**4 + m**2 * z**6 / 3
        A_t, temperature = m * (1 - z**2), (1 - b**2 / 8 - m**2 / 6) / pi
    found = values(theory, {"f": f, "A_t": A_t}, {parameter(theory, "beta"): b})
    return scaled(found, theory, {"T": temperature, "s": 4 * pi, "beta": b})


def gubser_rocha():
    """The dilatonic brane with axions: a family of Q, beta and z_h in which the source of the dilaton varies."""
    theory = load("gubser_rocha")
    z = theory.radial
    mu = sqrt(3 * Q * (1 + Q) * (1 - b**2 / (2 * (1 + Q) ** 2)))
    solution = {
        "f": (1 - z) * (1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q) - b**2 / 2) * z**2) / (1 + Q * z) ** Rational(3, 2),
        "h": (1 + Q * z) ** Rational(3, 2),
        "A_t": mu * (1 - z) / (1 + Q * z),
        "phi": sqrt(3) / 2 * log(1 + Q * z),
    }
    found = values(theory, solution, {parameter(theory, "beta"): b})
    temperature = (6 * (1 + Q) ** 2 - b**2) / (8 * pi * (1 + Q) ** Rational(3, 2))
    return scaled(found, theory, {"T": temperature, "s": 4 * pi * (1 + Q) ** Rational(3, 2), "beta": b})


def einstein_scalar(dimension, potential, name="einstein_scalar", extra=None):
    """A neutral scalar in AdS_(d+1), in the areal gauge."""
    names = [f"x_{i}" for i in range(1, dimension)]
    t, *x, z = coordinates(" ".join(["t", *names, "z"]))
    f, chi, phi_z = profiles("f chi phi", z)
    phi = scalar("phi", phi_z)
    V = couplings("V")
    closed = potential(phi, V(phi))
    return Theory(
        name=name,
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(one) ** 2 for one in x)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings=closed,
        radial=z,
        horizon=1,
    )


def gppz():
    """Delta = 3 in AdS5 with the potential of the GPPZ superpotential, declared as such."""
    W = couplings("W")
    return einstein_scalar(
        4,
        lambda phi, V: {V: W(phi).diff(phi) ** 2 / 2 - W(phi) ** 2 / 3, W(phi): -3 * (1 + cosh(phi / sqrt(3)))},
        "gppz",
    )


def striped(dimension, axions):
    """Axions along the first few directions only, in AdS_(d+1): the others feel a different metric."""
    names = [f"x_{i}" for i in range(1, dimension)]
    t, *x, z = coordinates(" ".join(["t", *names, "z"]))
    f, chi, h = profiles("f chi h", z)
    beta = parameters("beta", positive=True)
    psi = [scalar(f"psi_{i}", beta * one) for i, one in enumerate(x[:axions], start=1)]
    spatial = h * sum(d(one) ** 2 for one in x[:axions]) + sum(d(one) ** 2 for one in x[axions:])
    return Theory(
        name="striped",
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + spatial) / z**2,
        lagrangian=R + dimension * (dimension - 1) - sum(square(d(one)) for one in psi) / 2,
        radial=z,
        horizon=1,
    )


def superconductor(dimension, mass, name):
    """A charged scalar in AdS_(d+1) with m^2 = mass, in the areal gauge; the source of the condensate is left open."""
    names = [f"x_{i}" for i in range(1, dimension)]
    t, *x, z = coordinates(" ".join(["t", *names, "z"]))
    f, chi, A_t, psi_z = profiles("f chi A_t psi", z)
    q = parameters("q", positive=True)
    psi, theta = scalar("psi", psi_z), scalar("theta", 0)
    A = gauge_field("A", A_t * d(t))
    matter = square(d(A)) / 4 + square(d(psi)) + psi**2 * square(d(theta) - q * A) + S(mass) * psi**2
    return Theory(
        name=name,
        metric=(-f * sympy.exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(one) ** 2 for one in x)) / z**2,
        lagrangian=R + dimension * (dimension - 1) - matter,
        radial=z,
        horizon=1,
    )
