"""What the notes of a boundary series say, held against the series itself; and how coefficients are written."""

import re

import pytest
import sympy
from flows import flow, logs
from sympy import Rational, exp

from holosym import R, Theory, coordinates, d, profiles, scalar, square
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series


def alternate():
    theory = flow(3, lambda p: -6 - p**2 + p**3 / 7)
    theory.boundary_condition(theory.scalars[0], alternate=True)
    return theory


@pytest.mark.parametrize(
    ("theory", "power"),
    [(alternate(), 2), (flow(4, lambda p: -12 + p**3 / 7), 4), (flow(3, lambda p: -6 - p**2 + p**3 / 7), 2)],
    ids=["alternate", "marginal", "standard"],
)
def test_a_note_on_a_logarithm_is_what_the_series_has(theory, power):
    made = boundary_series(theory.equations())
    (note,) = (n for n in made.notes if n.startswith("phi has"))
    found = {int(j): sympy.sympify(c) for j, c in re.findall(r"log\(x\)\^(\d+): ([^,]+)", note)}
    there = {k: c for (e, k), c in logs(made).items() if e == power}
    names = {s.name: s for c in there.values() for s in c.free_symbols}
    put = {s: names[s.name] for c in found.values() for s in c.free_symbols}
    assert there
    assert {k: sympy.expand(c.xreplace(put)) for k, c in found.items()} == {
        k: sympy.expand(c) for k, c in there.items()
    }
    assert f"has a logarithm at relative power {power}" in note


def test_an_unknown_dimension():
    """chi' = z phi'^2/2 in d = 3, so that chi begins with (3 - Delta) J^2/4; logarithms are for special Delta only."""
    made = boundary_series(flow(3, None).equations())
    J = made.datum("phi_source").symbol
    (delta,) = made.operators["phi"][0].free_symbols
    first = made.terms("chi")[1].coefficient
    assert sympy.expand(first - (3 - delta) * J**2 / 4) == 0
    assert not first.is_Add
    assert all(n.endswith("for generic Delta_phi") for n in made.notes if "no logarithm" in n)
    known = flow(3, None)
    known.boundary_condition(known.scalars[0], dimension=2)
    assert not any("generic" in n for n in boundary_series(known.equations()).notes)


def test_dimensions_with_a_relation_are_refused_with_a_mend():
    """m^2 = 3/4 - 9/4 and 3/16 - 9/4 in AdS4: exponents 3/2 - sqrt(3)/2 and 3/2 - sqrt(3)/4."""
    t, x, y, z = coordinates("t x y z")
    f, chi, a, b = profiles("f chi a b", z)
    one, two = scalar("a", a), scalar("b", b)
    masses = (Rational(3, 4) - Rational(9, 4), Rational(3, 16) - Rational(9, 4))
    theory = Theory(
        name="related",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - (square(d(one)) + square(d(two)) + masses[0] * one**2 + masses[1] * two**2) / 2,
        radial=z,
    )
    with pytest.raises(ExpansionError, match="small integers is a rational number") as caught:
        boundary_series(theory.equations())
    assert caught.value.mend
