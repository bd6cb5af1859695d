"""From a line element to components, and to the mixed Einstein tensor in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Mul

from holosym.derive.geometry import Geometry, Parts, Tensor, summed
from holosym.dsl.forms import CoordinateDifferential, expand_forms
from holosym.dsl.place import model_error
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer


def line_element(metric: Expr, coordinates: Sequence[Any], convert: Converter) -> Tensor:
    """Components g_ab of a line element, quadratic in the differentials.

    Raises:
        ModelError: where a term is not quadratic in the differentials of the coordinates.
    """
    position = {CoordinateDifferential(c): i for i, c in enumerate(coordinates)}
    found: Parts = {}
    expanded = expand_forms(metric)
    for term in expanded.args if expanded.is_Add else (expanded,):
        indices: list[int] = []
        rest = term
        for factor in term.args if term.is_Mul else (term,):
            base, power = factor.as_base_exp()
            if base in position and power.is_Integer and power > 0:
                indices += [position[base]] * int(power)
                rest = rest / factor
        if len(indices) != 2:
            raise model_error(
                f"the metric is not quadratic in the differentials: the term {term}",
                mend="write the line element as a sum of a function times dt**2, dt*dx, ...",
            )
        a, b = sorted(indices)
        value = _factored(rest, convert)
        found.setdefault((a, b), []).append(value if a == b else value / 2)
    upper = summed(convert.ring, found)
    return {**upper, **{(b, a): v for (a, b), v in upper.items()}}


def _factored(expression: Expr, convert: Converter) -> Element:
    """A metric function with its factors kept: (1 + chi)^2 stays a power of one generator, and cancels as one."""
    ring = convert.ring
    result = ring.one
    for factor in Mul.make_args(expression):
        base, exponent = factor.as_base_exp()
        sums = base.is_Add and exponent.is_Integer and ring.truncate is None
        value = convert(base) if sums else None
        if value is None or len(value.terms) < 2:
            result = result * convert(factor)
        else:
            result = result * ring.factored_power(value, int(exponent))
    return result


def einstein_mixed(metric: Expr, coordinates: Sequence[Any]) -> dict[tuple[int, int], Expr]:
    """The mixed Einstein tensor G^a_b of a line element.

    Args:
        metric: the line element, written with `coordinates`, `d` and `profiles`.
        coordinates: the coordinates, in the order of the indices.

    Returns:
        The components that are not zero, as SymPy expressions.
    """
    ring = Ring()
    geometry = Geometry(ring, coordinates, line_element(metric, coordinates, Converter(ring)))
    write = Writer(ring)
    return {(i, j): write(value) for (i, j), value in geometry.einstein_mixed.items()}
