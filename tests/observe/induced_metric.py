"""Areas and strings by pulling the metric back on their world volume, with SymPy alone.

A strip's surface is r(s), x_1(s) and the other directions at constant time; a string's r(s), x_1(s) and the time.
"""

import sympy

from holosym.dsl.forms import CoordinateDifferential

s, slope, shift = sympy.symbols("s slope shift", real=True)  # along the curve, dr/ds, dx_1/ds


def matrix(theory):
    """The components of a line element."""
    differentials = [CoordinateDifferential(c) for c in theory.coordinates]
    return sympy.Matrix(
        len(differentials),
        len(differentials),
        lambda i, j: theory.metric.diff(differentials[i]).diff(differentials[j]) / 2,
    )


def pulled_back(theory, kind, direction):
    """|det| of the induced metric as a function of r, dr/ds and dx_1/ds."""
    names = [c.name for c in theory.coordinates]
    one, radial = names.index(direction), theory.coordinates.index(theory.radial)
    time = theory.coordinates.index(theory.time)
    flat = [i for i in range(len(names)) if i not in (one, radial, time)] if kind == "strip" else [time]
    tangents = sympy.zeros(len(names), 1 + len(flat))
    tangents[radial, 0], tangents[one, 0] = slope, shift
    for column, i in enumerate(flat):
        tangents[i, 1 + column] = 1
    induced = (tangents.T * matrix(theory) * tangents).det()
    return sympy.expand(-induced if kind == "wilson" else induced)
