"""What data determine, where Bayes' theorem has a closed form: y = sum of theta_k T_k(x) with Gaussian errors."""

import math
from dataclasses import replace

import mpmath
import pytest
import torch
from assembled_fits import made, measured

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.fit.determined import identified, targets_of
from holosym.fit.identifiability import Target, identify, through_equations
from holosym.fit.summary import Compared

COUNT = 5
COLUMNS = slice(0, COUNT)
FUNCTION = ChebyshevFunction(COUNT, (-1.0, 1.0))
THETA = torch.tensor([1.0, -0.5, 0.3, 0.2, -0.1], dtype=torch.float64)
GRID = torch.linspace(-1, 1, 81, dtype=torch.float64)


def polynomials(x):
    """T_k(x) = cos(k arccos x)."""
    return torch.cos(torch.arange(COUNT, dtype=torch.float64) * x[:, None].arccos())


def target(x=GRID, name="V"):
    return Target(name, COLUMNS, x, polynomials(x) @ THETA, FUNCTION.sensitivity(THETA, x, 0)[0])


def posterior(points, error, prior=True):
    """The covariance of theta, from precisions that add: data, and a function known to its own size on average."""
    precision = polynomials(points).mT @ polynomials(points) / error**2
    size = (polynomials(GRID) @ THETA).abs().max()
    if prior:
        precision = precision + polynomials(GRID).mT @ polynomials(GRID) / len(GRID) / size**2
    return torch.linalg.inv(precision)


def test_the_band_is_the_posterior():
    points, error = torch.linspace(-0.6, 0.9, 12, dtype=torch.float64), 0.3
    found = identify(polynomials(points) / error, [target()])
    covariance = posterior(points, error)
    expected = (polynomials(GRID) @ covariance * polynomials(GRID)).sum(dim=-1).sqrt()
    size = (polynomials(GRID) @ THETA).abs().max()
    assert expected[0] > size > 1.5 * expected[40]
    torch.testing.assert_close(found.bands["V"], expected.clamp(max=size), rtol=1e-10, atol=1e-12)


def test_with_small_errors_the_prior_does_not_matter():
    points, error = torch.linspace(-1, 1, 12, dtype=torch.float64), 1e-4
    found = identify(polynomials(points) / error, [target()])
    covariance = posterior(points, error, prior=False)
    expected = (polynomials(GRID) @ covariance * polynomials(GRID)).sum(dim=-1).sqrt()
    torch.testing.assert_close(found.bands["V"], expected, rtol=1e-6, atol=0)
    assert found.directions == COUNT
    assert found.sentences == ("The data determine 5 of 5 directions of the unknowns at their errors.",)


def test_wide_bands_beside_narrow_ones():
    """As with networks: directions whose sizes differ by ten orders, few of them seen; beside 60 digits, never zero."""
    count = 7
    x = torch.linspace(0, 1, 41, dtype=torch.float64)
    design = x[:, None] ** torch.arange(count) * 10.0 ** -torch.arange(0.0, count, dtype=torch.float64)
    whole = Target("V", slice(0, count), x, torch.ones_like(x), design)
    jacobian = design[[3, 9, 20, 31]] / 1e-9
    with mpmath.workdps(60):
        rows, basis = (mpmath.matrix(one.tolist()) for one in (jacobian, design))
        covariance = mpmath.inverse(rows.T * rows + basis.T * basis / len(x))
        exact = [float(mpmath.sqrt((basis[i, :] * covariance * basis[i, :].T)[0])) for i in range(len(x))]
    found = identify(jacobian, [whole]).bands["V"]
    expected = torch.tensor(exact, dtype=torch.float64).clamp(max=1.0)  # the function's size
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=0)


def test_the_band_covers_the_scatter_of_many_fits():
    """Ten thousand data sets, each fitted: the scatter of the fits is the band to its own statistics."""
    points, error = torch.linspace(-1, 1, 20, dtype=torch.float64), 0.02
    generator = torch.Generator().manual_seed(3)
    noise = error * torch.randn(10000, len(points), generator=generator, dtype=torch.float64)
    fits = torch.linalg.lstsq(polynomials(points), (polynomials(points) @ THETA + noise).mT).solution
    scatter = (polynomials(GRID) @ fits).std(dim=-1)
    found = identify(polynomials(points) / error, [target()])
    torch.testing.assert_close(found.bands["V"], scatter, rtol=0.05, atol=0)


def test_singular_values_are_signal_to_noise():
    """Where the function's relative mean square is |xi|^2, a constant measured n times stands out by sqrt(n)/error."""
    design = torch.eye(2, dtype=torch.float64).repeat_interleave(8, dim=0)
    x = torch.arange(16.0, dtype=torch.float64)
    steps = Target("steps", slice(0, 2), x, torch.full((16,), 3.0, dtype=torch.float64), design)
    jacobian = torch.cat([design[:4] / 0.1, design[8:9] / 30.0])
    found = identify(jacobian, [steps])
    unit = 3.0 * math.sqrt(2)  # theta of a change of the function by its whole size in one half alone
    expected = torch.tensor([unit * 2 / 0.1, unit / 30.0], dtype=torch.float64)
    torch.testing.assert_close(found.singular, expected, rtol=1e-12, atol=0)
    assert found.directions == 1
    assert found.sentences[0].startswith("The data determine 1 of 2 directions")
    assert found.sentences[1] == "steps is not determined by the data in [8, 15]."


def test_where_there_are_no_data_it_is_said():
    """A function of local pieces: those without a point are named, and their band is as wide as the function."""
    x = torch.linspace(0, 1, 101, dtype=torch.float64)
    pieces = torch.nn.functional.one_hot((x * 5).long().clamp(max=4), 5).double()
    values = pieces @ torch.tensor([1.0, 2.0, 2.0, 1.0, 1.5], dtype=torch.float64)
    local = Target("V", slice(0, 5), x, values, pieces)
    rows = pieces[[5, 45, 70]] / 0.01
    found = identify(rows, [local])
    assert found.directions == 3
    assert found.sentences[1] == "V is not determined by the data in [0.2, 0.39] and [0.8, 1]."
    assert (found.bands["V"][20:40] == 2.0).all()  # each piece of five may be wrong by sqrt(5) times that
    assert (found.bands["V"][40:60] < 0.011).all()
    nothing = identify(torch.zeros(1, 5, dtype=torch.float64), [local])
    assert nothing.directions == 0
    assert nothing.sentences[1] == "V is not determined by the data anywhere."


def test_parameters_beside_functions():
    """Two numbers, of which the data see the first alone."""
    columns = [Target("a", slice(5, 6), None, torch.tensor([2.0]).double(), torch.tensor([[2.0]]).double())]
    columns.append(Target("b", slice(6, 7), None, torch.tensor([4.0]).double(), torch.tensor([[1.0]]).double()))
    points = torch.linspace(-1, 1, 9, dtype=torch.float64)
    rows = torch.zeros(10, 7, dtype=torch.float64)
    rows[:9, :5] = polynomials(points) / 1e-3
    rows[9, 5] = 1 / 1e-3
    found = identify(rows, [target(), *columns])
    assert float(found.bands["a"]) == pytest.approx(2e-3, rel=1e-5)  # its slope times the error of u
    assert float(found.bands["b"]) == pytest.approx(4.0, rel=1e-12)
    assert found.sentences[1:] == ("b is not determined by the data.",)
    assert found.directions == 6


def test_what_the_errors_are_is_said():
    found = identify(polynomials(GRID) / 1e-3, [target()], counted="at a guess")
    assert found.sentences == ("The data determine 5 of 5 directions of the unknowns at a guess.",)


@pytest.mark.parametrize("level", [-12.0, 1e4])
def test_an_anchored_constant_is_nothing_that_data_determine(level):
    """u(0) and u'(0) given: neither bands nor what is said of them depends on how large u(0) is."""
    x = torch.linspace(0, 1, 41, dtype=torch.float64)
    found = []
    for value in (0.0, level):
        conditions = torch.tensor([value, 0.5], dtype=torch.float64)
        free = Anchored(ChebyshevFunction(COUNT, (0.0, 1.0)), {0.0: 2}, conditions)
        values, design = free.jet(THETA, x, 0)[0], free.sensitivity(THETA, x, 0)[0]
        target = Target("V", COLUMNS, x, values, design, said=free.interpolant(x))
        found.append(identify(design[10:12] / 0.1, [target]))
    assert found[0].directions == 2
    assert found[0].sentences == found[1].sentences
    torch.testing.assert_close(found[1].bands, found[0].bands, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(found[1].singular, found[0].singular, rtol=1e-9, atol=0)


@pytest.mark.parametrize("probed", [None, (0.0, 0.3)])
def test_what_solutions_do_not_reach_does_not_make_a_band_narrow(probed):
    """V = a x^2 seen at 0.3 with an error of 0.1; 1/da^2 = 0.9^2 + mean x^4; the band is half of V(1), or of V(0.3)."""
    x = torch.linspace(0, 1, 101, dtype=torch.float64)
    design = x[:, None] ** 2
    found = identify(design[[30]] / 0.1, [Target("V", slice(0, 1), x, x**2, design, said=0 * x, probed=probed)])
    spread = (0.9**2 + float((x**4).mean())) ** -0.5
    begins = math.ceil(100 * math.sqrt(0.5 * (1.0 if probed is None else 0.09) / spread)) / 100
    assert found.sentences[1] == f"V is not determined by the data in [{begins:g}, 1]."


@pytest.mark.parametrize("free", [0.0, 1e-9, 1.0])
def test_a_function_found_to_be_as_its_anchors_say_is_determined(free):
    """V = 1 + x by its anchors, and nothing more is found, to a hundredth: that is an answer."""
    x = torch.linspace(0, 1, 41, dtype=torch.float64)
    design = x[:, None] ** torch.arange(2, 4)
    target = Target("V", slice(0, 2), x, 1 + x + free * x**2, design, said=1 + x)
    assert identify(design[5:] / 0.01, [target]).sentences[1:] == ()


def data_of(relative_errors):
    """Two observations of a motion that is missed by a tenth or so, the errors as a part of the data's size."""
    first = measured("t", [0.1, 0.4, 0.7, 1.0], {"x": [0.8, 0.1, -0.5, 0.3]})
    second = measured("t", [0.2, 0.5, 0.9], {"y": [0.5, -0.2, -0.1]})
    found = []
    for one, relative in zip((first, second), relative_errors, strict=True):
        (column,) = one.columns
        errors = None if relative is None else torch.full_like(column.values, relative * column.size)
        found.append(replace(one, columns=(replace(column, observable="x", errors=errors),)))
    return found


def summarised(relative_errors):
    built = made(
        "damped_oscillator",
        "reduced",
        data_of(relative_errors),
        interval={"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0, "x'(0)": -0.5}, "nodes": 30},
        unknown={"delta": {"start": 1.0}, "omega0": {"start": 4.0}},
        couplings={"V": {"polynomial": [0.0, 1.0]}},
        stop={"validation": 0.2},
    )
    theta = torch.tensor([[0.1, -0.2]], dtype=torch.float64)
    compared = []
    for part in built.splits:
        fitted, _ = built.view.observed(theta, part)
        own, where = part.column, part.measured.where
        compared.append(Compared(own.name, "t", where, own.values, own.errors, fitted, held=part.held))
    return identified(built, theta, targets_of(built, theta, 0, {}), compared), compared


def test_data_without_errors_have_the_error_that_they_are_missed_by():
    known, compared = summarised((None, None))
    misfits = [one.misfit for one in compared]
    assert all(0.05 < misfit < 2 for misfit in misfits)
    stated, _ = summarised(misfits)
    torch.testing.assert_close(known.singular, stated.singular, rtol=1e-9, atol=0)
    torch.testing.assert_close(known.bands, stated.bands, rtol=1e-9, atol=0)
    said = [f"the relative deviation {misfit:.2g} of {name}" for misfit, name in zip(misfits, "xy", strict=True)]
    assert known.sentences[0].endswith(f"at {' and '.join(said)}.")


def test_data_with_errors_beside_data_without():
    known, compared = summarised((0.02, None))
    stated, _ = summarised((0.02, compared[1].misfit))
    torch.testing.assert_close(known.singular, stated.singular, rtol=1e-9, atol=0)
    said = f"at the errors of x and the relative deviation {compared[1].misfit:.2g} of y."
    assert known.sentences[0].endswith(said)


def test_coefficients_that_the_function_does_not_see_are_no_direction():
    """Two columns for one coefficient: their difference is nothing that could be determined."""
    design = torch.cat([polynomials(GRID), polynomials(GRID)[:, :1]], dim=-1)
    double = Target("V", slice(0, COUNT + 1), GRID, polynomials(GRID) @ THETA, design)
    found = identify(design / 0.3, [double])
    single = identify(polynomials(GRID) / 0.3, [target()])
    torch.testing.assert_close(found.bands["V"], single.bands["V"], rtol=1e-9, atol=1e-12)
    assert found.sentences == single.sentences
    assert "of 5 directions" in found.sentences[0]


def generic(*shape):
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_through_equations_is_the_schur_complement():
    """J_dt - J_df J_ef^-1 J_et of [[J_ef, J_et], [J_df, J_dt]]; each entry is a quotient of bordered determinants."""
    fields = torch.tensor([True, False, True, True, False, True, False])
    equations, data = generic(4, 7), generic(6, 7)
    found = through_equations(data, equations, fields)
    order = torch.cat([fields.nonzero()[:, 0], (~fields).nonzero()[:, 0]])
    joint = torch.cat([equations, data])[:, order]
    for row, schur in zip(joint[4:], found, strict=True):
        for j in range(3):
            block = torch.zeros(5, 5, dtype=torch.float64)
            block[:4, :4], block[:4, 4] = joint[:4, :4], joint[:4, 4 + j]
            block[4, :4], block[4, 4] = row[:4], row[4 + j]
            determinant = torch.linalg.det(block) / torch.linalg.det(joint[:4, :4])
            assert float(schur[j]) == pytest.approx(float(determinant), rel=1e-9)


def test_through_equations_is_the_derivative_of_the_solution():
    """a u = theta_0 + theta_1 x on points, measured as u(x): du/dtheta = (1, x)/a, with more rows than fields."""
    x, a = torch.linspace(0, 1, 4, dtype=torch.float64), 2.5
    eye, theta_rows = torch.eye(4, dtype=torch.float64), torch.stack([torch.ones(4, dtype=torch.float64), x], dim=-1)
    equations = torch.cat([a * eye, -theta_rows], dim=-1)
    equations = torch.cat([equations, 3 * equations[:2]])
    data = torch.cat([eye, torch.zeros(4, 2, dtype=torch.float64)], dim=-1)
    fields = torch.tensor([True] * 4 + [False] * 2)
    torch.testing.assert_close(through_equations(data, equations, fields), theta_rows / a, rtol=1e-12, atol=1e-13)


def test_both_ways_have_the_same_data_jacobian():
    """On the motion that solves the equations: all at once through them, and reduced by its own response."""
    points = measured("t", [0.1, 0.4, 0.7, 1.0], {"x": [0.8, 0.1, -0.5, 0.3]}, errors=0.1)
    shared = {
        "interval": {"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0, "x'(0)": -0.5}, "nodes": 40},
        "unknown": {
            "delta": {"start": 1.0, "positive": True},
            "omega0": {"start": 4.0},
            "V": {"range": [-2.0, 2.0], "ansatz": {"kind": "chebyshev", "coefficients": 3}},
        },
        "fields": {"kind": "chebyshev", "coefficients": 24},
        "loss": {"smoothness": 0.1},
    }
    reduced, whole = (made("damped_oscillator", way, [points], **shared) for way in ("reduced", "all_at_once"))
    unknowns = torch.tensor([[0.1, -0.2, 0.1, 1.4, 0.2]], dtype=torch.float64)
    _, expected = reduced.objective.jacobian(unknowns)["data x"]
    grid, motion = reduced.objective.grid, reduced.objective.solved(unknowns[0])["x"]
    field = next(entry.function for entry in whole.layout.entries if entry.name == "x")
    zero = torch.zeros(field.size, dtype=torch.float64)
    design = field.sensitivity(zero, grid.nodes, 0)[0]
    own = torch.linalg.lstsq(design, (motion - field.jet(zero, grid.nodes, 0)[0])[:, None], driver="gelsd").solution
    order = [entry.name for entry in reduced.layout.entries]
    assert [entry.name for entry in whole.layout.entries] == ["x", *order]
    found = whole.objective.jacobian(torch.cat([own.mT, unknowns], dim=-1))
    assert found["equation x"][0].abs().max() < 1e-9
    loose = torch.arange(whole.layout.size) < field.size
    through = through_equations(found["data x"][1][0], found["equation x"][1][0], loose)
    torch.testing.assert_close(through, expected[0], rtol=1e-7, atol=1e-7)


def test_without_fields_nothing_goes_through():
    data = generic(3, 2)
    assert through_equations(data, generic(4, 2), torch.tensor([False, False])) is data
