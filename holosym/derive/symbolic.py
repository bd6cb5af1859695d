"""From SymPy to the ring of jets and back.

In: every function is brought to generators whose relations the ring knows. exp(a + 2 b/3) = E_a E_b^(2/3);
hyperbolic functions become exponentials; log of a product is a sum; cos^2 = 1 - sin^2; a float is the
shortest fraction that equals it. An unknown function of SymPy is kept, with SymPy's own derivative. Out: a
sum of products, for people to read and for printers to take apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Derivative, Expr, Integer, Mul, Pow, Rational, S, Subs
from sympy.core.function import AppliedUndef

from holosym.derive.derivation import TotalDerivatives
from holosym.derive.generators import (
    Applied,
    Compound,
    ConstantGenerator,
    CoordinateGenerator,
    CosineSquared,
    CouplingJet,
    Exponential,
    Generator,
    JetGenerator,
    Logarithm,
    Sine,
    Unknown,
    cosine,
)
from holosym.derive.ring import UNIT, Element, Ring
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Profile, ProfileHead, coupling_head
from holosym.errors import RingError

_HYPERBOLIC = (sympy.cosh, sympy.sinh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
_TRIGONOMETRIC = (sympy.tan, sympy.cot, sympy.sec, sympy.csc)


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
    content, monomial, primitive = ring.primitive(argument)
    outside = logarithm(Element(ring, {monomial: content})) if (content != 1 or monomial) else ring.zero
    return outside + ring.generator(Logarithm(ring.generator(Compound(primitive))))


class Converter:
    """SymPy expressions as elements of a ring.

    Args:
        ring: the ring.
        values: what symbols (scalar fields, place-holders) stand for.
        closed: optional closed forms of couplings, from a coupling's name to a function of its arguments' slots,
            `(slots, expression)`; a coupling without one stays opaque.
    """

    def __init__(
        self,
        ring: Ring,
        values: Mapping[Any, Element] | None = None,
        closed: Mapping[str, tuple[tuple[Any, ...], Expr]] | None = None,
    ) -> None:
        self.ring = ring
        self.values: dict[Any, Element] = dict(values or {})
        self.closed = dict(closed or {})
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
        if not all(isinstance(v, Coordinate) or v.is_Symbol for v, _ in e.variable_count):
            return self(e.doit())
        if any(v in self.values for v, _ in e.variable_count):
            return self(e.doit())
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
        if isinstance(angle, Coordinate) and isinstance(e, sympy.sinh | sympy.cosh):
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
    """The simplest fraction that a float can have been meant to be: 0.1 is 1/10, 1/3 is 1/3."""
    for size in (10**3, 10**6, 10**9):
        guess = Fraction(number).limit_denominator(size)
        if float(guess) == number:
            return guess
    return Fraction(repr(number)) if "e" not in repr(number) else Fraction(number)


# ---- back to SymPy ------------------------------------------------------------------------------------------------

Namer = Callable[[Generator], Any]


class Writer:
    """Elements as SymPy expressions.

    Args:
        ring: the ring.
        name: optional; the symbol a generator is written as, or None for the default.
    """

    def __init__(self, ring: Ring, name: Namer | None = None) -> None:
        self.ring = ring
        self.name = name
        self._powers: dict[tuple[int, int], Any] = {}

    def __call__(self, element: Element) -> Expr:
        """The sum of the element's terms."""
        return Add(*self.terms(element))

    def terms(self, element: Element) -> list[Expr]:
        """The element's terms, as products."""
        written = []
        for monomial, coefficient in element.terms.items():
            number = _rational(coefficient)
            factors = [self._power(g, e) for g, e in self.ring.decode(monomial)]
            written.append(Mul(number, *factors))
        return written

    def _power(self, position: int, e: int) -> Any:
        made = self._powers.get((position, e))
        if made is None:
            generator = self.ring.generators[position]
            named = self.name(generator) if self.name else None
            base, exponent = (named, Rational(e, UNIT)) if named is not None else self._default(generator, e)
            made = self._powers[position, e] = Pow(base, exponent)
        return made

    def _default(self, generator: Generator, e: int) -> tuple[Any, Any]:
        exponent = Rational(e, UNIT)
        arguments = [self(a) for a in generator.arguments]
        if isinstance(generator, CosineSquared):
            return (sympy.cosh if generator.hyperbolic else sympy.cos)(arguments[0]), 2 * exponent
        if isinstance(generator, Compound):
            return arguments[0], exponent
        if isinstance(generator, Exponential):
            return self._exponential(generator, exponent), S.One
        if isinstance(generator, Logarithm):
            return sympy.log(arguments[0]), exponent
        if isinstance(generator, Sine):
            return (sympy.sinh if generator.hyperbolic else sympy.sin)(arguments[0]), exponent
        if isinstance(generator, CouplingJet):
            return coupling_head(generator.name, generator.orders)(*arguments), exponent
        if isinstance(generator, Applied):
            return generator.function(*arguments), exponent
        return atom_symbol(generator), exponent

    def _exponential(self, generator: Exponential, exponent: Any) -> Any:
        """exp(a), or a power where a is a symbolic exponent times one logarithm."""
        digits = self.ring.decode(next(iter(generator.arguments[0].terms)))
        logs = [(g, e) for g, e in digits if isinstance(self.ring.generators[g], Logarithm)]
        if len(logs) == 1 and logs[0][1] == UNIT:
            base = self(self.ring.generators[logs[0][0]].arguments[0])
            rest = Mul(*[self._power(g, e) for g, e in digits if g != logs[0][0]])
            return Pow(base, rest * exponent)
        return sympy.exp(self(generator.arguments[0]) * exponent)


def atom_symbol(generator: Generator) -> Any:
    """The SymPy object of an atom: a coordinate, a constant, a profile or its derivative."""
    if isinstance(generator, CoordinateGenerator | ConstantGenerator):
        return generator.symbol
    assert isinstance(generator, JetGenerator)
    unknown = generator.unknown
    if unknown.kind == "profile":
        applied = ProfileHead(unknown.name, bases=(Profile,))(*unknown.coordinates)
    else:
        applied = sympy.Function(unknown.name)(*unknown.coordinates)
    counts = [(c, n) for c, n in zip(unknown.coordinates, generator.orders, strict=True) if n]
    return Derivative(applied, *counts) if counts else applied


def _rational(number: int | Fraction) -> Any:
    return Integer(number) if isinstance(number, int) else Rational(number.numerator, number.denominator)


def to_sympy(element: Element) -> Expr:
    """An element as a SymPy expression in profiles and their derivatives."""
    return Writer(element.ring)(element)
