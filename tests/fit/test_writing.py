"""What a fit leaves behind, read back: couplings, CSV, NetCDF, JSON."""

import csv
import json
from dataclasses import replace

import pytest
import torch
import xarray
from assembled_fits import made, measured, trained

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.bspline import BSpline
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.mlp import Mlp
from holosym.errors import DataError, OutputError
from holosym.fit.coupling_file import FORMAT, coupling_text, load_coupling
from holosym.fit.summarise import Truth, summarise
from holosym.fit.summary import Compared, Curve, FitSummary, Number
from holosym.fit.writing import as_csv, write_summary
from holosym.report.fit_plots import draw
from holosym.whole_files import write_text

INTERVAL = (-0.5, 2.0)
VALUES = torch.tensor([-12.0, 0.0, -3.0, 0.7], dtype=torch.float64)
PLAIN = {
    "chebyshev": ChebyshevFunction(7, INTERVAL),
    "bspline": BSpline(4, INTERVAL, 3),
    "tanh": Mlp((5, 3), INTERVAL),
    "sine": Mlp((4,), INTERVAL, "sin", 2.5),
}
FUNCTIONS = PLAIN | {f"{n}, anchored": Anchored(f, {0.0: 3, 1.0: 1}, VALUES) for n, f in PLAIN.items()}


def written(folder, function, **change):
    """A coupling file, with some keys changed; None takes a key out."""
    theta = torch.randn(function.size, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    content = json.loads(coupling_text("V", function, theta)) | change
    path = folder / "V.json"
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}), encoding="utf-8")
    return path, theta


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_coupling_comes_back_to_the_last_bit(name, tmp_path):
    function = FUNCTIONS[name]
    path, theta = written(tmp_path, function)
    phi = torch.linspace(-0.4, 1.9, 17, dtype=torch.float64)
    coupling = load_coupling(path)
    assert torch.equal(coupling.theta, theta)
    expected = function.jet(theta, phi, 3)
    for one, order in zip(coupling.jet([phi], [(0,), (1,), (3,)]), (0, 1, 3), strict=True):
        # a product of matrices may round by where they lie in memory
        torch.testing.assert_close(one, expected[order], rtol=1e-13, atol=1e-13)
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == FORMAT


def test_an_anchored_coupling_keeps_its_conditions(tmp_path):
    path, _ = written(tmp_path, FUNCTIONS["tanh, anchored"])
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    value, slope, bend = load_coupling(path).jet([ends], [(0,), (1,), (2,)])
    torch.testing.assert_close(value, torch.tensor([-12.0, 0.7], dtype=torch.float64), rtol=1e-13, atol=0)
    assert abs(float(slope[0])) < 1e-12
    assert float(bend[0]) == pytest.approx(-3.0, rel=1e-12)


DAMAGE = {
    "another format": ({"format": "holosym coupling 0"}, "its format is 'holosym coupling 0'"),
    "no format": ({"format": None}, "format"),
    "another kind": ({"kind": "fourier"}, "its kind is 'fourier'"),
    "no interval": ({"interval": None}, "interval"),
    "an empty interval": ({"interval": [1.0, 1.0]}, "interval"),
    "half an interval": ({"interval": [1.0]}, "not enough values"),
    "too few coefficients": ({"theta": [1.0, 2.0]}, "2 coefficients where 7 belong"),
    "coefficients that are texts": ({"theta": ["a"] * 7}, "a fitted coupling"),
    "coefficients that are no numbers": ({"theta": [float("nan")] * 7}, "not all coefficients are finite"),
    "one coefficient without a list": ({"theta": 1.0}, "a fitted coupling"),
    "too few values": ({"anchors": [[0.0, 2]], "values": [1.0]}, "do not fit 2 conditions"),
    "no values": ({"anchors": [[0.0, 2]]}, "values"),
    "anchors that are none": ({"anchors": [1, 2], "values": [1.0]}, "a fitted coupling"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_refused(case, tmp_path):
    change, message = DAMAGE[case]
    path, _ = written(tmp_path, PLAIN["chebyshev"], **change)
    with pytest.raises(DataError, match=message) as found:
        load_coupling(path)
    assert "holosym fit" in found.value.mend
    assert str(path) in str(found.value)


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "3", '"V"', "null", "{}", b"\xff\xfe\x00"], ids=repr)
def test_what_is_no_coupling_is_refused(content, tmp_path):
    path = tmp_path / "V.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match="is not a fitted coupling"):
        load_coupling(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="is not a fitted coupling"):
        load_coupling(tmp_path / "V.json")


def test_what_cannot_be_written_as_a_coupling():
    class Other:
        size, interval, blocks = 1, (0.0, 1.0), ((1,),)

    with pytest.raises(TypeError, match="a Other cannot be written"):
        coupling_text("V", Other(), torch.zeros(1))


def curve(name, argument="phi", **change):
    x = torch.linspace(0, 1, 4, dtype=torch.float64) / 3
    members = torch.stack([x**2 + 0.1, x.exp() / 7])
    parts = {"band": x / 10, "true": x**2, "probed": (0.1, 0.3)}
    return Curve(name, argument, x, members, 1, **(parts | change))


def summary(**change):
    w = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    parts = {
        "numbers": (Number("beta", torch.tensor([0.4, 0.5], dtype=torch.float64), 1, 0.01, 0.49),),
        "functions": (curve("V"),),
        "fields": (curve("f", "z", band=None), curve("h", "z", band=None, true=None)),
        "compared": (Compared("s", "T", w, 2 * w, w / 10, 2 * w + torch.tensor([0.1, -0.2, 0.3])),),
        "loss": {"data s": 1.0},
        "losses": (2.0, 1.0),
        "singular": (30.0, 0.2),
        "directions": 1,
        "sentences": ("V is not determined by the data in [0.2, 0.3].",),
        "ended": ("lm: 5 steps",),
    }
    return FitSummary("A fit", "gubser_rocha", "reduced", {"torch": "x"}, **(parts | change))


@pytest.mark.parametrize("singular", [(30.0, 0.2), (30.0, 0.0), (0.0, 0.0), ()])
@pytest.mark.filterwarnings("error")
def test_plots_of_what_is_zero_too(tmp_path, singular):
    """Data that determine nothing, a loss that is none: no logarithm of zero, and no warning of one."""
    history = {"total": ([1, 2], [0.1, 0.0]), "data s": ([1, 2], [0.0, 0.0])} if singular else {"total": ([1], [0.0])}
    files = draw(summary(singular=singular, history=history), tmp_path)
    names = ["data.png", "residuals.png", "functions.png", "fields.png", "losses.png", "singular_values.png"]
    assert [file.name for file in files] == names[: 6 if singular else 5]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def test_csv_comes_back_to_the_last_bit(tmp_path):
    one = curve("V")
    path = write_text(tmp_path / "V.csv", as_csv(one))
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    columns = {name: torch.tensor([float(row[name]) for row in rows], dtype=torch.float64) for name in rows[0]}
    assert list(columns) == ["phi", "V", "V_error", "V_true", "V_spread", "V_seed_0", "V_seed_1"]
    assert torch.equal(columns["phi"], one.x)
    assert torch.equal(columns["V"], one.members[1])
    assert torch.equal(columns["V_error"], one.band)
    assert torch.equal(columns["V_true"], one.true)
    assert torch.equal(torch.stack([columns["V_seed_0"], columns["V_seed_1"]]), one.members)
    alone = Curve("V", "phi", one.x, one.members[:1], 0)
    assert as_csv(alone).splitlines()[0] == "phi,V"


def test_netcdf_comes_back_to_the_last_bit(tmp_path):
    one = summary()
    made_files = write_summary(one, tmp_path)
    assert [path.name for path in made_files] == ["result.json", "V.csv", "fields.nc"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["V.csv", "fields.nc", "result.json"]
    with xarray.open_dataset(tmp_path / "fields.nc", engine="h5netcdf") as data:
        assert data["f"].dims == ("seed", "z")
        assert data["f"].attrs["best_seed"] == 1
        assert set(data.data_vars) == {"f", "f_true", "h"}
        assert torch.equal(torch.tensor(data["z"].values), one.fields[0].x)
        assert torch.equal(torch.tensor(data["h"].values), one.fields[1].members)
        assert torch.equal(torch.tensor(data["f_true"].values), one.fields[0].true)
        assert json.loads(data.attrs["provenance"]) == {"torch": "x"}
        assert (data.attrs["title"], data.attrs["model"]) == ("A fit", "gubser_rocha")


def test_fields_of_states_say_their_unit_and_where_each_was_measured(tmp_path):
    states = torch.stack([curve("f").members, 2 * curve("f").members, 3 * curve("f").members], dim=1)
    write_summary(summary(fields=(curve("f", "z", band=None, true=None, states=states),)), tmp_path)
    with xarray.open_dataset(tmp_path / "fields.nc", engine="h5netcdf") as data:
        assert data["f"].dims == ("seed", "state", "z")
        assert torch.equal(torch.tensor(data["f"].values), states)
        assert data["z"].attrs["units"] == "z_h = 1"
        assert data["T of the data"].values.tolist() == [1.0, 2.0, 3.0]


def test_no_fields_no_file(tmp_path):
    write_summary(summary(fields=()), tmp_path / "deep" / "er")
    assert sorted(path.name for path in (tmp_path / "deep" / "er").iterdir()) == ["V.csv", "result.json"]


def test_a_summary_as_json(tmp_path):
    """Numbers by hand: chi^2 = (1 + 1 + 1)/3, the largest deviation 0.3 of 6, V's error at x = 1/9 and 2/9."""
    write_summary(summary(), tmp_path)
    found = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert found == summary().as_json()
    assert found["parameters"]["beta"] == {"value": 0.5, "error": 0.01, "true": 0.49, "seeds": [0.4, 0.5]}
    (data,) = found["data"]
    assert data["chi2_per_point"] == pytest.approx(1.0)
    assert data["largest_relative_deviation"] == pytest.approx(0.05)
    x = torch.tensor([1 / 9, 2 / 9], dtype=torch.float64)
    error = float((x.exp() / 7 - x**2).abs().max() / (x**2).max())
    assert found["functions"]["V"]["relative_error"] == pytest.approx(error, rel=1e-12)
    assert found["fields"]["h"] == {"relative_error": None}
    assert found["identifiability"] == {"singular_values": [30.0, 0.2], "directions": 1}
    assert "seconds" not in found


def test_what_is_not_finite_is_null_in_json(tmp_path):
    """A seed that could not begin has an infinite loss, and JSON has no word for it."""
    lost = Number("beta", torch.tensor([torch.nan, 0.5], dtype=torch.float64), 1)
    write_summary(summary(losses=(float("inf"), 1.0), numbers=(lost,)), tmp_path)

    def refuse(word):
        raise AssertionError(word)

    found = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert found["losses_of_seeds"] == [None, 1.0]
    assert found["parameters"]["beta"]["seeds"] == [None, 0.5]


def test_a_fit_gives_the_same_result_from_run_to_run(tmp_path):
    """Two fits of noisy points, in full, with two seeds of a network: the same files, to the last byte."""

    def run(folder):
        points = measured("t", [0.0, 0.3, 0.6, 0.9], {"x": [1.0, 0.4, -0.2, -0.4]}, errors=0.05)
        built = made(
            "damped_oscillator",
            "all_at_once",
            [points],
            interval={"start": 0.0, "stop": 1.0, "conditions": {"x(0)": 1.0}},
            couplings={"V": {"polynomial": [0, 1]}},
            unknown={"delta": {"start": 1.0, "positive": True, "true": 0.5}, "omega0": {"start": 2.0}},
            fields={"kind": "mlp", "widths": [6]},
            loss={"points": 12},
            stop={"noise": True, "validation": 0.25},
            stages=[{"optimiser": "adam", "steps": 20}, {"optimiser": "lm", "steps": 5}],
            seeds=2,
        )
        end = trained(built)
        squares = end.squares if folder.name == "first" else dict(sorted(end.squares.items()))  # as from a checkpoint
        found = summarise(built, replace(end, squares=squares), {"model": "x"}, Truth({"x": torch.cos}))
        write_summary(found, folder)
        return found

    first, second = run(tmp_path / "first"), run(tmp_path / "second")
    text = json.dumps(first.as_json(), allow_nan=False)
    assert text == json.dumps(second.as_json(), allow_nan=False)
    assert (tmp_path / "first" / "result.json").read_bytes() == (tmp_path / "second" / "result.json").read_bytes()
    assert len(first.losses) == 2
    assert first.numbers[0].error > 0
    assert first.fields[0].members.shape == (2, len(first.fields[0].x))
    assert first.fields[0].error() == pytest.approx(
        float((first.fields[0].values - first.fields[0].x.cos()).abs().max()), rel=1e-12
    )


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written") as found:
        write_summary(summary(), tmp_path / "file")
    assert "--out" in found.value.mend
