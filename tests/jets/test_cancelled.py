"""Sums over powers of one compound: N G^n with N not divisible by P, and exact quotients."""

import sympy

from holosym.jets.content import cancelled, divided, divided_out
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy

a, b, k = sympy.symbols("a b k", positive=True)


def element(expression):
    return Converter(Ring())(expression)


def test_what_cancels_is_cancelled():
    """(a b + k^2)^3 hidden in a sum of unlike powers; the value is that of SymPy's `cancel`."""
    over = a * b + k**2
    hidden = a**2 * b / over**3 + a * k**2 / over**3 - a / over**2 + b / over + a * k / over**2
    made = cancelled(element(hidden))
    assert sympy.cancel(to_sympy(made) - hidden) == 0
    assert {len(made.terms)} == {3}
    powers = {e for m in made.terms for _, e in made.ring.decode(m)}
    assert min(powers) == -2 * 60


def test_a_vanishing_sum_vanishes():
    over = a + k
    assert not cancelled(element(a / over**2 + k / over**2 - 1 / over))


def test_a_sum_that_grows_is_left_alone():
    made = element(1 + 1 / (a + b + k))
    assert cancelled(made) == made


def test_classes_of_roots_stay_apart():
    over = a + b
    made = cancelled(element(a / over ** sympy.Rational(3, 2) + b / over ** sympy.Rational(3, 2) + k / over))
    assert len(made.terms) == 2
    assert sympy.simplify(to_sympy(made) - 1 / sympy.sqrt(over) - k / over) == 0


def test_quotients():
    ring = Ring()
    convert = Converter(ring)
    below = convert(a * b + k**2)
    above = convert(sympy.expand((a * b + k**2) ** 3 * (a - 2 * k) / b**2))
    rest, times = divided_out(above, below)
    assert times == 3
    assert rest == convert((a - 2 * k) / b**2)
    assert divided_out(above, below, 2)[1] == 2
    assert divided(convert(a**2 + k), below) is None
