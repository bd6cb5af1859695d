"""Disks against exact surfaces, an independent shooting, and the entropies of small and large disks."""

import math

import numpy as np
import pytest
import torch
from closed_surfaces import strip_of, vacuum
from scipy.integrate import solve_ivp

from holosym.errors import SolveError, SurfaceError
from holosym.surfaces.disk import disks

RADII = torch.tensor([0.3, 1.0, 2.0], dtype=torch.float64)


def areas(functional, radii):
    return np.array([one.area for one in disks(functional, radii)])


def test_a_hemisphere_in_ads4():
    """A = 2 pi (R/a - 1)."""
    assert areas(vacuum(3), RADII) == pytest.approx([-2 * math.pi] * 3, abs=1e-12)


def test_a_hemisphere_in_ads5():
    """int sin^2/cos^3: A = 2 pi [R^2/a^2 - 1/2 - log(2R/a)]."""
    expected = [-math.pi - 2 * math.pi * math.log(2 * r) for r in RADII.tolist()]
    assert areas(vacuum(4), RADII) == pytest.approx(expected, abs=1e-12)


def test_an_interval_is_a_disk_of_one_dimension():
    """BTZ: A = 2 log[2 sinh(l/2)] with l = 2R."""
    radii = torch.tensor([0.1, 1.0, 3.0], dtype=torch.float64)
    expected = [2 * math.log(2 * math.sinh(r)) for r in radii.tolist()]
    assert areas(strip_of(2, lambda z: 1 - z**2), radii) == pytest.approx(expected, abs=1e-9)


def test_the_first_law():
    """dS = 2 pi int (R^2 - r^2)/(2R) T_tt for a small disk; T_tt = 2 m for f = 1 - m z^3, S = 4 pi A."""
    radius, mass = 0.02, 1.0
    (found,) = areas(strip_of(3, lambda z: 1 - mass * z**3), torch.tensor([radius], dtype=torch.float64))
    energy = 2 * math.pi * 2 * mass * math.pi * radius**3 / 4
    # int_0^R (R^2 - r^2)/(2R) 2 pi r dr = pi R^3/4; the next order is a relative R^3 = 1e-5
    assert 4 * math.pi * (found + 2 * math.pi) == pytest.approx(energy, rel=2e-3)


@pytest.mark.parametrize("dimension", [3, 4])
def test_a_large_disk_has_the_thermal_entropy(dimension):
    """dA/dR tends to that of the ball times the horizon's area density 1, with a correction of its surface."""
    found = disks(strip_of(dimension, lambda z: 1 - z**dimension), torch.tensor([10.0, 20.0, 30.0]))
    # slope = Omega R^(d-2) (1 + b/R + c/R^2): b alone is not zero where A has a term of the surface
    share = [one.slope / (2 * (dimension - 2) * math.pi * one.radius ** (dimension - 2)) for one in found]
    bulk = (9 * share[2] - 8 * share[1] + share[0]) / 2  # without 1/R and 1/R^2
    assert bulk == pytest.approx(1, abs=2e-4)
    assert [one.depth for one in found] == pytest.approx([1, 1, 1], abs=1e-12)


@pytest.mark.parametrize("dimension", [3, 4])
@pytest.mark.parametrize("radius", [0.5, 3.0])
def test_the_slope_is_the_derivative_of_the_area(dimension, radius):
    """Neighbouring surfaces, each solved for itself."""
    step = 0.02 * radius
    near = torch.tensor([radius + k * step for k in (-3, -2, -1, 0, 1, 2, 3)], dtype=torch.float64)
    found = disks(strip_of(dimension, lambda z: 1 - z**dimension), near)
    a = [one.area for one in found]
    slope = (45 * (a[4] - a[2]) - 9 * (a[5] - a[1]) + (a[6] - a[0])) / (60 * step)
    assert found[3].slope == pytest.approx(slope, rel=1e-7)


def shooting(depth, cutoff=2e-3):
    """R and the regularised area of a surface in f = 1 - z^3 that begins at a depth on the axis; by z(rho) of scipy."""

    def f(z):
        return 1 - z**3

    def slopes(s, y):
        # along the arc: z, rho, their slopes, the area
        z, rho, z1, rho1, _ = y
        root = f(z)
        # geodesics of B = rho^2/(z^4 f), C = rho^2/z^4 by their energy: the conformal factor sigma, metric g
        sigma_z = -4 / z
        sigma_rho = 2 / rho
        gamma = -(-3 * z**2) / (2 * root)
        # unit speed in dz^2/f + drho^2: z'' = -gamma z'^2 + normal, normal force = gradient of log sqrt(sigma)
        gz, gr = root * sigma_z / 2, sigma_rho / 2
        along = z1 * sigma_z / 2 + rho1 * sigma_rho / 2
        z2 = -gamma * z1**2 + gz - along * z1
        rho2 = gr - along * rho1
        return [z1, rho1, z2, rho2, 2 * math.pi * rho / z**2]

    # near the axis z = depth - k rho^2/2, from the same equation: 2 z'' = root * sigma_z/2
    start = 1e-4
    bend = f(depth) * (-2 / depth) / 2
    y = [depth + bend * start**2 / 2, start, bend * start, 1.0, math.pi * start**2 / depth**2]

    def reached(s, y):
        return y[0] - cutoff

    reached.terminal = True
    done = solve_ivp(slopes, (0, 50), y, rtol=1e-12, atol=1e-14, events=reached, method="DOP853")
    z, rho, _, _, area = done.y[:, -1]
    # beyond the cutoff rho = R - z^2/(2R) + ...: R and the rest of the area
    radius = rho + z**2 / (2 * rho)
    return radius, area - 2 * math.pi * radius / cutoff


def test_against_shooting():
    """The same surface from an initial value problem, to what its cutoff lets see."""
    (radius, coarse), (_, middle), (closer, fine) = (shooting(0.8, cutoff) for cutoff in (8e-3, 4e-3, 2e-3))
    assert closer == pytest.approx(radius, abs=1e-6)
    (found,) = disks(strip_of(3, lambda z: 1 - z**3), torch.tensor([closer], dtype=torch.float64))
    assert found.depth == pytest.approx(0.8, abs=1e-6)
    # what a cutoff leaves out is linear in it, and quadratic
    extrapolated = (8 * fine - 6 * middle + coarse) / 3
    assert found.area == pytest.approx(extrapolated, abs=3e-7)


def test_the_curve_ends_at_the_radius():
    (found,) = disks(strip_of(3, lambda z: 1 - z**3), torch.tensor([1.0], dtype=torch.float64))
    rho, x = found.curve
    assert float(rho[0]) == pytest.approx(0, abs=1e-12)
    assert (float(rho[-1]), float(x[-1])) == pytest.approx((1.0, 0.0), abs=1e-12)
    assert float(x[0]) == found.depth < 1
    assert found.error < 1e-9


def test_an_anisotropic_slice_is_refused():
    from dataclasses import replace

    with pytest.raises(SurfaceError, match="no axis"):
        disks(replace(vacuum(3), isotropic=False), RADII)


def test_a_disk_too_wide_says_how_far_it_came():
    """The hemisphere of R = 1 touches a wall at x = 1."""
    with pytest.raises(SolveError, match=r"over a disk of radius 2: it meets the wall at 1,") as caught:
        disks(vacuum(3, end=1.0, ends_at="wall"), torch.tensor([0.5, 2.0], dtype=torch.float64))
    assert [one.radius for one in caught.value.found] == [0.5]
    assert caught.value.found[0].area == pytest.approx(-2 * math.pi, abs=1e-12)
