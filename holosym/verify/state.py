"""A random state: values of jets, couplings and parameters that obey the constraints.

Each constraint is a polynomial in several variables; one of them, another at every point, is solved for, and
another of its roots taken. A root that is complex, or of the wrong sign for a parameter, makes the point
inadmissible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
import sympy

from holosym.derive.remainder import polynomial_in
from holosym.derive.system import EquationSystem
from holosym.jets.composites import CouplingJet
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.verify.evaluate import WORKING_DIGITS, Evaluator, NotAdmissible
from holosym.verify.points import Point


class State:
    """Values at one point.

    Args:
        system: the equations.
        constraints: what must vanish.
        point: the seed of all values.
        closed: closed forms of couplings by name.

    Raises:
        NotAdmissible: where the constraints have no real solution here.
    """

    def __init__(
        self,
        system: EquationSystem,
        constraints: Sequence[Element],
        point: Point,
        closed: Mapping[str, tuple[tuple[Any, ...], Any]],
    ) -> None:
        self.system = system
        self.ring = system.ring
        self.point = point
        self.closed = closed
        self.values: dict[object, Any] = {}
        for k, constraint in enumerate(constraints):
            self._solve(constraint, point.salt + k)
        self.evaluator = Evaluator(self.ring, self._atom, closed)

    def _solve(self, constraint: Element, turn: int) -> None:
        """Solve a constraint for one of its variables, by turns."""
        free = [
            g
            for g in polynomial_in(self.ring, constraint)
            if (one := self.ring.generators[g]).key not in self.values
            and not (isinstance(one, CouplingJet) and one.name in self.closed)
        ]
        if not free:
            evaluate = Evaluator(self.ring, self._atom, self.closed)
            value, magnitude = evaluate(constraint)
            if abs(value) > mpmath.mpf(10) ** (5 - WORKING_DIGITS) * magnitude:
                raise NotAdmissible
            return
        g = free[turn % len(free)]
        root = self._root(constraint, g, turn // len(free))
        self.values[self.ring.generators[g].key] = root

    def _root(self, constraint: Element, g: int, turn: int) -> Any:
        evaluate = Evaluator(self.ring, self._atom, self.closed)
        parts = self.ring.collect(constraint, g)
        degree = max(parts) // UNIT
        zero = self.ring.zero
        coefficients = [evaluate.value(parts.get(k * UNIT, zero)) for k in range(degree, -1, -1)]
        while coefficients and coefficients[0] == 0:
            coefficients.pop(0)
        if len(coefficients) < 2:
            raise NotAdmissible
        try:
            roots = mpmath.polyroots(coefficients, maxsteps=200, extraprec=4 * WORKING_DIGITS)
        except mpmath.libmp.NoConvergence:
            raise NotAdmissible from None
        tolerance = mpmath.mpf(10) ** (10 - WORKING_DIGITS)
        real = [mpmath.re(r) for r in roots if abs(mpmath.im(r)) <= tolerance * (1 + abs(r))]
        allowed = [r for r in real if self._allowed(self.ring.generators[g], r)]
        if not allowed:
            raise NotAdmissible
        return allowed[turn % len(allowed)]

    def _allowed(self, generator: Generator, root: Any) -> bool:
        if isinstance(generator, ConstantGenerator):
            symbol = generator.symbol
            return not (symbol.is_positive and root <= 0) and not (symbol.is_nonzero and root == 0)
        if isinstance(generator, JetGenerator) and not any(generator.orders):
            return generator.unknown not in self.system.units.profiles or root > 0
        return True

    def _atom(self, generator: Generator) -> Any:
        if generator.key not in self.values:
            self.values[generator.key] = self._draw(generator)
        return self.values[generator.key]

    def _draw(self, generator: Generator) -> Any:
        if isinstance(generator, JetGenerator):
            value = self.point.jet(f"{generator.unknown.name}:{generator.orders}")
            indefinite = any(generator.orders) or generator.unknown not in self.system.units.profiles
            return -value if indefinite and self.point.sign(f"{generator.unknown.name}:{generator.orders}") else value
        if isinstance(generator, CouplingJet):
            return self.point.jet(f"{generator.name}:{generator.orders}")
        assert isinstance(generator, CoordinateGenerator | ConstantGenerator)
        if generator.symbol.is_number:
            return mpmath.mpmathify(sympy.N(generator.symbol, WORKING_DIGITS))
        return self.point[generator.symbol]

    def describe(self) -> str:
        """The point, shortened."""
        drawn = str(self.point)
        jets = []
        for key, value in sorted(self.values.items(), key=lambda i: str(i[0])):
            if isinstance(key, tuple) and key[0] == "jet":
                jets.append(f"{key[1].name}^({','.join(map(str, key[2]))}) = {mpmath.nstr(value, 4)}")
        return ", ".join([*([drawn] if drawn else []), *jets])
