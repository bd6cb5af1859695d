"""Surfaces in numerical backgrounds: beside exact ones, finer grids, dA/dl, the entropy of the state."""

import math
from functools import cache

import pytest
import torch
from gallery_models import load as load_model

from holosym.report import closed_forms
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.family import solve_family
from holosym.solve.package import load
from holosym.solve.request import Request
from holosym.surfaces.answer import Wanted, answer
from holosym.surfaces.background import FunctionBackground, SolvedBackground
from holosym.surfaces.cutoff import fefferman_graham_shift
from holosym.surfaces.disk import disks
from holosym.surfaces.family import surfaces
from holosym.surfaces.functional import functional
from holosym.surfaces.strip import strip

STATES = {
    "schwarzschild_ads4": {"T": 0.5},
    "schwarzschild_ads5": {"T": 0.5},
    "rn_ads4": {"T": 0.1, "mu": 1.0},
    "rn_ads5": {"T": 0.2, "mu": 1.0},
    "linear_axion": {"T": 0.2, "mu": 1.0, "beta": 0.5},
    "dyonic_axion": {"T": 0.2, "mu": 1.0, "beta": 0.5, "B": 0.3},
    "linear_axion_ads5": {"T": 0.3, "mu": 1.0, "beta": 1.0},
    "gubser_rocha": {"T": 0.2, "mu": 1.0, "beta": 0.5},
    "magnetic_brane_ads5": {"T": 0.5, "B": 1.0},
    "holographic_superconductor": {"T": 0.1, "mu": 1.0, "q": 3.0},
    "einstein_scalar_ads5": {"T": 0.5, "phi.source": 0.5},
}
QUICK = ("linear_axion", "gubser_rocha", "holographic_superconductor")
EVERY = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in sorted(STATES)]
COUPLINGS = {"einstein_scalar_ads5": {"V": PolynomialCoupling([-12.0, 0.0, -1.5, 0.0, -0.1])}}
LENGTHS = torch.tensor([0.2, 1.0, 3.0], dtype=torch.float64)


@cache
def solved(name, nodes=0):
    """The state of least free energy."""
    package = load(f"generated/{name}")
    found = solve_family(package, Request(STATES[name], nodes=nodes), couplings=COUPLINGS.get(name))
    assert found.failure is None
    points = [point for branch in found.branches for point in branch.points]
    best = min(points, key=lambda one: {True: 0, None: 1, False: 2}[one.dominant])
    return package, SolvedBackground(best.state, best.scale), best


@pytest.mark.parametrize("name", EVERY)
def test_a_finer_grid_gives_the_same(name):
    """All orientations; the default grid beside one with half as many nodes again."""
    package, coarse, _ = solved(name)
    _, fine, _ = solved(name, nodes=len(coarse.state.fields.panels.grids[0].nodes) * 3 // 2)
    for surface, entry in package.entanglement.SURFACES.items():
        lengths = LENGTHS if entry["kind"] == "strip" else LENGTHS[:1] / 2
        one, other = (surfaces(functional(package, b, surface), lengths).dominant for b in (coarse, fine))
        assert float((one.area - other.area).abs().max()) < 1e-8
        assert float((one.momentum - other.momentum).abs().max()) < 1e-7 * float(other.momentum.max())


@pytest.mark.parametrize("name", EVERY)
def test_the_identity_on_numerical_backgrounds(name):
    """dA/dl = P along a family of strips, by differences of sixth order."""
    package, background, _ = solved(name)
    made = functional(package, background, next(iter(package.entanglement.SURFACES)))
    central = torch.tensor([-1, 9, -45, 0, 45, -9, 1], dtype=torch.float64) / 60
    for share in (0.2, 0.7):
        around = background.end * (share + 1e-3 * torch.arange(-3, 4, dtype=torch.float64))
        found = strip(made, around)
        slope = (found.area * central).sum() / (found.length * central).sum()
        assert float(slope / found.momentum[3]) == pytest.approx(1, abs=1e-9)


def test_a_brane_beside_its_closed_form():
    """Gubser-Rocha, solved for in one gauge and exact in another: dA/dl, and areas with the same cutoff."""
    q, b = 0.7, 0.5
    m = math.sqrt(3 * q * (1 + q) * (1 - b**2 / (2 * (1 + q) ** 2)))
    temperature = (6 * (1 + q) ** 2 - b**2) / (8 * math.pi * (1 + q) ** 1.5)
    package = load("generated/gubser_rocha")
    request = Request({"T": temperature, "mu": m, "beta": b, "phi.source": math.sqrt(3) * q / 2})
    (branch,) = solve_family(package, request).branches
    (point,) = branch.points
    known = load_model("gubser_rocha").known_solutions[0]
    exact = FunctionBackground(
        closed_forms.functions(known, {"Q": q, "beta": b}), {"beta": b}, end=1.0, ends_at="horizon"
    )
    numeric, closed = (
        functional(package, one, "strip_x") for one in (SolvedBackground(point.state, point.scale), exact)
    )
    here, there = (surfaces(one, LENGTHS).dominant for one in (numeric, closed))
    assert here.momentum.tolist() == pytest.approx(there.momentum.tolist(), rel=1e-10)
    own = [float(fefferman_graham_shift(one)) for one in (numeric, closed)]
    assert own[0] == pytest.approx(0, abs=1e-10)  # the gauge h'(0) = 0 is that of Fefferman and Graham to this order
    assert own[1] == pytest.approx(-1.5 * q, abs=1e-12)
    assert (here.area + own[0]).tolist() == pytest.approx((there.area + own[1]).tolist(), abs=1e-9)


def test_disks_beside_the_closed_form():
    """In the metric's own cutoff they differ by 2 pi R times 3 Q/4; in Fefferman and Graham's not at all."""
    known = load_model("gubser_rocha").known_solutions[0]
    package = load("generated/gubser_rocha")
    made = closed_forms.functions(known, {"Q": 0.7, "beta": 0.5})
    one = functional(package, FunctionBackground(made, {"beta": 0.5}, end=1.0, ends_at="horizon"), "strip_x")
    radii = [0.3, 1.0, 2.0]
    own, other = (answer(one, Wanted("disk", radii, cutoff=cutoff), {}) for cutoff in ("own", "fg"))
    for a, b in zip(own.rows, other.rows, strict=True):
        assert b.area - a.area == pytest.approx(-2 * math.pi * a.length * 0.75 * 0.7, rel=1e-12)
        assert b.slope - a.slope == pytest.approx(-2 * math.pi * 0.75 * 0.7, rel=1e-12)


@pytest.mark.parametrize("name", ["holographic_superconductor", "linear_axion_ads5"])
def test_long_strips_have_the_entropy_of_the_state(name):
    """4 pi dA/dl -> s, Wald's entropy density from the solver."""
    package, background, point = solved(name)
    made = functional(package, background, next(iter(package.entanglement.SURFACES)))
    long = surfaces(made, torch.tensor([40.0], dtype=torch.float64)).dominant
    assert 4 * math.pi * float(long.momentum) == pytest.approx(point.values["s"], rel=1e-9)


@pytest.mark.parametrize(("name", "dimension"), [("rn_ads4", 3), ("rn_ads5", 4), ("schwarzschild_ads4", 3)])
def test_the_first_law_of_small_strips(name, dimension):
    """The entropy of AdS grows by a known multiple of epsilon l^2 where nothing has a source (Blanco et al. 2013).

    To first order in the energy, f = 1 - m z^d, the area at fixed l is that of the unchanged surface,
    dA = m int x^d sqrt(B) sqrt(1 - q) dx with q = (x/x*)^(2d-2).
    """
    package, background, point = solved(name)
    made = functional(package, background, next(iter(package.entanglement.SURFACES)))
    lengths = torch.tensor([0.01, 0.02], dtype=torch.float64)
    found = surfaces(made, lengths).dominant
    shape = 2 * math.sqrt(math.pi) * math.gamma(dimension / (2 * dimension - 2)) / math.gamma(1 / (2 * dimension - 2))
    vacuum = -(shape ** (dimension - 1)) / (dimension - 2) * lengths ** (2.0 - dimension)
    # int_0^1 u sqrt(1 - u^(2d-2)) du, with x* = l/shape
    power = 2 * dimension - 2
    integral = math.gamma(2 / power) * math.gamma(1.5) / (power * math.gamma(2 / power + 1.5))
    mass = point.values["epsilon"] / (dimension - 1)
    expected = mass * integral * (lengths / shape) ** 2
    assert (found.area - vacuum).tolist() == pytest.approx(expected.tolist(), rel=5e-3)
    found_disks = disks(made, lengths[:1]) if dimension == 3 else []
    for one in found_disks:
        # 4 pi dA = 2 pi int (R^2 - r^2)/(2R) T_tt = pi^2 R^3 epsilon/2
        assert 4 * math.pi * (one.area + 2 * math.pi) == pytest.approx(
            math.pi**2 * one.radius**3 * point.values["epsilon"] / 2, rel=5e-3
        )


@pytest.mark.parametrize("name", ["holographic_superconductor", "gubser_rocha"])
def test_strong_subadditivity(name):
    """S(a) + S(b) >= S(a + b - c) + S(c) for overlapping strips, c the overlap: S is concave and grows."""
    package, background, _ = solved(name)
    made = functional(package, background, next(iter(package.entanglement.SURFACES)))
    generator = torch.Generator().manual_seed(1)
    a, b = 0.3 + 3 * torch.rand(2, 20, generator=generator, dtype=torch.float64)
    overlap = torch.minimum(a, b) * (0.05 + 0.9 * torch.rand(20, generator=generator, dtype=torch.float64))
    lengths = torch.cat([a, b, a + b - overlap, overlap])
    order = torch.argsort(lengths)
    area = torch.empty_like(lengths)
    area[order] = surfaces(made, lengths[order]).dominant.area
    first, second, union, common = area.split(20)
    assert float((first + second - union - common).min()) > 0
