"""Reconstruction without learning: metrics return from their own entropies; what is no entropy is refused."""

import numpy as np
import pytest
import torch
from closed_surfaces import string_of, strip_of

from holosym.errors import DataError
from holosym.surfaces.abel import from_loops, from_strips
from holosym.surfaces.family import surfaces
from holosym.surfaces.smoothing import smooth, turning_ratio, vacuum

BETA, MU = 0.5, 1.0


def linear_axion(z):
    return 1 - BETA**2 * z**2 / 2 - (1 - BETA**2 / 2 + MU**2 / 4) * z**3 + MU**2 * z**4 / 4


METRICS = {2: lambda z: 1 - z**2, 3: linear_axion, 4: lambda z: 1 - z**4}


def data(dimension, lengths):
    """S/(4 pi), by quadratures that do not know of the inversion."""
    functional = strip_of(dimension, METRICS[dimension])
    return surfaces(functional, torch.from_numpy(lengths)).dominant.area.numpy()


@pytest.mark.parametrize("dimension", METRICS)
@pytest.mark.parametrize("lengths", [np.linspace(0.03, 3, 200), np.geomspace(0.03, 3, 200)], ids=["even", "log"])
def test_clean_points_give_the_metric(dimension, lengths):
    found = from_strips(lengths, data(dimension, lengths), dimension)
    assert found.f == pytest.approx(METRICS[dimension](found.z), abs=1e-6)
    assert found.z[-1] > 0.9
    assert np.all(np.diff(found.z) > 0)
    assert found.band is None


def test_the_largest_error_is_at_the_narrowest_strips():
    """Away from the first points, where what lies below is extrapolated, f is right to 1e-9."""
    lengths = np.linspace(0.03, 3, 200)
    found = from_strips(lengths, data(3, lengths), 3)
    inner = found.z > 0.05
    assert found.f[inner] == pytest.approx(linear_axion(found.z[inner]), abs=1e-9)


def test_a_constant_in_the_entropy_does_not_matter():
    """Another cutoff."""
    lengths = np.linspace(0.03, 3, 200)
    found = from_strips(lengths, data(3, lengths) - 1.5, 3)
    assert found.f == pytest.approx(linear_axion(found.z), abs=1e-6)


def test_loops_give_the_metric():
    lengths = np.linspace(0.02, 0.85, 200)
    family = surfaces(string_of(lambda z: 1 - z**4), torch.from_numpy(lengths))
    found = from_loops(lengths, family.found[0].surfaces.area.numpy())
    assert found.f == pytest.approx(1 - found.z**4, abs=1e-6)
    assert found.z[-1] > 0.75


@pytest.mark.parametrize("seed", range(4))
def test_the_band_contains_the_truth(seed):
    """1% noise. The band is of 95% at each z, and errors at neighbouring z are not independent."""
    lengths = np.linspace(0.03, 3, 200)
    area = data(3, lengths)
    errors = 0.01 * np.abs(area)
    noisy = area + errors * np.random.default_rng(seed).standard_normal(200)
    found = from_strips(lengths, noisy, 3, errors)
    truth = linear_axion(found.z)
    inside = (found.band[0] <= truth) & (truth <= found.band[1])
    assert inside.mean() > 0.8
    # a band that says something: f changes by 1
    assert np.median(np.ptp(found.band, axis=0)) < 0.1


def test_what_the_data_do_not_say_is_said():
    lengths = np.linspace(0.5, 1.5, 40)
    (note, *_) = from_strips(lengths, data(3, lengths), 3).notes
    assert "beyond they say nothing" in note


def test_the_smooth_function_of_ads_is_exact():
    lengths = np.linspace(0.1, 2, 30)
    for power in (1.0, 2.0, 3.0):
        momentum, slope = smooth(lengths, vacuum(lengths, power), power).momentum(np.array([0.01, 0.5, 2.0]))
        expected = turning_ratio(power) ** power * np.array([0.01, 0.5, 2.0]) ** -power
        assert momentum == pytest.approx(expected, rel=1e-10)
        assert slope == pytest.approx(-power * expected / np.array([0.01, 0.5, 2.0]), rel=1e-8)


LENGTHS = np.linspace(0.1, 2, 40)
CLEAN = data(3, LENGTHS)


@pytest.mark.parametrize(
    ("lengths", "area", "said"),
    [
        (LENGTHS[:5], CLEAN[:5], "5 points are too few"),
        (LENGTHS[::-1], CLEAN[::-1], "ascending"),
        (LENGTHS, np.where(LENGTHS > 1, np.nan, CLEAN), "is not a number"),
        (LENGTHS, -CLEAN, "the data do not grow between 0.1"),
        (LENGTHS, CLEAN + 3 * np.maximum(LENGTHS - 1, 0) ** 2, "the data are not concave between 0.99"),
        (LENGTHS, CLEAN / (4 * np.pi), "times that of AdS"),
        (LENGTHS, CLEAN[:-1], "39 areas"),
    ],
    ids=["few", "order", "nan", "falls", "convex", "unit", "rows"],
)
def test_what_is_no_entropy_is_refused(lengths, area, said):
    with pytest.raises(DataError, match=said) as caught:
        from_strips(lengths, area, 3)
    assert caught.value.mend


def test_noise_taken_for_clean_points_is_refused():
    noisy = CLEAN * (1 + 0.01 * np.random.default_rng(0).standard_normal(40))
    with pytest.raises(DataError, match="the data are not concave"):
        from_strips(LENGTHS, noisy, 3)
