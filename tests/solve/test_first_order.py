"""A first-order transition: the S-shaped curve s(T) of a flow driven by one operator, with both turning points."""

import pytest
from numpy.polynomial import Polynomial

from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

PHI_M = 0.8


def potential():
    """V = -4 W^2/3 + W'^2/2 with W of Bea et al. for L = R/4 - (dphi)^2/2 - V; phi is half of ours."""
    W = Polynomial([-1.5, 0, -1 / 2, 0, -1 / (4 * PHI_M**2), 0, 1 / 10])
    V = -(4 / 3) * W**2 + W.deriv() ** 2 / 2
    return PolynomialCoupling(list((4 * V(Polynomial([0, 1 / 2]))).coef))


def test_the_potential_is_that_of_an_operator_of_dimension_three():
    coefficients = potential().coefficients
    assert coefficients[0] == pytest.approx(-12)
    assert 2 * coefficients[2] == pytest.approx(-3)


@pytest.mark.slow
def test_all_three_segments_of_a_first_order_transition():
    """T/source: their source is half of ours, so their turning point at 0.3505 is ours at 0.1752.

    The default grid does not resolve the cold end, where the source is 5/z_h; the finer one that is taken then does.
    """
    package = load("generated/einstein_scalar_ads5")
    request = Request({"phi.source": 1.0}, Sweep.parse("T=0.3:0.16:4"))
    found = solve_family(package, request, couplings={"V": potential()})
    assert found.failure is None
    assert [2 * one.value for one in found.special if one.kind == "fold"] == pytest.approx(
        [0.350482, 0.546660], abs=1e-6
    )
    hot, middle, cold = found.branches
    assert [len(branch.points) for branch in found.branches] == [3, 2, 3]
    assert found.first_law < 1e-8  # so dF = -s dT along every segment
    for branch in found.branches:
        for point in branch.points:
            assert point.values["p"] == pytest.approx(-point.values["omega"], rel=1e-8)
    above, below = (
        {b.label: p for b in found.branches for p in b.points if p.swept == pytest.approx(T, abs=1e-3)}
        for T in (0.2533, 0.2067)
    )
    assert [above[b.label].dominant for b in (hot, middle, cold)] == [True, False, False]
    assert [below[b.label].dominant for b in (hot, middle, cold)] == [False, False, True]
    # the swallow tail: the middle segment is never the least, and the entropies are ordered
    for group in (above, below):
        assert group[hot.label].values["s"] > group[middle.label].values["s"] > group[cold.label].values["s"]
