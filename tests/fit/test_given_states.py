"""States and parameters in the units of the data, where nothing is at z_h = 1: thermodynamics, closed forms."""

import math

import numpy as np
import pytest
import torch
from assembled_fits import GENERATED, made, measured, trained
from numpy.polynomial import chebyshev

from holosym.errors import ExperimentError
from holosym.fit.followed_states import PRECISION
from holosym.fit.given_states import GivenStates, given_states
from holosym.fit.known_sections import States
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.homotopy import reach
from holosym.solve.mixing import mixes
from holosym.solve.package import load
from holosym.solve.state import State

V = PolynomialCoupling((-12.0, 0.0, -1.5, 0.0, -0.1))
MU = BETA = 1.0


def metal(horizon):
    """T and s of linear axions with mu = beta = 1 whose horizon is at z_h: f(z_h) = 0 in closed form."""
    temperature = (3 - BETA**2 * horizon**2 / 2 - MU**2 * horizon**2 / 4) / (4 * math.pi * horizon)
    return temperature, 4 * math.pi / horizon**2


def seen(given, problem, *names):
    """Observables of the states, solved from the neutral brane."""
    unknowns = reach(problem, given.controls(), len(given), tolerance=1e-10)
    scalars = State(problem.fields, unknowns).scalars
    return [given.observable(name)(scalars) for name in names]


def test_the_pressure_is_the_integral_of_the_entropy():
    """dp/dT = s and epsilon + p = T s at fixed source, where the unit enters by logarithms."""
    package, count = load(GENERATED / "einstein_scalar_ads5"), 14
    points = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    hot = torch.tensor(0.4 + 0.1 * points)
    given = GivenStates(package, {"T": hot, "phi.source": torch.ones_like(hot)}, "T")
    problem = BoundaryValueProblem(package, nodes=24, couplings={"V": V})
    s, p, epsilon, source = seen(given, problem, "s", "p", "epsilon", "phi.source")
    torch.testing.assert_close(source, torch.ones_like(hot), rtol=1e-10, atol=0)
    torch.testing.assert_close(epsilon + p, hot * s, rtol=1e-10, atol=0)
    slope = chebyshev.chebval(points, chebyshev.chebder(chebyshev.chebfit(points, p.numpy(), count - 1))) / 0.1
    np.testing.assert_allclose(slope, s.numpy(), rtol=1e-9)


def test_derivatives_through_logarithms_of_the_unit():
    """Of pressure and response by V, through its Taylor coefficients at the boundary too, beside differences."""
    data = measured("T", [0.4, 0.6], {"p": [2.0, 12.0], "phi.response": [-0.7, -1.3]})
    anchors = {"V(0)": -12.0, "V'(0)": 0.0, "V''(0)": -3.0}
    ansatz = {"kind": "chebyshev", "coefficients": 3}
    unknown = {"V": {"range": [-2.0, 2.0], "ansatz": ansatz, "anchors": anchors}}
    built = made("einstein_scalar_ads5", "reduced", [data], states={"fixed": {"phi.source": 1.0}}, unknown=unknown)
    theta, step = torch.tensor([[0.03, -0.02, 0.05]], dtype=torch.float64), 2e-3
    found = built.objective.jacobian(theta)
    built.objective.followed.precision.fill_(PRECISION)
    for k, move in enumerate(step * torch.eye(3, dtype=torch.float64)):
        ahead, behind, far, back = (built.objective.residuals(theta + n * move) for n in (1, -1, 2, -2))
        for term, (_, slopes) in found.items():
            quotient = (8 * (ahead[term] - behind[term]) - far[term] + back[term]) / (12 * step)
            torch.testing.assert_close(slopes[..., k], quotient, rtol=1e-6, atol=1e-8)
            assert (quotient.abs() > 1e-4).any()


@pytest.mark.parametrize(
    ("model", "fixed", "logarithms"),
    [
        ("magnetic_brane_ads5", {"B": 1.0}, True),
        ("linear_axion_ads5", {"mu": 0.7, "beta": 1.0}, False),
        ("gubser_rocha", {"mu": 1.0, "beta": 0.5, "phi.source": 0.2}, False),
        ("dyonic_axion", {"mu": 1.0, "beta": 0.5, "B": 0.4}, False),
    ],
)
def test_the_grand_potential_falls_by_the_entropy(model, fixed, logarithms):
    """d omega/dT = -s at fixed charges' potentials, sources, fields and parameters, all in the units of the data."""
    package, count = load(GENERATED / model), 12
    points = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    hot = torch.tensor(0.4 + 0.08 * points)
    values = {name: torch.full_like(hot, value) for name, value in fixed.items()}
    given = GivenStates(package, {"T": hot, **values}, "T")
    problem = BoundaryValueProblem(package, nodes=24, free=tuple(given.parameters))
    omega, s = seen(given, problem, "omega", "s")
    slope = chebyshev.chebval(points, chebyshev.chebder(chebyshev.chebfit(points, omega.numpy(), count - 1))) / 0.08
    np.testing.assert_allclose(slope, -s.numpy(), rtol=1e-8)
    assert mixes(package, "omega") == logarithms


@pytest.mark.parametrize(
    ("model", "with_logarithms", "without"),
    [
        (
            "einstein_scalar_ads5",
            ["epsilon", "p", "phi_vev", "phi.response", "phi_3", "p/T^4", "omega", "trace_anomaly"],
            ["T", "s", "phi.source", "phi_1", "s/T^3"],
        ),
        ("gubser_rocha", [], ["epsilon", "p", "phi.response", "mu", "beta", "rho/T^2", "sigma"]),
    ],
)
def test_which_quantities_have_logarithms_of_the_unit(model, with_logarithms, without):
    package = load(GENERATED / model)
    assert all(mixes(package, name) for name in with_logarithms)
    assert not any(mixes(package, name) for name in without)


def test_what_has_logarithms_does_not_fix_a_state():
    package = load(GENERATED / "einstein_scalar_ads5")
    hot = torch.tensor([0.4, 0.5], dtype=torch.float64)
    given = GivenStates(package, {"T": hot, "phi.response": hot}, "T")
    with pytest.raises(ExperimentError, match=r"phi\.response depends on the unit by logarithms"):
        given.controls()


@pytest.mark.parametrize("section", ["states", "fixed"])
def test_a_parameter_with_a_dimension_is_in_the_units_of_the_data(section):
    """s(T) at beta = 1, wherever that is said."""
    package = load(GENERATED / "linear_axion")
    temperature, entropy = metal(torch.tensor([0.4, 0.8, 1.3], dtype=torch.float64))
    data = [measured("T", temperature, {"s": entropy})]
    states = States(fixed={"mu": MU, **({"beta": BETA} if section == "states" else {})})
    given = given_states(package, states, {"beta": BETA} if section == "fixed" else {}, data)
    problem = BoundaryValueProblem(package, breaks=(), near=16, free=("beta",))
    s, rho, beta = seen(given, problem, "s", "rho", "beta")
    torch.testing.assert_close(s, entropy, rtol=1e-10, atol=0)
    torch.testing.assert_close(rho, MU * (entropy / (4 * math.pi)).sqrt(), rtol=1e-10, atol=0)
    torch.testing.assert_close(beta, torch.ones_like(beta), rtol=1e-10, atol=0)


@pytest.mark.parametrize(
    ("way", "sections", "digits"),
    [
        ("reduced", {}, 1e-10),
        ("all_at_once", {"fields": {"kind": "chebyshev", "coefficients": 10}, "loss": {"points": 14}}, 1e-5),
    ],
)
def test_an_unknown_parameter_is_in_the_units_of_the_data(way, sections, digits):
    """beta = 1 from s(T) of the closed form, T and z_h being different in every row."""
    temperature, entropy = metal(torch.linspace(0.4, 1.4, 6, dtype=torch.float64))
    built = made(
        "linear_axion",
        way,
        [measured("T", temperature, {"s": entropy})],
        states={"fixed": {"mu": MU}, "nodes": 16},
        unknown={"beta": {"start": 0.5, "positive": True}},
        stages=[{"optimiser": "lm", "steps": 120, "gain": 1e-3}],
        **sections,
    )
    theta = trained(built).best
    beta = built.layout.numbers(built.layout.split(theta))["beta"]
    assert float(beta[0, 0]) == pytest.approx(BETA, rel=digits)


@pytest.mark.parametrize("way", ["reduced", "all_at_once"])
def test_another_unit_is_the_same_fit(way):
    """All rows and their derivatives, with all that has a dimension in units seven times smaller."""

    def rows(unit):
        hot = torch.tensor([0.2, 0.3], dtype=torch.float64)
        first = measured("T", unit * hot, {"s": [9 * unit**2, 13 * unit**2], "sigma": [2.0, 3.0]})
        second = measured("T", 0.25 * unit * torch.ones(1), {"epsilon": [2.5 * unit**3], "rho/T^2": [30.0]})
        built = made(
            "gubser_rocha",
            way,
            [first, second],
            states={"fixed": {"mu": unit, "phi.source": 0.2 * unit}, "nodes": 16},
            unknown={"beta": {"start": 0.5 * unit, "positive": True}},
            fields={"kind": "chebyshev", "coefficients": 6},
            loss={"points": 8},
        )
        objective = built.objective
        theta = built.layout.initial(1, 0)
        objective.residuals(theta)
        return objective.jacobian(theta + 0.1)

    here, there = rows(1.0), rows(7.0)
    assert here.keys() == there.keys()
    for term, (values, slopes) in here.items():
        torch.testing.assert_close(there[term][0], values, rtol=1e-8, atol=1e-9)
        torch.testing.assert_close(there[term][1], slopes, rtol=1e-8, atol=1e-8)
