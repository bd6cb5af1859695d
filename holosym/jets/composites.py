"""The composites of a ring of jets, and the rule of derivation of each.

Atoms: coordinates, constants and the jets of unknown functions. Composites are functions of elements; with
arguments a_i they are derived by the chain rule, dG = sum_i (dG/da_i) da_i:

    Exponential  G = exp(a)        dG = G da          (a is one monomial: exp(a + b) is a product of two generators)
    Logarithm    G = log(a)        dG = da / a
    Sine         G = sin(a)        dG = cos(a) da    (or sinh, with cosh)
    Compound     G = P             dG = dP            (stands for a sum of terms, so that it may have any power)
    CosineSquared G = 1 - sin(a)^2                    (so that cos(a) = G^(1/2) obeys cos^2 + sin^2 = 1; or cosh)
    CouplingJet  G = V_k(a, ...)   dG = sum_i V_{k+e_i} da_i
    Applied      G = F(a, ...)     by SymPy's fdiff, for every other function

`key` is what makes two generators one; it carries the kind, so a profile, a field and a coordinate may share
a name.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy

from holosym.errors import RingError
from holosym.jets.generators import HALF

if TYPE_CHECKING:
    from holosym.jets.element import Element
    from holosym.jets.ring import Ring


class _Composite:
    """A generator that is a function of elements."""

    kind = ""

    def __init__(self, *arguments: Element) -> None:
        self.arguments = arguments

    @cached_property
    def key(self) -> object:
        return (self.kind, *(a.key for a in self.arguments))


class Exponential(_Composite):
    """exp(a), a one monomial with coefficient one."""

    kind = "exp"

    def partials(self) -> tuple[Element, ...]:
        return (self.arguments[0].ring.generator(self),)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        from holosym.jets.functions import exponential

        return exponential(arguments[0])


class Logarithm(_Composite):
    """log(a), a one generator or a `Compound`."""

    kind = "log"

    def partials(self) -> tuple[Element, ...]:
        return (self.arguments[0] ** -1,)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        from holosym.jets.functions import logarithm

        return logarithm(arguments[0])


class Sine(_Composite):
    """sin(a), or sinh(a)."""

    def __init__(self, angle: Element, hyperbolic: bool = False) -> None:
        super().__init__(angle)
        self.hyperbolic = hyperbolic
        self.kind = "sinh" if hyperbolic else "sin"

    def partials(self) -> tuple[Element, ...]:
        return (cosine(self.arguments[0], self.hyperbolic),)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        return ring.generator(Sine(arguments[0], self.hyperbolic))


class Compound(_Composite):
    """A sum of terms P as one generator; `Ring.is_zero` puts P back."""

    kind = "compound"

    @property
    def value(self) -> Element:
        """The element that the generator stands for."""
        return self.arguments[0]

    def partials(self) -> tuple[Element, ...]:
        return (self.arguments[0].ring.one,)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        if len(self.value.terms) == 1 and len(arguments[0].terms) == 1:
            return ring.generator(Compound(arguments[0]))  # an even power stays one, for its roots
        return arguments[0]


class CosineSquared(Compound):
    """cos(a)^2, standing for 1 - sin(a)^2; or cosh(a)^2, standing for 1 + sinh(a)^2."""

    def __init__(self, angle: Element, hyperbolic: bool = False) -> None:
        super().__init__(angle)
        self.hyperbolic = hyperbolic
        self.sign = 1 if hyperbolic else -1
        self.kind = "cosh2" if hyperbolic else "cos2"

    def _sine(self) -> Element:
        angle = self.arguments[0]
        return angle.ring.generator(Sine(angle, self.hyperbolic))

    @property
    def value(self) -> Element:
        return 1 + self.sign * self._sine() ** 2

    def partials(self) -> tuple[Element, ...]:
        return (2 * self.sign * self._sine() * cosine(self.arguments[0], self.hyperbolic),)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        return ring.generator(CosineSquared(arguments[0], self.hyperbolic))


def cosine(angle: Element, hyperbolic: bool = False) -> Element:
    """cos(a) as the root of `CosineSquared`; the sine joins the ring first, so elimination ends."""
    ring = angle.ring
    ring.index(Sine(angle, hyperbolic))
    return ring.generator(CosineSquared(angle, hyperbolic), HALF)


class CouplingJet(_Composite):
    """The derivative V_k of a coupling, at its arguments on the ansatz."""

    kind = "coupling"

    def __init__(self, name: str, orders: tuple[int, ...], *arguments: Element) -> None:
        super().__init__(*arguments)
        self.name = name
        self.orders = orders

    @cached_property
    def key(self) -> object:
        return (self.kind, self.name, self.orders, *(a.key for a in self.arguments))

    def raised(self, i: int) -> CouplingJet:
        """Once more derived with respect to the i-th argument."""
        orders = (*self.orders[:i], self.orders[i] + 1, *self.orders[i + 1 :])
        return CouplingJet(self.name, orders, *self.arguments)

    def partials(self) -> tuple[Element, ...]:
        return tuple(a.ring.generator(self.raised(i)) for i, a in enumerate(self.arguments))

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        return ring.generator(CouplingJet(self.name, self.orders, *arguments))


class Applied(_Composite):
    """Any other SymPy function of elements, derived by its `fdiff`."""

    kind = "applied"

    def __init__(self, function: Any, *arguments: Element) -> None:
        super().__init__(*arguments)
        self.function = function

    @cached_property
    def key(self) -> object:
        return (self.kind, self.function, *(a.key for a in self.arguments))

    def partials(self) -> tuple[Element, ...]:
        from holosym.jets.from_sympy import Converter

        ring = self.arguments[0].ring
        slots = [sympy.Dummy(f"a{i}") for i in range(len(self.arguments))]
        convert = Converter(ring, dict(zip(slots, self.arguments, strict=True)))
        applied = self.function(*slots)
        found = []
        for i, argument in enumerate(self.arguments):
            constant = not ring.positions(argument)  # an order such as that of a Bessel function
            try:
                found.append(ring.zero if constant else convert(applied.fdiff(i + 1)))
            except (sympy.core.function.ArgumentIndexError, NotImplementedError, RecursionError) as error:
                raise RingError(f"the derivative of {self.function.__name__} is not known") from error
        return tuple(found)

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        return ring.generator(Applied(self.function, *arguments))
