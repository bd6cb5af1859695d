r"""Taylor coefficients of couplings and other functions about the boundary values of their arguments.

A closed form gives numbers (or elements in parameters and data); a coupling without one gives a symbol, `V_d3` for
V''', unless its value is known: V'' = Delta (Delta - d) where only the dimension Delta was declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial
from typing import Any

import sympy
from sympy import Dummy, Expr, S, Symbol

from holosym.dsl.symbols import AppliedCoupling
from holosym.errors import ExpansionError, RingError
from holosym.expand.series import TaylorSymbol
from holosym.jets.composites import Applied, CouplingJet
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter, differentiate
from holosym.jets.generators import ConstantGenerator
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer

Closed = Mapping[str, tuple[tuple[Any, ...], Expr]]


class Singular(ExpansionError):
    """A function that has no Taylor series at the boundary value of its argument."""


def orders_of(applied: AppliedCoupling) -> tuple[int, ...]:
    """The derivative orders of an applied coupling, one for each argument."""
    return applied.func.orders or (0,) * len(applied.args)


class Taylor:
    """Derivatives of functions at constant arguments, as coefficients.

    Args:
        ring: the ring of coefficients.
        closed: closed forms of couplings: (slots, expression).
    """

    def __init__(self, ring: Ring, closed: Closed) -> None:
        self.ring = ring
        self.closed = closed
        self.known: dict[tuple[str, tuple[int, ...]], Element] = {}
        self.symbols: dict[Symbol, TaylorSymbol] = {}
        self._memo: dict[object, Element] = {}
        self._derivatives: dict[object, Expr] = {}
        self._write = Writer(ring)
        self._convert = Converter(ring)

    def coefficient(self, jet: CouplingJet | Applied, orders: tuple[int, ...], at: tuple[Element, ...]) -> Element:
        """The derivative of given orders over its factorials, at constant arguments."""
        divisor = 1
        for n in orders:
            divisor *= factorial(n)
        return self.derivative(jet, orders, at) / divisor

    def derivative(self, jet: CouplingJet | Applied, orders: tuple[int, ...], at: tuple[Element, ...]) -> Element:
        """The derivative of given orders, at constant arguments."""
        if isinstance(jet, CouplingJet):
            orders = tuple(a + b for a, b in zip(jet.orders, orders, strict=True))
            if jet.name not in self.closed:
                return self._unknown(jet.name, orders)
        key = (jet.name if isinstance(jet, CouplingJet) else jet.function, orders, at)
        found = self._memo.get(key)
        if found is None:
            found, lasting = self._value(key[:2], self._form(jet), at)
            if lasting:
                self._memo[key] = found
        return found

    def _unknown(self, name: str, orders: tuple[int, ...]) -> Element:
        found = self.known.get((name, orders))
        if found is None:
            symbol = Symbol(f"{name}_d{'_'.join(map(str, orders))}", real=True)
            self.symbols[symbol] = TaylorSymbol(symbol, name, orders, None)
            found = self.known[name, orders] = self.ring.generator(ConstantGenerator(symbol))
        return found

    def _form(self, jet: CouplingJet | Applied) -> tuple[tuple[Any, ...], Expr]:
        if isinstance(jet, CouplingJet):
            return self.closed[jet.name]
        slots = tuple(Dummy(f"s{i}", real=True) for i in range(len(jet.arguments)))
        return slots, jet.function(*slots)

    def _value(self, key: Any, form: tuple[tuple[Any, ...], Expr], at: tuple[Element, ...]) -> tuple[Element, bool]:
        """The value, and whether it stays so: not where it holds unknown couplings, of which more may become known."""
        slots, expression = form
        derivative = self._derivatives.get(key)
        if derivative is None:
            derivative = self._derivatives[key] = differentiate(expression, slots, key[1])
        value = derivative.subs([(slot, self._write(a)) for slot, a in zip(slots, at, strict=True)])
        if value.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, sympy.AccumBounds):
            point = ", ".join(str(self._write(a)) for a in at)
            raise Singular(f"{getattr(key[0], '__name__', key[0])} has no Taylor series at {point}")
        unknown = {
            one: self._write(self._unknown(one.func.base, orders_of(one))) for one in value.atoms(AppliedCoupling)
        }
        try:
            return self._convert(value.xreplace(unknown)), not unknown
        except RingError as error:
            raise Singular(f"the derivative {value} of {key[0]} cannot be used as a coefficient") from error
