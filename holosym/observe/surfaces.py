r"""Extremal surfaces and strings of a static metric: the two functions of the radial line that they are made of.

On a constant-time slice, with x_1 the direction along which a strip has its width and W = w prod_(i>1) sqrt(g_ii),

    A = int sqrt(B dx^2 + C dx_1^2),     B = W^2 g_xx,  C = W^2 g_11,    w = (dL/dR) (weight of the entropy),

per volume of the transverse directions, S = 4 pi A with 16 pi G = 1. C does not hold x_1, so that

    P = C x_1'/sqrt(B + C x_1'^2) = sqrt(C(x_*))

is conserved, x_* where the surface turns. A string between charges at rest along x_1 (Nambu and Goto) is the same with
B = sigma^2 |g_tt| g_xx, C = sigma^2 |g_tt| g_11, sigma from the Einstein to the string frame.

x is the variable of the boundary series, x = 0 the boundary: B = x^(-2P) b, C = x^(-2M) c, with b and c finite and not
zero there. Sources: Ryu and Takayanagi 2006, hep-th/0603001, hep-th/0605073; Maldacena 1998, hep-th/9803002; Rey and
Yee 1998, hep-th/9803001; for F(phi) R the area is weighted as in Wald's entropy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr

from holosym.derive import ansatz as reading
from holosym.derive.ansatz import Ansatz
from holosym.derive.freed import depends
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import ScalarField
from holosym.dsl.invariants import R
from holosym.dsl.symbols import Coordinate
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError
from holosym.expand.series import BoundarySeries
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.transfer import Transfer
from holosym.observe.static_slice import directions, refused, require_area, require_static
from holosym.observe.surface_powers import Boundary, PowerError, boundary_of

RYU_TAKAYANAGI = "Ryu and Takayanagi 2006, hep-th/0605073"
NAMBU_GOTO = "Maldacena 1998, hep-th/9803002; Rey and Yee 1998, hep-th/9803001"
Jet = tuple[Element, Element, Element]


@dataclass(frozen=True)
class Surface:
    """One kind of surface.

    Attributes:
        name: `strip_x`, `wilson_x`.
        kind: "strip" or "wilson".
        direction: the coordinate x_1.
        transverse: the other directions.
        powers: P and M.
        isotropic: whether all directions along the boundary are alike.
        radial, along: b and c with their first two derivatives by x, in the ring of the equations.
        divergence: (power, power of log x, coefficient) of sqrt(b)'s terms through x^(P-1); None where no series is
            known.
        source: the paper.
    """

    name: str
    kind: str
    direction: str
    transverse: tuple[str, ...]
    powers: tuple[Expr, Expr]
    isotropic: bool
    radial: Jet
    along: Jet
    divergence: tuple[tuple[Expr, int, Expr], ...] | None
    source: str


@dataclass(frozen=True)
class Surfaces:
    """All surfaces of a theory.

    Attributes:
        variable: x in the radial coordinate.
        line: x^2 g_xx with its first two derivatives by x.
        notes: directions that were left out, and why.
    """

    system: EquationSystem
    variable: Expr
    surfaces: tuple[Surface, ...]
    line: Jet
    notes: tuple[str, ...]


def surfaces(system: EquationSystem, series: BoundarySeries | None) -> Surfaces:
    """Strips and strings along every direction in which the metric does not change.

    Args:
        system: the equations; those of a bare metric are none.
        series: the boundary series, None where there is none: profiles are then finite and not zero at the boundary.

    Raises:
        ExpansionError: for a metric or an action whose surfaces are others.
    """
    theory = require_static(system)
    require_area(theory)
    try:
        return _Reader(system, theory, series).surfaces()
    except ExpansionError as error:
        if error.file is not None:
            raise
        raise refused(theory, error.message, error.mend) from error


class _Reader:
    """The surfaces of one theory; elements are made in a ring of the ansatz and moved to that of the equations."""

    def __init__(self, system: EquationSystem, theory: Theory, series: BoundarySeries | None) -> None:
        self.system, self.theory = system, theory
        self.ansatz: Ansatz = reading.read(theory)
        self.ring = self.ansatz.ring
        self.action = self.ansatz.action()
        factors = [f for f in (theory.string_factor, theory.entropy_factor) if f is not None]
        plain = Converter(self.ring, angles=True)
        scalars = {one: plain(one.ansatz) for factor in factors for one in factor.atoms(ScalarField)}
        self.convert = Converter(self.ring, angles=True, values={**self.ansatz.scalars, **scalars})
        self.boundary: Boundary = boundary_of(theory, series, self.ring)
        self.radial = theory.coordinates.index(theory.radial)
        self.time = theory.coordinates.index(theory.time)
        self.along, self.notes = directions(theory, self.ansatz)
        self.rate = self.convert(self.boundary.rate)

    def surfaces(self) -> Surfaces:
        """All of them."""
        metric = self.ansatz.metric
        found = [one for make in (self._strip, self._string) for i in self.along if (one := self._known(make, i))]
        if not found:
            raise refused(self.theory, "; ".join(self.notes), "surfaces need a metric that is known at the boundary")
        line = self._jet(metric[self.radial, self.radial] * self.rate**2 * self._x(2))
        return Surfaces(self.system, self.boundary.variable, tuple(found), line, tuple(self.notes))

    def _known(self, make: Callable[[int], Surface], i: int) -> Surface | None:
        """A surface; None, with a note, where the boundary says nothing of its powers."""
        try:
            return make(i)
        except PowerError as error:
            if error.message not in self.notes:
                self.notes.append(error.message)
            return None

    def _strip(self, i: int) -> Surface:
        """The Ryu-Takayanagi surface over a strip along x_i."""
        theory, metric = self.theory, self.ansatz.metric
        others = [j for j in range(len(theory.coordinates)) if j not in (self.time, self.radial, i)]
        weight = self.ring.one if theory.lagrangian is None else self.action.slope(R)
        if theory.entropy_factor is not None:
            weight = weight * self.convert(theory.entropy_factor)
        self._require_even(weight, "the weight of the area")
        measure = weight**2
        for j in others:
            measure = measure * metric[j, j]
        isotropic = all(self.ring.is_zero(metric[j, j] - metric[i, i]) for j in others)
        names = tuple(theory.coordinates[j].name for j in others)
        return self._surface("strip", i, names, measure, isotropic, RYU_TAKAYANAGI)

    def _string(self, i: int) -> Surface:
        """The string between charges apart along x_i."""
        factor = self.theory.string_factor
        sigma = self.ring.one if factor is None else self.convert(factor)
        self._require_even(sigma, "the string frame's factor")
        return self._surface("wilson", i, (), -self.ansatz.metric[self.time, self.time] * sigma**2, True, NAMBU_GOTO)

    def _require_even(self, factor: Element, what: str) -> None:
        """A factor is to be the same all over the boundary."""
        for coordinate in self.theory.coordinates:
            if coordinate != self.theory.radial and depends(self.ring, factor, coordinate):
                raise refused(self.theory, f"{what} depends on {coordinate}", "make it of scalars that do not")

    def _surface(
        self, kind: str, i: int, transverse: tuple[str, ...], measure: Element, isotropic: bool, source: str
    ) -> Surface:
        metric = self.ansatz.metric
        name: Coordinate = self.theory.coordinates[i]
        b = measure * metric[self.radial, self.radial] * self.rate**2
        c = measure * metric[i, i]
        what = "strips" if kind == "strip" else "strings"
        powers = self.boundary.power(what, b), self.boundary.power(what, c)
        return Surface(
            f"{kind}_{name.name}",
            kind,
            name.name,
            transverse,
            powers,
            isotropic,
            self._jet(b * self._x(2 * powers[0])),
            self._jet(c * self._x(2 * powers[1])),
            self.boundary.divergence(b, powers[0]),
            source,
        )

    def _x(self, exponent: Expr | int) -> Element:
        """A power of x."""
        return self.convert(self.boundary.variable**exponent)

    def _jet(self, value: Element) -> Jet:
        """An element with its first two derivatives by x, in the ring of the equations."""
        found = [self.ring.expanded(value)]
        for _ in range(2):
            slope = self.action.geometry.derive(found[-1], self.radial)
            found.append(self.ring.expanded(slope * self.rate))
        move = Transfer(self.system.ring)
        first, second, third = map(move, found)
        return first, second, third
