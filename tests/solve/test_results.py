"""Results as labelled arrays: what is written is what was solved, said with its units, and read again."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from holosym.errors import HolosymError, OutputError, SolveError
from holosym.solve import results
from holosym.solve.family import Family, solve_family
from holosym.solve.package import load
from holosym.solve.request import Request, Sweep

RN = Path(__file__).parents[2] / "generated" / "rn_ads4"


@pytest.fixture(scope="module")
def solved():
    """Three charged branes."""
    found = solve_family(load(RN), Request({"mu": 1.0}, Sweep.parse("T=0.1:0.4:3:log"), units="mu=1"))
    assert found.failure is None
    return found


@pytest.fixture
def family(solved):
    """The same, to be spoilt."""
    branches = [
        replace(branch, points=[replace(point, values=dict(point.values)) for point in branch.points])
        for branch in solved.branches
    ]
    return replace(solved, branches=branches, special=[])


def test_what_is_written_is_read_again(family, tmp_path):
    dataset = results.to_dataset(family)
    again = results.read(results.write(dataset, tmp_path / "new" / "rn.nc"))
    assert set(again.variables) == set(dataset.variables)
    for name in dataset.variables:
        np.testing.assert_array_equal(again[name].values, dataset[name].values)
        assert again[name].attrs == dataset[name].attrs
    assert again.attrs == dataset.attrs
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["rn.nc"]


def test_fields_are_those_of_the_exact_brane(family):
    """f = 1 - (1 + m^2/4) x^3 + m^2 x^4/4 and A_t = m (1 - x), with m = mu z_h, on the grid of the file."""
    dataset = results.to_dataset(family)
    x = dataset["x"].values
    assert (x[0], x[-1]) == (0, 1)
    assert (np.diff(x) > 0).all()  # a node where panels meet stands once
    for i in range(dataset.sizes["state"]):
        m = float(dataset["scale"][i])
        exact = 1 - (1 + m**2 / 4) * x**3 + m**2 / 4 * x**4
        # The solver's residuals reach 1e-10 in units of their terms; values are of order one.
        np.testing.assert_allclose(dataset["field_f"].values[i], exact, atol=1e-9)
        np.testing.assert_allclose(dataset["field_A_t"].values[i], m * (1 - x), atol=1e-9)


def test_states_on_another_grid_are_brought_to_the_first(family):
    other = solve_family(family.package, Request({"T": 0.2, "mu": 1.0}, nodes=20))
    family.branches.append(replace(other.branches[0], label="coarse"))
    dataset = results.to_dataset(family)
    (coarse,) = results.branch_of(dataset, "coarse")["field_A_t"].values
    m = float(results.branch_of(dataset, "coarse")["scale"].item())
    np.testing.assert_allclose(coarse, m * (1 - dataset["x"].values), atol=1e-9)


def test_every_variable_says_what_it_is(family):
    dataset = results.to_dataset(family)
    assert all(dataset[name].attrs.get("long_name") for name in dataset.data_vars)
    assert dataset["s"].attrs == {"long_name": "entropy density", "mass_dimension": 2.0, "units": "mu^2"}
    assert dataset["cs2"].attrs["units"] == "1"
    for key in ("model_hash", "holosym_version", "conventions", "settings", "tolerance", "largest_residual"):
        assert dataset.attrs[key], key
    assert not any(word in key for key in dataset.attrs for word in ("time", "date", "created"))


def test_a_branch_is_found_by_its_label(family):
    first, *rest = family.branches[0].points
    family.branches[0].points[:] = rest
    family.branches.append(replace(family.branches[0], label="condensed psi", points=[first]))
    dataset = results.to_dataset(family)
    assert results.branch_of(dataset, "condensed psi")["T"].values.tolist() == [first.values["T"]]
    assert results.branch_of(dataset, "normal").sizes["state"] == 2
    assert results.branch_of(dataset, "other").sizes["state"] == 0


def test_dominance_is_yes_no_or_not_known(family):
    for point, dominant in zip(family.branches[0].points, (True, False, None), strict=True):
        point.dominant = dominant
    assert results.to_dataset(family)["dominant"].values.tolist() == [1, 0, -1]
    points = json.loads(results.as_json(family))["branches"][0]["points"]
    assert [point["dominant"] for point in points] == [True, False, None]


def test_what_is_no_number_is_null(family):
    family.branches[0].points[0].values["s"] = math.nan
    family.branches[0].points[1].cs2 = math.inf
    family.first_law = math.nan
    made = json.loads(results.as_json(family))
    assert made["branches"][0]["points"][0]["s"] is None
    assert made["branches"][0]["points"][1]["cs2"] is None
    assert made["first_law"] is None


def test_nothing_found_is_a_file_too(family, tmp_path):
    """The failure is kept, with no states."""
    empty = Family(family.package, family.request, failure=SolveError("the last residual is 1.0e-02"))
    again = results.read(results.write(results.to_dataset(empty), tmp_path / "none.nc"))
    assert again.sizes["state"] == 0
    assert again.attrs["failure"] == "the last residual is 1.0e-02"
    assert json.loads(results.as_json(empty))["branches"] == []


def test_a_failure_keeps_the_old_file_and_no_rest(family, tmp_path, monkeypatch):
    path = results.write(results.to_dataset(family), tmp_path / "rn.nc")
    before = path.read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        results.write(results.to_dataset(family), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["rn.nc"]


def test_files_of_others_are_refused(family, tmp_path):
    results.to_dataset(family).drop_attrs().to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(HolosymError, match="not written by holosym"):
        results.read(tmp_path / "other.nc")
    with pytest.raises(HolosymError, match="not a file of results"):
        results.read(tmp_path / "absent.nc")
