"""Data that are missed, and data whose noise is fitted: chi squared in both tails, and in neither."""

import pytest
import torch

from holosym.fit.met import met
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


def test_without_errors_nothing_is_known():
    assert met([compared(9.0, errors=False)], 0) == ()
