r"""How functions of the metric behave at the boundary: B = x^(-2P) (b_0 + ...), and sqrt(B) term by term.

Where a boundary series is known, it decides. A bare metric has none: see `holosym.observe.bare_boundary`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Rational

from holosym.dsl.symbols import Profile
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError
from holosym.expand.series import BoundarySeries
from holosym.jets.element import Element
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer
from holosym.observe.bare_boundary import bare_variable, leading_power
from holosym.observe.puiseux import Puiseux, below
from holosym.observe.surface_series import Expanded


class PowerError(ExpansionError):
    """A function of the metric whose power at the boundary is not known, or no number."""


@dataclass(frozen=True)
class Boundary:
    """The boundary of a theory.

    Attributes:
        variable: x in the radial coordinate.
        at: expressions on the boundary series; None where there is none of numbers.
        singular: profiles of which the boundary series says that they vanish at the boundary or diverge there.
    """

    theory: Theory
    variable: Expr
    write: Writer
    at: Expanded | None
    singular: frozenset[str] = frozenset()

    @property
    def rate(self) -> Expr:
        """dr/dx as a function of r."""
        return 1 / self.variable.diff(self.theory.radial)

    def power(self, what: str, value: Element) -> Expr:
        """P of a function that goes like x^(-2P).

        Raises:
            PowerError: where it is not known or no number: no `what`.
        """
        expression = self.write(value)
        if self.at is not None:
            return -self.at(expression).first / 2
        lost = sorted({p.func.name for p in expression.atoms(Profile)} & self.singular)
        if lost:
            raise PowerError(f"no {what}: {lost[0]} is zero or infinite at the boundary, which is not AdS")
        exponent = leading_power(self.theory, self.variable, expression)
        if exponent is None:
            raise PowerError(f"no {what}: the metric is no power of {self.variable} at the boundary")
        if not exponent.is_number:
            raise PowerError(f"no {what}: they diverge with a power that depends on {exponent.free_symbols.pop()}")
        return -exponent / 2

    def divergence(self, value: Element, power: Expr) -> tuple[tuple[Expr, int, Expr], ...] | None:
        """The terms (power, power of log x, coefficient) of x^P sqrt(B) through x^(P-1)."""
        if self.at is None:
            return None
        series: Puiseux = self.at(self.write(value)).power(Rational(1, 2)).shifted(power)
        if below(series.cut, power - 1):
            raise ExpansionError("the boundary series ends before the area's divergence does")
        keys = sorted((key for key in series.terms if not below(power - 1, key[0])), key=lambda k: (float(k[0]), k[1]))
        return tuple((e, k, series.terms[e, k].as_expr()) for e, k in keys)


def boundary_of(theory: Theory, series: BoundarySeries | None, ring: Ring) -> Boundary:
    """The boundary of a theory, with its series where there is one of numbers."""
    write = Writer(ring)
    known = series is not None and series.asymptotics == "AdS" and all(m.power.is_number for m in series.modes)
    if series is None or not known:
        return Boundary(theory, bare_variable(theory), write, None, _singular(series))
    return Boundary(theory, series.variable, write, Expanded(series))


def _singular(series: BoundarySeries | None) -> frozenset[str]:
    """Profiles that do not begin with a constant."""
    known = {} if series is None else series.series
    return frozenset(name for name, terms in known.items() if any(t.log or t.power != 0 for t in terms[:1]))
