"""An unknown superpotential, V = W'^2/2 - W^2/3 with W not given, against numbers for its derivatives."""

import itertools

import sympy
from sympy import Rational, exp

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square
from holosym.expand.boundary import boundary_series

COUNTER = itertools.count()
t, x, y, w, z = coordinates("t x y w z")
SLICES = {3: [x, y], 4: [x, y, w]}


def wall(dimension, superpotential=None, declared=None):
    """Einstein-scalar theory with V = W'^2/2 - d W^2/(4 (d - 1))."""
    f, chi, phi = profiles("f chi phi", z)
    field = scalar("phi", phi)
    V, W = couplings("V W")
    closed = {V(field): W(field).diff(field) ** 2 / 2 - Rational(dimension, 4 * (dimension - 1)) * W(field) ** 2}
    if superpotential is not None:
        closed[W(field)] = superpotential(field)
    theory = Theory(
        name=f"wall_{next(COUNTER)}",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(c) ** 2 for c in SLICES[dimension])) / z**2,
        lagrangian=R - square(d(field)) / 2 - V(field),
        couplings=closed,
        radial=z,
    )
    if declared is not None:
        theory.boundary_condition(field, dimension=declared)
    return boundary_series(theory.equations())


def test_an_unknown_superpotential_is_at_rest_at_the_boundary():
    made = wall(4, declared=3)
    assert {"W' = 0 at the boundary"} <= set(made.notes)
    assert any(note.startswith("W = -6 at the boundary") for note in made.notes)
    assert any(note.startswith("W'' = -1 at the boundary") for note in made.notes)
    numbers = {3: Rational(1, 2), 4: -Rational(2, 3), 5: Rational(3, 4)}
    closed = wall(4, lambda p: -6 - p**2 / 2 + sum(c * p**n / sympy.factorial(n) for n, c in numbers.items()))
    values = {s.symbol: numbers[s.orders[0]] for s in made.taylor}
    assert {s.coupling for s in made.taylor} == {"W"}
    for name, terms in closed.series.items():
        mine = {(one.power, one.log): sympy.expand(one.coefficient.subs(values)) for one in made.series[name]}
        known = {(one.power, one.log): sympy.expand(one.coefficient) for one in terms}
        assert {key: c for key, c in mine.items() if c} == known


def test_the_first_order_flow_solves_the_series():
    """z dphi/dz = 2 (d - 1) W'/W and chi' = z phi'^2/(d - 1): through x^2, with Delta left unknown in d = 3."""
    made = wall(3)
    J = made.datum("phi_source").symbol
    (delta,) = made.operators["phi"][0].free_symbols
    (cubic,) = (s.symbol for s in made.taylor if s.orders == (3,))
    assert any(str(note).startswith("W'' = ") and "Delta_phi" in note for note in made.notes)
    low = 3 - delta
    # W = -4 - low phi^2/2 + W''' phi^3/6:  z phi' = low phi - W''' phi^2/2 + ..,  phi = J z^low + c z^(2 low)
    (second,) = (one.coefficient for one in made.terms("phi") if sympy.expand(one.power - 2 * low) == 0)
    assert sympy.simplify(second * (2 * low - low) + cubic * J**2 / 2) == 0
