"""Spurious factors of equations, and witnesses for zero."""

from sympy import exp

from holosym import coordinates, parameters, profiles
from holosym.expand.factors import essential
from holosym.expand.witness import Witness
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring

z = coordinates("z")
f, h = profiles("f h", z)
k = parameters("k", positive=True)


def in_ring(*expressions):
    ring = Ring()
    convert = Converter(ring)
    return ring, [convert(e) for e in expressions]


def test_factors_of_lower_order_are_left_out():
    """(z h' - 2)^2 (f h'' + exp(h) f' h' + k) has the essential factor of the q-lattice's kind."""
    inner = f * h.diff(z, 2) + exp(h) * f.diff(z) * h.diff(z) + k
    ring, (product, expected) = in_ring((z * h.diff(z) - 2) ** 2 * inner, inner)
    found = essential(ring, product)
    assert found in (expected, -expected)


def test_nothing_else_is():
    """A factor with the highest derivative is an equation of its own; so is a single jet."""
    two = (f.diff(z) + h) * (h.diff(z) - k)
    ring, (product, single) = in_ring(two, h.diff(z, 2))
    assert essential(ring, product) in (product, -product)
    assert essential(ring, single) == single


def test_witness():
    """z - k is not zero, though both are random; another seed gives other numbers."""
    ring, (zero, other) = in_ring((exp(h) + 1) ** 2 - exp(2 * h) - 2 * exp(h) - 1, z - k)
    root = in_ring(z)[1][0]
    assert Witness(ring, None, {}, {}).vanishes(zero)
    assert not Witness(ring, None, {}, {}).vanishes(other)
    assert Witness(root.ring, None, {}, {}, 1).number(root) != Witness(root.ring, None, {}, {}, 2).number(root)
