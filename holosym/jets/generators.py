"""The atoms of a ring of jets: coordinates, constants, and jets of unknown functions.

`key` is what makes two generators one; it carries the kind, so a profile, a field and a coordinate may share a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from holosym.jets.element import Element
    from holosym.jets.ring import Ring

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Unknown:
    """An unknown function of some coordinates: a profile of the user's, or a function freed for a variation."""

    name: str
    kind: str
    coordinates: tuple[Any, ...]


class Generator(Protocol):
    """What a ring asks of a generator."""

    @property
    def key(self) -> object:
        """Hashable identity, with the kind."""

    @property
    def arguments(self) -> tuple[Element, ...]:
        """Arguments of a composite; empty for an atom."""

    def partials(self) -> tuple[Element, ...]:
        """Derivatives with respect to the arguments."""

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        """The same function of other arguments."""


class _Atom:
    """A generator without arguments."""

    arguments: tuple[Element, ...] = ()

    def partials(self) -> tuple[Element, ...]:
        return ()

    def rebuild(self, ring: Ring, arguments: tuple[Element, ...]) -> Element:
        raise AssertionError("an atom has no arguments to replace")


@dataclass(frozen=True)
class CoordinateGenerator(_Atom):
    """A coordinate."""

    symbol: Any

    @property
    def key(self) -> object:
        return ("coordinate", self.symbol)


@dataclass(frozen=True)
class ConstantGenerator(_Atom):
    """A parameter, a number such as pi, or a place-holder: anything with derivative zero."""

    symbol: Any

    @property
    def key(self) -> object:
        return ("constant", self.symbol)


@dataclass(frozen=True)
class JetGenerator(_Atom):
    """A derivative of an unknown function; `orders` counts derivatives along `unknown.coordinates`."""

    unknown: Unknown
    orders: tuple[int, ...]

    @property
    def key(self) -> object:
        return ("jet", self.unknown, self.orders)

    def raised(self, coordinate: Any) -> JetGenerator | None:
        """The jet once more derived along a coordinate; None where the function does not depend on it."""
        if coordinate not in self.unknown.coordinates:
            return None
        i = self.unknown.coordinates.index(coordinate)
        orders = (*self.orders[:i], self.orders[i] + 1, *self.orders[i + 1 :])
        return JetGenerator(self.unknown, orders)
