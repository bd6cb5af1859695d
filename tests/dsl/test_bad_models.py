"""Every kind of bad model ends in one message with the file, the line and the mend; never in a traceback."""

from pathlib import Path

import pytest
from bad_charts import CHARTS
from bad_models import ALL as MODELS
from bad_models import Bad
from click.testing import CliRunner

from holosym.cli import main

ALL = [*MODELS, *CHARTS]


@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
def test_message(bad: Bad, tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(bad.text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(file)])
    place = str(file) if bad.line is None else f"{file}:{bad.line}"
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"{place}: error: "), result.stderr
    message, _, mend = result.stderr.partition("\n  mend: ")
    assert bad.message in message
    assert mend.strip()
    assert bad.mend in mend
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_bad_model_is_not_compiled(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text("import nothing_of_the_kind", encoding="utf-8")
    result = CliRunner().invoke(main, ["compile", "rn_ads4", str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_names_are_distinct() -> None:
    assert len({bad.name for bad in ALL}) == len(ALL)
