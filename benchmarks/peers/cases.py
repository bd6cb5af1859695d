"""The four metrics that every package is timed on, and the frame in which it is timed.

With f, chi, h, k unknown functions of z,

    brane4        ds^2 = z^-2 [-f e^-chi dt^2 + dz^2/f + h (dx^2 + dy^2)]
    brane5        ds^2 = z^-2 [-f e^-chi dt^2 + dz^2/f + dx^2 + dy^2 + dw^2]
    off_diagonal  brane4 + 2 z^-2 k dt dx, to all orders in k
    two_variables brane4, with f, chi, h functions of z and x

The task is the simplified mixed Einstein tensor G^i_j in the package's default mode. CPU seconds are counted
from the metric as a user writes it to the last component, after imports. What comes out is then evaluated,
outside the count, with test functions at a rational point: that fingerprint must be the same for all,
or they did not do the same work.

Only SymPy is needed here: this file is imported in the environment of each peer.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Expr, Function, Matrix, Rational, Symbol, exp, symbols
from sympy.core.function import AppliedUndef

Rows = Sequence[Sequence[Expr]]

CASES = ("brane4", "brane5", "off_diagonal", "two_variables")

POINT = {
    "t": Rational(2, 7),
    "x": Rational(3, 5),
    "y": Rational(1, 3),
    "w": Rational(5, 8),
    "z": Rational(4, 9),
}


def _test_function(name: str, arguments: Sequence[Expr]) -> Expr:
    """A definite function for an unknown one: positive, with no symmetry that could hide an error."""
    a, b, c = {"f": (1, 3, 7), "chi": (2, 5, 9), "h": (3, 4, 11), "k": (4, 7, 13)}[name]
    s = sum((n + 1) * argument for n, argument in enumerate(arguments))
    return 1 + s / b + s**2 / c + s**3 / (a + 5) + sympy.prod(arguments) / 6


def metric(case: str) -> tuple[list[Symbol], Matrix]:
    """The coordinates and the matrix g_ij of a case."""
    t, x, y, w, z = symbols("t x y w z")
    arguments = (z, x) if case == "two_variables" else (z,)
    f, chi, h, k = (Function(name)(*arguments) for name in ("f", "chi", "h", "k"))
    if case == "brane5":
        return [t, x, y, w, z], sympy.diag(-f * exp(-chi), 1, 1, 1, 1 / f) / z**2
    g = sympy.diag(-f * exp(-chi), h, h, 1 / f)
    if case == "off_diagonal":
        g[0, 1] = g[1, 0] = k
    return [t, x, y, z], g / z**2


def _value(component: Expr) -> float:
    """The component at the point, with the test functions; symbols count by name, not by assumptions."""

    def plain(name: object) -> str:
        return str(name).lstrip("\\")

    expression = sympy.sympify(component).replace(
        lambda e: isinstance(e, AppliedUndef), lambda e: _test_function(plain(e.func), e.args)
    )
    expression = expression.doit()
    point = {symbol: POINT[plain(symbol)] for symbol in expression.free_symbols}
    return float(expression.subs(point).evalf(30))


def _as_it_is(coordinates: Sequence[Symbol], matrix: Matrix) -> tuple[Any, Any]:
    return coordinates, matrix


def run(
    package: str,
    version: str,
    compute: Callable[[Any, Any], Rows],
    prepare: Callable[[Sequence[Symbol], Matrix], tuple[Any, Any]] = _as_it_is,
) -> None:
    """Time `compute` on the case named on the command line and print the result as one line of JSON.

    Args:
        package: name of the package.
        version: its version.
        compute: takes what `prepare` made and gives the rows of G^i_j.
        prepare: writes coordinates and g_ij as a user of the package would; not counted.
    """
    case = sys.argv[1]
    user_input = prepare(*metric(case))
    start = time.process_time()
    components = compute(*user_input)
    seconds = time.process_time() - start
    fingerprint = [[_value(entry) for entry in row] for row in components]
    print()
    print(
        json.dumps(
            {
                "package": package,
                "version": version,
                "case": case,
                "seconds": seconds,
                "nonzero": sum(entry != 0 for row in components for entry in row),
                "fingerprint": fingerprint,
            }
        )
    )
