r"""Scalings of functions under which a Lagrangian is invariant.

    u -> lambda^w u     for metric functions and matter profiles,      phi -> phi + c log(lambda)     for scalars:

every monomial has to have weight zero. That is one linear equation a monomial for the numbers w and c; a scalar may be
shifted where it stands in exponentials alone (or under derivatives), whose weights are then made by c.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, Symbol

from holosym.derive.rules import jets_in
from holosym.jets.composites import Compound, Exponential, Logarithm
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import Generator, JetGenerator, Unknown
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer

Key = tuple[str, Unknown]  # "scaled" or "shifted"
Form = dict[Key, Expr]
SCALED, SHIFTED = "scaled", "shifted"


class Scalings:
    """The linear equations of one Lagrangian.

    Args:
        ring: the ring.
        lagrangian: the Lagrangian.
        shiftable: unknowns that may be shifted.
    """

    def __init__(self, ring: Ring, lagrangian: Element, shiftable: set[Unknown]) -> None:
        self.ring = ring
        self.shiftable = shiftable
        self.write = Writer(ring)
        self.equations: list[Form] = []
        self._known: dict[int, Form] = {}
        jets = (ring.generators[g] for g in jets_in(ring, lagrangian))
        unknowns = {jet.unknown for jet in jets if isinstance(jet, JetGenerator)}
        keys = [(SCALED, u) for u in unknowns] + [(SHIFTED, u) for u in unknowns & shiftable]
        self.keys: list[Key] = sorted(keys, key=lambda key: (key[0], key[1].kind, key[1].name))
        self._all_zero(lagrangian)

    def basis(self) -> list[dict[Key, Expr]]:
        """Independent scalings."""
        if not self.keys:
            return []
        matrix = sympy.Matrix([[form.get(key, Integer(0)) for key in self.keys] for form in self.equations or [{}]])
        return [dict(zip(self.keys, vector, strict=True)) for vector in matrix.nullspace(simplify=True)]

    def with_weights(self, given: Mapping[Key, Expr]) -> dict[Key, Expr] | None:
        """A scaling with some weights given and all that is left open at zero; None where there is none."""
        symbols = {key: Symbol(f"w{k}") for k, key in enumerate(self.keys)}
        equations = [sympy.Add(*[c * symbols[key] for key, c in form.items()]) for form in self.equations]
        equations += [symbols[key] - value for key, value in given.items() if key in symbols]
        solutions = list(sympy.linsolve(equations, list(symbols.values())))
        if not solutions:
            return None
        zero = dict.fromkeys(symbols.values(), Integer(0))
        return {key: value.xreplace(zero) for key, value in zip(self.keys, solutions[0], strict=True)}

    # ---- weights ------------------------------------------------------------------------------------------------

    def _demand(self, form: Form) -> None:
        kept = {key: c for key, c in form.items() if c != 0}
        if kept:
            self.equations.append(kept)

    def _all_zero(self, element: Element) -> None:
        for monomial in element.terms:
            self._demand(self._monomial(monomial))

    def _monomial(self, monomial: int) -> Form:
        total: Form = {}
        for g, e in self.ring.decode(monomial):
            power = Fraction(e, UNIT)
            _add(total, self._generator(g), Rational(power.numerator, power.denominator))
        return total

    def _generator(self, position: int) -> Form:
        if position not in self._known:
            self._known[position] = self._weight(self.ring.generators[position])
        return self._known[position]

    def _weight(self, generator: Generator) -> Form:
        if isinstance(generator, JetGenerator):
            if not any(generator.orders) and generator.unknown in self.shiftable:
                self._demand({(SHIFTED, generator.unknown): Integer(1)})
            return {(SCALED, generator.unknown): Integer(1)}
        if isinstance(generator, Compound):
            return self._homogeneous(generator.value)
        if isinstance(generator, Exponential):
            found = self._exponential(generator)
            if found is not None:
                return found
        for argument in generator.arguments:
            self._all_zero(argument)
        return {}

    def _homogeneous(self, element: Element) -> Form:
        first, *others = [self._monomial(m) for m in element.terms]
        for other in others:
            difference = dict(other)
            _add(difference, first, Integer(-1))
            self._demand(difference)
        return first

    def _exponential(self, generator: Exponential) -> Form | None:
        """exp(gamma phi) has the weight gamma c, exp(gamma log u) gamma w; None for other arguments."""
        ((monomial, number),) = generator.arguments[0].terms.items()
        movable = [(g, e) for g, e in self.ring.decode(monomial) if jets_in(self.ring, _alone(self.ring, g))]
        if len(movable) != 1 or movable[0][1] != UNIT:
            return None
        position = movable[0][0]
        inner = self.ring.generators[position]
        gamma = self.write(Element(self.ring, {monomial: number}) / _alone(self.ring, position))
        if isinstance(inner, Logarithm):
            form: Form = {}
            _add(form, self._homogeneous(inner.arguments[0]), gamma)
            return form
        if isinstance(inner, JetGenerator) and not any(inner.orders) and inner.unknown in self.shiftable:
            self._demand({(SCALED, inner.unknown): Integer(1)})
            return {(SHIFTED, inner.unknown): gamma}
        return None


def _alone(ring: Ring, position: int) -> Element:
    return ring.generator(ring.generators[position])


def _add(form: Form, other: Form, factor: Any) -> None:
    for key, c in other.items():
        form[key] = form.get(key, Integer(0)) + c * factor
