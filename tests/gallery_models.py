"""Models of the gallery, each loaded once a process."""

from functools import cache

from holosym import resources
from holosym.dsl import loader


@cache
def load(name):
    """The one model of a gallery file; its equations are derived once."""
    (model,) = loader.load(resources.resolve(name))
    return model
