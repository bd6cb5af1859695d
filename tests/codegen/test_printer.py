"""Every printable operation in one function, evaluated against mpmath; what cannot be printed is refused.

The printer prints a node without symbols as a number, everything else with torch; parameters come as floats or as
tensors, so a function of parameters alone wants them as tensors (`wrapped`).
"""

import math

import mpmath
import pytest
import sympy
import torch
from sympy import (
    Abs,
    E,
    EulerGamma,
    Float,
    Function,
    GoldenRatio,
    I,
    Integral,
    Max,
    Min,
    Mod,
    Piecewise,
    Rational,
    Symbol,
    acos,
    acosh,
    acot,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    besselj,
    cbrt,
    ceiling,
    conjugate,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    erfc,
    exp,
    floor,
    gamma,
    hyper,
    log,
    loggamma,
    oo,
    pi,
    polygamma,
    re,
    sec,
    sech,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    zoo,
)

from holosym.codegen import printer as module
from holosym.codegen.printer import TorchPrinter
from holosym.errors import PrinterError

# x, y are tensors; p, q are parameters
x, y, p, q = (Symbol(name) for name in "xypq")
TENSORS = {
    "x": torch.tensor([0.31, 0.57, 0.83], dtype=torch.float64),
    "y": torch.tensor([0.4, -0.7, 1.3], dtype=torch.float64),
}
PARAMETERS = {"p": 0.65, "q": 1.75}

EXPRESSIONS = [
    # sums and products, signs and brackets
    x + y,
    x - y,
    -x - y,
    -x * y,
    2 * x - 3 * y + 1,
    -(x + y) * (x - y),
    x * (y + 1) / (x + 2),
    -x / (2 * y),
    x / y / (x + 3),
    (x + y) * (-x),
    (x - 1) * (-2),
    3 * (x + y) ** 2 / 7,
    Rational(2, 3) * x,
    -Rational(5, 7) * x * y / 3,
    x / 7,
    Rational(1, 3) + x,
    Rational(1, 3) * Rational(1, 7) * x**2,
    x - (y - 1),
    (-x) ** 3,
    -(x**2),
    (-2) ** 3 * x,
    # powers
    x**2,
    x**7,
    x**-1,
    x**-3,
    1 / (x * y**2),
    1 / (x + y) ** 2,
    sqrt(x),
    1 / sqrt(x),
    x ** Rational(3, 2),
    x ** Rational(-3, 2),
    x ** Rational(1, 3),
    x ** Rational(-5, 7),
    (x + 1) ** Rational(2, 3),
    sqrt(x + sqrt(x + 2)),
    1 / sqrt(1 + 1 / x),
    x**y,
    x ** (-y),
    x ** (y + 1),
    (x**y) ** 2,
    2**x,
    2**-x,
    Rational(1, 3) ** x,
    pi**x,
    E**x,
    (x + 1) ** p,
    x ** (2 * p - 1),
    p**x,
    q ** (x * y),
    x**pi,
    x ** sqrt(2),
    sqrt(2) ** x,
    3 ** (x / 2) / 2,
    x**0.5,
    x**2.5,
    sqrt(x**2 * 4 + 1) ** 3,
    # numbers
    sqrt(3) * x,
    x / sqrt(3),
    cbrt(2) * x,
    2 ** Rational(1, 3) * x,
    2 ** Rational(-2, 3) * x,
    6 ** Rational(3, 4) + x,
    Rational(2, 3) ** Rational(1, 4) * x,
    log(2) * x,
    log(Rational(2, 3)) + x,
    pi * x,
    pi**2 * x / 6,
    2 / pi * x,
    exp(2) * x,
    exp(Rational(-1, 2)) * x,
    E * x,
    sin(1) * x,
    tanh(Rational(1, 3)) - x,
    atan2(1, 3) * x,
    Float("0.1") * x,
    Float("-1e-7") * x,
    Float("1e30") * x,
    10**15 * x,
    x / 10**15,
    sqrt(1 + sqrt(2)) * x,
    (1 + sqrt(5)) / 2 * x,
    log(pi) * x,
    pi**pi * x,
    2**pi * x,
    sqrt(pi) * x,
    1 / sqrt(pi) + x,
    EulerGamma * x,
    GoldenRatio * x,
    erf(1) * x,
    loggamma(Rational(1, 3)) * x,
    sign(-3) * x,
    Abs(-3) * x,
    # functions of tensors
    exp(x),
    exp(-x * y / 2),
    exp(x) ** 2,
    1 / (exp(x) - 1),
    log(x),
    log(x * 2 + 1) ** 2,
    log(1 + exp(-x)),
    sin(x),
    cos(x + 1),
    tan(x),
    sec(x),
    csc(x),
    cot(x),
    1 / cot(x),
    cot(x) ** 2,
    2 / sin(x) ** 2,
    asin(x),
    acos(x),
    atan(x),
    atan2(y, x),
    sinh(x),
    cosh(x),
    tanh(y),
    coth(y),
    sech(x),
    csch(x),
    sech(x) ** 2 / 3,
    -sech(x) * csch(y),
    asinh(y),
    acosh(x + 1),
    atanh(x),
    erf(y),
    erfc(y),
    loggamma(x + 2),
    Abs(y),
    Abs(y) ** 3,
    sign(y),
    sign(y) * x,
    Max(x, y),
    Min(x, y),
    Max(1, y),
    Min(Rational(1, 2), y),
    Max(0, y, x),
    Min(x, y, 1),
    Max(x + 1, y**2) / 2,
    Max(p, y),
    Min(p, q, x),
    sqrt(Max(0, y)),
    # parameters
    p * x,
    x / p,
    p**2 * x,
    p * q + x,
    sqrt(p) * x,
    sqrt(p * q) * x,
    x / sqrt(p),
    p ** Rational(2, 3) * x,
    p ** sqrt(2) * x,
    exp(p) * x,
    exp(-p / q) + x,
    log(p) * x,
    log(p + q) - x,
    sin(p) * x,
    tanh(p * q) * x,
    sech(p) * x,
    atan2(p, q) * x,
    erf(p) * x,
    Abs(p - q) * x,
    sign(p - q) * x,
    Max(p, q) * x,
    Min(1, p) + x,
    2**p * x,
    p**q * x,
    exp(p * x),
    log(1 + p * x),
    (1 + p) ** (x + q),
    sqrt(1 + p**2 * x**2) / (1 + q),
]


def source(expressions, tensors=("x", "y")):
    """A module with one function of everything, made as the templates make it."""
    printer = TorchPrinter(tensors)
    lines = [f"        {printer(e)}," for e in expressions]
    head = [f"    {n} = torch.as_tensor({n}, dtype=x.dtype, device=x.device)" for n in sorted(printer.wrapped)]
    return "\n".join(["def everything(x, y, p, q):", *head, "    return (", *lines, "    )", ""])


@pytest.fixture(scope="module")
def everything():
    space = {"torch": torch, "math": math}
    exec(source(EXPRESSIONS), space)
    return space["everything"]


def exact(expression, index):
    """The value at one point of the batch, to 40 digits."""
    values = {n: mpmath.mpf(t[index].item()) for n, t in TENSORS.items()} | {
        n: mpmath.mpf(v) for n, v in PARAMETERS.items()
    }
    with mpmath.workdps(40):
        made = sympy.lambdify([x, y, p, q], expression, modules=["mpmath", {"loggamma": mpmath.loggamma}])
        return mpmath.mpmathify(made(*[values[n] for n in "xypq"]))


@pytest.mark.parametrize("parameters", ["floats", "tensors", "one tensor each"])
def test_every_operation(everything, parameters):
    given = dict(PARAMETERS)
    if parameters == "tensors":
        given = {n: torch.full((3,), v, dtype=torch.float64) for n, v in given.items()}
    if parameters == "one tensor each":
        given = {n: torch.tensor(v, dtype=torch.float64) for n, v in given.items()}
    found = everything(**TENSORS, **given)
    assert len(found) == len(EXPRESSIONS)
    for expression, value in zip(EXPRESSIONS, found, strict=True):
        assert value.dtype == torch.float64
        for index in range(3):
            wanted = exact(expression, index)
            assert isinstance(wanted, mpmath.mpf), expression
            assert abs(value[index].item() - wanted) <= 1e-14 * max(1, abs(wanted)) * 4, (expression, index)


def test_every_function_is_printed():
    """Nothing that the printer has a name for is left out above."""
    inside = {type(node) for e in EXPRESSIONS for node in sympy.preorder_traversal(e)}
    assert set(module._FUNCTIONS) <= inside
    assert set(module._RECIPROCAL) <= inside


def test_float32_stays(everything):
    """No float64 tensor is made on the way, also where a parameter alone is inside a function."""
    given = {n: t.to(torch.float32) for n, t in TENSORS.items()}
    assert {v.dtype for v in everything(**given, **PARAMETERS)} == {torch.float32}


def test_numbers_are_not_tensors():
    printer = TorchPrinter({"x"})
    assert "torch" not in printer(sqrt(3) * log(2) * pi * sin(1) + Rational(1, 3))
    assert printer.wrapped == set()
    assert "torch" not in printer(p**2 / q + 3 * p)
    assert printer.wrapped == set()
    printer(log(p))
    assert printer.wrapped == {"p"}


def test_large_integers():
    space = {"torch": torch, "math": math}
    exec(source([10**20 * x + y / 10**20]), space)
    (value,) = space["everything"](**TENSORS, **PARAMETERS)
    assert torch.allclose(value, 1e20 * TENSORS["x"])


def test_floats_keep_their_digits():
    printer = TorchPrinter(())
    for text in ("0.1", "1e-300", "123456789.123456789", "-2.5e-17"):
        assert float(eval(printer(Float(text, 17)))) == float(text)


UNKNOWN = [
    Piecewise((x, x > 0), (0, True)),
    Integral(exp(-(x**2)), (x, 0, y)),
    besselj(0, x),
    Function("g")(x),
    Function("g")(x).diff(x),
    sympy.Derivative(Function("g")(x), x),
    sympy.Subs(Function("g")(x).diff(x), x, y),
    gamma(x),
    polygamma(1, x),
    hyper((1, 2), (3,), x),
    sympy.zeta(x),
    acot(x),
    floor(x),
    ceiling(x),
    Mod(x, 2),
    conjugate(x),
    re(x),
    sympy.Heaviside(x),
    sympy.DiracDelta(x),
    sympy.LambertW(x),
    sympy.Sum(x**p, (p, 0, 5)),
    sympy.Limit(x, x, 0),
    sympy.Matrix([[x]]),
    sympy.sinc(x),
    x < y,
    oo,
    -oo,
    zoo,
    sympy.nan,
]


@pytest.mark.parametrize("expression", UNKNOWN, ids=str)
def test_an_unknown_node_is_refused(expression):
    with pytest.raises(PrinterError):
        TorchPrinter({"x", "y"})(expression)


@pytest.mark.parametrize("expression", UNKNOWN[:10], ids=str)
def test_an_unknown_node_is_refused_inside(expression):
    """Also deep in an expression, and the message names it."""
    with pytest.raises(PrinterError) as caught:
        TorchPrinter({"x", "y"})(x + 2 * sqrt(1 + sin(expression) ** 2))
    assert caught.value.mend
    assert type(expression).__name__ in str(caught.value) or str(expression) in str(caught.value)


def test_imaginary_unit():
    printer = TorchPrinter({"x"})
    made = eval(printer(exp(I * x) + I), {"torch": torch, "x": TENSORS["x"]})
    assert torch.allclose(made, torch.exp(1j * TENSORS["x"]) + 1j)


def test_the_same_expression_prints_the_same():
    """Whatever the order in which it was put together."""
    one = x * y + sin(x) ** 2 * p - 3 / (y + x)
    other = -3 / (x + y) + p * sin(x) ** 2 + y * x
    assert TorchPrinter({"x", "y"})(one) == TorchPrinter({"x", "y"})(other)


def test_a_wrong_sign_would_be_seen(monkeypatch):
    """The comparison with mpmath can fail: a printer that loses the sign of a term is caught."""
    monkeypatch.setattr(module, "_sign", lambda term: (False, -term if term.could_extract_minus_sign() else term))
    space = {"torch": torch, "math": math}
    exec(source([x - y]), space)
    (value,) = space["everything"](**TENSORS, **PARAMETERS)
    assert abs(value[0].item() - exact(x - y, 0)) > 1e-3
