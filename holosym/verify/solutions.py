"""Known solutions: every field equation must vanish on the closed forms."""

from __future__ import annotations

from functools import partial
from typing import Any

import mpmath
import sympy

from holosym.derive import closed_couplings
from holosym.derive.system import EquationSystem
from holosym.dsl.theory import KnownSolution
from holosym.errors import ModelError, RingError
from holosym.jets.composites import CouplingJet
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator
from holosym.jets.ring import Ring
from holosym.verify.check import DIGITS, EXACT, NUMERICAL, POINTS, Check
from holosym.verify.evaluate import WORKING_DIGITS, Evaluator, NotAdmissible, numerical
from holosym.verify.points import ATTEMPTS, Point


def closed_forms(solution: KnownSolution) -> dict[Any, Any]:
    """The solution's profiles with its relations between parameters put in."""
    relations = dict(solution.parameters)
    found = dict(solution.profiles)
    for _ in range(len(relations) + 1):
        found = {p: form.xreplace(relations) for p, form in found.items()}
    return found


def relations_of(solution: KnownSolution) -> dict[Any, Any]:
    """The solution's parameters, each in terms of those that stay free."""
    found = dict(solution.parameters)
    for _ in range(len(found)):
        found = {k: v.xreplace(found) for k, v in found.items()}
    return found


def check_solution(system: EquationSystem, solution: KnownSolution) -> Check:
    """Check one known solution.

    Raises:
        ModelError: where a coupling has no closed form, so that there is nothing to check.
    """
    if not system.field_equations:
        return Check("solution", solution.name, False, EXACT, "there is no equation that it could solve")
    closed = closed_couplings(system.model, dict(solution.couplings))
    _all_closed(system, solution, closed)
    try:
        open_equations = _not_exactly_zero(system, solution, closed)
        exact = not open_equations
    except RingError:
        exact, open_equations = False, list(system.field_equations)
    try:
        worst = _numerically(system, solution, closed, list(system.field_equations))
    except RingError as error:
        return Check("solution", solution.name, False, NUMERICAL, f"it cannot be evaluated: {error.message}")
    if worst is not None and worst.startswith("!"):
        return Check("solution", solution.name, False, NUMERICAL, worst[1:])
    if exact:
        confirmed = f"and zero to {NUMERICAL}" if worst is None else worst
        return Check("solution", solution.name, True, EXACT, confirmed)
    if worst is None:
        detail = f"not decided exactly: {', '.join(open_equations)}"
        return Check("solution", solution.name, True, NUMERICAL, detail)
    return Check("solution", solution.name, False, NUMERICAL, f"{', '.join(open_equations)} not zero; {worst}")


def _all_closed(system: EquationSystem, solution: KnownSolution, closed: dict[str, Any]) -> None:
    names = {
        g.name
        for element in system.field_equations.values()
        for p in system.ring.positions(element)
        if isinstance(g := system.ring.generators[p], CouplingJet)
    }
    missing = sorted(names - set(closed))
    if missing:
        raise ModelError(
            f"the solution {solution.name!r} needs a closed form of the coupling {', '.join(missing)}",
            mend="give it: known_solution(..., couplings={V(phi): ...})",
            file=solution.place.file,
            line=solution.place.line,
        )


def _not_exactly_zero(system: EquationSystem, solution: KnownSolution, closed: dict[str, Any]) -> list[str]:
    ring = Ring()
    forms = closed_forms(solution)
    convert = Converter(ring)
    values = {p: convert(form) for p, form in forms.items()}
    values |= {p: convert(form) for p, form in relations_of(solution).items()}
    put = Converter(ring, values, closed)
    return [label for label, element in system.field_equations.items() if not ring.is_zero(put(system.write(element)))]


def _numerically(
    system: EquationSystem, solution: KnownSolution, closed: dict[str, Any], labels: list[str]
) -> str | None:
    """None if all equations vanish at the points; a reason, with `!` in front where one does not."""
    jets = _Jets(solution)
    accepted = 0
    complex_point = ""
    with mpmath.workdps(WORKING_DIGITS):
        for salt in range(ATTEMPTS):
            point = Point(system.model, salt, solution.domain)
            evaluate = Evaluator(system.ring, partial(jets, point), closed)
            try:
                found = {label: evaluate(system.field_equations[label]) for label in labels}
            except NotAdmissible:
                continue
            wrong = {k: v for k, (v, m) in found.items() if abs(v) > mpmath.mpf(10) ** -DIGITS * m}
            if wrong and any(_is_complex(v) for v in evaluate._known.values()):
                complex_point = str(point)
                continue
            if wrong:
                label = max(wrong, key=lambda k: abs(wrong[k]))
                value = mpmath.nstr(wrong[label], 8)
                return f"!the equation {label} does not vanish: {value} at {point}"
            accepted += 1
            if accepted == POINTS:
                return None
    if complex_point:
        return (
            "!no admissible point was found: a root is complex wherever the zero does not hold, as at "
            f"{complex_point}; restrict the draw with domain={{...}}"
        )
    if accepted:
        return None
    return "no point was found where everything is finite; give domain={...}"


def _is_complex(value: Any) -> bool:
    return isinstance(value, mpmath.mpc) and value.imag != 0


class _Jets:
    """Values of atoms on a solution, from SymPy's derivatives of its closed forms."""

    def __init__(self, solution: KnownSolution) -> None:
        self.forms = {p.func.name: (p, form) for p, form in closed_forms(solution).items()}
        self.relations = relations_of(solution)
        self._functions: dict[Any, Any] = {}

    def __call__(self, point: Point, generator: Generator) -> Any:
        if isinstance(generator, JetGenerator):
            return self._jet(generator, point)
        if isinstance(generator, CoordinateGenerator | ConstantGenerator):
            symbol = generator.symbol
            if symbol.is_number:
                return mpmath.mpmathify(sympy.N(symbol, WORKING_DIGITS))
            if symbol in self.relations:
                return self._value(symbol, self.relations[symbol], point)
            return point[symbol]
        raise RingError(f"no value for {generator.key}")

    def _jet(self, generator: JetGenerator, point: Point) -> Any:
        profile, form = self.forms[generator.unknown.name]
        counts = [(c, n) for c, n in zip(profile.args, generator.orders, strict=True) if n]
        return self._value(generator.key, form.diff(*counts) if counts else form, point)

    def _value(self, key: Any, expression: Any, point: Point) -> Any:
        if key not in self._functions:
            symbols = sorted(expression.free_symbols, key=str)
            self._functions[key] = (numerical(expression, symbols), symbols)
        function, symbols = self._functions[key]
        return function(*[point[s] for s in symbols])
