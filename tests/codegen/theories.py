"""Small models for what the gallery does not have: couplings of several arguments, of each other and of invariants,
fields of two coordinates, parameters inside functions, a plain system with explicit time."""

from sympy import asinh, cosh, exp, log, sin, sqrt, tanh

from holosym import (
    R,
    System,
    Theory,
    coordinates,
    couplings,
    d,
    gauge_field,
    parameters,
    profiles,
    scalar,
    square,
)


def brane():
    t, x, y, z = coordinates("t x y z")
    f, h = profiles("f h", z)
    return (t, x, y, z), (-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2


def two_fields():
    """V(phi, chi) unknown, of two arguments; Z(phi) closed with parameters of its own; phi is also a profile."""
    (t, _, _, z), metric = brane()
    p, c, a = profiles("phi chi a", z)
    gamma, Delta = parameters("gamma Delta", positive=True)
    phi, chi, A = scalar("phi", p), scalar("chi", c), gauge_field("A", a * d(t))
    V, Z = couplings("V Z")
    return Theory(
        name="two_fields",
        metric=metric,
        lagrangian=R - square(d(phi)) / 2 - Z(phi) * square(d(chi)) - V(phi, chi) - Z(phi) * square(d(A)) / 4,
        couplings={Z(phi): exp(gamma * phi) + tanh(Delta) * phi**2 + log(2) + gamma ** sqrt(2)},
        radial=z,
    )


def nested():
    """V made from W, of which only W is known to the package, and from U, which is unknown."""
    (_, _, _, z), metric = brane()
    p = profiles("phi", z)
    k = parameters("k", positive=True)
    phi = scalar("phi", p)
    V, W, U = couplings("V W U")
    return Theory(
        name="nested",
        metric=metric,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings={
            V(phi): W(phi).diff(phi) ** 2 / 2 - 3 * W(phi) ** 2 / 8 + k * U(phi),
            W(phi): -4 * cosh(phi / sqrt(12)) ** 2,
        },
        radial=z,
    )


def constant():
    """A potential that is a number, one that is a parameter, and one that is both."""
    (_, _, _, z), metric = brane()
    p = profiles("phi", z)
    L = parameters("L", positive=True)
    phi = scalar("phi", p)
    V, U, W = couplings("V U W")
    return Theory(
        name="constant",
        metric=metric,
        lagrangian=R - square(d(phi)) / 2 * W(phi) - V(phi) - phi**2 * U(phi),
        couplings={V(phi): -20, U(phi): log(L) / 7, W(phi): sqrt(2)},
        radial=z,
    )


def of_an_invariant():
    """P(X, phi), unknown, of an invariant and a field; K(Y) closed, of a sum of invariants of massless axions."""
    (_, x, y, z), metric = brane()
    p = profiles("phi", z)
    beta, n = parameters("beta n", positive=True)
    phi = scalar("phi", p)
    psi_x, psi_y = scalar("psi_x", beta * x), scalar("psi_y", beta * y)
    P, K = couplings("P K")
    X = square(d(phi))
    Y = square(d(psi_x)) + square(d(psi_y))
    return Theory(
        name="of_an_invariant",
        metric=metric,
        lagrangian=R + 6 + P(X, phi) + K(Y),
        couplings={K(Y): -Y / 2 - Y**n},
        radial=z,
    )


def two_coordinates():
    """Fields of z and x: mixed derivatives."""
    t, x, y, z = coordinates("t x y z")
    a, b, p = profiles("a b phi", (z, x))
    q = parameters("q")
    phi = scalar("phi", p)
    V = couplings("V")
    return Theory(
        name="two_coordinates",
        metric=(-a * d(t) ** 2 + b * d(z) ** 2 + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi) - q * phi**4,
        radial=z,
    )


def root():
    """Born-Infeld: roots of sums of terms, and a parameter in the denominator."""
    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f a", z)
    b = parameters("b", positive=True)
    A = gauge_field("A", a * d(t))
    return Theory(
        name="root",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 + b**2 * (1 - sqrt(1 + square(d(A)) / (2 * b**2))),
        radial=z,
    )


def driven():
    """A plain system of two functions, with explicit time and a function that SymPy alone knows."""
    t = coordinates("t")
    x, y = profiles("x y", t)
    omega, nu = parameters("omega nu", positive=True)
    V = couplings("V")
    return System(
        name="driven",
        variable=t,
        equations={
            "x": x.diff(t, 2) + sin(omega * t) * V(x, y) + asinh(x),
            "y": y.diff(t) - exp(-nu * t) * x - y**2 / (1 + t**2),
        },
    )


def names():
    """Everything bears a name that Python, torch, the templates or another thing of the model want for themselves."""
    t, x, y, z = coordinates("t x y z")
    torch, jets, found, E, d_jets = profiles("torch jets found E d_jets", z)
    S, math, jets_dz, first = parameters("S math jets_dz inv_z", positive=True)
    phi, chi = scalar("z", found), scalar("t1", d_jets)
    A = gauge_field("A", E * d(t))
    potential, E_, abs_ = couplings("couplings E abs")
    return Theory(
        name="names",
        metric=(-torch * d(t) ** 2 + d(z) ** 2 / torch + jets * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R
        - S * square(d(phi))
        - jets_dz * square(d(chi))
        - potential(phi)
        - E_(chi) * square(d(A)) / 4 / math
        - first * abs_(phi, chi),
        couplings={potential(phi): -6 - phi**2 * exp(S * phi), E_(chi): exp(chi / math) + first * chi},
        radial=z,
    )


def form_of_k(argument):
    """K of `of_an_invariant`, of its one argument: the model gives it in invariants that SymPy flattens into a sum."""
    return -argument / 2 - argument ** parameters("n", positive=True)


THEORIES = {
    made.__name__: made
    for made in (two_fields, nested, constant, of_an_invariant, two_coordinates, root, driven, names)
}
