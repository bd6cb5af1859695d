"""Expressions of a metric on the boundary series, as far as areas diverge.

Every term below x^(d-2) beyond the leading one matters, powers of a source of irrational exponent included: an operator
that is nearly marginal has dozens of them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import sympy
from sympy import Expr, S
from sympy.polys.polyerrors import PolynomialError

from holosym.errors import ExpansionError
from holosym.expand.boundary import boundary_series
from holosym.expand.exponents import MOST
from holosym.expand.series import BoundaryDatum, BoundarySeries
from holosym.observe.asymptotic import Asymptotics
from holosym.observe.boundary_stress import bulk
from holosym.observe.coefficients import ring_of
from holosym.observe.one_point import flat
from holosym.observe.puiseux import Puiseux, coefficient_ring

MOST_SOURCES = 40
"""Powers of sources of irrational exponent that are asked for at most."""


class Expanded:
    """Expressions on the boundary series as far as areas diverge: x^(d-2) beyond the leading term.

    Args:
        series: the boundary series.
    """

    def __init__(self, series: BoundarySeries) -> None:
        self.fixed, reach = flat(series), S(max(series.dimension - 2, 1))
        running = [one.profile for one in series.data if one.kind == "source" and one.power == 0 and _runs(series, one)]
        if running:
            raise ExpansionError(
                f"the operator of {running[0]} is marginal, and its source runs with log x: the area diverges with "
                "every power of the logarithm",
                mend="give the operator another dimension",
            )
        series = _with_all_sources(series, reach)
        self.series = replace(series, order=min(series.order, reach, key=float))

    def __call__(self, expression: Expr) -> Puiseux:
        """The series of an expression."""
        try:
            return self._exact(expression)
        except (ExpansionError, PolynomialError, ValueError):
            # a function of scalars before R, a root of a parameter: expressions take everything, and are slow
            return self._symbolic(expression)

    @cached_property
    def _exact(self) -> Asymptotics:
        return Asymptotics(self.series, ring_of(self.series, bulk(self.series), self.fixed, {}, True), self.fixed)

    @cached_property
    def _symbolic(self) -> Asymptotics:
        data = [one.symbol for one in self.series.data if one.symbol not in self.fixed]
        return Asymptotics(self.series, coefficient_ring(data, [], exact=False), self.fixed)


def _runs(series: BoundarySeries, source: BoundaryDatum) -> bool:
    """Whether a source that is a constant at the boundary comes with logarithms."""
    return any(t.log and t.power == source.power for t in series.series[source.profile])


def _with_all_sources(series: BoundarySeries, reach: Expr) -> BoundarySeries:
    """The series with as many powers of sources as stand before x^reach: a source of irrational exponent has a limit.

    Raises:
        ExpansionError: where they are too many.
    """
    sources = [one for one in series.data if one.kind == "source" and not one.power.is_Rational]
    needed = sum(int(sympy.floor(reach / one.power)) for one in sources)
    if needed <= MOST:
        return series
    if needed > MOST_SOURCES:
        raise ExpansionError(
            f"the area diverges with {needed} powers of the sources {', '.join(one.name for one in sources)}",
            mend="an operator that is less relevant has fewer of them",
        )
    return boundary_series(series.system, int(reach), sources=needed)
