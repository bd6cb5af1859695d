"""What all tests share: the gallery, derived once a process, and the flag that rewrites trusted values."""

import pytest
from gallery_models import load

from holosym import resources

BARE = ("isotropic_metric",)  # metrics without an action
GALLERY = tuple(sorted(set(resources.gallery()) - set(BARE)))


def pytest_addoption(parser):
    parser.addoption(
        "--update-trusted",
        action="store_true",
        help="rewrite tests/derive/trusted/*.json with the values of today; review the difference before a commit",
    )


@pytest.fixture(params=GALLERY)
def gallery_name(request):
    """Every name of the gallery in turn, bare metrics left out."""
    return request.param


@pytest.fixture
def model(gallery_name):
    """Every model of the gallery that has equations in turn."""
    return load(gallery_name)


@pytest.fixture(scope="session")
def gallery_names():
    """All names of the gallery, bare metrics left out."""
    return GALLERY


@pytest.fixture(scope="session")
def gallery():
    """A model of the gallery by its name."""
    return load
