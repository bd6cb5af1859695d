"""What all tests share: the gallery, derived once a process, and the flag that rewrites trusted values."""

from functools import cache

import pytest

from holosym import resources
from holosym.dsl import loader

GALLERY = tuple(sorted(resources.gallery()))


def pytest_addoption(parser):
    parser.addoption(
        "--update-trusted",
        action="store_true",
        help="rewrite tests/derive/trusted/*.json with the values of today; review the difference before a commit",
    )


@cache
def load(name):
    """The one model of a gallery file; its equations are derived once."""
    (model,) = loader.load(resources.resolve(name))
    return model


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
