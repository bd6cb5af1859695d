"""The flow from the horizon outwards: a nearly marginal operator, by numbers from elsewhere.

J and T below come from an integration of the areal-gauge equations of `physics.md`, typed by hand, with the leading
corrections of the superpotential (SciPy, 160 e-foldings); the minimum of c_s^2 is Gubser and Nellore's, 0.04514 at
phi_h = 4.895.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from holosym.errors import SolveError
from holosym.solve.flow import flow
from holosym.solve.package import load

GENERATED = Path(__file__).parents[2] / "generated"
NU = 4 - 3.925400737508948


@pytest.fixture(scope="module")
def package():
    return load(GENERATED / "gubser_nellore")


def test_source_and_temperature(package):
    found = flow(package, {"phi": 4.895})
    assert found.data["phi_source"] == pytest.approx(0.999829249672613, rel=1e-8)
    assert found.quantities["temperature"] == pytest.approx(0.6788113020183709, rel=1e-9)
    assert found.quantities["entropy_density"] == pytest.approx(4 * math.pi, rel=1e-15)


@pytest.mark.slow
def test_time_is_measured_by_the_boundarys_clock(package):
    one, other = flow(package, {"phi": 1.0}), flow(package, {"phi": 1.0, "chi": 0.7})
    assert other.quantities["temperature"] == pytest.approx(one.quantities["temperature"], rel=1e-10)
    assert one.data["chi_0"] == other.data["chi_0"] == 0.0


@pytest.mark.slow
def test_minimal_speed_of_sound(package):
    def logarithms(phi_h):
        """log of T and s in units of the source."""
        found = flow(package, {"phi": phi_h})
        unit = math.log(found.data["phi_source"]) / NU
        return np.array([math.log(found.quantities["temperature"]) - unit, -3 * unit])

    def squared(phi_h, h=0.02):
        slope = 8 * (logarithms(phi_h + h) - logarithms(phi_h - h))
        slope -= logarithms(phi_h + 2 * h) - logarithms(phi_h - 2 * h)
        return slope[0] / slope[1]

    at_minimum = squared(4.895)
    assert at_minimum == pytest.approx(0.04514, abs=5e-6)
    assert squared(4.85) > at_minimum < squared(4.94)


def test_a_chart_with_the_boundary_at_infinity_is_refused(package):
    class Boundary:
        BOUNDARY = math.inf

    class Other:
        NAME, COORDINATES, boundary, horizon = "other", ("r",), Boundary, package.horizon

    with pytest.raises(SolveError, match="boundary at infinity"):
        flow(Other, {})
