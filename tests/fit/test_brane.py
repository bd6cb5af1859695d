"""The brane ansatz: what it satisfies whatever its coefficients, its derivatives, and the branes that are known."""

import mpmath
import pytest
import sympy
import torch
from assembled_fits import GENERATED, anywhere, made
from gallery_models import load as model_of

from holosym import pipeline
from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.fit.all_at_once import AllAtOnce
from holosym.fit.brane import BraneFields, unknown_data
from holosym.fit.layout import Entry, Layout
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.package import load

IN_R = """
from sympy import oo
from holosym import R, Theory, coordinates, d, gauge_field, profiles, square

t, x, y, r = coordinates("t x y r")
f, A_t = profiles("f A_t", r)
A = gauge_field("A", A_t * d(t))
theory = Theory(
    name="charged_in_r",
    metric=r**2 * (-f * d(t) ** 2 + d(x) ** 2 + d(y) ** 2) + d(r) ** 2 / (r**2 * f),
    lagrangian=R + 6 - square(d(A)) / 4,
    radial=r, boundary=oo, horizon=1,
)
"""
OPEN = {  # couplings and parameters of the theories that leave them open
    "einstein_scalar_ads5": ({}, {"V": PolynomialCoupling((-12.0, 0.0, -1.5, 0.2, -0.3))}),
    "emd_axion": (
        {"beta": 0.5},
        {"V": PolynomialCoupling((-6.0, 0.0, -1.0, 0.2, -0.1)), "Z": PolynomialCoupling((1.0, 0.3, 0.2))},
    ),
    "gubser_rocha": ({"beta": 0.5}, {}),
    "charged_in_r": ({}, {}),
}


@pytest.fixture(scope="module")
def in_r(tmp_path_factory):
    """Reissner-Nordstrom with the boundary at r = oo."""
    folder = tmp_path_factory.mktemp("in_r")
    (folder / "charged_in_r.py").write_text(IN_R, encoding="utf-8")
    return load(pipeline.compile_models([folder / "charged_in_r.py"], folder / "out").folders[0])


@pytest.fixture(params=OPEN)
def package(request):
    """Theories with and without logarithms and couplings at the boundary, in z and in r."""
    return request.getfixturevalue("in_r") if request.param == "charged_in_r" else load(GENERATED / request.param)


def brane(package, points, coefficients=6, copies=2):
    """Fields and objective, with all boundary data but those of the metric unknown."""
    functions = {name: ChebyshevFunction(coefficients) for name in package.PROFILES}
    entries = [Entry(name, "field", one, copies) for name, one in functions.items()]
    data = unknown_data(package, {})
    layout = Layout((*entries, *(Entry(name, "datum", None, copies) for name in data)))
    points = torch.as_tensor(points, dtype=torch.float64)
    fields = BraneFields(package, layout, functions, points, {"h_1": 0.4})
    parameters, couplings = OPEN[package.NAME]
    return AllAtOnce(package, fields, layout, parameters, couplings, relative=True)


def jets(objective, theta):
    parts = objective.layout.split(theta)
    return objective.fields.jets(parts, objective.around(parts))


def test_what_vanishes_at_the_horizon_does(package):
    objective = brane(package, [0.2, 0.6, 1.0])
    found = jets(objective, anywhere(objective, seeds=3, size=1.0))
    vanishing = package.horizon.VANISHING
    assert set(vanishing) <= set(found)
    for name, (value, slope, *_) in found.items():
        assert value.shape == (3, 2, 3)
        if name in vanishing:
            assert value[..., -1].abs().max() < 1e-13
        else:
            assert value[..., -1].abs().min() > 1e-3
        assert slope[..., -1].abs().min() > 1e-4


def test_near_the_boundary_the_fields_are_their_series(package):
    """Beyond the response, p - sum of c x^e (log x)^k falls as x^(n + 1) up to logarithms, for any coefficients."""
    x = torch.tensor([4e-3, 1.6e-2, 1.0], dtype=torch.float64)
    objective = brane(package, x)
    theta = anywhere(objective, seeds=2, size=0.5)
    parts = objective.layout.split(theta)
    series = objective.fields.coefficients(parts, objective.around(parts))
    data = objective.fields.data(parts)
    for name, (value, *_) in jets(objective, theta).items():
        response = [e for e in package.boundary.DATA.values() if e["profile"] == name and e["kind"] == "response"]
        last = max((e["power"] for e in response), default=package.boundary.TERMS[name][1][0])
        rest = value
        for i, (power, log) in enumerate(package.boundary.TERMS[name]):
            if power <= last:
                rest = rest - series[name][..., i, None] * x**power * x.log() ** log
        for e in response:
            place = package.boundary.TERMS[name].index((e["power"], 0))
            datum = next(n for n, other in package.boundary.DATA.items() if other is e)
            torch.testing.assert_close(series[name][..., place], data[datum], rtol=1e-14, atol=1e-14)
        near, far = (rest[..., i].abs().max() for i in (0, 1))
        rounding = 1e-15 * float(value[..., :2].abs().max())
        assert far > 100 * rounding
        assert near <= far / 4**last / 2 + rounding


def test_derivatives_are_those_of_the_values(package):
    """First and second derivatives by the radial coordinate, beside differences of the values at its neighbours."""
    step, places = 1e-3, torch.tensor([0.15, 0.4, 0.8], dtype=torch.float64)
    radial = places if package.boundary.BOUNDARY == 0 else 1 / places
    moved = radial + step * torch.arange(-3.0, 4.0, dtype=torch.float64)[:, None]
    x = (moved if package.boundary.BOUNDARY == 0 else 1 / moved).flatten()
    order = x.argsort()
    objective = brane(package, torch.cat([x[order], x.new_ones(1)]))
    first = torch.tensor([-1, 9, -45, 0, 45, -9, 1], dtype=torch.float64) / (60 * step)
    second = torch.tensor([2, -27, 270, -490, 270, -27, 2], dtype=torch.float64) / (180 * step**2)
    for jet in jets(objective, anywhere(objective, seeds=2, size=0.5)).values():
        value, *slopes = ((entry[..., :-1][..., order.argsort()]).unflatten(-1, (7, 3)) for entry in jet)
        for stencil, entry in zip((first, second), slopes, strict=False):
            expected = (stencil[:, None] * value).sum(dim=-2)
            torch.testing.assert_close(entry[..., 3, :], expected, rtol=1e-7, atol=1e-7)


Q, BETA = 1, sympy.Rational(1, 2)
MU = sympy.sqrt(3 * Q * (1 + Q) * (1 - BETA**2 / (2 * (1 + Q) ** 2)))


def exact_forms():
    """The closed forms of Gubser and Rocha in z, and the order at which each response stands."""
    solution = model_of("gubser_rocha").known_solutions[0]
    z = sympy.Symbol("z")
    found = {}
    for profile, form in solution.profiles.items():
        numbers = {s: {"Q": Q, "beta": BETA}[s.name] for s in form.free_symbols if s.name in ("Q", "beta")}
        (own,) = form.free_symbols - set(numbers)
        found[profile.func.name] = form.subs(numbers).subs(own, z)
    return z, found, {"A_t": 1, "f": 3, "h": 1, "phi": 2}


def function_of(form, z, power, vanishes, nodes):
    """N at nodes, with 60 digits: u = (p - terms below x^n)/x^n less the ends' polynomials, over x (1 - x) or x."""
    terms = [sympy.series(form, z, 0, power + 1).removeO().coeff(z, k) for k in range(power + 1)]
    below = sum(c * z**k for k, c in enumerate(terms[:-1]))
    rest = (form - below) / z**power
    ends = terms[-1] * (1 - z) - below.subs(z, 1) * z if vanishes else terms[-1]
    value = sympy.lambdify(z, (rest - ends) / (z * (1 - z) if vanishes else z), "mpmath")
    with mpmath.workdps(60):
        return terms, [float(value(mpmath.mpf(node))) for node in nodes.tolist()]


def test_the_exact_gubser_rocha_brane_is_among_them():
    """With 30 coefficients each: all equations to 1e-10, all jets as those of the closed forms, T as published."""
    fixed = {"mu": float(MU), "phi.source": 3**0.5 / 2 * Q, "h_1": 1.5 * Q, "beta": float(BETA)}
    built = made(
        "gubser_rocha",
        "all_at_once",
        states={"fixed": fixed},
        fields={"kind": "chebyshev", "coefficients": 30},
        loss={"points": 40},
    )
    objective, layout = built.objective, built.layout
    z, forms, powers = exact_forms()
    angles = (torch.arange(30, dtype=torch.float64) + 0.5) * torch.pi / 30
    nodes = (1 + angles.cos()) / 2
    theta = torch.zeros(1, layout.size, dtype=torch.float64)
    for name, power in powers.items():
        terms, values = function_of(forms[name], z, power, name in ("f", "A_t"), nodes)
        basis = torch.cos(angles[:, None] * torch.arange(30, dtype=torch.float64))
        theta[0, layout.slices[name]] = torch.linalg.solve(basis, torch.tensor(values, dtype=torch.float64))
        if f"{name}_{power}" in layout.slices:
            theta[0, layout.slices[f"{name}_{power}"]] = float(terms[-1])
    for rows in objective.residuals(theta).values():
        assert rows.abs().max() < 1e-10
    points = objective.fields.points
    for name, jet in jets(objective, theta).items():
        for order, entry in enumerate(jet):
            value = sympy.lambdify(z, forms[name].diff(z, order), "mpmath")
            expected = torch.tensor([float(value(mpmath.mpf(x))) for x in points.tolist()], dtype=torch.float64)
            torch.testing.assert_close(entry[0, 0], expected, rtol=1e-11, atol=1e-11)
    parts = layout.split(theta)
    seen = objective.fields.scalars(parts, objective.around(parts)).quantities()
    temperature = (6 * (1 + Q) ** 2 - BETA**2) / (8 * sympy.pi * sympy.sqrt(1 + Q) ** 3)
    assert float(seen["temperature"]) == pytest.approx(float(temperature), rel=1e-11)
    assert float(seen["entropy_density"]) == pytest.approx(4 * torch.pi * (1 + Q) ** 1.5, rel=1e-11)
    assert float(seen["charge_density_A"]) == pytest.approx(float(MU) * (1 + Q), rel=1e-11)


def test_the_exact_charged_brane_in_r(in_r):
    """f = 1 - (1 + mu^2/4)/r^3 + mu^2/(4 r^4), A_t = mu (1 - 1/r): the ansatz with N = 0; with another N it is none."""
    points = chebyshev_grid(17, 0.0, 1.0, order=2).nodes[1:]
    objective = brane(in_r, points, copies=3)
    layout, mu = objective.layout, torch.tensor([0.0, 1.0, 2.5], dtype=torch.float64)
    theta = torch.zeros(1, layout.size, dtype=torch.float64)
    for name, value in {"A_t_0": mu, "A_t_1": -mu, "f_3": -(1 + mu**2 / 4)}.items():
        theta[0, layout.slices[name]] = value
    r, found = 1 / points, jets(objective, theta)
    m = mu[:, None]
    torch.testing.assert_close(found["f"][0][0], 1 - (1 + m**2 / 4) / r**3 + m**2 / (4 * r**4), rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(found["f"][1][0], 3 * (1 + m**2 / 4) / r**4 - m**2 / r**5, rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(found["A_t"][1][0], m / r**2, rtol=1e-12, atol=1e-13)
    for rows in objective.residuals(theta).values():
        assert rows.abs().max() < 1e-12
    for name in in_r.PROFILES:
        other = theta.clone()
        other[0, layout.slices[name]] = 0.1
        assert objective.residuals(other)[f"equation {name}"].abs().max() > 1e-3
