"""Published equations: each must reduce to zero modulo the derived system and its derivatives."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy

from holosym.derive import closed_couplings
from holosym.derive.rules import jets_in
from holosym.derive.system import EquationSystem
from holosym.dsl.theory import Published, Theory
from holosym.errors import ModelError, RingError
from holosym.jets.composites import CouplingJet
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.jets.to_sympy import to_sympy
from holosym.verify.check import DIGITS, EXACT, NUMERICAL, POINTS, Check
from holosym.verify.evaluate import WORKING_DIGITS, Evaluator, NotAdmissible
from holosym.verify.points import ATTEMPTS, Point


def check_published(system: EquationSystem, published: Published) -> Check:
    """Check one published equation.

    Raises:
        ModelError: where the equation cannot be read.
    """
    element = _read(system, published)
    if system.vanishes(element) or _vanishes_closed(system, element):
        return Check("published", published.name, True, EXACT, published.source)
    outcome = _numerically(system, element)
    if outcome is None:
        return Check("published", published.name, True, NUMERICAL, published.source)
    return Check("published", published.name, False, NUMERICAL, outcome)


def _read(system: EquationSystem, published: Published) -> Element:
    values: dict[Any, Element] = {}
    if isinstance(system.model, Theory):
        convert = Converter(system.ring)
        values = {field: convert(field.ansatz) for field in system.model.scalars}
    try:
        return Converter(system.ring, values)(published.expression)
    except RingError as error:
        raise ModelError(
            f"the published equation {published.name!r} cannot be read: {error.message}",
            mend="write it with profiles, their derivatives, couplings and elementary functions",
            file=published.place.file,
            line=published.place.line,
        ) from error


def _vanishes_closed(system: EquationSystem, element: Element) -> bool:
    """The same with closed forms of the couplings put in: for equations that are printed with them."""
    closed = closed_couplings(system.model)
    if not closed:
        return False
    put = Converter(system.ring, {}, closed)
    try:
        left = put(to_sympy(system.rules.reduce(element)))
        if system.vanishes(left):
            return True
        return any(_modulo(system, left, put(to_sympy(row.element))) for row in system.solved.constraints)
    except RingError:
        return False


def _modulo(system: EquationSystem, left: Element, constraint: Element) -> bool:
    from holosym.derive.elimination import pseudo_remainder

    pivot = system._linear_pivot(constraint)
    return pivot is not None and system.ring.is_zero(pseudo_remainder(system.ring, left, constraint, pivot))


def _numerically(system: EquationSystem, element: Element) -> str | None:
    """None if the reduced expression vanishes at random jets that obey the constraints; else point and value."""
    reduced = system.rules.reduce(element)
    closed = closed_couplings(system.model)
    accepted = 0
    with mpmath.workdps(WORKING_DIGITS):
        for salt in range(ATTEMPTS):
            point = Point(system.model, salt)
            try:
                values = _State(system, point, closed)
                value, magnitude = values.evaluator(reduced)
            except NotAdmissible:
                continue
            if abs(value) > mpmath.mpf(10) ** -DIGITS * magnitude:
                return f"does not vanish on shell: {mpmath.nstr(value, 8)} at {values.describe() or 'every point'}"
            accepted += 1
            if accepted == POINTS:
                return None
    return None if accepted else "no point was found where everything is finite"


class _State:
    """Random values of jets, couplings and parameters; each constraint is solved for a jet it is linear in."""

    def __init__(self, system: EquationSystem, point: Point, closed: dict[str, Any]) -> None:
        self.system = system
        self.point = point
        self.closed = closed
        self.values: dict[object, Any] = {}
        for row in system.solved.constraints:
            self._solve(row.element)
        self.evaluator = Evaluator(system.ring, self._atom, closed)

    def _solve(self, constraint: Element) -> None:
        ring = self.system.ring
        for g in sorted(ring.positions(constraint)):
            generator = ring.generators[g]
            usable = isinstance(generator, JetGenerator) or (
                isinstance(generator, CouplingJet) and generator.name not in self.closed
            )
            parts = ring.collect(constraint, g) if usable else {}
            inside = {
                h for p in ring.positions(constraint) for a in ring.generators[p].arguments for h in jets_in(ring, a)
            }
            if usable and g not in inside and set(parts) <= {0, UNIT} and UNIT in parts:
                evaluate = Evaluator(ring, self._atom, self.closed)
                slope = evaluate.value(parts[UNIT])
                if slope == 0:
                    continue
                self.values[generator.key] = -evaluate.value(parts.get(0, ring.zero)) / slope
                return
        raise NotAdmissible

    def _atom(self, generator: Generator) -> Any:
        if generator.key not in self.values:
            self.values[generator.key] = self._draw(generator)
        return self.values[generator.key]

    def _draw(self, generator: Generator) -> Any:
        if isinstance(generator, JetGenerator):
            return self.point.jet(f"{generator.unknown.name}:{generator.orders}")
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
