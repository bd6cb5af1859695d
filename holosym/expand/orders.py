r"""Order by order: the general series solution near the boundary.

With everything below x^e known, the equations at x^(r+e) are linear in the coefficients of x^e (see `linear`). They
fix them, except for what a resonance leaves free: new data; what they cannot meet is a relation between data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sympy import Symbol

from holosym.errors import ExpansionError
from holosym.expand.asymptotics import Asymptotics
from holosym.expand.evaluation import Evaluation
from holosym.expand.linear import Column, LinearRow, log_system, solve
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Arithmetic, Series, inverse, log_parts, tidy
from holosym.jets.content import divide_monomial, primitive
from holosym.jets.element import UNIT, Element
from holosym.jets.generators import ConstantGenerator

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem


class Contradiction(ExpansionError):
    """Equations that leave nothing over; perhaps the scales of the boundary's metric are not free."""


@dataclass(frozen=True)
class Free:
    """A coefficient found free: that of x^(leading power + key) L^log in a profile."""

    symbol: Symbol
    profile: str
    key: int
    log: int


@dataclass
class Group:
    """Profiles solved together: their rows, and at which keys something is free, with multiplicities.

    Attributes:
        profiles: what is solved for.
        rows: their equations.
        resonances: where something is free: from key to multiplicity.
        roots: all exponents that are not negative, the scale of the metric included.
    """

    profiles: tuple[str, ...]
    rows: list[LinearRow]
    resonances: dict[int, int]
    roots: dict[int, int]


Namer = Callable[[str, int, int], Symbol]
Preference = Callable[[tuple[str, ...], int], tuple[str, ...]]


@dataclass
class Orders:
    """The state of the solution.

    Attributes:
        system: the equations.
        shape: the chart and the leading powers.
        ar: arithmetic of the series.
        taylor: the derivatives of couplings.
        groups: what is solved together.
        series: the profiles, as far as they are known.
        name: the symbol of a free coefficient.
        order: the order in which profiles are solved for at a key: the last ones are preferred as data.
        free: the free coefficients that were found.
        relations: what the free coefficients must obey.
        leading: the keys of the profiles' leading powers.
    """

    system: EquationSystem
    shape: Asymptotics
    ar: Arithmetic
    taylor: Taylor
    groups: list[Group]
    series: dict[str, Series]
    name: Namer
    order: Preference
    free: list[Free] = field(default_factory=list)
    relations: list[Element] = field(default_factory=list)
    leading: dict[str, int] = field(default_factory=dict)

    def run(self, last: int) -> None:
        """All coefficients up to x^last beyond the leading powers."""
        done = -1
        while done < last:
            reach = min(last, self._next(done)) if done >= 0 else 0
            sides = self._sides(reach)
            found = {k for per_row in sides.values() for side in per_row for k in side}
            if found and min(found) <= done:
                raise ExpansionError(
                    f"the equations are not met at the power {self.ar.powers.value(min(found))} beyond the leading one"
                )
            if done < 0 and found and min(found) < 0:
                raise ExpansionError(
                    "the vacuum does not solve the equations at the boundary",
                    mend="boundary series are made for asymptotically AdS metrics",
                )
            resonant = {k for g in self.groups for k in g.resonances if done < k <= reach}
            ahead = found | resonant
            if not ahead:
                done = reach
                continue
            done = min(ahead)
            for i, group in enumerate(self.groups):
                here = [side.get(done, {}) for side in sides[i]]
                if any(here) or done in group.resonances:
                    self._step(group, here, done)

    def _next(self, done: int) -> int:
        """The next power at which something may stand; where that is guessed too large nothing is lost but time."""
        unit = self.ar.powers.scale
        steps = {k for g in self.groups for k in g.resonances if k > 0} | {unit}
        known = {k - self.leading[name] for name, series in self.series.items() for k in series} | steps
        sums = {k + s for k in known | {done - done % unit} for s in steps} | known
        return min(k for k in sums if k > done and (self.ar.powers.wanted(k) or k % unit == 0))

    def _sides(self, reach: int) -> dict[int, list[dict[int, dict[int, Element]]]]:
        """Every group's rows: the residual by power beyond r and by power of L."""
        evaluation = Evaluation(self.system.ring, self.ar, self.shape.chart, self.taylor, self.series)
        found = {}
        for i, group in enumerate(self.groups):
            found[i] = [self._side(evaluation, row, reach) for row in group.rows]
        return found

    def _side(self, evaluation: Evaluation, row: LinearRow, reach: int) -> dict[int, dict[int, Element]]:
        base = self.ar.powers.key(row.power)
        values = evaluation(row.element, base + reach)
        return {
            k - base: log_parts(divide_monomial(c, row.divisor))
            for k, c in values.items()
            if self.ar.powers.wanted(k - base)
        }

    def _step(self, group: Group, sides: list[dict[int, Element]], key: int) -> None:
        multiplicity = group.roots.get(self.ar.powers.plain(key), 0)
        degree = max((j for side in sides for j in side), default=0) + multiplicity
        columns = [(p, j) for j in range(degree, -1, -1) for p in self.order(group.profiles, key)]
        equations = log_system(group.rows, sides, self.ar.powers.element(key), columns, degree)
        solution = solve(equations, columns)
        names = {}
        for column in solution.free:
            if key not in group.resonances:  # a change of what is free at a lower order of a running source
                names[column] = self.ar.ring.zero
                continue
            symbol = self.name(column[0], key, column[1])
            self.free.append(Free(symbol, column[0], key, column[1]))
            names[column] = self.ar.ring.generator(ConstantGenerator(symbol))
        values: dict[Column, Element] = dict(names)
        for column, (value, slopes) in solution.values.items():
            values[column] = tidy(self.ar.ring.sum([value, *[c * names[f] for f, c in slopes.items()]]))
        for (profile, log), value in values.items():
            if value.terms:
                self._add(profile, key, value * self.ar.log**log if log else value)
        for condition in solution.conditions:
            self._relate(condition)

    def _add(self, profile: str, key: int, value: Element) -> None:
        at = key + self.leading[profile]
        series = dict(self.series[profile])
        total = tidy(series[at] + value) if at in series else value
        if total.terms:
            series[at] = total
        else:
            series.pop(at, None)
        self.series[profile] = series

    def check(self, bare: dict[str, Element], last: int) -> None:
        """Equations without a linear part are relations between data."""
        evaluation = Evaluation(self.system.ring, self.ar, self.shape.chart, self.taylor, self.series)
        for row in bare.values():
            start = evaluation.lowest(row)
            values = {} if start is None else evaluation(row, start + last)
            for _, c in sorted(values.items()):
                for part in log_parts(c).values():
                    self._relate(part)

    # ---- relations ----------------------------------------------------------------------------------------------

    def _relate(self, condition: Element) -> None:
        """Solve a relation for a datum that it holds linearly, or keep it."""
        _, _, rest = primitive(condition)
        ring = self.ar.ring
        for one in reversed(self.free):
            position = ring.index(ConstantGenerator(one.symbol))
            parts = ring.collect(rest, position)
            if set(parts) <= {0, UNIT} and UNIT in parts and not (ring.positions(parts[UNIT]) & self._data()):
                value = tidy(-parts.get(0, ring.zero) * inverse(parts[UNIT]))
                self._substitute(position, value)
                self.free.remove(one)
                return
        if not ring.positions(rest) & self._data():
            raise Contradiction(
                "the equations contradict each other near the boundary: no power series with logarithms solves them",
                mend="look for a field that the ansatz leaves out",
            )
        self.relations.append(rest)

    def _data(self) -> set[int]:
        return {self.ar.ring.index(ConstantGenerator(one.symbol)) for one in self.free}

    def _substitute(self, position: int, value: Element) -> None:
        ring = self.ar.ring
        for name, series in self.series.items():
            replaced = {k: tidy(ring.substitute(c, {position: value})) for k, c in series.items()}
            self.series[name] = {k: c for k, c in replaced.items() if c.terms}
        self.relations = [tidy(ring.substitute(r, {position: value})) for r in self.relations]
        self.relations = [r for r in self.relations if r.terms]
