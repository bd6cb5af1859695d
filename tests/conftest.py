"""What all tests share: the gallery, derived once a process, and the flag that rewrites trusted values."""

import pytest
from gallery_models import load

from holosym import resources

GALLERY = tuple(sorted(resources.gallery()))


def pytest_addoption(parser):
    parser.addoption(
        "--update-trusted",
        action="store_true",
        help="rewrite tests/derive/trusted/*.json with the values of today; review the difference before a commit",
    )


@pytest.fixture(params=GALLERY)
def gallery_name(request):
    """Every name of the gallery in turn."""
    return request.param


@pytest.fixture
def model(gallery_name):
    """Every model of the gallery in turn."""
    return load(gallery_name)


@pytest.fixture(scope="session")
def gallery_names():
    """All names of the gallery."""
    return GALLERY


@pytest.fixture(scope="session")
def gallery():
    """A model of the gallery by its name."""
    return load
