"""Expressions of the ansatz on the boundary series.

    d/dr = (dx/dr) d/dx,      V(phi(x)) = sum of V^(n)(phi_0) (phi - phi_0)^n / n!

The data that scale the boundary metric are set so that it is flat,  x^2 gamma_ij -> diag(-1, 1, ..) times one constant:
densities per coordinate volume are then densities of the boundary theory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Derivative, Expr, S, Symbol
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.polys.polyerrors import PolynomialError
from sympy.polys.rings import PolyRing

from holosym.derive.couplings import closed_couplings
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Profile
from holosym.errors import ExpansionError
from holosym.expand.series import BoundaryDatum, BoundarySeries, Term
from holosym.observe.puiseux import Puiseux, before, below, constant, made, monomial, smaller


class Asymptotics:
    """Evaluates expressions in profiles, couplings, parameters and the radial coordinate.

    Args:
        series: the boundary series.
        over: where coefficients live.
        fixed: values of data that are not free here (the scale of the boundary metric).
    """

    def __init__(self, series: BoundarySeries, over: PolyRing, fixed: Mapping[Symbol, Expr]) -> None:
        self.series = series
        self.ring = over
        self.radial = series.system.model.radial  # type: ignore[attr-defined]
        self.position, self.rate = chart(series.variable, self.radial)
        self.reach = smaller(series.order, S(series.dimension))
        self.far = S(2 * series.dimension)
        self.closed = closed_couplings(series.system.model)
        self.unknown = {(t.coupling, t.orders): t.symbol for t in series.taylor if t.value is None}
        self.caps = caps(series, over)
        self._made: dict[Expr, Puiseux] = {}
        for name, terms in series.series.items():
            self._made[Symbol(name)] = self._profile(terms, fixed)

    def _profile(self, terms: tuple[Term, ...], fixed: Mapping[Symbol, Expr]) -> Puiseux:
        found = {}
        for term in terms:
            value = closed_form(self.series, term.coefficient).xreplace(fixed)
            found[sympy.expand(term.power), term.log] = self.ring.from_expr(value)
        first = S.Zero
        for number, term in enumerate(terms):
            first = sympy.expand(term.power) if number == 0 else smaller(first, sympy.expand(term.power))
        return made(self.ring, found, sympy.expand(first + self.reach), self.caps)

    def slope(self, series: Puiseux) -> Puiseux:
        """d/dr of a series in x."""
        rate, power = self.rate
        return series.derivative().shifted(power).scaled(self.ring.domain.from_sympy(rate))

    def __call__(self, expression: Expr) -> Puiseux:
        """The series of an expression."""
        known = self._made.get(expression)
        if known is None:
            known = self._made[expression] = self._evaluate(expression)
        return known

    def _evaluate(self, e: Expr) -> Puiseux:
        if isinstance(e, Profile):
            return self._made[Symbol(e.func.name)]
        if isinstance(e, Derivative):
            count = e.derivative_count - 1
            return self.slope(self(e.expr.diff(self.radial, count) if count else e.expr))
        if e == self.radial:
            if self.position is None:
                return made(self.ring, {(S.Zero, 1): self.ring.from_expr(S.NegativeOne)}, self.far, self.caps)
            return monomial(self.ring, self.position, self.far)
        if isinstance(e, Coordinate):
            raise ExpansionError(
                f"the ansatz depends explicitly on the coordinate {e} of the boundary",
                mend="energy and pressure are made for homogeneous planar states",
            )
        if isinstance(e, sympy.Add | sympy.Mul):
            total = self(e.args[0])
            for part in e.args[1:]:
                total = total + self(part) if e.is_Add else total * self(part)
            return total
        if not e.atoms(Profile, Coordinate, AppliedCoupling):
            return constant(self.ring, e, self.far)
        if isinstance(e, sympy.Pow) and e.exp.is_number:
            return self(e.base).power(e.exp)
        return self._function(e)

    def _function(self, e: Expr) -> Puiseux:
        """A coupling, an elementary function, or a power with a function above."""
        if isinstance(e, AppliedCoupling):
            name, orders = e.func.base, e.func.orders or (0,) * len(e.args)
            if name in self.closed:
                slots, form = self.closed[name]
                for slot, order in zip(slots, orders, strict=True):
                    form = form.diff(slot, order) if order else form
                return self(form.xreplace(dict(zip(slots, e.args, strict=True))))
            if len(e.args) != 1:
                return self._of_several(e, name, orders)
            return self(e.args[0]).compose(lambda n, start: self._at_rest(name, orders[0] + n, start))
        if isinstance(e, sympy.exp):
            return self._exponential(self(e.args[0]))
        if isinstance(e, sympy.Pow):
            return self(sympy.exp(e.exp * sympy.log(e.base), evaluate=False))
        if len(e.args) != 1:
            raise PolynomialError(f"no series of {e}")
        slot = sympy.Dummy()
        head = e.func(slot).rewrite(sympy.exp) if isinstance(e, HyperbolicFunction) else e.func(slot)
        return self(e.args[0]).compose(lambda n, start: (head.diff(slot, n) if n else head).xreplace({slot: start}))

    def _exponential(self, exponent: Puiseux) -> Puiseux:
        """exp(s): a multiple of log x in s makes a power of x."""
        rate = exponent.constant(0, 1)
        if not rate:
            return exponent.compose(lambda _, start: sympy.exp(start))
        if not rate.is_ground:
            raise ExpansionError("an exponential of log x times something that is no number")
        terms = {key: c for key, c in exponent.terms.items() if key != (S.Zero, 1)}
        rest = made(self.ring, terms, exponent.cut, self.caps)
        return rest.compose(lambda _, start: sympy.exp(start)).shifted(self.ring.domain.to_sympy(rate.coeff(1)))

    def _of_several(self, e: Expr, name: str, orders: tuple[int, ...]) -> Puiseux:
        """An unknown coupling of several arguments, each of which vanishes at the boundary."""
        queue = [(tuple(orders), constant(self.ring, S.One, self.far))]
        for slot, argument in enumerate(e.args):
            grown, value = [], self(argument)
            for at, front in queue:
                power, n = front, 0
                while power.terms and not below(self.far, power.first):
                    moved = tuple(o + (n if i == slot else 0) for i, o in enumerate(at))
                    factor = self.ring.ground_new(self.ring.domain.from_sympy(1 / sympy.factorial(n)))
                    grown.append((moved, power.scaled(factor)))
                    power, n = power * value, n + 1
            queue = grown
        total = constant(self.ring, S.Zero, self.far)
        for at, front in queue:
            symbol = self._taylor(name, at)
            if symbol is None:
                total = total.until(before(front.first))
            else:
                total = total + front * constant(self.ring, symbol, self.far)
        return total

    def _at_rest(self, name: str, order: int, start: Expr) -> Expr | None:
        """A derivative of a coupling of one argument, which must vanish at the boundary."""
        if start != 0:
            raise ExpansionError(
                f"the unknown coupling {name} is taken at {start}, the source of a marginal operator",
                mend="close the coupling, or give the operator a dimension below d",
            )
        return self._taylor(name, (order,))

    def _taylor(self, name: str, orders: tuple[int, ...]) -> Expr | None:
        """The symbol of a coupling's derivative at the boundary, where the series has one."""
        return self.unknown.get((name, orders))


def chart(variable: Expr, radial: Any) -> tuple[Expr | None, tuple[Expr, int]]:
    """For x in the radial coordinate r: (p with r = x^p, None where r = -log x) and (c, q) with dx/dr = c x^q."""
    charts: dict[Expr, tuple[Expr | None, tuple[Expr, int]]] = {
        radial: (S.One, (S.One, 0)),
        sympy.sqrt(radial): (S(2), (S.Half, -1)),
        1 / radial: (S.NegativeOne, (S.NegativeOne, 2)),
        sympy.exp(-radial): (None, (S.NegativeOne, 1)),
    }
    if variable not in charts:
        raise ExpansionError(f"the boundary variable {variable} is none of {', '.join(map(str, charts))}")
    return charts[variable]


def closed_form(series: BoundarySeries, expression: Expr) -> Expr:
    """An expression with the closed forms of couplings' derivatives put in, hyperbolic functions by exponentials."""
    put = expression.xreplace({t.symbol: t.value for t in series.taylor if t.value is not None})
    return sympy.expand(put.rewrite(sympy.exp) if put.has(HyperbolicFunction) else put)


def caps(series: BoundarySeries, over: PolyRing) -> tuple[tuple[int, int], ...]:
    """How often the source of an operator of irrational dimension stands in the series: there it ends by choice.

    Its powers x^(n (d - Delta)) are never integers, so that none of them meets the energy or a response.
    """
    found = []
    for one in series.data:
        if one.kind == "source" and not sympy.sympify(one.power).is_Rational and one.symbol in over.symbols:
            degrees = [sympy.degree(t.coefficient, one.symbol) for p in series.series.values() for t in p]
            found.append((over.symbols.index(one.symbol), int(max(degrees, default=0))))
    return tuple(found)


def metric_data(series: BoundarySeries) -> tuple[BoundaryDatum, ...]:
    """The data that scale the boundary metric."""
    return tuple(one for one in series.data if one.kind == "metric")
