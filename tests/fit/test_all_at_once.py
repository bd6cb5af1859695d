"""Rows that fields, couplings and parameters lower together, and their derivatives beside automatic differentiation."""

import pytest
import torch
from assembled_fits import anywhere, made, measured

from holosym.fit.layout import Entry, Layout
from holosym.fit.term_rows import StateRows

ENDS = {"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0, "x'(0)": -0.5, "x(1)": 0.25}}
NETWORK = {"kind": "mlp", "widths": [5, 4]}
SERIES = {"kind": "chebyshev", "coefficients": 8}


def oscillator(fields=NETWORK, data=True, **sections):
    """An unknown parameter that is a logarithm, one that is not, an unknown V and a motion, with data."""
    points = measured("t", [0.0, 0.3, 0.4, 0.9], {"x": [1.0, 0.2, 0.5, -0.1]}, errors=0.1)
    said = {
        "interval": ENDS,
        "unknown": {
            "delta": {"start": 2.0, "positive": True},
            "omega0": {"start": -3.0},
            "V": {"range": [-2.0, 2.0], "ansatz": SERIES, "anchors": {"V(0)": 0.0, "V'(0)": 1.0}},
        },
        "fields": fields,
        "loss": {"points": 12, "smoothness": 0.1},
    }
    return made("damped_oscillator", "all_at_once", [points] if data else [], **(said | sections))


def brane(kind):
    """A brane from its boundary data, with T/mu as a row that must vanish, which sees every field at the horizon."""
    states = {"fixed": {"mu": 1.2, "phi.source": 0.4, "h_1": 0.3, "T/mu": 0.25}}
    unknown = {"beta": {"start": 0.5, "positive": True}}
    return made("gubser_rocha", "all_at_once", states=states, unknown=unknown, fields=kind, loss={"points": 9})


def branes(kind):
    """Two states with a common unknown V, whose derivatives at the boundary the series of both hold."""
    points = measured("T", [0.5, 0.8], {"s/T^3": [28.0, 25.0], "phi_vev": [-0.1, -0.2]}, errors=0.1)
    return made(
        "einstein_scalar_ads5",
        "all_at_once",
        [points],
        states={"fixed": {"phi.source": 1.0}},
        unknown={
            "V": {
                "range": [-1.0, 2.0],
                "ansatz": {"kind": "chebyshev", "coefficients": 5},
                "anchors": {"V(0)": -12.0, "V'(0)": 0.0, "V''(0)": -3.0},
            }
        },
        fields=kind,
        loss={"points": 9, "smoothness": 0.1},
    )


def metals(kind):
    """Three states in two files, whose unknown beta has one value in the units of the data and another at z_h = 1."""
    one, two = measured("T", [0.1, 0.2], {"s": [8.0, 14.0]}), measured("T", [0.3], {"rho": [2.0]})
    return made(
        "linear_axion",
        "all_at_once",
        [one, two],
        states={"fixed": {"mu": 1.0}},
        unknown={"beta": {"start": 0.5, "positive": True}},
        fields=kind,
        loss={"points": 9},
    )


CASES = {
    "a motion of networks": lambda: oscillator(NETWORK),
    "a motion of series": lambda: oscillator(SERIES),
    "a brane of series": lambda: brane(SERIES),
    "a brane of networks": lambda: brane(NETWORK),
    "two branes of series": lambda: branes(SERIES),
    "two branes of networks": lambda: branes(NETWORK),
    "metals of series": lambda: metals(SERIES),
    "metals of networks": lambda: metals(NETWORK),
}


@pytest.mark.parametrize("case", CASES)
def test_derivatives_by_the_linearisation_are_those_of_the_residuals(case):
    """v^T J of every term, at three seeds together, is the automatic derivative of v^T r for several v."""
    objective = CASES[case]().objective
    objective.residuals(objective.layout.initial(1, 3))  # the scales of the equations belong to the start
    theta = anywhere(objective, seeds=3).requires_grad_()
    rows, found = objective.residuals(theta), objective.jacobian(theta.detach())
    assert rows.keys() == found.keys()
    for term, row in rows.items():
        again, matrix = found[term]
        torch.testing.assert_close(again, row.detach(), rtol=1e-13, atol=1e-13)
        assert matrix.shape == (*row.shape, objective.size)
        generator = torch.Generator().manual_seed(1)
        for v in (2 * row.detach(), torch.randn(row.shape, generator=generator, dtype=row.dtype)):
            (gradient,) = torch.autograd.grad((v * row).sum(), theta, retain_graph=True)
            size = float(gradient.abs().max())
            assert size > 0
            torch.testing.assert_close((v[:, None] @ matrix)[:, 0], gradient, rtol=1e-12, atol=1e-12 * size)


def test_fields_see_v_through_the_boundary_series():
    """Fields of both states move with V at fixed N: its third and higher derivatives at the boundary are in S_p."""
    built = branes(SERIES)
    objective, layout = built.objective, built.layout
    theta = anywhere(objective, seeds=1, size=1.0)
    moved = theta.clone()
    moved[:, layout.slices["V"]] += 0.1
    here, there = (objective.fields.jets(layout.split(t), objective.around(layout.split(t))) for t in (theta, moved))
    for name in objective.package.PROFILES:
        change = (there[name][0] - here[name][0])[0].abs().amax(dim=-1)
        assert change.shape == (2,)
        assert (change > 1e-6).all()


def test_every_state_has_its_own_fields():
    """Coefficients of the second state move no row of the first, neither in equations nor in data."""
    built = branes(SERIES)
    objective, layout = built.objective, built.layout
    found = objective.jacobian(anywhere(objective, seeds=1))
    for term, profile in (("equation phi", "phi"), ("data s/T^3", "f"), ("data phi_vev", "phi_3")):
        place = layout.slices[profile]
        half = (place.start + place.stop) // 2
        first, second = slice(place.start, half), slice(half, place.stop)
        matrix = found[term][1][0]
        rows = len(matrix) // 2
        assert not matrix[:rows, second].any()
        assert not matrix[rows:, first].any()
        assert matrix[:rows, first].any()
        assert matrix[rows:, second].any()


@pytest.mark.parametrize("fields", [NETWORK, SERIES, {"kind": "bspline", "coefficients": 9}], ids=lambda f: f["kind"])
def test_conditions_hold_whatever_the_coefficients(fields):
    built = oscillator(fields, data=False)
    layout = built.layout
    parts = layout.split(anywhere(built.objective, seeds=4, size=2.0))
    motion = next(entry.function for entry in layout.entries if entry.name == "x")
    x, slope = (entry[:, 0] for entry in motion.jet(parts["x"], torch.tensor([0.0, 1.0], dtype=torch.float64), 1))
    assert torch.equal(x[:, 0], torch.ones(4, dtype=torch.float64))
    torch.testing.assert_close(slope[:, 0], torch.full((4,), -0.5, dtype=torch.float64), rtol=1e-14, atol=0)
    torch.testing.assert_close(x[:, 1], torch.full((4,), 0.25, dtype=torch.float64), rtol=1e-14, atol=0)
    assert (slope[:, 1].std() > 0.1).all()


def test_rows_of_the_equations_are_residuals_over_their_size_at_the_start():
    """omega0^2 V + 2 delta x' + x'' at the collocation points, by hand, from x and V on the ansatz."""
    built = oscillator(SERIES)
    objective, layout = built.objective, built.layout
    theta = anywhere(objective, seeds=2)
    rows = objective.residuals(theta)["equation x"]
    parts, t = layout.split(theta), objective.fields.points
    entry = {one.name: one for one in layout.entries}
    x, v, a = entry["x"].function.jet(parts["x"][:, 0], t, 2)
    delta, omega0 = 2 * parts["delta"][:, 0].exp(), -3 + 3 * parts["omega0"][:, 0]
    force = omega0**2 * entry["V"].function.jet(parts["V"][:, 0], x, 0)[0]
    expected = a + 2 * delta * v + force
    ratio = rows / expected
    torch.testing.assert_close(ratio, ratio[0, 0].expand_as(ratio), rtol=1e-10, atol=0)
    size = (a.abs() + (2 * delta * v).abs() + force.abs()).mean(dim=0).max()
    assert size < 1 / ratio[0, 0] < 1e3 * size


def test_a_metric_that_vanishes_altogether_is_no_solution():
    """Near f = h = 0 the rows of the equations go on being of order one, since they are divided by their own terms."""
    built = brane(SERIES)
    objective, layout = built.objective, built.layout
    theta = layout.initial(1, 0)
    objective.residuals(theta)
    state = objective._state(layout.split(theta))
    small = {
        name: tuple(1e-3 * entry if name in ("f", "h") else entry for entry in jet) for name, jet in state[1].items()
    }
    other = (state[0], small, *state[2:])
    raw = objective.package.residuals(*other)
    plain = {n: float((raw[n] / objective.sizes.scale[n]).abs().max()) for n in ("f", "h")}
    own = {n: float((raw[n] / objective.sizes.at(other)[n]).abs().max()) for n in ("f", "h")}
    assert max(plain.values()) < 1e-3
    assert min(own.values()) > 10 * max(plain.values())


def test_without_physics_there_are_data_alone():
    rows = oscillator(loss={"points": 12, "equations": 0.0, "smoothness": 0.1}).objective.residuals(
        anywhere(oscillator().objective, seeds=2)
    )
    assert set(rows) == {"data x", "smoothness V"}


def test_rows_of_observables_are_deviations_over_errors():
    """(a_i^2 b - values)/errors of the last two of three states, a their own and b common."""
    layout = Layout((Entry("a", "datum", None, 3), Entry("b", "parameter")))
    values, errors = torch.tensor([1.0, 4.0]), torch.tensor([0.5, 2.0])

    def square(parts):
        return parts["a"][..., 0] ** 2 * parts["b"][..., 0]

    seen = StateRows("data", layout, square, 3, torch.tensor([1, 2]), values, errors)
    theta = torch.tensor([[7.0, 2.0, 3.0, 1.0]])
    rows, matrix = seen.jacobian(theta)
    assert rows.tolist() == seen.residual(theta).tolist() == [[6.0, 2.5]]
    assert matrix.tolist() == [[[0.0, 8.0, 0.0, 8.0], [0.0, 0.0, 3.0, 4.5]]]


def test_scales_belong_to_the_start_and_are_remembered():
    first, second = oscillator(), oscillator()
    begin, theta = first.layout.initial(1, 3), anywhere(first.objective, seeds=2)
    first.objective.residuals(begin)
    second.objective.restore(first.objective.memory())
    fresh = oscillator().objective.residuals(theta)["equation x"]
    kept, restored = (one.objective.residuals(theta)["equation x"] for one in (first, second))
    assert torch.equal(kept, restored)
    assert not torch.allclose(kept, fresh)
