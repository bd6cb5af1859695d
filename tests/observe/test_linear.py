"""Exact linear algebra over the ring against SymPy's matrices."""

from sympy import Matrix, simplify

from holosym import parameters
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy
from holosym.observe import linear

a, b, c = parameters("a b c", positive=True)
ENTRIES = [[a, b, 0], [-b, a * c, 1], [2, 0, c / a]]


def ring_entries(ring):
    convert = Converter(ring)
    return {(i, j): convert(e) for i, row in enumerate(ENTRIES) for j, e in enumerate(row) if e}


def test_determinant_and_adjugate():
    ring = Ring()
    entries = ring_entries(ring)
    assert simplify(to_sympy(linear.determinant(ring, entries, range(3), range(3))) - Matrix(ENTRIES).det()) == 0
    found = linear.adjugate(ring, entries, (0, 1, 2))
    expected = Matrix(ENTRIES).adjugate()
    assert all(simplify(to_sympy(found[i, j]) - expected[i, j]) == 0 for i in range(3) for j in range(3))


def test_reduced():
    convert = Converter(Ring())
    ring = convert.ring
    above, below = linear.reduced(ring, convert((a**2 - b**2) * c / a), convert(-3 * (a - b) * b))
    assert below == ring.one
    assert simplify(to_sympy(above) + (a + b) * c / (3 * a * b)) == 0
    above, below = linear.reduced(ring, convert(a + 2 * b), convert(a**2 * (a + b)))
    assert simplify(to_sympy(above) / to_sympy(below) - (a + 2 * b) / (a**2 * (a + b))) == 0
    assert len(below.terms) == 2
    assert linear.reduced(ring, ring.zero, convert(a + b)) == (ring.zero, ring.one)


def test_equal():
    convert = Converter(Ring())
    one, two = (convert(a), convert(a + b)), (convert(-a * c), convert(a * c + b * c))
    assert linear.equal(convert.ring, one, two, -1)
    assert not linear.equal(convert.ring, one, two)
