"""Branches of one length, what takes over at walls and horizons, and where the least area jumps."""

import math

import mpmath
import pytest
import torch
from closed_surfaces import of_functions, string_of, strip_of, vacuum
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from holosym.errors import SurfaceError
from holosym.surfaces.branches import branches
from holosym.surfaces.family import surfaces
from holosym.surfaces.strip import strip


def lengths(*values):
    """Lengths as a tensor."""
    return torch.tensor(values, dtype=torch.float64)


def labels(family):
    """Of all branches."""
    return [one.label for one in family.found]


def test_btz_of_any_length():
    """A = 2 log(2 sinh(l/2)), from small l to one whose surface is 1e-17 above the horizon."""
    wanted = torch.logspace(-3, 1.9, 40, dtype=torch.float64)
    family = surfaces(of_functions(lambda z: 1 / ((1 - z) * (1 + z)), torch.ones_like, (1.0, 1.0)), wanted)
    assert labels(family) == ["connected", "along the horizon"]
    assert family.transitions == ()
    exact = 2 * torch.log(2 * torch.sinh(wanted / 2))
    assert (family.dominant.area - exact).abs().max() < 1e-10
    assert family.dominant.momentum.tolist() == pytest.approx((1 / torch.tanh(wanted / 2)).tolist(), rel=1e-9)


def test_long_strips_have_the_entropy_of_the_horizon():
    """dA/dl -> C(x_h)^(1/2) = 1: area proportional to l, without a jump where the formula for long strips begins."""
    brane = strip_of(3, lambda z: 1 - z**3)
    family = surfaces(brane, lengths(*torch.linspace(4, 40, 37).tolist()))
    assert "along the horizon" in labels(family)
    slope = family.dominant.area.diff()
    assert float(slope[-1]) == pytest.approx(1, abs=1e-12)
    assert bool((slope.diff() <= 1e-9).all())


def test_hard_wall():
    """AdS5 with a wall at 1: connected strips A = -0.32066437/l^2 until that is -1, twice F(1)."""
    family = surfaces(vacuum(4, end=1.0, ends_at="wall"), lengths(0.1, 0.4, 0.5, 0.6, 0.8, 2.0))
    assert labels(family) == ["connected", "disconnected"]
    (jump,) = family.transitions
    ratio = 2 * math.sqrt(math.pi) * math.gamma(2 / 3) / math.gamma(1 / 6)
    assert jump.length == pytest.approx(math.sqrt(ratio**3 / 2), rel=1e-12)
    assert (jump.before, jump.after) == ("connected", "disconnected")
    assert family.dominant.area[-2:].tolist() == pytest.approx([-1, -1], rel=1e-13)
    assert family.least == (0, 0, 0, 1, 1, 1)


def test_soliton():
    """AdS5, a circle shrinks at z = 1: C = f/z^6 (Klebanov, Kutasov and Murugan 2007). l beside mpmath."""
    soliton = of_functions(torch.ones_like, lambda z: 1 - z**4, (3.0, 3.0), end=1.0, ends_at="wall")

    def length(turning):
        def along(u):
            z = turning * (1 - u**2)
            excess = mpmath.expm1(-6 * mpmath.log1p(-(u**2)) + mpmath.log((1 - z**4) / (1 - turning**4)))
            return 4 * turning * u / mpmath.sqrt((1 - z**4) * excess)

        turning = mpmath.mpf(turning)
        scale = mpmath.sqrt(1 - turning)
        return float(mpmath.quad(along, [0, scale, 1], method="gauss-legendre"))

    turning = lengths(0.5, 0.9, 0.999, 0.9999)
    assert strip(soliton, turning).length.tolist() == pytest.approx([length(float(at)) for at in turning], rel=1e-10)
    family = surfaces(soliton, lengths(0.05, 0.3, 0.6, 0.65, 0.69))
    assert labels(family) == ["connected 1", "connected 2", "disconnected"]
    largest = -minimize_scalar(
        lambda at: -length(at), bounds=(0.7, 0.95), method="bounded", options={"xatol": 1e-7}
    ).fun
    shallow, deep = branches(soliton, 0.05, 0.69)
    assert shallow.lengths[1] == deep.lengths[0] == pytest.approx(largest, rel=1e-10)
    (jump,) = family.transitions
    connected = surfaces(soliton, lengths(jump.length)).found[0]
    assert float(connected.area) == pytest.approx(-1, rel=1e-10)
    assert family.least == (0, 0, 0, 2, 2)
    assert bool((family.found[1].area > family.found[0].area).all())


def test_string_above_a_horizon():
    """AdS5, Rey, Theisen and Yee 1998: two branches meet at the largest L, and screening, V = -2/z_h, comes before."""
    family = surfaces(string_of(lambda z: 1 - z**4), lengths(0.2, 0.5, 0.7, 0.8, 0.86, 1.5))
    assert labels(family) == ["connected 1", "connected 2", "disconnected"]
    # L pi T: 0.869 largest, screened from 0.754, with z_h = 1/(pi T)
    (jump,) = family.transitions
    assert jump.length == pytest.approx(0.754, abs=5e-4)
    assert family.dominant.area[-1] == pytest.approx(-2, rel=1e-13)

    def length(at):
        # L = 2 z* sqrt(1 - z*^4) int_0^1 y^2 dy/sqrt((1 - y^4)(1 - z*^4 y^4)), y = 1 - u^2
        def along(u):
            y = 1 - u**2
            return 4 * y**2 / math.sqrt((1 + y) * (1 + y**2) * (1 - at**4 * y**4))

        return at * math.sqrt(1 - at**4) * quad(along, 0, 1, epsabs=1e-14, epsrel=1e-13)[0]

    largest = -minimize_scalar(
        lambda at: -length(at), bounds=(0.6, 0.99), method="bounded", options={"xatol": 1e-10}
    ).fun
    (said,) = [note for note in family.notes if "largest" in note]
    assert float(said.split(" at ")[1].split(",")[0]) == pytest.approx(largest, rel=1e-9)
    assert largest == pytest.approx(0.869, abs=5e-4)


def test_string_at_a_hard_wall_confines():
    """It reaches the wall and runs along it: V' = 1/z_w^2 from there on, and no jump."""
    family = surfaces(string_of(torch.ones_like, 1.0, "wall"), lengths(0.5, 1.0, 1.5, 3.0, 6.0))
    assert labels(family) == ["connected", "along the wall"]
    assert family.transitions == ()
    # the tension is taken 1e-12 above the wall
    assert float(family.dominant.area[-1] - family.dominant.area[-2]) == pytest.approx(3, rel=1e-11)


def test_soft_wall_confines():
    """B = C = e^(2 z^2)/z^4 (Andreev and Zakharov 2006): C is least at z = 1, and C^(1/2) = e is the tension."""
    warp = of_functions(
        lambda z: torch.exp(2 * z**2), lambda z: torch.exp(2 * z**2), (2.0, 2.0), "wilson", math.inf, "none"
    )
    wanted = torch.linspace(0.3, 30, 60, dtype=torch.float64)
    family = surfaces(warp, wanted)
    assert labels(family) == ["connected", "along the throat"]
    assert family.transitions == ()
    assert any("throat at x = 1," in note for note in family.notes)
    slope = family.dominant.area.diff() / wanted.diff()
    assert float(slope[-1]) == pytest.approx(math.e, rel=1e-11)
    assert bool((family.dominant.momentum.diff() <= 0).all())
    assert bool((slope <= family.dominant.momentum[:-1] + 1e-9).all())
    assert bool((slope >= family.dominant.momentum[1:] - 1e-9).all())


def test_soft_wall_deconfines():
    """B = C = e^(-3 z^2)/z^6 has no end: l has a maximum, beyond which two pieces reach infinity.

    2 F = int t^-2 e^(-3t/2) dt = (3/2) (log(3/2) + gamma - 1).
    """
    warp = of_functions(
        lambda z: torch.exp(-3 * z**2), lambda z: torch.exp(-3 * z**2), (3.0, 3.0), "strip", math.inf, "none", 4
    )
    family = surfaces(warp, lengths(0.1, 0.3, 0.5, 0.6, 3.0))
    assert labels(family) == ["connected 1", "connected 2", "disconnected"]
    two = 1.5 * (math.log(1.5) + float(mpmath.euler) - 1)
    assert family.dominant.area[-2:].tolist() == pytest.approx([two, two], abs=1e-12)
    (jump,) = family.transitions
    assert (jump.before, jump.after) == ("connected 1", "disconnected")
    # where the connected one has the same area: its own test is dA/dl = P
    at = surfaces(warp, lengths(jump.length)).found[0]
    assert float(at.area[0]) == pytest.approx(two, abs=1e-10)


@pytest.fixture(scope="module")
def swallowtail():
    """C nearly flat at x = 0.4 above a horizon: l rises, falls and rises again."""
    bump = of_functions(
        lambda z: 1 / ((1 - z) * (1 + z)), lambda z: torch.exp(0.38 * (1 + torch.tanh((z - 0.4) / 0.08))), (1.0, 1.0)
    )
    return bump, surfaces(bump, lengths(0.5, 1.2, 1.4, 1.5, 2.0, 2.6))


def test_swallowtail(swallowtail):
    """Three branches; the least area jumps from the first to the third, where their areas are equal and P is not."""
    bump, family = swallowtail
    assert labels(family) == ["connected 1", "connected 2", "connected 3"]
    largest, smallest = (float(note.split(" at ")[1].split(",")[0]) for note in family.notes)
    assert smallest < largest
    (jump,) = family.transitions
    assert (jump.before, jump.after) == ("connected 1", "connected 3")
    assert smallest < jump.length < largest
    at = surfaces(bump, lengths(jump.length)).found
    first, middle, last = (one.surfaces for one in at)
    assert float(first.area) == pytest.approx(float(last.area), abs=1e-9)
    assert float(middle.area) > float(first.area) + 1e-4
    assert float(first.momentum) > 1.1 * float(last.momentum)


def test_every_branch_has_the_length_asked_for(swallowtail):
    """The turning points give back the lengths."""
    bump, family = swallowtail
    for branch in family.found:
        here = torch.isfinite(branch.area)
        assert bool(here.any())
        made = strip(bump, branch.surfaces.turning[here])
        assert made.length.tolist() == pytest.approx(family.lengths[here].tolist(), rel=1e-9)


def test_length_beyond_the_maximum():
    """B/C = 1/(1 + z^4) has no end, l a maximum, and beyond it there is nothing: the error names it."""
    loop = of_functions(lambda z: 1 / (1 + z**4), torch.ones_like, (2.0, 2.0), "wilson", math.inf, "none")
    largest = float(strip(loop, torch.logspace(-1, 1, 4001, dtype=torch.float64)).length.max())
    with pytest.raises(SurfaceError, match="as long as l = 5: the maximum is") as raised:
        surfaces(loop, lengths(0.1, 5.0))
    assert float(raised.value.mend.removeprefix("ask for l below ")) == pytest.approx(largest, rel=1e-6)
    assert labels(surfaces(loop, lengths(0.9 * largest))) == ["connected 1", "connected 2"]


@pytest.mark.parametrize("wanted", [(0.0, 1.0), (-1.0,), (math.nan,), (2.0, 1.0)])
def test_lengths_that_are_none(wanted):
    """Zero, negative, not a number, descending."""
    with pytest.raises(SurfaceError, match="lengths are"):
        surfaces(strip_of(3, lambda z: 1 - z**3), lengths(*wanted))
