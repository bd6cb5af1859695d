"""Boundary choices: what is recorded, what stands for what was not said, and what the model's hash sees of it."""

import pytest
from sympy import Integer, Rational, exp

from holosym import R, Theory, coordinates, d, gauge_field, parameters, profiles, scalar, square
from holosym.codegen.package import model_hash
from holosym.report.show import sheet
from holosym.verify.points import interval

t, x, y, z = coordinates("t x y z")
f, chi, a, p = profiles("f chi a phi", z)
phi, A = scalar("phi", p), gauge_field("A", a * d(t))
kappa, mu, z_m = parameters("kappa mu z_m", real=True)
METRIC = (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2
ACTION = R + 6 - square(d(A)) / 4 - square(d(phi)) / 2 + phi**2


def theory(**options) -> Theory:
    return Theory(name="m", metric=METRIC, lagrangian=ACTION, radial=z, **options)


def test_nothing_said() -> None:
    assert theory().boundary_conditions == {}


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ({}, 0),
        ({"source": None}, None),
        ({"source": kappa / 2}, kappa / 2),
        ({"alternate": True}, 0),
        ({"dimension": 2}, None),
        ({"dimension": 2, "source": 0}, 0),
        ({"alternate": True, "dimension": 1}, 0),
        ({"relation": lambda slow: kappa * slow}, None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else str(value),
)
def test_what_is_held_fixed(said, source) -> None:
    """A source that is not said vanishes, unless a relation decides it or only the dimension is told."""
    one = theory()
    made = one.boundary_condition(phi, **said)
    assert one.boundary_conditions == {phi: made}
    assert made.source == source
    assert made.alternate == said.get("alternate", False)
    assert made.dimension == said.get("dimension")
    assert made.place.file == __file__


def test_a_relation_is_a_function_of_sympy() -> None:
    """Double and triple trace: b = kappa a + mu a^2, also for what is no symbol."""
    made = theory().boundary_condition(phi, alternate=True, relation=lambda slow: kappa * slow + mu * slow**2)
    assert made.relation(Integer(3)) == 3 * kappa + 9 * mu
    assert made.relation(p) == kappa * p + mu * p**2
    assert made.parameters == {kappa, mu}
    constant = theory().boundary_condition(phi, relation=lambda slow: 0)
    assert constant.relation(p) == 0


def test_one_forms_have_choices_too() -> None:
    assert theory().boundary_condition(A, source=mu).source == mu
    assert theory().boundary_condition(A, alternate=True).alternate


def test_what_a_dimension_may_be() -> None:
    """In d = 3: standard from 3/2, alternate from the unitarity bound 1/2 to 3/2; symbols as they are."""
    for value in (Rational(3, 2), 2, 5, kappa):
        assert theory().boundary_condition(phi, dimension=value).dimension == value
    assert theory().boundary_condition(phi, alternate=True, dimension=Rational(3, 4)).dimension == Rational(3, 4)
    assert theory().boundary_condition(phi, source=1, dimension=3).source == 1


def test_every_choice_counts_in_the_hash() -> None:
    choices = [
        {},
        {"source": 1},
        {"source": None},
        {"alternate": True},
        {"relation": lambda slow: slow},
        {"relation": lambda slow: 2 * slow},
        {"dimension": 2},
    ]
    hashes = {model_hash(theory())}
    for choice in choices:
        one = theory()
        one.boundary_condition(phi, **choice)
        hashes.add(model_hash(one))
    hashes |= {model_hash(theory(wall=1)), model_hash(theory(wall=z_m)), model_hash(theory(horizon=None))}
    assert len(hashes) == len(choices) + 4


def test_where_the_geometry_ends() -> None:
    assert (theory().horizon, theory().wall) == (1, None)
    assert (theory(horizon=None).horizon, theory(horizon=None).wall) == (None, None)
    assert (theory(wall=z_m).horizon, theory(wall=z_m).wall) == (None, z_m)
    assert (theory(wall=2, horizon=None).horizon, theory(wall=2, horizon=None).wall) == (None, 2)


def test_points_are_drawn_in_front_of_the_wall() -> None:
    """Where solutions are checked: between boundary and wall; in front of a wall that is a parameter, from (0, 1)."""
    assert interval(theory(wall=Rational(5, 2)), z, {}) == (0, 2.5)
    assert interval(theory(wall=z_m), z, {}) == (0, 1)
    assert interval(theory(horizon=3), z, {}) == (0, 3)


def test_sentences() -> None:
    """What `holosym show` prints."""
    one = theory()
    said = one.boundary_condition(phi, alternate=True, relation=lambda slow: kappa * slow, dimension=1)
    assert said.sentence() == "phi: alternate quantisation, phi_fast = kappa*phi_slow, operator of dimension 1"
    assert one.boundary_condition(A, source=mu).sentence() == "A: standard quantisation, source mu"
    assert "phi: standard quantisation, source left open" in theory_sheet(source=None)


def theory_sheet(**said) -> list[str]:
    one = theory()
    one.boundary_condition(phi, **said)
    return [words for section in sheet(one.equations()) for words in section.words]


def test_decimals_are_exact() -> None:
    assert theory().boundary_condition(phi, dimension=2.5).dimension == Rational(5, 2)
