r"""The regular expansion about a non-extremal horizon.

In the ring of the equations, with the coordinate standing for the horizon's position and every jet for its value
there. Regular means: all profiles are Taylor series, those of `emblackening` and A_t begin at first order with
f' != 0, and the equations hold with all their total derivatives,

    (D^n E)(f = 0, A_t = 0) = 0,      n = 0, 1, 2, ...

A logarithm or an outgoing wave log(r_h - r) has no place in a Taylor series: this is the choice of the regular solution
(the ingoing one, of what is stationary). Rows are linear in their highest jets, and f' multiplies these: a scalar
obeys f' phi' = V' + ... instead of an equation of second order, so that phi at the horizon is datum and phi' is not.
Where elimination has divided by what may vanish, the covariant equations are expanded instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from holosym.derive import ansatz as reading
from holosym.derive.couplings import closed_couplings
from holosym.derive.rules import order_of
from holosym.derive.system import Equation, EquationSystem, unknown_of
from holosym.dsl.symbols import Profile
from holosym.errors import ExpansionError
from holosym.expand.emblackening import emblackening, horizon_theory, potentials
from holosym.expand.factors import essential
from holosym.expand.horizon_equations import Equations, covariant_equations, eliminated_equations
from holosym.expand.horizon_rows import HorizonRow, HorizonRows, HorizonUnits, jets_of, order_at
from holosym.expand.horizon_solve import HorizonElimination, Rank
from holosym.expand.series import HorizonSeries
from holosym.expand.witness import Witness
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring
from holosym.jets.transfer import Transfer

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

BEYOND = 1  # a row of higher order may restrict jets of lower order, where an ansatz lacks a function
COVARIANT = 2  # those that were not eliminated do so one order later
LEAST = 2  # with what is beyond


def horizon_series(system: EquationSystem, order: int | None = None) -> HorizonSeries:
    """Regular jets at the horizon, through so many derivatives.

    Args:
        system: the equations.
        order: the highest derivative; that of the equations by default.

    Raises:
        ExpansionError: for a theory without a horizon, or whose equations allow no regular non-extremal one.
    """
    theory = horizon_theory(system)
    if order is None:
        order = max(1, *(order_of(system.ring, e.residual) for e in system.equations))
    if order < 0:
        raise ExpansionError(f"an expansion through {order} derivatives", mend="give an order >= 0")
    return _Expansion(system, theory, order).best()


class _Expansion:
    """One expansion."""

    def __init__(self, system: EquationSystem, theory: Theory, order: int) -> None:
        self.system = system
        self.theory = theory
        self.ring: Ring = system.ring
        self.order = order
        ansatz = self.ansatz = reading.read(theory)
        self.blackening = emblackening(theory, ansatz)
        transfer = Transfer(self.ring)
        found = potentials(ansatz, theory)
        self.potentials = {one.name: transfer(found[one]) for one in sorted(found, key=lambda one: str(one.name))}
        self.gauged = {name: jet for name, e in self.potentials.items() if (jet := _only_profile(self.ring, e))}
        self.vanishing = tuple(sorted({*self.blackening, *self.gauged.values()}, key=lambda jet: jet.unknown.name))
        self.units = HorizonUnits(system.units, self.blackening)
        self.jets = [JetGenerator(unknown_of(p), (n,)) for p in theory.profiles for n in range(order + 1)]
        metric = {p.func.name for p in theory.profiles if p in theory.metric.atoms(Profile)}
        names = sorted((p.func.name for p in theory.profiles), key=lambda name: (name not in metric, name))
        self.ranks = {name: rank for rank, name in enumerate(names)}

    def best(self) -> HorizonSeries:
        """The series that is divided by the least that may vanish.

        Eliminated equations make the shorter one, unless they were divided by what may vanish, z h' - 6 h, themselves.
        """
        ways = [self._eliminated, self._covariant]
        if any(map(self._divided, self.system.equations)):
            ways.reverse()
        found: list[HorizonSeries] = []
        refused: list[ExpansionError] = []
        for way in ways:
            try:
                found.append(way())
            except ZeroDivisionError:
                refused.append(self._indefinite())
            except ExpansionError as error:
                refused.append(error)
            else:
                if not any(self._divisors(found[-1])):
                    break
        if not found:
            raise refused[0]
        return min(found, key=self._divisors)

    def _eliminated(self) -> HorizonSeries:
        return self._run(eliminated_equations(self.system), max(self.order, LEAST) + BEYOND)

    def _covariant(self) -> HorizonSeries:
        equations = covariant_equations(self.system, self.theory, self.ansatz)
        return self._run(equations, max(self.order, LEAST) + COVARIANT)

    def _divisors(self, series: HorizonSeries) -> tuple[int, int]:
        """How many values are divided by what vanishes in the simplest states, and how many in some states only."""
        grades = [self.units.divisor(above, below) for _, above, below in series.values]
        return grades.count(2), grades.count(1)

    def _divided(self, equation: Equation) -> bool:
        """Whether an equation was divided by what may vanish, off the horizon."""
        if equation.leading is None:
            return False
        parts = self.ring.collect(equation.residual, self.ring.index(equation.leading))
        return HorizonUnits(self.system.units, ()).grade(parts[max(parts)]) > 0

    def _indefinite(self) -> ExpansionError:
        return ExpansionError(
            f"the equations of {self.theory.name} at the horizon cannot be solved one after the other: what one of "
            "them would be divided by vanishes",
            mend="temperature, entropy and charges do not need this expansion",
        )

    def _run(self, equations: Equations, highest: int) -> HorizonSeries:
        """The series that one set of equations gives."""
        ring = self.ring
        values: dict[int, tuple[Element, Element]] = {}
        witness = Witness(ring, self.theory.horizon, closed_couplings(self.theory), values)
        solver = HorizonElimination(ring, self.units, self._preference, values, witness)
        solver.run(self._rows(equations, highest))
        solver.shorten()
        self._check_slopes(values)
        zero = {ring.index(jet) for jet in self.vanishing}
        data = tuple(j for j in self.jets if ring.index(j) not in values and ring.index(j) not in zero)
        return HorizonSeries(
            self.system,
            self.theory.horizon,
            self.vanishing,
            data,
            tuple((jet_at(ring, g), *values[g]) for g in solver.ordered() if order_at(ring, g) <= self.order),
            self.order,
            self._notes(),
        )

    def _preference(self, g: int) -> Rank:
        return (self.ranks[jet_at(self.ring, g).unknown.name],)

    def _rows(self, equations: Equations, highest: int) -> list[HorizonRow]:
        """Every equation with its derivatives, and A_t = 0 where that is no single profile."""
        rows = HorizonRows(self.ring, self.theory.radial, self.units, self.vanishing)
        found = [row for label, e in equations.items() for row in rows.of(label, essential(self.ring, e), highest)]
        for name, potential in self.potentials.items():
            if name not in self.gauged and jets_of(self.ring, potential):
                found.append(HorizonRow(f"potential of {name}", 0, rows.at_horizon(potential)))
        return found

    def _check_slopes(self, values: dict[int, tuple[Element, Element]]) -> None:
        """No emblackening factor may be forced to have a double zero."""
        for jet in self.blackening:
            slope = self.ring.index(JetGenerator(jet.unknown, (1,)))
            if slope in values and not values[slope][0]:
                raise ExpansionError(
                    f"the horizon of {self.theory.name} is extremal for all data: {jet.unknown.name}' = 0 there",
                    mend="only horizons with a temperature are expanded about",
                    file=self.theory.place.file,
                    line=self.theory.place.line,
                )

    def _notes(self) -> tuple[str, ...]:
        factors = " and ".join(jet.unknown.name for jet in self.blackening)
        notes = [
            f"regular and not extremal: {factors} vanish{'es' if len(self.blackening) == 1 else ''} linearly, "
            "every other function is a Taylor series there (no logarithm, no outgoing wave)"
        ]
        for name in self.potentials:
            notes.append(f"the time component of {name} vanishes at the horizon: regular where the horizon bifurcates")
        if self.system.free:
            notes.append(
                f"no equation determines {', '.join(self.system.free)}: a choice of coordinates, datum at any order"
            )
        return tuple(notes)


def jet_at(ring: Ring, position: int) -> JetGenerator:
    """The jet at a position."""
    generator = ring.generators[position]
    assert isinstance(generator, JetGenerator)
    return generator


def _only_profile(ring: Ring, element: Element) -> JetGenerator | None:
    """The profile that a monomial is a multiple of, by which alone it can vanish."""
    if len(element.terms) != 1:
        return None
    (monomial,) = element.terms
    found = [(jet, e) for g, e in ring.decode(monomial) if isinstance(jet := ring.generators[g], JetGenerator)]
    return found[0][0] if len(found) == 1 and found[0][1] == UNIT else None
