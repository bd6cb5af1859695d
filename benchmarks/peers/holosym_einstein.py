"""holosym: the line element in the names of its model files, then `einstein_mixed`."""

from collections.abc import Sequence
from typing import Any

from cases import Rows, run
from sympy import Expr, Integer, Matrix, Symbol
from sympy.core.function import AppliedUndef

import holosym
from holosym import coordinates as declare
from holosym import d, profiles
from holosym.derive import einstein_mixed


def line_element(coordinates: Sequence[Symbol], metric: Matrix) -> tuple[Sequence[Any], Expr]:
    """The same metric as a model file would have it."""
    chart = declare(" ".join(map(str, coordinates)))
    own = dict(zip(coordinates, chart, strict=True))
    for function in sorted(metric.atoms(AppliedUndef), key=str):
        own[function] = profiles(str(function.func), tuple(own[c] for c in function.args))
    dx = Matrix([d(c) for c in chart])
    return chart, (dx.T * metric.xreplace(own) * dx)[0]


def compute(chart: Sequence[Any], line: Expr) -> Rows:
    """G^i_j, with the components that vanish put in."""
    found = einstein_mixed(line, chart)
    return [[found.get((i, j), Integer(0)) for j in range(len(chart))] for i in range(len(chart))]


run("holosym", holosym.__version__, compute, prepare=line_element)
