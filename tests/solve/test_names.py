"""Names, formulas, sweeps, and what is said of settings that are too few, too many or unknown."""

import pytest
import torch

from holosym.errors import SolveError
from holosym.solve.formula import evaluate
from holosym.solve.names import catalogue, gauge_fields, resolve
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep
from holosym.solve.settings import read


@pytest.fixture(scope="module")
def dilaton():
    return load("generated/gubser_rocha")


@pytest.fixture(scope="module")
def charged():
    return load("generated/rn_ads4")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3*4", 14),
        ("2*3^2", 18),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("(1 + a)/2/a", 0.75),
        ("1e-1*a - -a", 2.2),
        ("8^(1/3)", 2),
        ("lambda*a", 6),
        ("a**2", 4),
    ],
)
def test_formulas_are_read_as_arithmetic(text, value):
    assert evaluate(text, float, {"a": 2.0, "lambda": 3.0}.__getitem__) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["", "T/", "T/(mu", "T mu", "T $ mu", ")"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(SolveError, match="cannot be read"):
        evaluate(text, float, lambda name: 1.0)


@pytest.mark.parametrize(
    ("text", "dimension"), [("T/mu", 0), ("s/T^2", 0), ("omega/mu^3", 0), ("rho^(1/2)", 1), ("beta*s", 3), ("1/T", -1)]
)
def test_dimensions_of_products(dilaton, text, dimension):
    assert resolve(dilaton, text).dimension == pytest.approx(dimension)


def test_names_of_a_charged_dilaton_brane(dilaton):
    names = catalogue(dilaton)
    assert {"T", "s", "mu", "rho", "epsilon", "p", "omega", "beta", "phi.source", "phi.response"} <= set(names)
    assert names["temperature"].dimension == names["T"].dimension == 1
    assert gauge_fields(dilaton) == [("mu", "rho")]


def test_an_unknown_name_gets_the_nearest(dilaton):
    with pytest.raises(SolveError) as caught:
        resolve(dilaton, "phi.sorce/T")
    assert "'phi.sorce'" in caught.value.message
    assert "phi.source" in caught.value.mend


def test_a_sum_is_no_setting(dilaton):
    with pytest.raises(SolveError, match="not a product"):
        resolve(dilaton, "T + mu")


@pytest.mark.parametrize(
    ("text", "values"),
    [("T/mu=1:3:3", [1, 2, 3]), ("T = 0.1:10:3:log", [0.1, 1, 10]), ("mu=-1:-4:3:log", [-1, -2, -4])],
)
def test_sweeps(text, values):
    assert Sweep.parse(text).values() == pytest.approx(values, rel=1e-14)
    assert Sweep.parse(text).values()[0] == values[0]


@pytest.mark.parametrize("text", ["T/mu", "T=1:2", "T=a:2:3", "T=1:2:3:cubic", "T=1:1:3", "T=1:2:1", "T=-1:1:5:log"])
def test_bad_sweeps_are_refused(text):
    with pytest.raises(SolveError, match="the sweep"):
        Sweep.parse(text)


def test_what_is_missing_is_named(dilaton):
    with pytest.raises(SolveError, match=r"needs T, mu, beta, phi.source; given T, mu.*; beta is missing"):
        read(dilaton, Request({"T": 0.1, "mu": 1.0}))


def test_a_number_of_the_theory_is_missing():
    with pytest.raises(SolveError, match="q is missing"):
        read(load("generated/holographic_superconductor"), Request({"T": 0.1, "mu": 1.0}))


def test_too_many_settings_are_refused(charged):
    with pytest.raises(SolveError, match="fixed by 2"):
        read(charged, Request({"T": 0.1, "mu": 1.0, "rho": 1.0}))


def test_sources_are_zero_if_not_set(dilaton):
    settings = read(dilaton, Request({"T": 0.1, "mu": 1.0, "beta": 0.5}))
    assert ("phi.source", 0.0) in [(one.name, one.value) for one in settings.conditions]
    assert settings.scale.name.name == "T"


def test_a_response_leaves_its_source_open(dilaton):
    settings = read(dilaton, Request({"T": 0.1, "mu": 1.0, "beta": 0.5, "phi.response": 0.1}))
    assert "phi.source" not in [one.name for one in settings.conditions]


def test_ratios_need_no_scale(charged):
    settings = read(charged, Request({"T/mu": 0.2}))
    assert settings.scale.name is None
    assert settings.unit == "mu = 1"


def test_units_complete_the_settings(charged):
    assert [one.name for one in read(charged, Request({"T": 0.2}, units="mu=1")).conditions] == ["mu"]
    assert read(charged, Request({"mu": 1.0}, units="z_h=1")).unit == "z_h = 1"


@pytest.mark.parametrize("units", ["mu=x", "mu=-1", "nu=1", "mu/T=1"])
def test_bad_units_are_refused(charged, units):
    with pytest.raises(SolveError):
        read(charged, Request({"T": 0.2, "mu": 1.0}, units=units))


@pytest.mark.parametrize(("value", "word"), [(0.0, "extremal"), (-0.1, "not the temperature")])
def test_an_extremal_horizon_is_refused(charged, value, word):
    with pytest.raises(SolveError, match=word):
        read(charged, Request({"T": value, "mu": 1.0}))


def test_a_quotient_keeps_its_parts_where_the_denominator_vanishes(charged):
    """T/mu has no value on a neutral brane, but its parts have."""
    term = read(charged, Request({"T/mu": 0.2})).conditions[0].term
    problem = pytest.importorskip("holosym.solve.boundary_problem").BoundaryValueProblem(charged)
    scalars = pytest.importorskip("holosym.solve.state").State(problem.fields, problem.initial()).scalars
    assert float(term.below(scalars)) == 0
    assert torch.isfinite(term.above(scalars))
