"""Data that are missed, and data whose noise is fitted: chi squared in both tails, and in neither."""

import math

import pytest
import torch

from holosym.fit.met import counted, met
from holosym.fit.summary import Compared


def compared(deviation, count=16, errors=True):
    """Points that are all missed by as many errors."""
    where = torch.arange(1.0, count + 1.0, dtype=torch.float64)
    error = 0.1 * where
    return Compared("s", "T", where, 2 * where, error if errors else None, 2 * where + deviation * error)


@pytest.mark.parametrize(
    ("deviation", "directions", "said"),
    [
        (1.0, 0, ""),
        (1.0, 5, ""),
        (1.6, 5, ""),
        (0.6, 5, ""),
        (3.0, 0, "s is missed by more than its errors: chi squared per point is 9."),
        (1e-4, 5, "s is met more closely than its errors allow: chi squared per point is 1e-08. Noise is fitted"),
        (float("nan"), 0, "s is missed by more than its errors"),
    ],
)
def test_what_is_said(deviation, directions, said):
    found = met([compared(deviation)], directions)
    assert len(found) == bool(said)
    assert all(text.startswith(said) for text in found)


def test_as_many_unknowns_as_points_meet_them_all():
    """One degree of freedom is left at the least, and what is in the middle of it is no news."""
    assert met([compared(0.05, count=4)], 4) == ()


@pytest.mark.parametrize(
    ("misfit", "said"),
    [
        (0.0, ""),
        (9e-4, ""),
        (0.02, "s has no errors, and is not met: deviations are 0.02 of its size"),
        (0.86, "s is missed: deviations are 0.86 of its size"),
        (float("nan"), "s is missed"),
    ],
)
def test_without_errors_deviations_are_judged_by_the_data(misfit, said):
    values = torch.tensor([3.0, -4.0, 3.0, 4.0], dtype=torch.float64)
    size = math.sqrt(12.5)
    signs = torch.tensor([1, -1, -1, 1], dtype=torch.float64)
    found = met([Compared("s", "T", values, values, None, values + misfit * size * signs)], 0)
    assert len(found) == bool(said)
    assert all(text.startswith(said) for text in found)


def test_points_held_back_do_not_say_how_well_data_are_met():
    values = torch.ones(4, dtype=torch.float64)
    held = torch.tensor([False, False, False, True])
    one = Compared("s", "T", values, values, None, values + 5 * held, held=held)
    assert (one.misfit, one.assumed) == (0.0, 1e-3)
    assert met([one], 0) == ()


def test_data_that_vanish_are_measured_in_one():
    zero = torch.zeros(3, dtype=torch.float64)
    assert Compared("s", "T", zero, zero, None, zero + 0.3).misfit == pytest.approx(0.3)


def test_what_directions_are_counted_at():
    clean, noisy, missed = compared(0.0, errors=False), compared(1.0), compared(1.0, errors=False)
    assert counted([noisy, noisy]) == "at their errors"
    assert counted([clean]) == "at an assumed relative error 0.001 of s"
    assert counted([clean, noisy, clean]) == "at an assumed relative error 0.001 of s and the errors of s"
    assert counted([missed]) == "at the relative deviation 0.05 of s"
