"""From the words of an experiment to what is lowered: what does not fit together is refused with one message."""

import contextlib
import math
from dataclasses import replace

import pytest
import torch
from assembled_fits import made, measured

from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.errors import ExperimentError
from holosym.fit.beginning import require_constrained
from holosym.fit.device import require_device
from holosym.fit.functions import conditions_of
from holosym.fit.layout import Entry, Layout
from holosym.fit.stages import stage_of, stop_of

V = {"range": [-2.0, 2.0], "ansatz": {"kind": "chebyshev", "coefficients": 4}}
OSCILLATOR = {
    "interval": {"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0, "x'(0)": 0.0}},
    "unknown": {"delta": {"start": 1.0}, "V": V},
    "fixed": {"omega0": 2.0},
    "loss": {"smoothness": 0.1},
}
BRANE = {
    "states": {"fixed": {"phi.source": 1.0}, "nodes": 8},
    "unknown": {"V": V | {"anchors": {"V(0)": -12.0, "V'(0)": 0.0, "V''(0)": -3.0}}},
}
FIELDS = ("fields",)
SEEN = measured("t", [0.0, 0.5, 0.9], {"x": [1.0, 0.5, 0.1]}, errors=0.1)
HOT = measured("T", [0.7, 0.8], {"s": [130.0, 195.0]})


def changed(base, path, value):
    """The sections with one entry replaced; None takes it out."""
    head, *rest = path.split("/")
    inner = changed(base.get(head, {}), "/".join(rest), value) if rest else value
    found = {**base, head: inner}
    return {name: one for name, one in found.items() if one is not None}


SYSTEM_REFUSALS = {
    "unknown/gamma": ({"start": 1.0}, "damped_oscillator has nothing of that name"),
    "unknown/omega": ({"start": 1.0}, "did you mean 'omega0'"),
    "unknown/delta": (None, "leaves delta open"),
    "unknown/delta/start": (None, "the parameter delta has no start"),
    "unknown/V/range": (None, "the coupling V has no range"),
    "unknown/V/anchors": ({"W(0)": 1.0}, "the anchors of V name W"),
    "fixed/delta": (1.0, "delta is given twice"),
    "couplings/V": ({"polynomial": [0, 1]}, "V is given twice"),
    "interval/conditions": ({"y(0)": 1.0}, "a condition names y"),
    "interval/stop": (0.5, "the data reach from 0 to 0.9"),
    "interval": (None, "has no black branes"),
}


@pytest.mark.parametrize("path", SYSTEM_REFUSALS)
@pytest.mark.parametrize("way", ["all_at_once", "reduced"])
def test_a_system_is_refused(path, way):
    value, message = SYSTEM_REFUSALS[path]
    with pytest.raises(ExperimentError, match=message) as found:
        made("damped_oscillator", way, [SEEN], **changed(OSCILLATOR, path, value))
    assert found.value.mend


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"interval/conditions": {"x(0.5)": 1.0}}, "stands at 0.5, which is no end"),
        ({"interval/conditions": {"x'(0)": 1.0}}, "x'\\(0\\) is given without x\\(0\\)"),
        ({"interval/conditions": {"x of 0": 1.0}}, "cannot be read"),
        ({"unknown/delta": {"start": -1.0, "positive": True}}, "shall be positive, and starts at -1"),
        ({"unknown/V/range": [2.0, 2.0]}, "the range of V is empty"),
        ({"unknown/V/ansatz": {"kind": "bspline", "coefficients": 4}}, "give coefficients = 6 or more"),
        (
            {"unknown/V/ansatz": {"kind": "mlp"}, "unknown/V/guess": {"polynomial": [0.0, 1.0]}},
            "a network, which cannot begin at a guess",
        ),
        ({"loss": {"data": 0.0, "equations": 0.0}, "stop": {"validation": 0.4}}, "nothing is left to lower"),
    ],
)
def test_words_that_cannot_be_meant(change, message):
    said = OSCILLATOR
    for path, value in change.items():
        said = changed(said, path, value)
    with pytest.raises(ExperimentError, match=message):
        made("damped_oscillator", "all_at_once", [SEEN], **said)


@pytest.mark.parametrize(
    ("change", "data", "error", "message"),
    [
        ({}, [], ExperimentError, "there are no data to fit"),
        ({"states/fixed": {"T": 1.0}}, [HOT], ExperimentError, "T is fixed, and the data are against it"),
        (
            {"states/fixed": {"phi.source": 1.0, "phi_vev": 1.0}},
            [HOT],
            ExperimentError,
            "1 quantity beside T, and 2",
        ),
        ({}, [measured("phi.source", [1.0, 2.0], {"s": [1.0, 2.0]})], ExperimentError, "are against it"),
        ({"states/fixed": {}}, [measured("phi_1", [1.0, 2.0], {"s": [1.0, 2.0]})], ExperimentError, "no temperature"),
        ({}, [HOT, measured("s", [1.0, 2.0], {"T": [1.0, 2.0]})], ExperimentError, "the files are against T and s"),
        ({}, [measured("T", [0.7, 0.8], {"rho": [1.0, 2.0]})], ExperimentError, "has no quantity 'rho'"),
        ({"states": None, "interval": {"start": 0.0, "stop": 1.0}}, [HOT], ExperimentError, "is for systems"),
        ({"unknown": {"V": {"start": 1.0}}}, [HOT], ExperimentError, "V is a coupling, and 'start' is for a parameter"),
        ({"unknown": {"Z": V}}, [HOT], ExperimentError, "there are V"),
        ({"unknown": {}}, [HOT], ExperimentError, "leaves V open"),
    ],
)
def test_branes_are_refused(change, data, error, message):
    said = BRANE
    for path, value in change.items():
        said = changed(said, path, value)
    with pytest.raises(error, match=message):
        made("einstein_scalar_ads5", "reduced", data, **said)


@pytest.mark.parametrize("way", ["reduced", "all_at_once"])
@pytest.mark.parametrize(
    ("fixed", "data", "key"),
    [
        ({"phi.sauce": 1.0}, HOT, ("states", "fixed", "phi.sauce")),
        ({"phi.source": 1.0}, measured("T", [0.7, 0.8], {"rho": [1.0, 2.0]}), ("data", "observables")),
        ({"phi.source": 1.0}, measured("heat", [0.7, 0.8], {"s": [1.0, 2.0]}), ("data", "against")),
    ],
)
def test_a_quantity_of_no_theory_has_its_line(way, fixed, data, key):
    with pytest.raises(ExperimentError, match="has no quantity") as error:
        made("einstein_scalar_ads5", way, [data], **BRANE | {"states": {"fixed": fixed}})
    assert error.value.key == key


def test_a_coupling_in_closed_form_is_not_unknown():
    with pytest.raises(ExperimentError, match="V has a closed form in gubser_rocha, so it is not unknown"):
        made("gubser_rocha", "all_at_once", states={"fixed": {"mu": 1.0}}, unknown={"V": V}, fixed={"beta": 0.5})


@pytest.mark.parametrize("way", ["all_at_once", "reduced"])
@pytest.mark.parametrize(
    ("against", "where", "columns", "said", "line"),
    [
        ("T", [-0.2, 0.8], {"s": [1.0, 2.0]}, "T = -0.2 is not the T of a black brane: theories reach T > 0", 2),
        ("T", [0.5, 0.8], {"s": [1.0, -2.0]}, "s = -2 is not the s of a black brane", 3),
        ("T", [0.5, 0.8], {"s/T^3": [0.0, 2.0]}, "s/T^3 = 0 is not", 2),
        ("s", [0.5, 0.8], {"T": [0.3, float("-inf")]}, "T = -inf is not", 3),
    ],
)
def test_data_outside_what_any_theory_reaches(way, against, where, columns, said, line):
    with pytest.raises(ExperimentError) as error:
        made("einstein_scalar_ads5", way, [measured(against, where, columns)], **BRANE)
    assert said in str(error.value)
    assert (error.value.file, error.value.line) == ("data.csv", line)


def test_a_value_within_its_errors_of_what_is_reached():
    """An entropy measured as -0.1 +- 1 may be positive; -10 +- 1 is not."""
    guarded = BRANE | {"stop": {"validation": 0.3}, "states": {"fixed": {"phi.source": 1.0}, "nodes": 16}}
    for lowest, reached in ((-0.1, True), (-10.0, False)):
        points = measured("T", [0.7, 0.75, 0.8], {"s": [lowest, 150.0, 180.0]}, errors=1.0)
        with contextlib.nullcontext() if reached else pytest.raises(ExperimentError, match="s = -10 is not"):
            made("einstein_scalar_ads5", "reduced", [points], **guarded)


def test_data_far_from_what_the_theory_reaches():
    """s/T^3 cannot be that of a colder brane than V at the start has: the range of what is reached is said."""
    potential = {"polynomial": [-12.0, 0.0, -1.5, 0.0, -0.2]}
    said = changed(changed(BRANE, "unknown/V/guess", potential), "states/nodes", 20)
    points = [measured("T", [0.7, 0.8], {"s": [2.0, 3.0]}), measured("T", [1e-5, 0.75], {"s": [1.0, 2.0]})]
    reached = r"column 'T': .* the data with T from 0\.7 to 0\.8, and not those with T = 1e-05"
    with pytest.raises(ExperimentError, match=reached) as error:
        made("einstein_scalar_ads5", "reduced", points, **said)
    assert error.value.place() == "data.csv:2"


@pytest.mark.parametrize("way", ["all_at_once", "reduced"])
@pytest.mark.parametrize(("ends", "line"), [((0.0, 0.5), 4), ((0.25, 1.0), 2)])
def test_data_outside_of_the_interval(way, ends, line):
    start, stop = ends
    interval = {"start": start, "stop": stop, "conditions": {f"x({start})": 1.0, f"x'({start})": 0.0}}
    with pytest.raises(ExperimentError, match=f"column 't': .* interval from {start:g} to {stop:g}") as error:
        made("damped_oscillator", way, [SEEN], **changed(OSCILLATOR, "interval", interval))
    assert error.value.place() == f"data.csv:{line}"


def test_conditions_are_as_many_as_orders():
    one = changed(OSCILLATOR, "interval/conditions", {"x(0)": 1.0})
    with pytest.raises(ExperimentError, match="conditions: 1 given, and 2 needed for equations of x to order 2"):
        made("damped_oscillator", "reduced", [SEEN], **one)
    three = changed(OSCILLATOR, "interval/conditions", {"x(0)": 1.0, "x'(0)": 0.0, "x(1)": 0.0})
    with pytest.raises(ExperimentError, match="conditions: 3 given"):
        made("damped_oscillator", "reduced", [SEEN], **three)


def test_all_at_once_data_may_stand_for_conditions():
    one = changed(OSCILLATOR, "interval/conditions", {"x(0)": 1.0})
    made("damped_oscillator", "all_at_once", [SEEN], **one)
    with pytest.raises(ExperimentError, match="conditions: 1 given, and 2 needed"):
        made("damped_oscillator", "all_at_once", [], **one)
    made("damped_oscillator", "all_at_once", [], **OSCILLATOR)


@pytest.mark.parametrize("way", ["all_at_once", "reduced"])
@pytest.mark.parametrize("name", ["x", "delta", "time"])
def test_data_against_what_is_no_variable(way, name):
    against = measured(name, [0.0, 0.5], {"x": [1.0, 0.5]}, errors=0.1)
    with pytest.raises(ExperimentError, match=f"against '{name}', and the variable of damped_oscillator is t"):
        made("damped_oscillator", way, [against], **OSCILLATOR)


WITHOUT_OMEGA = {
    "unknown": {"omega0": {"start": 2.0}},
    "fixed": {"delta": 1.0},
    "couplings": {"V": {"polynomial": [0]}},
}
FREE_FORCE = {"unknown": {"V": V}, "fixed": {"delta": 1.0, "omega0": 0.0}, "loss": {"smoothness": 0.1}}


@pytest.mark.parametrize(
    ("way", "change", "name"),
    [
        ("reduced", WITHOUT_OMEGA | {"stop": {"validation": 0.4}}, "omega0"),
        ("all_at_once", WITHOUT_OMEGA | {"stop": {"validation": 0.4}}, "omega0"),
        # A prior alone is no knowledge of V.
        ("reduced", FREE_FORCE, "V"),
        ("all_at_once", FREE_FORCE, "V"),
        ("all_at_once", {"loss": {"smoothness": 0.1, "equations": 0.0}}, "delta"),
        ("all_at_once", FREE_FORCE | {"loss": {"smoothness": 0.1, "equations": 0.0, "data": 0.0}}, "x"),
    ],
)
def test_what_nothing_constrains(way, change, name):
    built = made("damped_oscillator", way, [SEEN], **(OSCILLATOR | change))
    with pytest.raises(ExperimentError, match=f"^nothing constrains {name}: neither data nor equations") as error:
        require_constrained(built)
    assert error.value.mend


def test_a_derivative_that_is_zero_at_the_start_alone():
    """omega0 multiplies V, which begins at zero: both are found all the same."""
    said = {"unknown": {"omega0": {"start": 2.0}, "V": V}, "fixed": {"delta": 1.0}}
    built = made("damped_oscillator", "reduced", [SEEN], **(OSCILLATOR | said))
    theta = built.layout.initial(1, 0)
    _, matrix = built.objective.jacobian(theta)["data x"]
    assert float(matrix[..., built.layout.slices["omega0"]].abs().max()) == 0
    require_constrained(built)


def test_a_guess_is_where_the_first_seed_begins():
    said = changed(OSCILLATOR, "unknown/V/guess", {"polynomial": [0.5, -1.0, 0.25]})
    layout = made("damped_oscillator", "reduced", [SEEN], **said).layout
    entry = next(one for one in layout.entries if one.name == "V")
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    members = entry.function.jet(layout.split(layout.initial(3, 0))["V"][:, 0], x, 0)[0]
    torch.testing.assert_close(members[0], 0.5 - x + 0.25 * x**2, rtol=1e-12, atol=1e-12)
    assert (members[1:] - members[0]).abs().amax(dim=-1).min() > 1e-3


def test_numbers_of_the_layout():
    """p = start + |start| u, start e^u where it is positive, and |start| is one at zero; slopes by differences."""
    function = ChebyshevFunction(3)
    layout = Layout(
        (
            Entry("V", "coupling", function),
            Entry("a", "parameter", None, start=-3.0),
            Entry("f", "field", function, copies=2),
            Entry("b", "parameter", None, start=2.0, positive=True, spread=0.5),
            Entry("c", "datum", None, copies=2),
        )
    )
    assert layout.size == 3 + 1 + 6 + 1 + 2
    assert sum(math.prod(shape) for shape in layout.blocks) == layout.size
    theta = torch.arange(13.0, dtype=torch.float64)[None] / 10
    parts = layout.split(theta)
    assert parts["f"].tolist() == [[[0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]]
    assert torch.equal(theta[:, layout.slices["c"]], parts["c"][..., 0])
    numbers = layout.numbers(parts)
    assert float(numbers["a"]) == pytest.approx(-3 + 3 * 0.3)
    assert float(numbers["b"]) == pytest.approx(2 * math.e)
    assert layout.numbers(parts, "datum")["c"].tolist() == [[1.1, 1.2]]
    step = torch.tensor(1e-6, dtype=torch.float64)
    for entry in (layout.entries[1], layout.entries[3], layout.entries[4]):
        u = torch.tensor(0.4, dtype=torch.float64)
        difference = (entry.value(u + step) - entry.value(u - step)) / (2 * step)
        assert float(entry.slope(u)) == pytest.approx(float(difference), rel=1e-8)
    first = layout.initial(40, 1)
    assert torch.equal(first, layout.initial(40, 1))
    assert not torch.equal(first, layout.initial(40, 2))
    place = layout.slices["b"]
    assert first[0, place] == 0
    assert 0.3 < float(first[1:, place].std()) < 0.7


def test_conditions_as_they_are_written():
    assert conditions_of({"x(0)": 1.0, "x '( 0 )": 2.0, "V''(-1.5e0)": 3.0}) == {
        "x": {0.0: {0: 1.0, 1: 2.0}},
        "V": {-1.5: {2: 3.0}},
    }


def test_points_held_back_are_in_no_loss():
    points = measured("t", torch.linspace(0, 1, 20), {"x": torch.zeros(20)}, errors=0.1)
    built = made(
        "damped_oscillator", "reduced", [points], **changed(OSCILLATOR, "stop", {"validation": 0.25, "noise": True})
    )
    (split,) = built.splits
    assert int(split.held.sum()) == 5
    assert torch.equal(split.used, ~split.held)
    assert built.held == "held"
    assert "held" not in built.weights
    rows = built.objective.residuals(torch.zeros(1, built.layout.size, dtype=torch.float64))
    assert rows["held"].shape == (1, 5)
    assert rows["data x"].shape == (1, 15)
    stop = stop_of(built)
    assert (stop.validation, stop.noise) == ("held", {"data x": 1.0})


def test_branes_held_back_choose_the_best_state():
    """Of two observables one point in four each; no weight, one term, and the optimiser never sees it."""
    both = measured("T", [0.6, 0.7, 0.75, 0.8], {"s": [84.0, 130.0, 160.0, 195.0], "phi_vev": [-0.1] * 4})
    said = changed(changed(BRANE, "stop", {"validation": 0.25}), "states/nodes", 16)
    built = made("einstein_scalar_ads5", "reduced", [both], **said)
    assert (built.held, set(built.weights)) == ("held", {"data s", "data phi_vev"})
    theta = torch.zeros(1, built.layout.size, dtype=torch.float64)
    rows, found = built.objective.residuals(theta), built.objective.jacobian(theta)
    for term, count in {"held": 2, "data s": 3, "data phi_vev": 3}.items():
        assert rows[term].shape == (1, count)
        assert found[term][1].shape == (1, count, built.layout.size)
        torch.testing.assert_close(found[term][0], rows[term])
    held = [int(split.held.nonzero()) for split in built.splits]
    for split, place, row in zip(built.splits, held, rows["held"][0], strict=True):
        fitted, _ = built.view.observed(theta, split)
        torch.testing.assert_close((fitted[place] - split.column.values[place]) / split.scale[place], row)
    assert stop_of(built).validation == "held"


@pytest.mark.parametrize("way", ["all_at_once", "reduced"])
def test_one_observable_from_two_files(way):
    """All points count, those of the first file first."""
    other = measured("t", [0.25, 0.75], {"x": [0.7, 0.2]}, errors=0.2)
    said = changed(OSCILLATOR, "interval/conditions", {"x(0)": 1.0, "x'(0)": -0.5})
    theta = torch.zeros(2, made("damped_oscillator", way, [SEEN], **said).layout.size, dtype=torch.float64)
    rows = {}
    for name, data in {"first": [SEEN], "second": [other], "both": [SEEN, other]}.items():
        objective = made("damped_oscillator", way, data, **said).objective
        rows[name] = objective.jacobian(theta)["data x"]
        torch.testing.assert_close(objective.residuals(theta)["data x"], rows[name][0])
    for i, axis in ((0, -1), (1, -2)):
        expected = torch.cat([rows["first"][i], rows["second"][i]], dim=axis)
        torch.testing.assert_close(rows["both"][i], expected, rtol=1e-9, atol=1e-9)


def test_stages_as_they_are_written():
    built = made(
        "damped_oscillator",
        "all_at_once",
        [SEEN],
        **OSCILLATOR,
        stages=[{"optimiser": name, "steps": 7, "gain": 0.1} for name in ("adam", "soap", "lbfgs", "lm")],
    )
    stages = [stage_of(one, built.layout.blocks, reduced=False) for one in built.experiment.all_stages()]
    assert [type(one.optimiser).__name__ for one in stages] == ["Adam", "Soap", "Lbfgs", "LevenbergMarquardt"]
    assert [one.name for one in stages] == ["adam", "soap", "lbfgs", "lm"]
    assert {one.steps for one in stages} == {7}


@pytest.mark.parametrize(
    ("name", "message"),
    [("gpu", "there is no device 'gpu'"), ("meta", "is not supported"), ("cuda:99", "CUDA|no cuda:99")],
)
def test_a_device_that_is_not_there(name, message):
    with pytest.raises(ExperimentError, match=message):
        require_device(name)


def test_the_processor_is_there():
    assert require_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("model", "change", "said", "key"),
    [
        (
            "damped_oscillator",
            {"fields": {"kind": "bspline", "degree": 2}},
            "order 2 are in the equations",
            ("fields",),
        ),
        ("damped_oscillator", {"fields": {"kind": "bspline", "coefficients": 4}}, "has no interval", FIELDS),
        (
            "einstein_scalar_ads5",
            {"unknown": {"V": V | {"ansatz": {"kind": "bspline", "degree": 1}}}},
            "of a spline of degree 1 jump",
            ("unknown", "V", "ansatz"),
        ),
    ],
)
def test_splines_that_are_not_smooth_enough(model, change, said, key):
    said_before, data = (OSCILLATOR, SEEN) if model == "damped_oscillator" else (BRANE, HOT)
    with pytest.raises(ExperimentError, match=said) as error:
        made(model, "all_at_once", [data], **said_before | change)
    assert error.value.key == key


@pytest.mark.parametrize("way", ["reduced", "all_at_once"])
def test_a_spline_of_the_field_in_a_theory_that_asks_for_nine_derivatives(way):
    """They vanish above the degree, and rows near the boundary do without Taylor's formula across knots."""
    spline = BRANE["unknown"]["V"] | {"ansatz": {"kind": "bspline", "coefficients": 9}}
    fields = {"fields": {"kind": "chebyshev", "coefficients": 6}, "loss": {"points": 8}}
    built = made("einstein_scalar_ads5", way, [HOT], **BRANE | {"unknown": {"V": spline}}, **fields)
    theta, step = built.layout.initial(1, 0) + 0.02, 1e-4
    found = built.objective.jacobian(theta)
    place = built.layout.slices["V"].start + 5
    move = step * torch.eye(built.layout.size, dtype=torch.float64)[place]
    there, back = (built.objective.residuals(theta + sign * move) for sign in (1, -1))
    for term, (rows, slopes) in found.items():
        quotient = (there[term] - back[term]) / (2 * step)
        assert rows.isfinite().all()
        torch.testing.assert_close(slopes[..., place], quotient, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("errors", "loss", "expected"),
    [(None, {}, 1.0), (0.02, {}, 1e8), (1e-9, {}, 1e12), (500.0, {}, 1.0), (0.02, {"equations": 7.0}, 7.0)],
)
def test_equations_do_not_give_way_for_the_noise(errors, loss, expected):
    """Beside data with one per cent of error, a ten-thousandth of an equation costs what a point's error costs."""
    points = measured("T", [0.7, 0.8], {"s": [2.0, 2.0]}, errors=errors)
    built = made("einstein_scalar_ads5", "all_at_once", [points], **BRANE, loss={"smoothness": 0.1, **loss})
    assert built.weights["equation phi"] == pytest.approx(expected)
    assert built.weights["data s"] == 1.0
    if not loss:
        assert built.weights["condition phi.source"] == built.weights["equation f"]


def test_two_files_in_different_units():
    """Nothing is converted where nobody asks for a unit, so the numbers of one would stand for the other's."""
    first = replace(measured("t", [0.1, 0.2], {"x": [1.0, 0.9]}), units={"t": "s", "x": "m"})
    for own in ({"t": "s"}, {"t": "", "x": "m"}):
        made("damped_oscillator", "all_at_once", [first, replace(first, units=own)], **OSCILLATOR)
    with pytest.raises(ExperimentError, match=r"column 'x' is in mm, and data\.csv has x in m") as caught:
        made("damped_oscillator", "all_at_once", [first, replace(first, units={"t": "s", "x": "mm"})], **OSCILLATOR)
    assert caught.value.mend == 'give [data.units] x = "m" to both'
