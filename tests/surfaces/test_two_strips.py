"""Mutual information and cross-sections against the exact ones of AdS3 and BTZ."""

import math

import pytest
import torch
from closed_surfaces import strip_of, vacuum

from holosym.errors import SurfaceError
from holosym.surfaces.cross_section import cross_section
from holosym.surfaces.mutual import mutual_information, transition

# S = 4 pi A and A = 2 log l: c/3 = 8 pi
SIXTH = 4 * math.pi


def plane(length):
    return length


def thermal(length):
    return 2 * math.sinh(length / 2)


CASES = [(vacuum(2), plane), (strip_of(2, lambda z: 1 - z**2), thermal)]


@pytest.mark.parametrize(("functional", "chord"), CASES, ids=["AdS3", "BTZ"])
@pytest.mark.parametrize(
    ("widths", "distance"),
    [
        ((1.0, 1.0), 0.1),
        ((1.0, 2.0), 0.2),
        ((0.3, 3.0), 0.05),
        ((1.0, 1.0), 1e-3),
        ((10.0, 10.0), 0.05),
        ((20.0, 30.0), 0.1),
        ((1.0, 40.0), 0.1),
    ],
)
def test_the_cross_section_of_intervals(functional, chord, widths, distance):
    """E_W = (c/6) log[1 + 2 z + 2 sqrt(z (z + 1))], z the cross-ratio (Takayanagi and Umemoto 2017)."""
    z = chord(widths[0]) * chord(widths[1]) / (chord(distance) * chord(sum(widths) + distance))
    expected = SIXTH * math.log(1 + 2 * z + 2 * math.sqrt(z * (z + 1)))
    assert cross_section(functional, widths, distance).value == pytest.approx(expected, abs=2e-9)
    # the other way round it leans to the other side
    assert cross_section(functional, widths[::-1], distance).value == pytest.approx(expected, abs=2e-9)


@pytest.mark.parametrize(("functional", "chord"), CASES, ids=["AdS3", "BTZ"])
def test_mutual_information_of_intervals(functional, chord):
    """I = (c/3) log z where z > 1."""
    distances = torch.tensor([0.05, 0.2, 2.0], dtype=torch.float64)
    found = mutual_information(functional, (1.0, 2.0), distances)
    ratios = [chord(1.0) * chord(2.0) / (chord(s) * chord(3.0 + s)) for s in distances.tolist()]
    expected = [max(2 * SIXTH * math.log(z), 0.0) for z in ratios]
    assert found.information.tolist() == pytest.approx(expected, abs=1e-8)
    assert found.connected.tolist() == [True, True, False]


def test_half_of_the_mutual_information_is_less_than_the_cross_section():
    """E_W >= I/2, for strips of any dimension."""
    functional = strip_of(3, lambda z: 1 - z**3)
    for distance in (0.05, 0.2, 0.4):
        at = torch.tensor([distance], dtype=torch.float64)
        half = float(mutual_information(functional, (1.0, 1.0), at).information[0]) / 2
        assert cross_section(functional, (1.0, 1.0), distance).value > half > 0


def test_the_transition_in_ads3():
    """z = 1: s = (sqrt(2) - 1) l for equal intervals."""
    assert transition(vacuum(2), (1.0, 1.0)) == pytest.approx(math.sqrt(2) - 1, abs=1e-10)


def test_a_wedge_that_falls_apart_has_no_cross_section():
    found = cross_section(vacuum(2), (1.0, 1.0), 0.5)
    assert found.value == 0
    assert math.isnan(found.momentum)


def test_widths_must_be_positive():
    with pytest.raises(SurfaceError, match="positive"):
        mutual_information(vacuum(2), (0.0, 1.0), torch.tensor([0.1], dtype=torch.float64))
