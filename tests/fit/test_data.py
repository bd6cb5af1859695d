"""CSV files of measured points: good ones are read exactly, and every bad one has its message."""

import pytest

from holosym.errors import DataError
from holosym.fit.data import read_data
from holosym.fit.known_sections import Data

GOOD = "# a comment\nT [MeV], s, s_error\n130, 2.5, 0.1\n154, 5.25, 0.2\n\n200, 10.5, 0.3\n"


def reading(folder, text, **changes):
    (folder / "points.csv").write_text(text)
    section = {"file": "points.csv", "against": "T", "observables": {"s": "s"}, **changes}
    return read_data(Data.model_validate(section), folder)


def test_numbers_units_and_errors(tmp_path):
    found = reading(tmp_path, GOOD, errors={"s": "s_error"}, units={"T": "GeV"})
    assert found.where.tolist() == pytest.approx([0.130, 0.154, 0.200], rel=1e-15)
    (column,) = found.columns
    assert column.values.tolist() == [2.5, 5.25, 10.5]
    assert column.errors.tolist() == [0.1, 0.2, 0.3]
    assert found.units["T"] == "GeV"


def test_errors_that_nobody_asked_for(tmp_path):
    """A column of errors that is not in use is a mistake: the fit would go on without them, and say so nowhere."""
    with pytest.raises(DataError, match="'s_error' is not in use") as caught:
        reading(tmp_path, GOOD)
    assert caught.value.line == 2
    assert 'errors = { s = "s_error" }' in caught.value.mend
    assert reading(tmp_path, GOOD.replace("s_error", "quality")).columns[0].errors is None


def test_one_error_for_all(tmp_path):
    assert reading(tmp_path, GOOD, errors={"s": 0.5}).columns[0].errors.tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("s, s_error", "entropy, s_error", "no column 's'", 2),
        ("154, 5.25", "154, high", "a text: 'high'", 4),
        ("154, 5.25", "154, nan", "has nan", 4),
        ("154, 5.25", "154, inf", "has inf", 4),
        ("154, 5.25, 0.2", "154,, 0.2", "empty here", 4),
        ("154, 5.25, 0.2", "154", "empty here", 4),
        ("154, 5.25, 0.2", "154, 5.25, 0", "error of s is 0", 4),
        ("200,", "140,", "comes after 0.154", 6),
        ("200,", "154,", "stands twice", 6),
        ("154, 5.25", "154, 5_25", "a text: '5_25'", 4),
        ("154, 5.25", "154, \u0665", "a text: ", 4),
        ("154, 5.25", "154, 1e300", "has 1e300, whose square is beyond what a computer holds", 4),
        ("154, 5.25, 0.2", "154, 5.25, 1e-200", "has 1e-200, whose square", 4),
        ("T [MeV]", "T [kg]", "cannot be turned into GeV", 2),
        ("T [MeV]", "T [Mev]", "cannot be turned into GeV", 2),
        ("T [MeV]", "T", "has no unit", 2),
        ("T [MeV], s, s_error\n", "", "only numbers", 2),
        ("T [MeV], s, s_error", "T [MeV], s, s", "two columns 's'", 2),
        ("154, 5.25, 0.2", "154, 5,25, 0,2", "5 cells in this row, and 3 columns", 4),
        ("T [MeV], s, s_error", "T [MeV]; s; s_error", "not parted by commas", 2),
    ],
)
def test_bad_files(tmp_path, old, new, said, line):
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        reading(tmp_path, GOOD.replace(old, new, 1), errors={"s": "s_error"}, units={"T": "GeV"})
    assert said in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [("", "empty", None), ("# T\nT, s\n", "no rows", 2), ("# T\n\nT, s\n# s\n1, 2\n", "one row", 5)],
)
def test_too_little(tmp_path, text, said, line):
    with pytest.raises(DataError, match=said) as caught:
        reading(tmp_path, text)
    assert caught.value.line == line


def test_every_row_knows_its_line(tmp_path):
    """A quotation mark in a comment opens no cell that runs over lines."""
    found = reading(tmp_path, '#,"a comment\n' + GOOD.replace("154", '#,"another\n154'), errors={"s": "s_error"})
    assert found.lines == (4, 6, 8)
    assert found.where.tolist() == [130.0, 154.0, 200.0]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding(tmp_path, encoding):
    path = tmp_path / "points.csv"
    path.write_bytes("# gr\u00fc\u00dfe\nT,s\n1,2\n2,3\n".encode(encoding))
    with pytest.raises(DataError, match="not text in UTF-8") as caught:
        read_data(Data.model_validate({"file": "points.csv", "against": "T", "observables": {"s": "s"}}), tmp_path)
    assert caught.value.mend == "save the file as UTF-8"


def test_no_file(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_data(Data.model_validate({"file": "none.csv", "against": "T", "observables": {"s": "s"}}), tmp_path)


def test_a_unit_of_a_column_not_in_use(tmp_path):
    with pytest.raises(DataError, match="no column in use"):
        reading(tmp_path, GOOD, errors={"s": "s_error"}, units={"p": "GeV"})


@pytest.mark.parametrize(("written", "asked"), [("degC", "kelvin"), ("kelvin", "degC"), ("degF", "degC")])
def test_units_with_another_zero_are_refused(tmp_path, written, asked):
    """A factor is not enough: -273.15 degrees would be -74884 kelvin."""
    with pytest.raises(DataError, match=f"is in {written}, whose zero is not that of {asked}") as caught:
        reading(tmp_path, GOOD.replace("MeV", written), errors={"s": "s_error"}, units={"T": asked})
    assert caught.value.line == 2
