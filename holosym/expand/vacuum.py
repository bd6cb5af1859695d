r"""The vacuum about which a boundary series is made, and the equations it must solve.

Metric functions begin as p = c_p x^a_p (or b_p log x + c_p), scalars vanish, gauge fields are constant. The leading
coefficient of every equation is an algebraic equation for the c_p: f_0 = -V(0)/(d(d-1)) where V is known, and where
it is not the radius of AdS is the unit of length, V(0) = -d(d-1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, S, Symbol

from holosym.errors import ExpansionError
from holosym.expand.asymptotics import Asymptotics, Leading
from holosym.expand.evaluation import Evaluation
from holosym.expand.flat import flat_scales
from holosym.expand.naming import Names
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Arithmetic, Series, as_rational, inverse, tidy
from holosym.jets.content import primitive
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import ConstantGenerator
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem

_ROUNDS = 12


@dataclass
class Vacuum:
    """The beginnings of the profiles.

    Attributes:
        profiles: from name to (power, rate of the logarithm, leading coefficient).
        free: leading coefficients that stay free, by profile, and their values in the vacuum: those of a flat
            boundary on which light has speed one.
        notes: what was chosen.
    """

    profiles: dict[str, tuple[Fraction, Fraction, Element]]
    free: dict[str, tuple[Symbol, Expr]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def series(self, arithmetic: Arithmetic) -> dict[str, Series]:
        """The profiles' first terms."""
        found = {}
        for name, (power, rate, coefficient) in self.profiles.items():
            total = tidy(coefficient + arithmetic.log * rate)
            found[name] = {arithmetic.powers.key(power): total} if total.terms else {}
        return found


class VacuumSearch:
    """Solves the leading coefficients of the equations."""

    def __init__(
        self,
        system: EquationSystem,
        rows: dict[str, Element],
        shape: Asymptotics,
        arithmetic: Arithmetic,
        taylor: Taylor,
        names: Names,
        fixed: bool,
    ) -> None:
        self.fixed = fixed
        self.bounds: dict[str, Fraction] = {}
        self.system = system
        self.rows = rows
        self.shape = shape
        self.ar = arithmetic
        self.taylor = taylor
        self.vacuum = Vacuum({})
        self.symbols: dict[str, Symbol] = {}
        for profile in system.model.profiles:
            name = profile.func.name
            self._begin(name, shape.leading.get(name), names)

    def _begin(self, name: str, leading: Leading | None, names: Names) -> None:
        ring = self.ar.ring
        if leading is None:
            self.vacuum.profiles[name] = (Fraction(0), Fraction(0), ring.zero)
            return
        coefficient = ring.zero
        if leading.present:
            symbol = names.symbol(name, leading.power, positive=not leading.additive)
            self.symbols[name] = symbol
            self.vacuum.free[name] = (symbol, S.Zero if leading.additive else S.One)
            coefficient = ring.generator(ConstantGenerator(symbol))
        self.vacuum.profiles[name] = (leading.power, leading.rate, coefficient)

    def solve(self, bounds: dict[str, Fraction]) -> Vacuum:
        """The vacuum.

        Args:
            bounds: for every equation with a linear part the power of x at which that begins: nothing may stand
                there, nor below.

        Raises:
            ExpansionError: where there is none of AdS.
        """
        self.bounds = bounds
        for _ in range(_ROUNDS):
            remaining = self._remaining(bounds)
            if not remaining:
                self._flatten()
                return self.vacuum
            if not any(self._solved(label, e) for label, e in remaining):
                self._refuse(*remaining[0])
        raise ExpansionError("the leading coefficients of the vacuum could not be solved for")

    def _flatten(self) -> None:
        """Values of the scales of the boundary metric at which it is flat."""
        write = Writer(self.ar.ring)
        inside = {name: one for name, one in self.vacuum.profiles.items() if name in self.shape.leading}
        solved = {name: write(one[2]) for name, one in inside.items() if name not in self.vacuum.free}
        free = {name: self.shape.leading[name].additive for name in inside if name in self.vacuum.free}
        values, bent = flat_scales(self.shape, solved, free)
        for name, value in values.items():
            self.vacuum.free[name] = (self.symbols[name], value)
            if self.fixed:
                self._set(name, Converter(self.ar.ring)(value))
        if bent is not None:
            along = [c for c in self.shape.coordinates if c != self.shape.chart.radial]
            self.vacuum.notes.append(
                f"the boundary metric is proportional to diag({', '.join(map(str, bent))}) in "
                f"{', '.join(map(str, along))}, up to signs: the ansatz has no numbers for which light has speed one, "
                "and quantities are those per unit of these coordinates"
            )

    def modulus(self, name: str, names: Names, settled: set[str]) -> bool:
        """Let a massless scalar have any value at the boundary, where every value solves the vacuum's equations."""
        if name in settled or self.taylor.known:
            return False  # an unknown potential was normalised at zero alone
        before = self.vacuum.profiles[name]
        symbol = Symbol(f"{name}_0", real=True)
        self.vacuum.profiles[name] = (Fraction(0), Fraction(0), self.ar.ring.generator(ConstantGenerator(symbol)))
        if self._remaining(self.bounds):
            self.vacuum.profiles[name] = before
            return False
        self.vacuum.free[name] = (names.symbol(name, Fraction(0)), S.Zero)
        return True

    def _remaining(self, bounds: dict[str, Fraction]) -> list[tuple[str, Element]]:
        """Leading coefficients that do not vanish yet; those without unknown couplings first."""
        evaluation = Evaluation(self.system.ring, self.ar, self.shape.chart, self.taylor, self.vacuum.series(self.ar))
        found = []
        for label, bound in bounds.items():
            values = evaluation(self.rows[label], self.ar.powers.key(bound))
            if values:
                found.append((label, values[min(values)]))
        return sorted(found, key=lambda pair: bool(self._couplings_in(pair[1])))

    def _couplings_in(self, element: Element) -> list[Symbol]:
        ring = self.ar.ring
        symbols = {s.symbol for g in ring.positions(element) if isinstance(s := ring.generators[g], ConstantGenerator)}
        return sorted((s for s in self.taylor.symbols if s in symbols), key=str)

    def _solved(self, label: str, equation: Element) -> bool:
        unknown = self._couplings_in(equation)
        slope = next((u for u in unknown if sum(self.taylor.symbols[u].orders) == 1), None)
        if label.startswith("scalar_") and slope is not None and self._without(equation, slope):
            self._decide(slope, self.ar.ring.zero)  # the potential is at rest where a superpotential is
            return True
        for symbol in unknown:
            for name in self.shape.radial:
                if name in self.symbols and name in self.vacuum.free:
                    self._set(name, self.ar.ring.one)
                    return True
            value = self._linear(equation, symbol)
            if value is not None:
                self._decide(symbol, value)
                return True
        for symbol in unknown:
            value = self._squared(equation, symbol)
            if value is not None:
                self._decide(symbol, value, ", by a choice of its sign: the equations hold its square")
                return True
        for name in sorted(self.vacuum.free, key=lambda n: (n not in self.shape.radial, n)):
            value = self._linear(equation, self.symbols[name])
            if value is None:
                value = self._root(equation, self.symbols[name])
            if value is not None:
                self._set(name, value)
                return True
        return False

    def _without(self, equation: Element, symbol: Symbol) -> bool:
        """Whether an equation is solved by the vanishing of a symbol."""
        ring = self.ar.ring
        return ring.is_zero(ring.substitute(equation, {ring.index(ConstantGenerator(symbol)): ring.zero}))

    def _decide(self, symbol: Symbol, value: Element, said: str = "") -> None:
        """A derivative of an unknown coupling is known from here on."""
        one = self.taylor.symbols.pop(symbol)
        self.taylor.known[one.coupling, one.orders] = value
        self.vacuum.notes.append(
            f"{_spelled(one.coupling, one.orders)} = {Writer(self.ar.ring)(value)} at the boundary{said}"
        )

    def _squared(self, equation: Element, symbol: Symbol) -> Element | None:
        """The negative root where a symbol stands as its square, beside numbers alone: a superpotential at rest."""
        ring = self.ar.ring
        _, _, rest = primitive(equation)
        parts = ring.collect(rest, ring.index(ConstantGenerator(symbol)))
        square = as_rational(tidy(-parts[0] * inverse(parts[2 * UNIT]))) if set(parts) == {0, 2 * UNIT} else None
        if square is None or square <= 0:
            return None
        return Converter(ring)(-sympy.sqrt(sympy.Rational(square.numerator, square.denominator)))

    def _set(self, name: str, value: Element) -> None:
        power, rate, _ = self.vacuum.profiles[name]
        number = as_rational(value)
        if number is not None and number <= 0 and self.vacuum.free[name][1]:
            raise ExpansionError(
                f"there is no AdS vacuum: {name} would begin with {number} at the boundary, which is not positive",
                mend="a negative cosmological constant is needed: V(0) = -d(d-1) for the AdS radius 1",
            )
        self.vacuum.profiles[name] = (power, rate, value)
        del self.vacuum.free[name]

    def _linear(self, equation: Element, symbol: Symbol) -> Element | None:
        """The solution of an equation that is linear in a symbol, up to a common factor."""
        ring = self.ar.ring
        _, _, rest = primitive(equation)
        parts = ring.collect(rest, ring.index(ConstantGenerator(symbol)))
        if set(parts) != {0, UNIT}:
            return ring.zero if set(parts) == {UNIT} or (set(parts) == {0} and self._alone(equation, symbol)) else None
        value = tidy(-parts[0] * inverse(parts[UNIT]))
        number = as_rational(value)
        return value if number is None else ring.constant(number)

    def _alone(self, equation: Element, symbol: Symbol) -> bool:
        """Whether the equation is a product with the symbol in it: the symbol of a coupling may vanish."""
        position = self.ar.ring.index(ConstantGenerator(symbol))
        return symbol in self.taylor.symbols and position in self.ar.ring.positions(equation)

    def _root(self, equation: Element, symbol: Symbol) -> Element | None:
        """A positive root of a polynomial equation; the one that tends to 1 where parameters vanish."""
        ring = self.ar.ring
        if ring.index(ConstantGenerator(symbol)) not in ring.positions(equation):
            return None
        roots = sympy.solve(Writer(ring)(equation), symbol)
        if not roots:
            return None
        small = {
            s: sympy.Rational(1, 1000 + 7 * i)
            for i, s in enumerate(sorted(set().union(*(r.free_symbols for r in roots)), key=str))
        }
        values = [
            (abs(sympy.N(r.subs(small)) - 1), i) for i, r in enumerate(roots) if sympy.N(r.subs(small)).is_positive
        ]
        if not values:
            return None
        return Converter(ring)(roots[min(values)[1]])

    def _refuse(self, label: str, value: Element) -> None:
        text = Writer(self.ar.ring)(value)
        if label.startswith("scalar_"):
            name = label.removeprefix("scalar_")
            raise ExpansionError(
                f"the scalar {name} cannot rest at zero at the boundary: its equation begins with {text}, so that "
                f"V'(0) is not zero",
                mend=f"shift {name} so that the potential has its extremum at {name} = 0",
            )
        raise ExpansionError(
            f"there is no AdS vacuum: with the matter fields at rest the equation {label} begins with {text}, "
            "which is not zero",
            mend="a negative cosmological constant is needed: V(0) = -d(d-1) for the AdS radius 1",
        )


def _spelled(coupling: str, orders: tuple[int, ...]) -> str:
    if len(orders) == 1:
        return coupling + "'" * orders[0]
    return coupling + ("" if not any(orders) else f"^({','.join(map(str, orders))})")
