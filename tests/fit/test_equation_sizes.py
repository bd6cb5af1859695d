"""What equations are measured by: none hides behind its own size, and none is lost with its fields."""

import pytest
import torch
from assembled_fits import GENERATED, made, measured, trained

from holosym.fit.equation_sizes import EquationSizes
from holosym.solve.package import load

BRANE = {"states": {"fixed": {"mu": 1.0, "T": 0.1}}, "fields": {"kind": "chebyshev", "coefficients": 10}}


@pytest.mark.parametrize(
    ("model", "single"),
    [("linear_axion", ("A_t",)), ("rn_ads4", ("A_t",)), ("gubser_rocha", ()), ("damped_oscillator", ())],
)
def test_equations_of_a_single_term_are_known(model, single):
    """A_t'' = 0 in four dimensions without a dilaton; what has several terms may add up, or cancel."""
    assert EquationSizes(load(GENERATED / model)).single == single


def test_an_equation_of_a_single_term_falls_with_its_field():
    """A_t'' relative to itself would be one whatever it is; relative to A_t, it is small where A_t is nearly linear."""
    built = made("rn_ads4", "all_at_once", **BRANE, loss={"points": 12})
    objective, layout = built.objective, built.layout
    theta = layout.initial(1, 0)
    objective.residuals(theta)
    rows = []
    for size in (1e-4, 1e-5):
        theta[:, layout.slices["A_t"]] = size
        theta[:, layout.slices["A_t_0"]], theta[:, layout.slices["A_t_1"]] = 1.5, -1.5  # a line where N = 0
        rows.append(float(objective.residuals(theta)["equation A_t"].abs().max()))
    assert rows[1] / rows[0] == pytest.approx(0.1, rel=0.05)


def test_unknown_numbers_of_a_state_begin_where_a_neutral_brane_would_have_them():
    """T = 3/(4 pi) at z_h = 1, so that mu = 1 at T = 0.1 and 0.2 is 30/(4 pi) and 15/(4 pi)."""
    built = made(
        "linear_axion",
        "all_at_once",
        [measured("T", [0.1, 0.2], {"s": [8.0, 14.0]})],
        states={"fixed": {"mu": 1.0}},
        unknown={"beta": {"start": 0.5}},
        fields={"kind": "chebyshev", "coefficients": 5},
    )
    theta = built.layout.initial(1, 0)[0]
    hot = torch.tensor([0.1, 0.2], dtype=torch.float64)
    torch.testing.assert_close(theta[built.layout.slices["A_t_0"]], 3 / (4 * torch.pi * hot))
    torch.testing.assert_close(theta[built.layout.slices["beta at z_h = 1"]], 1.5 / (4 * torch.pi * hot))


def test_a_brane_at_given_temperature_and_chemical_potential():
    """mu z_h of the closed form: T = (12 - mu^2)/(16 pi) at z_h = 1, by Adam and then Levenberg-Marquardt."""
    stages = [{"optimiser": "adam", "steps": 200, "rate": 1e-2}, {"optimiser": "lm", "steps": 80}]
    built = made("rn_ads4", "all_at_once", **BRANE, loss={"points": 16}, stages=stages)
    best = trained(built).best
    mu = float(built.layout.numbers(built.layout.split(best), "datum")["A_t_0"])
    assert mu / ((12 - mu**2) / (16 * torch.pi)) == pytest.approx(10.0, rel=1e-10)
