"""What `holosym reconstruct` says of data and options that it cannot use as they are."""

import json

import numpy as np
import pytest

RATIO = 1.1981402347355922  # l/z* of strips in AdS4


def strips(path, lengths, errors=None):
    """S = 4 pi A of AdS4, A = -RATIO^2/l."""
    header = "l,S" if errors is None else "l,S,error"
    values = -4 * np.pi * RATIO**2 / lengths
    columns = [lengths, values, *([] if errors is None else [errors * np.abs(values)])]
    np.savetxt(path, np.stack(columns, axis=1), delimiter=",", header=header, comments="", fmt="%.17g")
    return path


@pytest.fixture
def clean(tmp_path):
    return strips(tmp_path / "s.csv", np.geomspace(0.02, 3, 200))


def test_the_truth_beside_it(holosym, clean):
    result = holosym("reconstruct", clean, "--compare", "1 + 0*z", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["exact"] == [1.0] * len(found["z"])
    assert found["largest_difference"] < 1e-7


def test_errors_below_what_a_smooth_fit_resolves(holosym, tmp_path):
    """The points are as good as exact, and taken so."""
    from holosym.surfaces.abel import from_strips

    lengths = np.geomspace(0.02, 3, 200)
    area = -(RATIO**2) / lengths + 1e-3 * np.tanh(20 * (lengths - 1)) / 20
    found = from_strips(lengths, area, 3, np.full(200, 1e-13))
    assert found.band is None
    assert "taken as exact" in found.notes[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--seed", "-1"), "not in the range"),
        (("--compare", "1/0"), "is not finite between"),
        (("--compare", "1-*z"), "cannot be read as a formula"),
        (("--compare", "1 - x"), "write it in z alone"),
        (("--dimension", "4"), "this is not the entropy of this dimension"),
    ],
)
def test_options_that_cannot_be(holosym, clean, arguments, said):
    result = holosym("reconstruct", clean, *arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_the_energies_of_loops_come_back(holosym, tmp_path):
    """Beyond the length at which two straight strings have less energy the hanging one is written."""
    from pathlib import Path

    theory = Path(__file__).parents[2] / "generated" / "schwarzschild_ads5"
    asked = ("--set", "T=1", "--shape", "loop", "--l", "0.02:0.26:60", "--out", "loop.csv")
    assert holosym("entropy", theory, *asked).exit_code == 0
    result = holosym(
        "reconstruct", tmp_path / "loop.csv", "--shape", "loop", "--compare", "1-(3.141592653589793*z)^4", "--json"
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["largest_difference"] < 1e-5
