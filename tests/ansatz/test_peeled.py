"""The peeled ansatz: its jets against the function they stand for, for z and for r = 1/x, on several panels."""

import mpmath
import pytest
import torch

from holosym.ansatz.panels import panels
from holosym.ansatz.peeled import peel
from holosym.ansatz.powers import log_power_jet

TERMS = ((-2.0, 0), (1.0, 0), (1.0, 1), (2.5, 0), (3.0, 0), (4.0, 2))
COEFFICIENTS = (1.0, 0.3, -0.2, 0.7, 0.4, 1.1)
POWER = 3.0


def rest(x):
    return mpmath.cos(2 * x) * mpmath.mpf(0.4)


def profile(x):
    """All terms but the third power, which is x^3 u(x) with u(0) = 0.4."""
    terms = zip(TERMS, COEFFICIENTS, strict=True)
    return sum(c * x**e * mpmath.log(x) ** k for (e, k), c in terms if (e, k) != (3.0, 0)) + x**3 * rest(x)


@pytest.mark.parametrize("inverse", [False, True])
def test_jets_are_those_of_the_function(inverse):
    grid = panels((0.0, 0.5, 1.0), (16, 24))
    ansatz = peel(grid.finer(1), TERMS, POWER, 2, inverse=inverse)
    x = grid.finer(1).points
    near = torch.arange(len(grid)) < grid.first
    nodes = [
        float(rest(v) if left else profile(v))
        for v, left in zip(map(mpmath.mpf, grid.nodes.tolist()), near.tolist(), strict=True)
    ]
    unknowns = torch.tensor(nodes, dtype=torch.float64)
    jets = ansatz.jets(torch.tensor(COEFFICIENTS, dtype=torch.float64), unknowns)
    for order, tolerance in ((0, 1e-11), (1, 1e-9), (2, 1e-7)):
        for i in range(3, len(x), 4):
            point = mpmath.mpf(float(x[i]))
            with mpmath.workdps(30):
                if inverse:
                    exact = mpmath.diff(lambda r: profile(1 / r), 1 / point, order)
                else:
                    exact = mpmath.diff(profile, point, order)
            # Both panels resolve their functions to rounding; each derivative costs it two digits or three.
            assert float(jets[order][i]) == pytest.approx(float(exact), rel=tolerance)


def test_terms_that_polynomials_can_be_are_left_to_them():
    sites = panels((0.0, 1.0), (8,)).sites
    assert peel(sites, TERMS, POWER, 1).terms == (0, 1, 2, 3, 5)
    assert peel(sites, TERMS, POWER, 1, written=False).terms == (0, 1, 2, 3)


def test_limits_at_the_boundary():
    zero = torch.zeros(1, dtype=torch.float64)
    assert log_power_jet(zero, (1.0, 2), 0).tolist() == [[0.0]]
    assert log_power_jet(zero, (1.0, 0), 2).tolist() == [[0.0], [1.0], [0.0]]
    assert log_power_jet(zero, (0.5, 0), 1).tolist() == [[0.0], [float("inf")]]


def test_panels_must_fit_their_breaks():
    with pytest.raises(ValueError, match="3 breaks do not bound 1 panels"):
        panels((0.0, 0.5, 1.0), (8,))
