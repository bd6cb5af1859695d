"""The demo on what the compiler makes of the gallery's model: its numbers are right, and it notices wrong ones."""

import io
import math

import pytest
import torch
from rich.console import Console

from holosym import demo
from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.errors import CheckFailed, HolosymError, SolveError
from holosym.report import exact
from holosym.solve.package import load


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The compiled package's folder, and the jets of the exact brane."""
    return exact.prepare("gubser_rocha", tmp_path_factory.mktemp("demo"))


def run(prepared, out, **change):
    package, solution = prepared
    console = Console(file=io.StringIO(), width=100)
    result = demo.run(package, change.pop("solution", solution), out, console=console, **change)
    return result, console.file.getvalue()


def test_the_demo_agrees_with_the_exact_brane(prepared, tmp_path):
    result, printed = run(prepared, tmp_path)
    assert set(result.residuals) == set(load(prepared[0]).EQUATIONS)
    assert max(result.residuals.values()) < 1e-14
    assert [quantity.name for quantity in result.quantities] == ["T", "s", "rho"]
    assert max(quantity.error for quantity in result.quantities) < 1e-10
    assert result.plot.read_bytes().startswith(b"\x89PNG")
    for expected in ("constraint", "0.263400045347", "18.2307518", str(result.plot)):
        assert expected in printed


@pytest.mark.parametrize(("beta", "mu"), [(0.0, 0.3), (1.3, 1.0), (0.5, 5.0)])
def test_other_branes_are_found_too(prepared, tmp_path, beta, mu):
    """At beta = 1.3 a cold start at mu = 1 lands on another brane, with Q = -0.405; the path from mu = 0 does not."""
    result, _ = run(prepared, tmp_path, beta=beta, mu=mu, nodes=40)
    assert max(quantity.error for quantity in result.quantities) < 1e-9


def test_errors_fall_spectrally_with_the_nodes(prepared):
    package = load(prepared[0])
    worst = []
    for nodes in (8, 12, 16):
        problem = demo.brane_problem(package, chebyshev_grid(nodes), 0.5, 0.3)
        jets = problem.jets(demo.solve_brane(problem, 0.5, 0.3)[-1].unknowns)
        worst.append(max(quantity.error for quantity in demo.thermodynamics(problem, jets, 0.5, 0.3)))
    assert worst[1] < worst[0] / 100
    assert worst[2] < 1e-11


def test_the_exact_formulas_meet_the_relation_of_mu_and_q():
    q = demo.brane_parameter(0.5, 1.0)
    assert 3 * q * (1 + q) * (1 - 0.25 / (2 * (1 + q) ** 2)) == pytest.approx(1.0, rel=1e-14)


def test_a_solution_wrong_in_the_tenth_digit_is_noticed(prepared, tmp_path):
    _, solution = prepared

    def wrong(points, parameters):
        jets = solution(points, parameters)
        return jets | {"h": (jets["h"][0] * (1 + 1e-10), *jets["h"][1:])}

    with pytest.raises(CheckFailed, match=r"disagree with the exact brane: .*h has a residual of"):
        run(prepared, tmp_path, solution=wrong)


def test_a_residual_that_is_no_number_does_not_pass(prepared, tmp_path):
    _, solution = prepared

    def broken(points, parameters):
        jets = solution(points, parameters)
        return jets | {"phi": (torch.full_like(points, math.nan), *jets["phi"][1:])}

    with pytest.raises(CheckFailed, match="phi has a residual of nan"):
        run(prepared, tmp_path, solution=broken)


@pytest.mark.parametrize(("beta", "mu"), [(1.5, 1.0), (0.5, 0.0), (-0.1, 1.0), (0.5, math.inf), (math.nan, 1.0)])
def test_values_off_the_branch_are_refused(prepared, tmp_path, beta, mu):
    with pytest.raises(HolosymError, match="is off it") as caught:
        run(prepared, tmp_path, beta=beta, mu=mu)
    assert "beta < sqrt(2)" in caught.value.mend


def test_too_few_nodes_are_told(prepared, tmp_path):
    with pytest.raises(SolveError, match="last residual") as caught:
        run(prepared, tmp_path, nodes=8)
    assert "more nodes" in caught.value.mend
