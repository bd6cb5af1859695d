"""OGRePy, with its default `simplify`, or with the function of SymPy that a second argument names."""

import os
import sys
from collections.abc import Sequence

# It would print a welcome and ask the network for a newer version on import.
os.environ["OGREPY_DISABLE_WELCOME"] = "True"
os.environ["OGREPY_DISABLE_UPDATE_CHECK"] = "True"

import OGRePy
import sympy
from cases import Rows, run
from sympy import Matrix, Symbol


def compute(coordinates: Sequence[Symbol], metric: Matrix) -> Rows:
    """G^i_j in the default mode, or with the simplification asked for."""
    if len(sys.argv) > 2:
        OGRePy.options.simplify_func = getattr(sympy, sys.argv[2])
    chart = OGRePy.Coordinates(*coordinates)
    einstein = OGRePy.Metric(coords=chart, components=metric).einstein()
    mixed: Rows = einstein.components(indices=(1, -1), coords=chart).tolist()
    return mixed


run("OGRePy", OGRePy.__version__, compute)
