"""Strips and strings by their turning points, beside Gamma functions, closed forms and published numbers."""

import math

import pytest
import torch
from closed_surfaces import of_functions, string_of, strip_of, vacuum
from gallery_models import load as load_model

from holosym.errors import SurfaceError
from holosym.report import closed_forms
from holosym.solve.package import load as load_package
from holosym.surfaces.background import FunctionBackground
from holosym.surfaces.functional import functional
from holosym.surfaces.strip import CHUNK, strip


def number(value):
    """A turning point."""
    return torch.tensor(value, dtype=torch.float64)


def known(name, index, solution=None, **settings):
    """The strip along x of a model of the gallery in its known solution, by generated code."""
    theory = load_model(name)
    one = theory.known_solutions[index]
    functions = closed_forms.functions(one, solution if solution is not None else settings)
    background = FunctionBackground(functions, settings, end=1.0, ends_at="horizon")
    package = load_package(f"generated/{name}")
    first = next(iter(package.entanglement.SURFACES))
    return functional(package, background, first)


def ratio(d):
    """l/x* of AdS_{d+1}: 2 sqrt(pi) Gamma(d/(2(d-1)))/Gamma(1/(2(d-1)))."""
    return 2 * math.sqrt(math.pi) * math.gamma(d / (2 * (d - 1))) / math.gamma(1 / (2 * (d - 1)))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_vacuum(d):
    """Ryu and Takayanagi 2006: A = -2^(d-1) pi^((d-1)/2)/(d-2) (Gamma ratio)^(d-1)/l^(d-2), and 2 log l for d = 2."""
    turning = number([1e-6, 0.5, 1.0, 300.0])
    made = strip(vacuum(d), turning)
    assert (made.length / turning).tolist() == pytest.approx([ratio(d)] * 4, rel=1e-13)
    if d == 2:
        assert made.area.tolist() == pytest.approx((2 * torch.log(made.length)).tolist(), abs=1e-12)
    else:
        scaled = made.area * made.length ** (d - 2)
        assert scaled.tolist() == pytest.approx([-(ratio(d) ** (d - 1)) / (d - 2)] * 4, rel=1e-12)
    assert made.momentum.tolist() == pytest.approx((turning ** (1.0 - d)).tolist(), rel=1e-14)


def test_published_vacuum_numbers():
    """AdS4: l = 1.1981402347 z*, A = -1.43554002/l; AdS5: A = -0.32066437/l^2."""
    four, five = strip(vacuum(3), number(1.0)), strip(vacuum(4), number(1.0))
    assert float(four.length) == pytest.approx(1.1981402347, abs=5e-11)
    assert float(four.area * four.length) == pytest.approx(-1.43554002, abs=5e-9)
    assert float(four.area * four.length / 2) == pytest.approx(-0.7177700110, abs=5e-11)
    assert float(five.area * five.length**2) == pytest.approx(-0.32066437, abs=5e-9)


@pytest.mark.parametrize(
    ("name", "index", "settings", "length", "area"),
    [
        ("schwarzschild_ads4", 0, {}, 0.62562316843, -1.094395918),
        ("linear_axion", 0, {"beta": 0.5, "mu": 0.0}, 0.63002965656, -1.0636622744),
        ("gubser_rocha", 0, {"Q": 1.0, "beta": 0.5}, 0.49165068571, -0.51888453018),
    ],
)
def test_published_numbers_of_branes(name, index, settings, length, area):
    """(l, S_fin) at z* = 0.5, by generated code; S_fin is half the area."""
    made = strip(known(name, index, **settings), number(0.5), estimate=True)
    assert float(made.length) == pytest.approx(length, abs=6e-12)
    assert float(made.area) / 2 == pytest.approx(area, abs=6e-10 if name == "schwarzschild_ads4" else 6e-11)
    assert float(made.error) < 1e-13


@pytest.mark.parametrize("depth", [0.5, 1e-2, 1e-4, 1e-6, 1e-8])
def test_btz(depth):
    """l = 2 artanh z*, A = 2 log(2 sinh(l/2)), down to 1e-8 above the horizon, where rounding of x counts."""
    brane = of_functions(lambda z: 1 / ((1 - z) * (1 + z)), torch.ones_like, (1.0, 1.0))
    turning = number(1 - depth)
    made = strip(brane, turning)
    length = 2 * torch.atanh(turning)
    allowed = 2e-13 + 1e-18 / depth
    assert float(made.length) == pytest.approx(float(length), rel=allowed)
    assert float(made.area) == pytest.approx(float(2 * torch.log(2 * torch.sinh(length / 2))), rel=allowed)


def test_btz_by_generated_code():
    """The same through entanglement.py, and the number that the reference prints."""
    made = strip(known("btz", 0), number([0.1, 0.5, 0.9]))
    half = torch.atanh(number([0.1, 0.5, 0.9]))
    assert made.length.tolist() == pytest.approx((2 * half).tolist(), rel=1e-13)
    assert (made.area / 2).tolist() == pytest.approx(torch.log(2 * torch.sinh(half)).tolist(), abs=1e-13)


STRIPS = {
    "AdS4 brane": (strip_of, (3, lambda z: 1 - z**3)),
    "AdS5 brane": (strip_of, (4, lambda z: 1 - z**4)),
    "source": (strip_of, (3, lambda z: (1 - z) * (1 + 2 * z) ** 2 / (1 + z) ** 1.5, lambda z: (1 + z) ** 1.5)),
    "string": (string_of, (lambda z: 1 - z**4,)),
}
CENTRAL = number([-1, 9, -45, 0, 45, -9, 1]) / 60


@pytest.mark.parametrize("name", sorted(STRIPS))
def test_slope_is_the_momentum(name):
    """dA/dl = P: by differences of sixth order, and by autograd, dA/dx* = P dl/dx*."""
    make, arguments = STRIPS[name]
    made_of = make(*arguments)
    for at in (0.1, 0.4, 0.7, 0.9):
        step = 4e-3 * min(at, 1 - at)
        around = strip(made_of, number(at) + step * number([-3, -2, -1, 0, 1, 2, 3]))
        slope = (around.area * CENTRAL).sum() / (around.length * CENTRAL).sum()
        assert float(slope / around.momentum[3]) == pytest.approx(1, abs=1e-10)
    turning = number([0.05, 0.5, 0.95]).requires_grad_()
    found = strip(made_of, turning)
    (area,) = torch.autograd.grad(found.area.sum(), turning, retain_graph=True)
    (length,) = torch.autograd.grad(found.length.sum(), turning)
    assert area.tolist() == pytest.approx((found.momentum.detach() * length).tolist(), rel=1e-9)


def test_derivative_by_a_parameter():
    """By autograd through jets of f, beside differences of fourth order."""
    beta = number(0.5).requires_grad_()

    def metric(value):
        return strip_of(3, lambda z: 1 - value**2 * z**2 / 2 - (1 - value**2 / 2) * z**3)

    made = strip(metric(beta), number(0.5))
    (area,) = torch.autograd.grad(made.area, beta, retain_graph=True)
    (length,) = torch.autograd.grad(made.length, beta)
    step = 1e-3
    ends = [strip(metric(number(0.5 + k * step)), number(0.5)) for k in (-2, -1, 1, 2)]
    weights = [1 / 12, -8 / 12, 8 / 12, -1 / 12]
    for name, value in (("area", area), ("length", length)):
        by_difference = sum(w * getattr(end, name) for w, end in zip(weights, ends, strict=True)) / step
        assert float(value) == pytest.approx(float(by_difference), rel=1e-9)


def test_derivative_by_a_fitted_function():
    """f of a generated package is any function that yields jets: gradients reach its weights."""
    package = load_package("generated/linear_axion")

    def areas(weight):
        def f(z):
            bump = z**2 * (1 - z), 2 * z - 3 * z**2, 2 - 6 * z
            return 1 - z**3 + weight * bump[0], -3 * z**2 + weight * bump[1], -6 * z + weight * bump[2]

        background = FunctionBackground({"f": f}, {"beta": 0.0}, end=1.0, ends_at="horizon")
        return strip(functional(package, background, "strip_x"), number([0.3, 0.6])).area

    weight, step = number(0.3).requires_grad_(), 1e-4
    (slope,) = torch.autograd.grad(areas(weight).sum(), weight)
    by_difference = (areas(number(0.3 + step)) - areas(number(0.3 - step))).sum() / (2 * step)
    assert float(slope) == pytest.approx(float(by_difference), rel=1e-7)


def test_shapes_and_chunks():
    """Turning points of any shape; more of them than a chunk holds give the same as one by one."""
    brane = strip_of(3, lambda z: 1 - z**3)
    many = torch.linspace(0.01, 0.99, CHUNK + 7, dtype=torch.float64)
    made = strip(brane, many, estimate=True)
    assert made.length.shape == many.shape
    alone = strip(brane, many[-3:].reshape(3, 1))
    assert alone.area.shape == (3, 1)
    assert made.area[-3:].tolist() == pytest.approx(alone.area[:, 0].tolist(), rel=1e-14)
    assert float(strip(brane, many[0]).length) == pytest.approx(float(made.length[0]), rel=1e-14)


def test_error_estimate_covers_the_error():
    """With few nodes the estimate is not below the error beside many nodes."""
    brane = strip_of(4, lambda z: 1 - z**4)
    turning = number([0.3, 0.8, 0.99])
    rough, fine = strip(brane, turning, count=24, estimate=True), strip(brane, turning, count=96)
    wrong = (rough.area - fine.area).abs()
    assert bool((rough.error >= wrong).all())
    assert bool((rough.error > 0).all())


def test_string_of_the_vacuum():
    """Maldacena 1998: V = -sqrt(lambda) 4 pi^2/(Gamma(1/4)^4 L); A is without the tension sqrt(lambda)/(2 pi)."""
    made = strip(string_of(torch.ones_like, math.inf, "none"), number(0.7))
    assert float(made.area * made.length) / (2 * math.pi) == pytest.approx(
        -4 * math.pi**2 / math.gamma(0.25) ** 4, rel=1e-13
    )


@pytest.mark.parametrize(
    ("turning", "message"),
    [(1.5, "behind the horizon at x = 1"), (1.0, "behind the horizon"), (-0.1, "not inside"), (math.nan, "no surface")],
)
def test_turning_points_that_are_none(turning, message):
    """Behind the horizon, on it, and before the boundary."""
    with pytest.raises(SurfaceError, match=message):
        strip(strip_of(3, lambda z: 1 - z**3), number([0.5, turning]))
