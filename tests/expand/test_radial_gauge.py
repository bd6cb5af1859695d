"""Exponential couplings in every radial gauge: z and theta of the literature; without a gauge, a refusal that says so.

    L = R - (d phi)^2/2 + V_0 exp(-delta phi) - exp(gamma phi) F^2/4,      n directions of space

In the normalisation of Huijse, Sachdev and Swingle 2012 (arXiv:1112.0573), L = R - 2 (d Phi)^2 - ..., alpha = 2 gamma
and beta = 2 delta:  theta = n^2 beta/(alpha + (n - 1) beta),
z = 1 + theta/n + 8 (n (n - theta) + theta)^2/(n^2 (n - theta) alpha^2).
"""

import pytest
from sympy import Rational, exp

from holosym import R, Theory, coordinates, d, gauge_field, profiles, scalar, square
from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series

CASES = [
    pytest.param(2, Rational(1), Rational(-1, 2), id="two-steep"),
    pytest.param(2, Rational(3, 2), Rational(-1, 3), id="two", marks=pytest.mark.slow),
    pytest.param(3, Rational(2), Rational(-1, 2), id="three", marks=pytest.mark.slow),
]


def charged(size, gamma, delta, gauge):
    """The charged brane with the functions f and `gauge` (of chi and h) in the metric."""
    t, *space, z = coordinates(" ".join(["t", *"xyw"[:size], "z"]))
    f, h, chi, a, p = profiles("f h chi A_t phi", z)
    phi, A = scalar("phi", p), gauge_field("A", a * d(t))
    lapse = f * exp(-chi) if "chi" in gauge else f
    slices = (h if "h" in gauge else 1) * sum(d(c) ** 2 for c in space)
    return Theory(
        name="charged",
        metric=(-lapse * d(t) ** 2 + slices + d(z) ** 2 / f) / z**2,
        lagrangian=R - square(d(phi)) / 2 + exp(-delta * phi) - exp(gamma * phi) * square(d(A)) / 4,
        radial=z,
    )


@pytest.mark.parametrize("gauge", ["chi", "h"])
@pytest.mark.parametrize(("size", "gamma", "delta"), CASES)
def test_exponents_in_two_gauges(size, gamma, delta, gauge):
    series = boundary_series(charged(size, gamma, delta, (gauge,)).equations())
    alpha, beta = 2 * gamma, 2 * delta
    theta = size**2 * beta / (alpha + (size - 1) * beta)
    zeta = 1 + theta / size + 8 * (size * (size - theta) + theta) ** 2 / (size**2 * (size - theta) * alpha**2)
    assert series.exponents == {"theta": theta, "z": zeta}


def test_without_a_gauge():
    """f, chi and h together: z -> Z(z) keeps the form of the metric, and one function is left to choose."""
    system = charged(2, Rational(1), Rational(-1, 2), ("chi", "h")).equations()
    assert len(system.free) == 1
    assert set(system.free) <= {"f", "chi", "h"}
    with pytest.raises(ExpansionError, match="a freedom of the coordinates is left") as refused:
        boundary_series(system)
    assert "one of chi, f or h may be chosen" in refused.value.mend
