"""GraviPy: components are computed when they are asked for; a negative index is an upper one."""

from collections.abc import Sequence
from importlib.metadata import version

from cases import Rows, run
from gravipy.tensorial import All, Christoffel, Coordinates, Einstein, MetricTensor, Ricci
from sympy import Matrix, Symbol


def compute(coordinates: Sequence[Symbol], metric: Matrix) -> Rows:
    """G^i_j in the default mode."""
    chart = Coordinates("X", list(coordinates))
    g = MetricTensor("g", chart, metric)
    Christoffel("Ga", g)
    mixed: Rows = Einstein("G", Ricci("Ri", g))(-All, All).tolist()
    return mixed


run("GraviPy", version("gravipy"), compute)
