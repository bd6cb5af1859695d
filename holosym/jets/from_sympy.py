"""SymPy expressions as elements of a ring.

Hyperbolic functions become exponentials, inverse ones logarithms; cos^2 = 1 - sin^2; a float is the shortest
fraction that equals it. An unknown function of SymPy is kept, with SymPy's own derivative.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Derivative, Expr, Rational, S, Subs
from sympy.core.function import AppliedUndef

from holosym.dsl.symbols import AppliedCoupling, Coordinate, Profile
from holosym.errors import RingError
from holosym.jets.composites import Applied, CouplingJet, Sine, cosine
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import UNIT, Element
from holosym.jets.functions import exponential, logarithm
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, JetGenerator, Unknown
from holosym.jets.ring import Ring

_HYPERBOLIC = (sympy.cosh, sympy.sinh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
_TRIGONOMETRIC = (sympy.tan, sympy.cot, sympy.sec, sympy.csc)


class Converter:
    """SymPy expressions as elements of a ring.

    Args:
        ring: the ring.
        values: what symbols (scalar fields, place-holders) stand for.
        closed: optional closed forms of couplings, from a coupling's name to a function of its arguments' slots,
            `(slots, expression)`; a coupling without one stays opaque.
        angles: keep sinh and cosh of any argument, as a metric's roots need; they become exponentials otherwise.
    """

    def __init__(
        self,
        ring: Ring,
        values: Mapping[Any, Element] | None = None,
        closed: Mapping[str, tuple[tuple[Any, ...], Expr]] | None = None,
        angles: bool = False,
    ) -> None:
        self.ring = ring
        self.values: dict[Any, Element] = dict(values or {})
        self.closed = dict(closed or {})
        self.angles = angles
        self.total = TotalDerivatives(ring)
        self._memo: dict[Any, Element] = {}

    def __call__(self, expression: Any) -> Element:
        """The element of a SymPy expression.

        Raises:
            RingError: for what the ring cannot hold (piecewise functions, integrals, matrices, ...).
        """
        expression = sympy.sympify(expression)
        found = self._memo.get(expression)
        if found is None:
            found = self._memo[expression] = self._convert(expression)
        return found

    def _convert(self, e: Any) -> Element:
        if e in self.values:
            return self.values[e]
        if e.is_Number:
            return self._number(e)
        if e.is_Symbol or e.is_NumberSymbol:
            if isinstance(e, Coordinate):
                return self.ring.generator(CoordinateGenerator(e))
            return self.ring.generator(ConstantGenerator(e))
        if e is S.ImaginaryUnit:
            return self.ring.number_power(-1, Fraction(1, 2))
        if e.is_Add:
            return self.ring.sum([self(a) for a in e.args])
        if e.is_Mul:
            result = self(e.args[0])
            for factor in e.args[1:]:
                result = result * self(factor)
            return result
        if e.is_Pow:
            return self._power(e.base, e.exp)
        return self._function(e)

    def _number(self, number: Any) -> Element:
        if number.is_Rational:
            return self.ring.constant(Fraction(int(number.p), int(number.q)))
        if not number.is_finite:
            raise RingError(f"{number} in an expression")
        return self.ring.constant(shortest_fraction(float(number)))

    def _power(self, base: Any, exponent: Any) -> Element:
        if base is S.Exp1:
            return exponential(self(exponent))
        if exponent.is_Float:
            exponent = Rational(shortest_fraction(float(exponent)))
        if exponent.is_Rational and UNIT % exponent.q == 0:
            return self(base) ** Fraction(int(exponent.p), int(exponent.q))
        return exponential(self(exponent) * logarithm(self(base)))

    def _function(self, e: Any) -> Element:
        if isinstance(e, Profile):
            coordinates = tuple(e.args)
            if not all(isinstance(c, Coordinate) for c in coordinates):
                raise RingError(f"the profile {e} is not at the coordinates themselves")
            return self.ring.generator(
                JetGenerator(Unknown(e.func.name, "profile", coordinates), (0,) * len(coordinates))
            )
        if isinstance(e, AppliedCoupling):
            return self._coupling(e)
        if isinstance(e, AppliedUndef):
            unknown = Unknown(e.func.__name__, "function", tuple(e.args))
            return self.ring.generator(JetGenerator(unknown, (0,) * len(e.args)))
        if isinstance(e, Derivative):
            return self._derivative(e)
        if isinstance(e, Subs):
            done = e.doit()
            if isinstance(done, Subs):
                raise RingError(f"{e} cannot be evaluated")
            return self(done)
        return self._elementary(e)

    def _derivative(self, e: Any) -> Element:
        inner = e.expr
        plain = all(isinstance(v, Coordinate) or v.is_Symbol for v, _ in e.variable_count)
        if not plain or any(v in self.values for v, _ in e.variable_count):
            done = e.doit()
            if isinstance(done, Derivative):
                raise RingError(f"the derivative {e} is not known")
            return self(done)
        result = self(inner)
        for variable, count in e.variable_count:
            for _ in range(int(count)):
                result = self.total(result, variable)
        return result

    def _coupling(self, e: Any) -> Element:
        head = e.func
        orders = head.orders or (0,) * len(e.args)
        arguments = tuple(self.ring.expanded(self(a)) for a in e.args)
        if head.base in self.closed:
            slots, form = self.closed[head.base]
            derivative = differentiate(form, slots, orders)
            values = {**self.values, **dict(zip(slots, arguments, strict=True))}
            return Converter(self.ring, values, self.closed)(derivative)
        return self.ring.generator(CouplingJet(head.base, orders, *arguments))

    def _hyperbolic(self, e: Any) -> Element:
        """Exponentials; of a bare coordinate (the angle of a hyperbolic slice) sinh and cosh themselves."""
        angle = e.args[0]
        if (self.angles or isinstance(angle, Coordinate)) and isinstance(e, sympy.sinh | sympy.cosh):
            argument = self(angle)
            return self.ring.generator(Sine(argument, True)) if isinstance(e, sympy.sinh) else cosine(argument, True)
        return self(e.rewrite(sympy.exp))

    def _elementary(self, e: Any) -> Element:
        if isinstance(e, sympy.exp):
            return exponential(self(e.args[0]))
        if isinstance(e, sympy.log) and len(e.args) == 1:
            return logarithm(self(e.args[0]))
        if isinstance(e, _HYPERBOLIC):
            return self._hyperbolic(e)
        if isinstance(e, sympy.asinh | sympy.acosh | sympy.atanh):
            return self(e.rewrite(sympy.log))
        if isinstance(e, _TRIGONOMETRIC):
            sine, cos = sympy.sin(e.args[0]), sympy.cos(e.args[0])
            ratios = {sympy.tan: sine / cos, sympy.cot: cos / sine, sympy.sec: 1 / cos, sympy.csc: 1 / sine}
            return self(ratios[e.func])
        if isinstance(e, sympy.sin):
            return self.ring.generator(Sine(self.ring.expanded(self(e.args[0]))))
        if isinstance(e, sympy.cos):
            return cosine(self.ring.expanded(self(e.args[0])))
        if isinstance(e, sympy.Function) and not isinstance(e, sympy.Piecewise | sympy.Abs | sympy.sign):
            return self.ring.generator(Applied(e.func, *[self.ring.expanded(self(a)) for a in e.args]))
        raise RingError(f"{e} ({type(e).__name__}) has no place in the ring of jets")


def differentiate(form: Expr, variables: tuple[Any, ...], orders: tuple[int, ...]) -> Expr:
    """The derivative of given orders (SymPy's `diff` without variables would pick one by itself)."""
    counts = [(v, n) for v, n in zip(variables, orders, strict=True) if n]
    return form.diff(*counts) if counts else form


def shortest_fraction(number: float) -> Fraction:
    """The simplest fraction that a float can have been meant to be: 0.1 is 1/10, 1/3 is 1/3, 0.606 is 303/500."""
    guess = Fraction(number).limit_denominator(1000)
    return guess if float(guess) == number and abs(number) < 2**53 else Fraction(repr(number))
