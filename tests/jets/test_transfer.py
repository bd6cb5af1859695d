"""An element moved to another ring is the same expression, and relations of roots hold there too."""

import pytest
from sympy import cos, exp, log, simplify, sin, sqrt

from holosym import coordinates, couplings, parameters, profiles
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy
from holosym.jets.transfer import Transfer

x, z = coordinates("x z")
f, phi = profiles("f phi", z)
beta = parameters("beta", positive=True)
V = couplings("V")


@pytest.mark.parametrize(
    "expression",
    [
        f.diff(z, 2) * beta**2 / z - 3,
        sqrt(1 + f**2) / (z + f) ** 2,
        sqrt(f.diff(z) ** 2) * sqrt(2),
        V(phi).diff(phi) * exp(-phi / 2) + log(f),
        cos(beta * x) ** 2 * f + sin(beta * x) / (1 + sqrt(1 + z * exp(f))),
    ],
)
def test_the_same_expression(expression):
    source, target = Ring(), Ring()
    Converter(target)(beta + z * phi)  # other generators come first there
    moved = Transfer(target)(Converter(source)(expression))
    assert moved.ring is target
    assert simplify(to_sympy(moved) - expression.doit()) == 0
    assert target.is_zero(moved - Converter(target)(expression))


def test_sums_and_products():
    source, target = Ring(), Ring()
    move = Transfer(target)
    a, b = (Converter(source)(e) for e in (sqrt(1 + f), V(phi) / z))
    assert move(a * b + a) == move(a) * move(b) + move(a)
