r"""How the radial coordinate acts on powers of x, which vanishes at the boundary.

x = r^(1/m):  r = x^m,      d/dr = x^-m theta/m
x = e^-r:     d/dr = -theta;  r itself must not stand in the equations

m = 1 for z and -1 for 1/r; 2 for the u = z^2 of Policastro, Son and Starinets 2002 (arXiv:hep-th/0205052).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Rational, exp

from holosym.dsl.symbols import Coordinate
from holosym.errors import ExpansionError
from holosym.expand.truncated import Arithmetic, Series
from holosym.jets.element import Element
from holosym.jets.generators import CoordinateGenerator


@dataclass(frozen=True)
class Chart:
    """A radial coordinate near the boundary.

    Attributes:
        radial: the coordinate.
        kind: "z", "1/r", "sqrt(u)" or "exp(-r)".
    """

    radial: Coordinate
    kind: str

    @property
    def variable(self) -> Expr:
        """x in the radial coordinate."""
        r: Expr = self.radial
        return exp(-r) if self.kind == "exp(-r)" else r ** Rational(1, -self.shift)

    @property
    def shift(self) -> int:
        """The power of x that one derivative brings: -m."""
        return {"z": -1, "1/r": 1, "sqrt(u)": -2, "exp(-r)": 0}[self.kind]

    @property
    def sign(self) -> int | Fraction:
        """d/d(radial) = sign x^shift theta: 1/m."""
        return Fraction(1, 2) if self.kind == "sqrt(u)" else 1 if self.kind == "z" else -1

    def coordinate(self, arithmetic: Arithmetic, generator: CoordinateGenerator) -> Series:
        """The series of a coordinate: others than the radial one are constants here."""
        ring = arithmetic.ring
        if generator.symbol != self.radial:
            return {0: ring.generator(generator)}
        if self.kind == "exp(-r)":
            raise ExpansionError("the radial coordinate itself stands beside exponentials of it")
        return {arithmetic.powers.key(-self.shift): ring.one}

    def derivative(self, arithmetic: Arithmetic, series: Series) -> Series:
        """The derivative along the radial coordinate."""
        shift = arithmetic.powers.key(self.shift)
        return {k + shift: c * self.sign for k, c in arithmetic.theta(series).items()}

    def falling(self, start: Element, order: int) -> list[Element]:
        """(d/d(radial))^order on x^(start + theta): coefficients of 1, theta, theta^2, ... of what multiplies it."""
        ring = start.ring
        result = [ring.one]
        for j in range(order):
            offset = start + Fraction(j * self.shift)
            raised = [ring.zero, *result]
            result = [(a + b * offset) * self.sign for a, b in zip(raised, [*result, ring.zero], strict=True)]
        return result
