"""Unknown functions as an experiment file describes them: ansatz, interval, anchors such as "V'(0)" = 0."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.bspline import BSpline
from holosym.ansatz.chebyshev_function import ChebyshevFunction
from holosym.ansatz.function import Function
from holosym.ansatz.mlp import Mlp
from holosym.errors import ExperimentError
from holosym.fit.unknown_sections import Ansatz

_CONDITION = re.compile(r"^\s*(\w+)\s*('*)\s*\(\s*([^()]+?)\s*\)\s*$")


def function_of(ansatz: Ansatz, interval: tuple[float, float], order: int, key: tuple[str, ...]) -> Function:
    """The unknown function without conditions.

    Args:
        order: the highest of its derivatives in the equations, which shall be continuous.
        key: where the ansatz stands.

    Raises:
        ExperimentError: a spline with too few coefficients for its degree, or with jumps in such a derivative.
    """
    if ansatz.kind == "chebyshev":
        return ChebyshevFunction(ansatz.coefficients, interval)
    if ansatz.kind == "mlp":
        return Mlp(ansatz.widths, interval, ansatz.activation, ansatz.frequency)
    if ansatz.coefficients <= ansatz.degree:
        raise ExperimentError(
            f"a spline of degree {ansatz.degree} with {ansatz.coefficients} coefficients has no interval",
            mend=f"give coefficients = {ansatz.degree + 1} or more",
            key=key,
        )
    if ansatz.degree <= order:
        raise ExperimentError(
            f"derivatives of order {order} are in the equations, and those of a spline of degree {ansatz.degree} jump",
            mend=f"give degree = {order + 1} or more",
            key=key,
        )
    return BSpline(ansatz.coefficients - ansatz.degree, interval, ansatz.degree)


def conditions_of(given: Mapping[str, float]) -> dict[str, dict[float, dict[int, float]]]:
    """By function, point and order of the derivative, the values of texts such as "x'(0)".

    Raises:
        ExperimentError: a text that cannot be read.
    """
    found: dict[str, dict[float, dict[int, float]]] = {}
    for text, value in given.items():
        match = _CONDITION.match(text)
        try:
            point = float(match[3]) if match else None
        except ValueError:
            point = None
        if match is None or point is None:
            raise ExperimentError(
                f"the condition {text!r} cannot be read",
                mend='write "x(0)" = 1 or "V\'\'(0)" = -3: a function, a point and a number',
                key=(text,),
            )
        found.setdefault(match[1], {}).setdefault(point, {})[len(match[2])] = value
    return found


def anchored(name: str, function: Function, points: Mapping[float, Mapping[int, float]]) -> Function:
    """The function with conditions built in; itself if there are none.

    Raises:
        ExperimentError: a derivative is given without the orders below it.
    """
    values, anchors = [], {}
    for point, orders in sorted(points.items()):
        for order in range(len(orders)):
            if order not in orders:
                raise ExperimentError(
                    f"{name}{chr(39) * max(orders)}({point:g}) is given without {name}{chr(39) * order}({point:g})",
                    mend="give the value and every derivative below the highest one",
                )
            values.append(orders[order])
        anchors[point] = len(orders)
    if not anchors:
        return function
    return Anchored(function, anchors, torch.tensor(values, dtype=torch.float64))
