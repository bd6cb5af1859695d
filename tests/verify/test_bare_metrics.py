"""Closed forms of a bare metric: a static spacetime between boundary and horizon, or not."""

import pytest
from gallery_models import load
from sympy import sqrt

from holosym import Theory, coordinates, d, profiles
from holosym.verify import verify

t, x, y, z = coordinates("t x y z")
f, h = profiles("f h", z)


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        ({f: 1 - z**3, h: 1 + z}, ""),
        ({f: 1 - 2 * z, h: 1}, "no static spacetime at z ="),  # time and z change places at z = 1/2
        ({f: 1, h: z - 2}, "no static spacetime"),
        ({f: 1, h: sqrt(z - 2)}, "no static spacetime"),
    ],
    ids=["brane", "inside", "signature", "complex"],
)
def test_what_a_metric_is(forms, said):
    theory = Theory(
        "metric", (-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2, radial=z, horizon=1
    )
    theory.known_solution("it", forms)
    (check,) = verify(theory)
    assert check.kind == "solution"
    assert check.passed == (not said)
    assert said in check.detail


def test_the_gallery_has_one():
    checks = verify(load("isotropic_metric"))
    assert len(checks) == 4
    assert all(check.passed for check in checks)
