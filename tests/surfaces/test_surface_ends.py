"""Closed forms end where they do: not where a solver has its horizon, nor where a family of branches begins."""

import math

import pytest
import torch
from closed_surfaces import of_functions, string_of, strip_of, vacuum

from holosym.errors import SurfaceError
from holosym.surfaces.ends import horizon_of, placed
from holosym.surfaces.family import surfaces


@pytest.mark.parametrize("mass", [0.25, 1.0, 4.0, 400.0])
def test_a_horizon_elsewhere(mass):
    """f = 1 - M z^2, said to end at 1."""
    said = strip_of(2, lambda z: 1 - mass * z**2)
    assert horizon_of(said) == pytest.approx(mass**-0.5, rel=1e-14)
    lengths = torch.tensor([0.5, 3.0, 9.0], dtype=torch.float64)
    root = math.sqrt(mass)
    exact = 2 * torch.log(2 / root * torch.sinh(root * lengths / 2))
    assert surfaces(placed(said, said), lengths).dominant.area.tolist() == pytest.approx(exact.tolist(), abs=1e-10)


def test_the_first_zero_counts():
    """Outer and inner horizons, f > 0 again behind them."""
    strip = strip_of(3, lambda z: (1 - z / 0.4) * (1 - z / 0.7), end=1.0)
    assert horizon_of(strip) == pytest.approx(0.4, rel=1e-14)


def test_no_horizon_at_all():
    for one in (vacuum(3, end=1.0, ends_at="horizon"), strip_of(3, lambda z: torch.exp(z**2))):
        made = placed(one, one)
        assert (made.end, made.ends_at) == (math.inf, "none")
    made = placed(vacuum(3, end=1.0, ends_at="horizon"), vacuum(3))
    found = surfaces(made, torch.tensor([3.0], dtype=torch.float64)).dominant
    assert float(found.area[0]) == pytest.approx(-1.43554002 / 3, abs=1e-8)


def test_the_end_of_a_string_is_that_of_the_strips():
    """Its B does not see f."""
    string, strip = string_of(lambda z: 1 - 16 * z**4), strip_of(4, lambda z: 1 - 16 * z**4)
    assert placed(string, strip).end == pytest.approx(0.5, rel=1e-14)


def test_a_wall_stays():
    """A direction that shrinks is no horizon."""
    wall = strip_of(4, lambda z: 1 - z**4, ends_at="wall")
    assert (placed(wall, wall).end, placed(wall, wall).ends_at) == (1.0, "wall")


def test_a_horizon_without_temperature():
    with pytest.raises(SurfaceError, match="the horizon at 1 has no temperature"):
        horizon_of(strip_of(3, lambda z: (1 - z) ** 2 * (1 + 2 * z)))


def bumpy():
    """AdS4 with a step in g_xx and a bump in g_zz: l(x*) rises and falls twice."""
    step = lambda z: 1 + 3 / (1 + torch.exp(-8 * (z - 1)))  # noqa: E731
    bump = lambda z: 1 + 10 * z**2 * torch.exp(-8 * (z - 2) ** 2)  # noqa: E731
    return of_functions(bump, step, (2.0, 2.0), "strip", math.inf, "none", 3)


def test_branches_do_not_depend_on_the_least_length_asked_for():
    wanted = torch.tensor([4.06, 5.0], dtype=torch.float64)
    late, early = surfaces(bumpy(), wanted), surfaces(bumpy(), torch.cat([torch.tensor([0.3]), wanted]))
    assert late.dominant.area.tolist() == pytest.approx(early.dominant.area[1:].tolist(), abs=1e-11)
    # by a dense quadrature of its own
    assert float(late.dominant.area[0]) == pytest.approx(1.415199, abs=1e-6)


def test_nodes_are_added_until_the_error_settles():
    """The deepest branch crosses the bump: 64 nodes leave 2e-3."""
    family = surfaces(bumpy(), torch.tensor([5.0], dtype=torch.float64))
    deepest = family.found[-1].surfaces
    assert float(deepest.area[0]) == pytest.approx(1.986372, abs=1e-6)
    assert float(deepest.error[0]) < 1e-9


def test_a_functional_that_is_no_number():
    strip = of_functions(lambda z: 1 + torch.exp(z**3) * 0, torch.ones_like, (2.0, 2.0), "strip", math.inf, "none", 3)
    with pytest.raises(SurfaceError, match="no number where a surface turns at"):
        surfaces(strip, torch.tensor([1.0, 100.0], dtype=torch.float64))


def test_a_string_in_the_soliton_confines():
    """B = 1/(z^4 f), C = 1/z^4, f = 1 - z^4: it comes near to the wall as slowly as to a horizon; tension 1."""
    string = of_functions(lambda z: 1 / (1 - z**4), torch.ones_like, (2.0, 2.0), "wilson", 1.0, "wall")
    lengths = torch.tensor([7.25, 11.5, 15.75, 20.0], dtype=torch.float64)
    family = surfaces(string, lengths)
    slopes = family.dominant.area.diff() / lengths.diff()
    assert slopes.tolist() == pytest.approx([1, 1, 1], abs=1e-6)
    # V - L tends to -2 for this f
    assert (family.dominant.area - lengths)[1:].tolist() == pytest.approx([-2, -2, -2], abs=1e-8)
    assert float(family.dominant.error.max()) < 1e-8
