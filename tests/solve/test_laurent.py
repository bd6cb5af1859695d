"""Laurent polynomials beside SymPy, and what is none."""

import pytest
import sympy

from holosym.solve.laurent import MOST, variables


def test_arithmetic_beside_sympy():
    x, y = sympy.symbols("x y")

    def made(a, b):
        return 3 - (a**2 - 2 * b + 1) * (a / 4 + b**3) / b + 2 / (5 * a**2) - 0.5 * (-a + 1) ** 3

    numbers, exact = made(*variables(2)), sympy.expand(made(x, y))
    written = sum(value * x ** e[0] * y ** e[1] for e, value in numbers.terms.items())
    for point in ({x: 0.7, y: 1.9}, {x: -1.3, y: 0.4}):
        assert float(written.subs(point)) == pytest.approx(float(exact.subs(point)), rel=1e-14)
    assert (-2, 0) in numbers.terms
    assert (1, -1) in numbers.terms


@pytest.mark.parametrize(
    "make",
    [
        lambda x, y: 1 / (x + y),
        lambda x, y: x / (1 + y),
        lambda x, y: x**0.5,
        lambda x, y: x * "y",
        lambda x, y: x + None,
        lambda x, y: 2**x,
    ],
    ids=["quotient", "mixed", "root", "text", "nothing", "exponent"],
)
def test_what_is_no_polynomial(make):
    with pytest.raises(TypeError):
        make(*variables(2))


def test_what_grows_too_far():
    x, y, z = variables(3)
    with pytest.raises(TypeError, match=f"more than {MOST} terms"):
        (1 + x + y + z) ** 30
    large = (1 + x + y + z) ** 12
    with pytest.raises(TypeError, match=f"a product of {len(large.terms)} and {len(large.terms)} terms"):
        large * large  # known before it is tried
