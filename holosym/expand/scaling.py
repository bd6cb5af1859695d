r"""Mass dimensions: the weights under which ansatz and equations scale.

Boundary lengths t, x_i have weight -1 (mass dimension), and so has z near the boundary (r has +1, with derivatives the
other way round; u = z^2 has -2). Line element, one-forms and scalar fields are invariant, arguments of couplings and
exponentials too, and every equation is homogeneous:

    g_ab dx^a dx^b: 0,      A_a dx^a: 0,      phi: 0,      all terms of one residual: the same.

These are linear equations for the weights of profiles and parameters; beta of psi = beta x gets 1, a magnetic field
B of A = B x dy gets 2, a charge 0. What they leave open has weight 0. A theory for which they have no solution has
a length of its own (the radius of a sphere). Where time scales otherwise than space its weight is an unknown too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Expr, Integer, Rational, Symbol, linsolve, oo

from holosym.derive.ansatz import read
from holosym.derive.system import EquationSystem
from holosym.errors import ExpansionError
from holosym.jets.composites import Compound
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, JetGenerator
from holosym.jets.ring import Ring

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory


@dataclass(frozen=True)
class Scaling:
    """Mass dimensions of a theory.

    Attributes:
        profiles: of every profile (its value; each derivative adds or takes away one), by name.
        parameters: of every parameter, by name.
        time: minus the weight of t: the dynamical exponent.
        step: of a derivative along the radial coordinate: 1 for z, -1 for r, 2 for u = z^2.
    """

    profiles: dict[str, Expr]
    parameters: dict[str, Expr]
    time: Expr
    step: Expr


def mass_dimensions(system: EquationSystem) -> Scaling:
    """The mass dimensions of profiles and parameters.

    Raises:
        ExpansionError: for a theory that has a length of its own, or no radial coordinate.
    """
    theory: Any = system.model
    if getattr(theory, "radial", None) is None:
        raise ExpansionError(f"{theory.name} has no radial coordinate, so nothing gives its parameters a dimension")
    for time, power in ((Integer(-1), 1), (Symbol("time"), 1), (Integer(-1), 2)):
        found = _Weights(theory, time, power).solve(system)
        if found is not None:
            return found
    raise ExpansionError(
        f"{theory.name} has a length of its own: no scaling of its coordinates and parameters is a symmetry",
        mend="give the curvature of the slices or the scale of the couplings as a parameter",
    )


class _Weights:
    """The linear equations of one theory."""

    def __init__(self, theory: Theory, time: Expr, power: int = 1) -> None:
        self.theory = theory
        self.time = time
        self.step = Integer(-power if theory.boundary == oo else power)  # what a radial derivative adds
        self.unknowns: dict[Any, Symbol] = {}
        self.equations: list[Expr] = []

    def solve(self, system: EquationSystem) -> Scaling | None:
        """The weights; None where there are none."""
        ansatz = read(self.theory)
        for index, value in ansatz.metric.items():
            self._all(ansatz.ring, value, -sum(self._coordinate(ansatz.coordinates[i]) for i in index))
        for one_form in ansatz.gauge.values():
            for (a,), value in one_form.items():
                self._all(ansatz.ring, value, -self._coordinate(ansatz.coordinates[a]))
        for scalar in ansatz.scalars.values():
            self._all(ansatz.ring, scalar, Integer(0))
        for equation in system.equations:
            self._homogeneous(system.ring, equation.residual)
        symbols = sorted({*self.unknowns.values(), *self.time.free_symbols}, key=lambda s: s.name)
        solutions = list(linsolve(self.equations, symbols)) if symbols else ([()] if not any(self.equations) else [])
        if not solutions:
            return None
        zero = dict.fromkeys(symbols, Integer(0))
        values = {s: v.xreplace(zero) for s, v in zip(symbols, solutions[0], strict=True)}
        profiles = {
            p.func.name: values.get(self._symbol("profile", p.func.name), Integer(0)) for p in self.theory.profiles
        }
        parameters = {n: values[s] for (kind, n), s in sorted(self.unknowns.items()) if kind == "parameter"}
        return Scaling(profiles, parameters, -self.time.xreplace(values), self.step)

    def _symbol(self, kind: str, name: str) -> Symbol:
        return self.unknowns.setdefault((kind, name), Symbol(f"w_{kind}_{name}"))

    def _coordinate(self, coordinate: Any) -> Expr:
        if coordinate == self.theory.radial:
            return -self.step
        return self.time if coordinate == self.theory.time else Integer(-1)

    def _all(self, ring: Ring, element: Element, weight: Expr) -> None:
        """Every monomial has this weight."""
        self.equations += [w - weight for w in self._monomials(ring, element)]

    def _homogeneous(self, ring: Ring, element: Element) -> None:
        first, *others = self._monomials(ring, element)
        self.equations += [w - first for w in others]

    def _monomials(self, ring: Ring, element: Element) -> Iterable[Expr]:
        for monomial in element.terms:
            total: Expr = Integer(0)
            for g, e in ring.decode(monomial):
                power = Fraction(e, UNIT)
                total += Rational(power.numerator, power.denominator) * self._generator(ring, ring.generators[g])
            yield total

    def _generator(self, ring: Ring, generator: Any) -> Expr:
        if isinstance(generator, JetGenerator):
            return self._symbol("profile", generator.unknown.name) + self.step * sum(generator.orders)
        if isinstance(generator, CoordinateGenerator):
            return self._coordinate(generator.symbol)
        if isinstance(generator, ConstantGenerator):
            symbol = generator.symbol
            return Integer(0) if symbol.is_number else self._symbol("parameter", symbol.name)
        if isinstance(generator, Compound):
            self._homogeneous(ring, generator.value)
            return next(iter(self._monomials(ring, generator.value)))
        for argument in generator.arguments:
            self._all(ring, argument, Integer(0))
        return Integer(0)
