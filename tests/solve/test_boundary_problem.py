"""States from boundary data: exact branes, a logarithm, batches, and what is said when data are missing."""

import math

import pytest
import torch
from handmade import HORIZON, SCALAR_HORIZON, delta3, gubser_rocha, linear_axion

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import SolveError
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.collocation import Collocation
from holosym.solve.conditions import End, fixed
from holosym.solve.continuation import follow
from holosym.solve.controls import Control, datum
from holosym.solve.couplings import PolynomialCoupling
from holosym.solve.newton import newton
from holosym.solve.package import load
from holosym.solve.state import State
from holosym.solve.transfer import transfer

PI = math.pi


def package(name, boundary, horizon=HORIZON):
    module = load(f"generated/{name}")
    module.boundary, module.horizon = boundary, horizon
    return module


def potential(quartic):
    """V = -12 - 3 phi^2/2 + V4 phi^4/24; the logarithm of Delta = 3 is absent for V4 = -2."""
    return PolynomialCoupling([-12.0, 0.0, -1.5, 0.0, quartic / 24])


def flow(nodes=28, quartic=1.0, **change):
    theory = package("einstein_scalar_ads5", delta3(), SCALAR_HORIZON)
    return BoundaryValueProblem(theory, nodes, couplings={"V": potential(quartic)}, **change)


def observables(state):
    horizon, data = state.scalars.horizon, state.data
    temperature = horizon["f"][1].abs() * torch.exp(-horizon["chi"][0] / 2) / (4 * PI)
    return torch.stack([temperature, horizon["phi"][0], data["phi_3"], data["f_4"]], dim=-1)


@pytest.mark.parametrize("breaks", [(), (0.4,), (0.2, 0.6)])
@pytest.mark.parametrize(("mu", "beta"), [(1.3, 0.7), (0.4, 1.2)])
def test_the_brane_of_linear_axions_is_exact(mu, beta, breaks):
    theory = package("linear_axion", linear_axion())
    guess = BoundaryValueProblem(theory, parameters={"beta": beta}, breaks=(0.4,))
    problem = BoundaryValueProblem(theory, parameters={"beta": beta}, breaks=breaks)
    start = transfer(guess.fields, guess.initial(), problem.fields)
    state = problem.solve([datum("A_t_0", mu)], start)
    temperature = -float(state.scalars.horizon["f"][1]) / (4 * PI)
    assert temperature == pytest.approx((12 - 2 * beta**2 - mu**2) / (16 * PI), rel=1e-11)
    assert float(state.data["A_t_1"]) == pytest.approx(-mu, rel=1e-11)
    assert float(state.data["f_3"]) == pytest.approx(-(1 - beta**2 / 2 + mu**2 / 4), rel=1e-11)


@pytest.mark.parametrize("gauge", ["as published", "h_1 = 0"])
def test_the_brane_of_gubser_and_rocha_in_two_gauges(gauge):
    """1/z -> 1/z + shift takes h_1 = 3Q/2 to zero, z_h = 1 to 1/(1 + shift), and phi_2 along."""
    q, beta, root3 = 0.8, 0.5, math.sqrt(3)
    mu = math.sqrt(3 * q * (1 + q) * (1 - beta**2 / (2 * (1 + q) ** 2)))
    first, shift, slope = (1.5 * q, 0.0, -1 / root3) if gauge == "as published" else (0.0, 0.75 * q, 0.5 / root3)
    unit = 1 + shift
    theory = package("gubser_rocha", gubser_rocha())

    def system(t):
        problem = BoundaryValueProblem(theory, parameters={"beta": beta / unit}, chosen={"h_1": first * t})
        relation = Control("brane", lambda s: s.data["phi_2"] - slope * s.data["phi_1"] ** 2)
        return problem, problem.with_controls([datum("A_t_0", mu / unit * t), relation])

    path = follow(lambda t: system(t)[1], system(0.0)[0].initial())
    state = State(system(1.0)[0].fields, path[-1].unknowns)
    horizon = state.scalars.horizon
    temperature = -float(horizon["f"][1]) / (4 * PI) * unit
    entropy = 4 * PI * float(horizon["h"][0]) * unit**2
    assert temperature == pytest.approx((6 * (1 + q) ** 2 - beta**2) / (8 * PI * (1 + q) ** 1.5), rel=1e-10)
    assert entropy == pytest.approx(4 * PI * (1 + q) ** 1.5, rel=1e-10)
    assert -float(state.data["A_t_1"]) * unit**2 == pytest.approx(mu * (1 + q), rel=1e-10)
    assert float(state.data["phi_1"]) * unit == pytest.approx(root3 * q / 2, rel=1e-10)


def test_a_response_beside_a_logarithm_converges_spectrally():
    """The errors of phi_3, f_4, T and phi_h fall by orders of magnitude with every four nodes, down to rounding."""
    control = [datum("phi_1", 2.0)]
    reference = observables(flow(nodes=40, near=40, breaks=(0.3,)).solve(control))
    errors = []
    for near in (8, 12, 16, 24):
        state = flow(near=near, nodes=28, breaks=(0.4,)).solve(control, tolerance=1e-2)
        errors.append(float((observables(state) / reference - 1).abs().max()))
    assert errors[1] < errors[0] / 30
    assert errors[2] < errors[1] / 30
    assert errors[3] < 1e-9


def test_cancellation_at_the_boundary_costs_digits_where_it_is_left():
    """At the first of 30 nodes x^4 is 1e-12, and plain residuals leave f_4 fewer than eight digits."""
    control = [datum("phi_1", 0.5)]
    reference = observables(flow().solve(control))
    fine = observables(flow(near=30).solve(control))
    plain = observables(flow(near=30, exact=False).solve(control, tolerance=1e-6))
    assert float((fine / reference - 1).abs().max()) < 1e-10
    assert float((plain / reference - 1).abs()[3]) > 1e-8


def test_a_batch_is_its_states():
    problem, sources = flow(), torch.tensor([0.3, 0.7, 1.1], dtype=torch.float64)
    batch = problem.solve([datum("phi_1", sources)])
    for i, source in enumerate(sources.tolist()):
        alone = problem.solve([datum("phi_1", source)])
        torch.testing.assert_close(observables(batch)[i], observables(alone), rtol=1e-10, atol=0)


def test_a_parameter_can_be_an_unknown():
    """beta from T and mu, by the exact T of the brane."""
    problem = BoundaryValueProblem(package("linear_axion", linear_axion()), free=("beta",))
    start = problem.initial()
    start[-1] = 1.0  # at beta = 0 nothing is linear in beta
    mu, beta = 1.3, 0.7
    slope = Control("-f'(1)", lambda s: -s.horizon["f"][1], (12 - 2 * beta**2 - mu**2) / 4)
    state = problem.solve([datum("A_t_0", mu), slope], start)
    assert float(state.parameters["beta"]) == pytest.approx(beta, rel=1e-10)


def test_a_missing_control_is_named():
    with pytest.raises(SolveError, match="nothing determines phi_"):
        flow().solve([])


def test_what_a_theory_needs_must_be_given():
    with pytest.raises(SolveError, match="einstein_scalar_ads5 cannot be solved without V"):
        BoundaryValueProblem(package("einstein_scalar_ads5", delta3(), SCALAR_HORIZON))


def test_a_series_that_is_no_solution_is_refused():
    wrong = delta3()
    right = wrong.boundary_coefficients

    def spoiled(data, taylor, parameters):
        found = right(data, taylor, parameters)
        return found | {"f": (found["f"][0], 1.01 * found["f"][1], *found["f"][2:])}

    wrong.boundary_coefficients = spoiled
    theory = package("einstein_scalar_ads5", wrong, SCALAR_HORIZON)
    problem = BoundaryValueProblem(theory, couplings={"V": potential(1.0)})
    with pytest.raises(SolveError, match="boundary series of einstein_scalar_ads5 does not solve equation f"):
        problem.solve([datum("phi_1", 0.5)])


def test_a_state_moves_between_grids():
    control = [datum("phi_1", 1.0)]
    coarse, fine = flow(), flow(nodes=32, near=20, breaks=(0.15, 0.6))
    state = coarse.solve(control)
    moved = fine.solve(control, transfer(coarse.fields, state.unknowns, fine.fields))
    assert int(moved.report.iterations) <= 2
    torch.testing.assert_close(observables(moved), observables(state), rtol=1e-9, atol=0)


def test_without_the_logarithms_convergence_is_algebraic():
    """Plain collocation of phi ~ z^3 log z: T to 1e-6 at best where the peeled ansatz has reached rounding.

    The polynomial's error of z^3 log z at z = 0 falls like a power of the number of nodes, so doubling them
    gains a factor, not digits upon digits.
    """
    exact = float(observables(flow().solve([datum("phi_1", 1.0)]))[0])
    plain = [abs(plain_temperature(nodes) / exact - 1) for nodes in (12, 24, 48)]
    peeled = [
        abs(float(observables(flow(near=n, breaks=()).solve([datum("phi_1", 1.0)], tolerance=1e-2))[0]) / exact - 1)
        for n in (12, 24)
    ]
    assert peeled[0] < plain[0] / 10
    assert peeled[1] < 1e-11
    assert plain[1] > 1e-9
    assert plain[2] > plain[1] / 1e3


def plain_temperature(nodes):
    """T from nodal values of f, chi and phi alone: phi(0) = 0, phi'(0) = 1, chi(0) = 0, f(1) = 0."""
    theory = package("einstein_scalar_ads5", delta3(), SCALAR_HORIZON)
    grid = chebyshev_grid(nodes)
    conditions = [
        fixed("phi", End.START, 0.0),
        fixed("phi", End.START, 1.0, order=1),
        fixed("chi", End.START, 0.0),
        fixed("f", End.STOP, 0.0),
    ]

    def jet(arguments):
        return potential(1.0).jet(arguments, [(0,), (1,), (2,)])

    problem = Collocation(theory, grid, conditions, {}, {"V": jet})
    z = grid.nodes
    guess = {"f": 1 - z**4, "chi": 0 * z, "phi": z}
    unknowns, _ = newton(problem, problem.pack(guess), tolerance=1.0)
    jets = problem.jets(unknowns)
    return float(jets["f"][1][-1].abs() * torch.exp(-jets["chi"][0][-1] / 2)) / (4 * PI)


def test_a_series_that_ends_before_its_response_is_refused():
    """Delta = 3.925: the source's powers are 0.15 apart, and a series cut after a few of them leaves u singular."""
    short = delta3()
    short.TERMS = short.TERMS | {"phi": ((0.075, 0), (0.225, 0), (0.375, 0), (3.925, 0))}
    short.DATA = short.DATA | {"phi_1": short.DATA["phi_1"] | {"power": 0.075}}
    short.DATA = short.DATA | {"phi_3": short.DATA["phi_3"] | {"power": 3.925}}
    theory = package("einstein_scalar_ads5", short, SCALAR_HORIZON)
    with pytest.raises(SolveError, match=r"ends at x\^0.375 before its response at x\^3.925"):
        BoundaryValueProblem(theory, couplings={"V": potential(1.0)})
