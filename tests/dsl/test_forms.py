"""The algebra of forms."""

import pytest

from holosym import coordinates, d, dot, gauge_field, profiles, scalar, square, wedge
from holosym.dsl.forms import degree, terms
from holosym.errors import ModelError

t, x, z = coordinates("t x z")
dt, dx, dz = d(t), d(x), d(z)
f, p, a = profiles("f phi a", z)
phi, psi = scalar("phi", p), scalar("psi", 0)
A, B = gauge_field("A", a * dt), gauge_field("B", a * dx)


def test_differentials_commute_in_a_line_element() -> None:
    assert dt * dx == dx * dt
    assert ((dx + f * dt) ** 2).expand() == dx**2 + 2 * f * dt * dx + f**2 * dt**2


def test_d_of_functions() -> None:
    assert d(t * x) == t * dx + x * dt
    assert d(f) == f.diff(z) * dz
    assert d(phi**2) == 2 * phi * d(phi)


def test_leibniz() -> None:
    assert terms(d(phi * A)) == terms(wedge(d(phi), A) + phi * d(A))
    assert d(f * dx) == wedge(f.diff(z) * dz, dx)


def test_d_is_linear_and_nilpotent() -> None:
    assert d(A - 2 * B) == d(A) - 2 * d(B)
    assert d(d(phi)) == 0
    assert d(d(A)) == 0
    assert d(dx) == 0


def test_d_of_a_wedge() -> None:
    assert d(wedge(A, B)) == wedge(d(A), B) - wedge(A, d(B))


def test_degrees() -> None:
    assert [degree(w) for w in (phi, dt, A, d(phi), d(A), wedge(A, B), wedge(d(A), d(B)))] == [0, 1, 1, 1, 2, 2, 4]
    assert degree(d(A) + 3 * wedge(A, B)) == 2


def test_wedge_with_a_function_is_a_product() -> None:
    assert wedge(f, dt) == f * dt
    assert wedge(0, dt) == 0


def test_one_forms_add() -> None:
    assert set(terms(A - d(psi))) == {A, d(psi)}
    assert square(A - d(psi)) == dot(A - d(psi), A - d(psi))


def test_contractions_of_nothing_vanish() -> None:
    assert square(d(d(phi))) == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: square(d(phi) + d(A)), "adds forms of different degree"),
        (lambda: dot(d(phi), d(A)), "forms of different degree"),
        (lambda: square(phi), "which is not a form"),
        (lambda: terms(A * B), "not linear in differentials"),
        (lambda: terms(dt + 1), "not linear in differentials"),
        (lambda: gauge_field("C", dt**2), "not linear in differentials"),
        (lambda: gauge_field("C", A), "not the differential of a coordinate"),
        (lambda: scalar("C", dt), "is a form"),
    ],
)
def test_what_is_no_form_is_refused(wrong, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        wrong()
    assert caught.value.mend
    assert caught.value.file == __file__
