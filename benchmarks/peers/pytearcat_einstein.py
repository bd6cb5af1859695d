"""pytearcat, with SymPy as its algebra: the metric goes in as text; all index positions come out."""

import builtins
from collections.abc import Sequence
from importlib.metadata import version

# It is made for notebooks and calls IPython's `display`, which outside of one has to be there all the same.
builtins.display = lambda *_: None  # type: ignore[attr-defined]

import pytearcat as pt
from cases import Rows, run
from sympy import Matrix, Symbol
from sympy.core.function import AppliedUndef


def compute(coordinates: Sequence[Symbol], metric: Matrix) -> Rows:
    """G^i_j in the default mode."""
    pt.coords(",".join(map(str, coordinates)))
    functions = sorted(metric.atoms(AppliedUndef), key=str)
    for function in functions:
        pt.fun(str(function.func), ",".join(map(str, function.args)))
    named = metric.subs({function: Symbol(str(function.func)) for function in functions})
    d = Matrix([Symbol(f"d{c}") for c in coordinates])
    pt.metric(f"ds2 = {(d.T * named * d)[0]}")
    tensor = pt.einstein(All=True)
    up_down: Rows = tensor.tensor[0b10]  # one bit for each index, 1 where it is up
    return up_down


run("pytearcat", version("pytearcat"), compute)
