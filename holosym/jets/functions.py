"""exp and log of elements: brought to generators whose relations the ring knows.

exp(a + 2 b/3) = E_a E_b^(2/3),    exp(c log g) = g^c,    log(g h) = log g + log h,    log exp(a) = a
"""

from __future__ import annotations

from fractions import Fraction

import sympy
from sympy import Integer, Rational

from holosym.errors import RingError
from holosym.jets.composites import Compound, Exponential, Logarithm
from holosym.jets.content import primitive
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator


def exponential(argument: Element) -> Element:
    """exp of an element: one generator a monomial, powers for the rational factors, exp(c log g) = g^c."""
    ring = argument.ring
    argument = ring.expanded(argument)
    result = ring.one
    for monomial, coefficient in argument.terms.items():
        power = Fraction(coefficient)
        digits = ring.decode(monomial)
        if len(digits) == 1 and digits[0][1] == UNIT:
            generator = ring.generators[digits[0][0]]
            if isinstance(generator, Logarithm):
                result = result * generator.arguments[0] ** power
                continue
        unit = Element(ring, {monomial: 1})
        result = result * ring.generator(Exponential(unit), power)
    return result


def logarithm(argument: Element) -> Element:
    """log of an element: of a product the sum, of an exponential its argument."""
    ring = argument.ring
    argument = ring.expanded(argument)
    if len(argument.terms) != 1:
        if not argument.terms:
            raise RingError("the logarithm of zero")
        return _log_of_sum(argument)
    ((monomial, coefficient),) = argument.terms.items()
    total = ring.zero
    if coefficient != 1:
        for prime, power in sorted(sympy.factorrat(Rational(coefficient)).items()):
            total = total + ring.generator(ConstantGenerator(sympy.log(Integer(prime)))) * int(power)
    positive, even = ring.split_squares(monomial)
    if even:
        squares = ring.generator(Compound(Element(ring, {even: 1})))
        total = total + ring.generator(Logarithm(squares))
    for position, e in ring.decode(positive):
        generator = ring.generators[position]
        power = Fraction(e, UNIT)
        if isinstance(generator, Exponential):
            total = total + generator.arguments[0] * power
        else:
            total = total + ring.generator(Logarithm(ring.generator(generator))) * power
    return total


def _log_of_sum(argument: Element) -> Element:
    ring = argument.ring
    content, monomial, rest = primitive(argument)
    outside = logarithm(Element(ring, {monomial: content})) if (content != 1 or monomial) else ring.zero
    return outside + ring.generator(Logarithm(ring.generator(Compound(rest))))
