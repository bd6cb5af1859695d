"""Known forms of a bare metric: there is no equation to solve, but they have to make a spacetime.

At random admissible points between boundary and horizon the slices of constant time are positive definite, and the
determinant of the whole metric is negative.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy

from holosym.dsl.forms import CoordinateDifferential, expand_forms
from holosym.dsl.theory import KnownSolution, Theory
from holosym.verify.check import POINTS, Check
from holosym.verify.evaluate import WORKING_DIGITS, numerical
from holosym.verify.points import ATTEMPTS, Point
from holosym.verify.solutions import closed_forms

SPACETIME = f"a static spacetime at {POINTS} points"


def check_metric(theory: Theory, solution: KnownSolution) -> Check:
    """Whether closed forms make a bare metric one of a spacetime."""
    components = _components(theory, solution)
    symbols = sorted(components.free_symbols, key=str)
    functions = [numerical(entry, symbols) for entry in components]
    accepted = 0
    with mpmath.workdps(WORKING_DIGITS):
        for salt in range(ATTEMPTS):
            point = Point(theory, salt, solution.domain)
            values = [function(*[point[s] for s in symbols]) for function in functions]
            if not all(mpmath.isfinite(v) for v in values):
                continue
            if any(mpmath.im(v) for v in values) or not _is_spacetime(theory, values):
                return Check("solution", solution.name, False, SPACETIME, f"it is no static spacetime at {point}")
            accepted += 1
            if accepted == POINTS:
                return Check("solution", solution.name, True, SPACETIME, "")
    return Check("solution", solution.name, False, SPACETIME, "no point was found where everything is finite")


def _components(theory: Theory, solution: KnownSolution) -> sympy.Matrix:
    expanded = expand_forms(theory.metric)
    differentials = [CoordinateDifferential(c) for c in theory.coordinates]
    size = len(differentials)
    g = sympy.Matrix(size, size, lambda i, j: expanded.diff(differentials[i]).diff(differentials[j]) / 2)
    return g.xreplace(closed_forms(solution))


def _is_spacetime(theory: Theory, values: list[Any]) -> bool:
    size = len(theory.coordinates)
    time = theory.coordinates.index(theory.time)
    whole = mpmath.matrix(size, size)
    for i in range(size):
        for j in range(size):
            whole[i, j] = mpmath.re(values[size * i + j])
    rest = [i for i in range(size) if i != time]
    slices = mpmath.matrix(size - 1, size - 1)
    for i, a in enumerate(rest):
        for j, b in enumerate(rest):
            slices[i, j] = whole[a, b]
    return bool(mpmath.det(whole) < 0 and all(e > 0 for e in mpmath.eigsy(slices, eigvals_only=True)))
