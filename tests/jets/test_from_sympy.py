"""The way into the ring and the way out: values are kept, rules of exp, log and powers are applied, the rest is
refused."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from component_formulas import DIGITS, Numbers, close
from sympy import (
    Abs,
    Derivative,
    Float,
    Function,
    I,
    Piecewise,
    Rational,
    Symbol,
    acos,
    acosh,
    acsch,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    exp,
    log,
    oo,
    pi,
    sec,
    sech,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from holosym import coordinates, couplings, parameters, profiles, scalar
from holosym.errors import RingError
from holosym.jets.from_sympy import Converter, shortest_fraction
from holosym.jets.functions import exponential, logarithm
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy

z, x = coordinates("z x")
f, g = profiles("f g", z)
u = profiles("u", (z, x))
p = parameters("p", positive=True)
q = parameters("q")
phi = scalar("phi", f)
V, W = couplings("V W")

EXPRESSIONS = [
    sympy.Integer(0),
    Rational(-22, 7),
    sqrt(2) + 3 ** Rational(1, 3) / 5,
    pi * z + sympy.E,
    z**-3 * f**2 / 7 - f.diff(z) ** 2,
    f.diff(z, 3),
    u.diff(z, 2).diff(x) + u.diff(x) * u,
    (z + f) ** 3,
    1 / (1 + z * f) ** 2,
    sqrt(1 + f**2),
    (1 + f) ** Rational(-5, 4),
    sqrt(1 + sqrt(1 + z**2)),
    exp(f),
    exp(-2 * f / 3 + z),
    exp(p * f * g - z**2 / 2),
    exp(-exp(z)),
    2**f,
    z**p,
    (1 + z) ** (2 * p - 1),
    f**f,
    log(z),
    log(f * z**2 / 3),
    log(1 + f) ** 2,
    log(log(2 + z)),
    sin(z),
    sin(2 * f + 1) * cos(z) ** 3,
    tan(x) + cot(x) + sec(x) + csc(x),
    sinh(f),
    cosh(z * f) / sinh(f),
    tanh(f) + coth(f) + sech(z) + csch(z),
    sinh(z) ** 2 * cosh(z),
    asinh(f) + acosh(2 + z) + atanh(z / 2),
    asin(z / 2) + acos(z / 3) + atan(f),
    erf(z),
    acsch(z),
    V(f) - 2 * V(f).diff(f),
    V(z * f).diff(z),
    W(f, g).diff(f).diff(g),
    Derivative(f * z, z),
    Derivative(exp(f), z, 2),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_round_trip(expression):
    """Out again: the same value, and in once more: the same element."""
    ring = Ring()
    element = Converter(ring)(expression)
    again = to_sympy(element)
    with mpmath.workdps(DIGITS):
        for salt in ("one", "two"):
            numbers = Numbers(salt)
            assert close(numbers(again), numbers(expression.doit()), 1, 30)
    assert ring.is_zero(Converter(ring)(again) - element)


def test_what_comes_out_are_the_objects_that_went_in():
    """Profiles, their derivatives, mixed ones too, couplings and parameters are the user's own."""
    ring = Ring()
    convert = Converter(ring)
    for expression in [
        z,
        p,
        f,
        f.diff(z),
        f.diff(z, 2),
        u.diff(x, 2),
        V(f),
        V(f).diff(f),
        W(f, g).diff(g),
        sqrt(2),
        pi,
    ]:
        assert to_sympy(convert(expression)) == expression


def test_mixed_derivatives_are_sympys():
    assert to_sympy(Converter(Ring())(u.diff(z).diff(x))) == u.diff(z).diff(x)


def test_kinds_are_held_apart():
    """A coordinate, a parameter, a profile, a coupling and a placeholder of one printed name."""
    name_z = Symbol("z")
    parameter = parameters("z")
    profile = profiles("z", z)
    coupling = couplings("z")(profile)
    ring = Ring()
    convert = Converter(ring)
    elements = [convert(one) for one in (z, parameter, profile, coupling, name_z)]
    assert len(set(elements)) == 5


def test_a_scalar_field_takes_its_value():
    ring = Ring()
    values = {phi: Converter(ring)(f)}
    convert = Converter(ring, values)
    assert convert(phi**2 + V(phi)) == Converter(ring)(f**2 + V(f))
    assert convert(V(phi).diff(phi)) == Converter(ring)(V(f).diff(f))


def test_closed_couplings():
    """A closed form takes the place of the coupling and of its derivatives."""
    ring = Ring()
    slot = sympy.Dummy()
    convert = Converter(ring, {}, {"V": ((slot,), slot**3 + exp(slot))})
    plain = Converter(ring)
    assert convert(V(f)) == plain(f**3 + exp(f))
    assert convert(V(f).diff(f)) == plain(3 * f**2 + exp(f))
    assert convert(V(z * f).diff(z)) == plain(((z * f) ** 3 + exp(z * f)).diff(z))
    assert convert(W(f, g)) == plain(W(f, g))


def test_a_constant_closed_form_has_no_derivative():
    ring = Ring()
    convert = Converter(ring, {}, {"V": ((sympy.Dummy(),), sympy.Integer(-20))})
    assert convert(V(f)) == ring.constant(-20)
    assert convert(V(f).diff(f)) == ring.zero
    assert convert(V(f).diff(f, 2)) == ring.zero


def test_exponentials():
    """exp(a + 2 b/3) = E_a E_b^(2/3): one generator a monomial, and rational factors are powers of it."""
    ring = Ring()
    convert = Converter(ring)
    e_f = convert(exp(f))
    assert convert(exp(2 * f)) == e_f**2
    assert convert(exp(-f / 2)) == e_f ** Fraction(-1, 2)
    assert convert(exp(f + 2 * g / 3)) == e_f * convert(exp(g)) ** Fraction(2, 3)
    assert convert(exp(log(z) + log(f))) == convert(z * f)
    assert convert(exp(-log(1 + z) / 2)) == convert(1 / sqrt(1 + z))
    assert convert(exp(0)) == ring.one
    assert convert(z ** (2 * p)) == convert(z**p) ** 2
    assert convert(z ** (p + 1)) == convert(z**p * z)
    assert exponential(ring.zero) == ring.one


def test_logarithms():
    ring = Ring()
    convert = Converter(ring)
    assert convert(log(z * f)) == convert(log(z)) + convert(log(f))
    assert convert(log(z**-3)) == convert(log(z)) * -3
    assert convert(log(exp(f) * z)) == convert(f + log(z))
    assert convert(log(12)) == convert(2 * log(2) + log(3))
    assert convert(log(2 + 2 * z)) == convert(log(2) + log(1 + z))
    assert logarithm(ring.one) == ring.zero
    with pytest.raises(RingError, match="logarithm of zero"):
        logarithm(ring.zero)


def test_powers():
    ring = Ring()
    convert = Converter(ring)
    assert convert(sqrt(8)) == convert(sqrt(2)) * 2
    assert convert(sqrt(Rational(3, 2))) == convert(sqrt(6)) / 2
    assert convert(sqrt(p**2 * (1 + z))) == convert(p * sqrt(1 + z))
    assert convert((4 * p**2) ** Rational(3, 2)) == convert(8 * p**3)
    assert convert(z**0.5) == convert(sqrt(z))
    assert ring.is_zero(convert(sqrt(-1 - z)) ** 2 + convert(1 + z))
    assert ring.is_zero(convert(I) ** 2 + 1)


def test_roots_of_squares_of_derivatives_keep_their_sign():
    """(f'^2)^(1/2) is |f'|, not f': the sign of a derivative is not known."""
    ring = Ring()
    convert = Converter(ring)
    root, slope = convert(sqrt(f.diff(z) ** 2)), convert(f.diff(z))
    assert not ring.is_zero(root - slope)
    assert ring.is_zero(root**2 - slope**2)
    power = convert((f.diff(z) ** 2) ** p)
    assert not ring.is_zero(power - convert(f.diff(z) ** (2 * p)))


@pytest.mark.parametrize(
    ("number", "fraction"),
    [
        (0.1, Fraction(1, 10)),
        (0.5, Fraction(1, 2)),
        (1 / 3, Fraction(1, 3)),
        (2 / 7, Fraction(2, 7)),
        (-0.125, Fraction(-1, 8)),
        (3.0, Fraction(3)),
        (0.0, Fraction(0)),
        (1e-7, Fraction(1, 10**7)),
        (1e20, Fraction(10**20)),
        (123456.789, Fraction(123456789, 1000)),
        (0.1234567, Fraction(1234567, 10**7)),
        (1.0000001, Fraction(10000001, 10**7)),
        (12.3456789, Fraction(123456789, 10**7)),
        (6.02e23, Fraction(602 * 10**21)),
        (2.5e-12, Fraction(25, 10**13)),
    ],
)
def test_shortest_fraction(number, fraction):
    assert shortest_fraction(number) == fraction


@pytest.mark.parametrize("number", [2**0.5, 3.141592653589793, 1.6180339887498949e-5, 7.1e10 / 3])
def test_shortest_fraction_is_the_float(number):
    assert float(shortest_fraction(number)) == number


def test_decimals_in_a_model_are_exact():
    """0.1 is 1/10, and 1/3 of a float is a third."""
    ring = Ring()
    convert = Converter(ring)
    assert convert(0.1 * z + 0.25 * f) == convert(z / 10 + f / 4)
    assert convert(Float(1 / 3) * z) == convert(z / 3)
    assert convert(z ** Float(1.5)) == convert(z ** Rational(3, 2))


@pytest.mark.parametrize(
    "expression",
    [
        Piecewise((z, z > 0), (0, True)),
        Abs(f),
        sympy.sign(f),
        oo * z,
        sympy.nan,
        sympy.zoo,
        z ** Rational(1, 7),
        z < f,
        sympy.Integral(f, z),
        f.subs(z, 1),
        f.subs(z, 2 * z),
    ],
    ids=str,
)
def test_what_has_no_place(expression):
    with pytest.raises(RingError):
        Converter(Ring())(expression)


def test_a_derivative_at_a_point_has_no_place():
    inner = Function("h")(z).diff(z).subs(z, 2)
    with pytest.raises(RingError):
        Converter(Ring())(inner)


def test_substituted_derivatives_are_done():
    """SymPy's own Subs, as it makes them of chains, are evaluated where they can be."""
    y = sympy.Symbol("y")
    ring = Ring()
    convert = Converter(ring, {y: Converter(ring)(f)})
    assert convert(sympy.Subs(y**2, y, f)) == convert(f**2)
