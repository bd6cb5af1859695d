"""Without packages, pytest imports test files by their bare names, and two of one name do not go together."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent


def test_no_two_files_of_one_name():
    files = [path for path in TESTS.rglob("*.py") if path.name != "conftest.py" and "models_extra" not in path.parts]
    assert [name for name, count in Counter(path.name for path in files).items() if count > 1] == []
