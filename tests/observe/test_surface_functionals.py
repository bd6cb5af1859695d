"""B and C of strips and strings beside the induced metric of their world volumes, and what Euler-Lagrange conserves."""

from functools import cache

import pytest
import sympy
from induced_metric import matrix, pulled_back, shift, slope
from on_solutions import theory_of
from sympy import Rational, cosh, exp, oo, sqrt

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square
from holosym.codegen.observables import responses
from holosym.dsl.symbols import AppliedCoupling, Profile
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.observe.surfaces import surfaces

t, x, y, z, r, u = coordinates("t x y z r u")


def in_r():
    f, h = profiles("f h", r)
    metric = r**2 * (-f * d(t) ** 2 + d(x) ** 2 + h * d(y) ** 2) + d(r) ** 2 / (r**2 * f)
    return Theory("in_r", metric, R + 6, radial=r, boundary=oo, horizon=1)


def squared():
    f = profiles("f", u)
    metric = (-f * d(t) ** 2 + d(x) ** 2 + d(y) ** 2) / u + d(u) ** 2 / (4 * u**2 * f)
    return Theory("squared", metric, R + 6, radial=u, horizon=1)


def dilaton(name="dilaton"):
    """F(phi) R with a string frame and a weight."""
    f, h, p = profiles("f h phi", z)
    k = parameters("k", positive=True)
    phi, V = scalar("phi", p), couplings("V")
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + h * d(x) ** 2 + d(y) ** 2) / z**2
    theory = Theory(
        name, metric, (1 - phi**2 / 6) * R - square(d(phi)) - V(phi), {V(phi): -6 + phi**4}, radial=z, horizon=1
    )
    theory.string_frame(exp(k * phi))
    theory.entropy_weight(exp(-2 * phi))
    return theory


OWN = {"in_r": in_r, "squared": squared, "dilaton": dilaton}
WEIGHTS = {"dilaton": lambda phi: (1 - phi**2 / 6) * exp(-2 * phi)}
FRAMES = {"dilaton": lambda phi: exp(Rational(3, 10) * phi)}  # k = 3/10
NAMES = (
    "gubser_rocha",
    "einstein_scalar_ads5",
    "magnetic_brane_ads5",
    "btz",
    "p_wave_ads4",
    "reordered_coordinates",
    "superpotential_wall",
    "bare_metric",
    *OWN,
)


@cache
def made(name):
    """A theory, its equations and its surfaces."""
    theory = OWN[name]() if name in OWN else theory_of(name)
    system = theory.equations()
    try:
        series = responses(boundary_series, system)
    except ExpansionError:
        assert theory.lagrangian is None
        series = None
    return theory, system, surfaces(system, series)


def sample(theory):
    """Functions that are regular at the boundary, one a profile."""
    found = {}
    at = {oo: 1 / theory.radial, 0: theory.radial}[theory.boundary]
    for n, p in enumerate(theory.profiles):
        found[p] = 1 + (n + 2) * at / 7 + at**2 / (n + 5) + at**3 / (n + 3)
    if theory.name == "superpotential_wall":
        found[theory.profiles[0]] = theory.radial + exp(-2 * theory.radial) / 3
    return found


def put(theory, expression, functions):
    """An expression on the sample."""
    found = expression.subs(functions).doit()
    left = {p: Rational(3, 10) for p in found.free_symbols if p.name == "k"}
    found = found.subs(left)
    assert not found.atoms(Profile, AppliedCoupling)
    return found


def point_of(theory):
    """A value of the radial coordinate."""
    return {theory.radial: Rational(7, 5) if theory.boundary == oo else Rational(3, 10)}


@pytest.mark.parametrize("name", NAMES)
def test_b_and_c_are_the_induced_metric(name):
    """B (dx/ds)^2 + C (dx_1/ds)^2 is the determinant; derivatives are SymPy's."""
    theory, system, known = made(name)
    radial, functions = theory.radial, sample(theory)
    point = point_of(theory)
    assert known.surfaces
    for one in known.surfaces:
        whole = pulled_back(theory, one.kind, one.direction)
        factor = sympy.S.One
        if name in WEIGHTS:
            phi = next(p for p in functions if p.func.name == "phi")
            factor = (WEIGHTS if one.kind == "strip" else FRAMES)[name](functions[phi]) ** 2
        rate = known.variable.diff(radial)
        along = put(theory, factor * whole.coeff(shift, 2), functions)
        across = put(theory, factor * whole.coeff(slope, 2), functions) / rate**2
        assert sympy.expand(whole - whole.coeff(shift, 2) * shift**2 - whole.coeff(slope, 2) * slope**2) == 0
        for power, exact, jet in ((one.powers[0], across, one.radial), (one.powers[1], along, one.along)):
            expected = exact * known.variable ** (2 * power)
            for element in jet:
                found = put(theory, system.write(element), functions)
                assert abs(sympy.N((found - expected).subs(point), 30)) < 1e-25, (one.name, expected)
                expected = expected.diff(radial) / rate


@pytest.mark.parametrize("name", NAMES)
def test_the_line_element(name):
    """n = x^2 g_xx."""
    theory, system, known = made(name)
    functions, radial = sample(theory), theory.radial
    rate = known.variable.diff(radial)
    index = theory.coordinates.index(radial)
    expected = put(theory, matrix(theory)[index, index], functions) * known.variable**2 / rate**2
    for element in known.line:
        found = put(theory, system.write(element), functions)
        assert abs(sympy.N((found - expected).subs(point_of(theory)), 30)) < 1e-25
        expected = expected.diff(radial) / rate


@pytest.mark.parametrize(("name", "direction"), [("gubser_rocha", "x"), ("magnetic_brane_ads5", "x_3"), ("btz", "x")])
def test_euler_lagrange(name, direction):
    """From the induced metric alone: what is conserved, and that the curve it gives is extremal in x_1 and in r."""
    theory, system, known = made(name)
    one = next(s for s in known.surfaces if (s.kind, s.direction) == ("strip", direction))
    radial, functions = theory.radial, sample(theory)
    whole = put(theory, pulled_back(theory, "strip", direction), functions)
    at, speed = point_of(theory), sympy.Function("X")(radial).diff(radial)
    lagrangian = sqrt(whole.subs({slope: 1, shift: speed}))
    assert not lagrangian.diff(sympy.Function("X")(radial))  # x_1 itself does not stand in it
    B, C = (
        put(theory, system.write(jet[0]), functions) * known.variable ** (-2 * p)
        for jet, p in zip((one.radial, one.along), one.powers, strict=True)
    )
    conserved = C * speed / sqrt(B + C * speed**2)
    difference = (lagrangian.diff(speed) - conserved).subs(speed, Rational(3, 7))
    assert abs(sympy.N(difference.subs(at), 30)) < 1e-25
    momentum = Rational(round(float(5 * sqrt(C).subs(at))), 10)  # halfway to the turning point
    # the curve with this momentum, x_1'(r) where P is what it is, is extremal as r(x_1) too
    bend = momentum * sqrt(B / (C * (C - momentum**2)))
    assert abs(sympy.N((conserved.subs(speed, bend) - momentum).subs(at), 30)) < 1e-25
    v = sympy.Symbol("v")
    other = sqrt(whole.subs({slope: v, shift: 1}))
    fall = 1 / bend
    along = other.diff(v).subs(v, fall).diff(radial) * fall - other.diff(radial).subs(v, fall)
    assert abs(sympy.N(along.subs(at), 30)) < 1e-25
    wrong = other.diff(v).subs(v, 2 * fall).diff(radial) * 2 * fall - other.diff(radial).subs(v, 2 * fall)
    assert abs(sympy.N(wrong.subs(at), 30)) > 1e-3


def test_gubser_rocha_as_it_is_printed():
    """B = h/(f z^4), C = h^2/z^4; the string -g_tt g_zz = z^-4, f h/z^4."""
    theory, system, known = made("gubser_rocha")
    f, h = (next(p for p in theory.profiles if p.func.name == name) for name in "fh")
    found = {one.name: (*one.powers, system.write(one.radial[0]), system.write(one.along[0])) for one in known.surfaces}
    assert found == {
        "strip_x": (2, 2, h / f, h**2),
        "strip_y": (2, 2, h / f, h**2),
        "wilson_x": (2, 2, 1, f * h),
        "wilson_y": (2, 2, 1, f * h),
    }
    assert all(one.isotropic for one in known.surfaces)
    assert known.notes == ()


def test_directions_that_differ():
    """The magnetic brane: along the field and across it."""
    _, _, known = made("magnetic_brane_ads5")
    found = {one.name: (one.transverse, one.isotropic) for one in known.surfaces if one.kind == "strip"}
    assert found == {
        "strip_x_1": (("x_2", "x_3"), False),
        "strip_x_2": (("x_1", "x_3"), False),
        "strip_x_3": (("x_1", "x_2"), False),
    }


@pytest.mark.parametrize(
    ("metric", "radial", "boundary", "expected"),
    [
        (-(r**2 - 1) * d(t) ** 2 + d(r) ** 2 / (r**2 - 1) + r**2 * d(x) ** 2, r, oo, (1 / r, 1, 1)),
        (exp(2 * r) * (-(d(t) ** 2) + d(x) ** 2 + d(y) ** 2) + d(r) ** 2, r, oo, (exp(-r), 2, 2)),
        (cosh(r) ** 2 * (-(d(t) ** 2) + d(x) ** 2) + d(r) ** 2, r, oo, (exp(-r), 1, 1)),
        ((-(1 - u**2) * d(t) ** 2 + d(x) ** 2 + d(y) ** 2) / u + d(u) ** 2 / (4 * u**2), u, 0, (sqrt(u), 2, 2)),
        ((-(d(t) ** 2) + 4 * d(z) ** 2 + exp(-(z**2)) * d(x) ** 2) / z**2, z, 0, (z, 1, 1)),
        ((-(d(t) ** 2) + d(z) ** 2 + d(x) ** 2 + d(y) ** 2) / z**3, z, 0, (z, 3, 3)),  # hyperscaling violation
    ],
    ids=["r", "domain_wall", "wormhole", "squared", "radius", "hyperscaling"],
)
def test_charts_of_bare_metrics(metric, radial, boundary, expected):
    """x is what makes x^2 g_xx finite; P and M are powers of it."""
    theory = Theory("bare", metric, radial=radial, boundary=boundary, horizon=None)
    known = surfaces(theory.equations(), None)
    strip = known.surfaces[0]
    assert (known.variable, *strip.powers) == expected
    system = theory.equations()
    end = sympy.limit(system.write(strip.radial[0]), radial, boundary)
    assert end.is_finite
    assert end > 0
