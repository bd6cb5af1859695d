r"""The boundary series of a theory: exponents, sources and responses, every coefficient with its logarithms.

asymptotics -> vacuum -> linearised rows -> indicial exponents -> order by order -> data and their kinds
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Rational, Symbol

from holosym.derive.couplings import closed_couplings
from holosym.errors import ExpansionError
from holosym.expand import asymptotics as shapes
from holosym.expand import exponents as meaning
from holosym.expand.equations import rows_of, theory_of
from holosym.expand.kinds import GAUGE, METRIC, SOURCE, Exponent, Fields, data_name, dimension_of, settle_masses
from holosym.expand.linear import LinearRow, linearise
from holosym.expand.modes import Block, blocks
from holosym.expand.naming import Names
from holosym.expand.orders import Contradiction, Group, Orders
from holosym.expand.powers import Powers
from holosym.expand.scaling import mass_dimensions
from holosym.expand.series import BoundaryDatum, BoundarySeries, Term
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Arithmetic, Coefficients, log_parts
from holosym.expand.vacuum import VacuumSearch
from holosym.jets.element import Element
from holosym.jets.generators import ConstantGenerator
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem


_MARGIN = 4
"""Up to this many factors of a scalar in one term of an equation, beside couplings and exponentials."""


def boundary_series(system: EquationSystem, order: int | None = None) -> BoundarySeries:
    """The general solution near the AdS boundary.

    Args:
        system: the equations of a theory.
        order: powers of x, beyond each profile's leading one, up to which the series is complete; by default all
            that hold a source or a response.

    Raises:
        ExpansionError: for a theory without an AdS boundary, or exponents that are not solvable.
    """
    try:
        return _Derivation(system, fixed=False).series(order)
    except Contradiction:
        return _Derivation(system, fixed=True).series(order)


class _Derivation:
    """One theory's expansion, step by step.

    Args:
        system: the equations.
        fixed: set the scales of the boundary's metric to those of flat space from the start: an ansatz with too few
            functions may allow no others.
    """

    def __init__(self, system: EquationSystem, fixed: bool) -> None:
        self.system = system
        self.theory = theory_of(system)
        self.fields = Fields(self.theory)
        self.dimension = self.fields.dimension
        self.ring = Coefficients()
        self.write = Writer(self.ring)
        self.taylor = Taylor(self.ring, closed_couplings(self.theory))
        self.names = Names(_taken(system) | {p.func.name for p in self.theory.profiles})
        self.notes: list[str] = []
        if fixed:
            self.notes.append(
                "the scales of the boundary's metric are those of flat space: the ansatz allows no others"
            )
        self.rows = rows_of(system, self.theory)
        self.shape = shapes.asymptotics(system, self.theory)
        powers = [x.power for x in self.shape.leading.values()]
        rough = Arithmetic(self.ring, Powers(self.ring, tuple(powers)))
        search = VacuumSearch(system, self.rows, self.shape, rough, self.taylor, self.names, fixed)
        self.vacuum = search.vacuum
        self.vacuum = search.solve({row.label: row.power for row in self._linearised(rough)})
        self.linear = self._linearised(rough)
        settled = settle_masses(self.ring, self.fields, self.linear, self.taylor, self.notes)
        if settled:
            self.linear = self._linearised(rough)
        self._settled = set(settled)
        deltas = {name: delta for name, (delta, _) in settled.items()}
        self.blocks = blocks(self.ring, self.linear, self._vacuum_values(), deltas)
        self.blocks = self._marginal(search, rough)
        spelled = {self.dimension - delta: self.dimension - text for delta, text in settled.values()}
        self.powers = meaning.lattice(self.ring, self.blocks, powers, spelled, self.dimension)
        self.exponents = meaning.meanings(self.ring, self.powers, self.fields, self.blocks, self.notes)
        self._complete()

    def _marginal(self, search: VacuumSearch, rough: Arithmetic) -> list[Block]:
        """Scalars of Delta = d: a modulus of the vacuum where every value of it is one, else a source that runs."""
        found = []
        for block in self.blocks:
            name = block.profiles[0]
            zero = [r for r in block.roots if r.half is None and r.rational == 0]
            if len(block.profiles) == 1 and self.fields.of(name) == "scalar" and zero:
                if search.modulus(name, self.names, self._settled):
                    self.linear = self._linearised(rough)
                else:
                    roots = tuple(replace(r, marginal=r in zero) for r in block.roots)
                    block = Block(block.profiles, roots)
                    self.notes.append(
                        f"the operator of {name} is marginal and its source runs with log x: the series is one in "
                        f"powers of the source too, complete to the fourth"
                    )
            found.append(block)
        return found

    def _linearised(self, rough: Arithmetic) -> list[LinearRow]:
        reach = (self.dimension + 2) * rough.powers.scale
        rows, self.bare = linearise(self.system, self.rows, self.shape, rough, self.taylor, self.vacuum, reach)
        return rows

    def _vacuum_values(self) -> dict[int, Element]:
        return {
            self.ring.index(ConstantGenerator(symbol)): self.ring.constant(value)
            for symbol, value in self.vacuum.free.values()
        }

    def _complete(self) -> None:
        """Every profile has exponents, and those of the metric are sources, responses or changes of coordinates."""
        reached = {name for block in self.blocks for name in block.profiles}
        for profile in self.theory.profiles:
            if profile.func.name not in reached:
                raise ExpansionError(
                    f"the profile {profile} does not stand in the equations linearised about the AdS vacuum",
                    mend="its falloff is not decided by the vacuum: boundary series are not made for such a theory",
                )
        for e in self.exponents:
            if e.kind == GAUGE and not (e.root.half is None and self.shape.is_gauge(e.root.rational)):
                raise ExpansionError(
                    f"metric perturbations fall off as x^({self.powers.expression(e.key)}) too, which is neither a "
                    "scale, nor the energy, nor a change of the radial coordinate: gravity has further modes",
                    mend="boundary series are made for theories whose metric obeys equations of second order",
                )

    # ---- the solution -------------------------------------------------------------------------------------------

    def series(self, order: int | None) -> BoundarySeries:
        """All of it."""
        arithmetic = Arithmetic(self.ring, self.powers)
        orders = Orders(
            self.system,
            self.shape,
            arithmetic,
            self.taylor,
            self._groups(),
            self.vacuum.series(arithmetic),
            self._symbol,
            self._order,
        )
        orders.leading = {n: self.powers.key(p) for n, (p, _, _) in self.vacuum.profiles.items()}
        wanted = [e.key for e in self.exponents if e.kind in ("source", "response")]
        last = self.powers.key(order) if order is not None else max([*wanted, self.powers.key(self.dimension)])
        last += self.powers.slack()
        self.powers.margin = _MARGIN if self.powers.marginal or last > self.powers.key(self.dimension) else 0
        self.notes += meaning.cut(self.powers, last)
        orders.run(last)
        orders.check(self.bare, last)
        return self._result(orders, last)

    def _groups(self) -> list[Group]:
        found = []
        for block in self.blocks:
            rows = [row for row in self.linear if set(row.entries) & set(block.profiles)]
            mine = {e.key: e.multiplicity for e in self.exponents if e.block is block and e.used}
            roots = {
                self.powers.plain(e.key): e.multiplicity for e in self.exponents if e.block is block and e.key >= 0
            }
            found.append(Group(block.profiles, rows, mine, roots))
        return found

    def _order(self, profiles: tuple[str, ...], key: int) -> tuple[str, ...]:
        """At x^d the energy is read off g_tt; elsewhere functions of the slices are the better data."""
        response = key == self.powers.key(self.dimension)

        def rank(name: str) -> tuple[bool, str]:
            return (name in self.shape.temporal, name) if response else (name not in self.shape.radial, name)

        return tuple(sorted(profiles, key=rank))

    def _exponent(self, profile: str, key: int) -> Exponent:
        return next(e for e in self.exponents if e.key == key and profile in e.block.profiles)

    def _kind(self, profile: str, key: int, log: int) -> str:
        """A double root has both kinds: of a scalar the logarithm is the source, of a one-form the constant."""
        exponent = self._exponent(profile, key)
        if exponent.multiplicity == 2 and self.fields.of(profile) != "metric":
            return "source" if (log > 0) == (self.fields.of(profile) == "scalar") else "response"
        return exponent.kind

    def _symbol(self, profile: str, key: int, log: int) -> Symbol:
        power = self.powers.expression(key) + _rational(self.vacuum.profiles[profile][0])
        return data_name(self.names, profile, power, log, self._kind(profile, key, log))

    # ---- the result ---------------------------------------------------------------------------------------------

    def _result(self, orders: Orders, last: int) -> BoundarySeries:
        used = self._used(orders)
        return BoundarySeries(
            system=self.system,
            variable=self.shape.chart.variable,
            dimension=self.dimension,
            asymptotics="AdS",
            exponents={},
            modes=meaning.modes(self.powers, self.exponents),
            operators=meaning.operators(self.powers, self.fields, self.exponents),
            data=self._data(orders),
            series={name: self._terms(orders, name) for name in sorted(orders.series)},
            taylor=tuple(self.taylor.symbols[s] for s in sorted(self.taylor.symbols, key=str) if s in used),
            relations=tuple(self.write(r) for r in orders.relations),
            order=self.powers.expression(self.powers.plain(last)),
            notes=(*self.vacuum.notes, *self.notes, *self._log_notes(orders)),
        )

    def _terms(self, orders: Orders, name: str) -> tuple[Term, ...]:
        found: dict[tuple[int, int], Element] = {}
        for key in sorted(orders.series[name]):
            for log, c in log_parts(orders.series[name][key]).items():
                place = (self.powers.plain(key), log)
                found[place] = found[place] + c if place in found else c
        return tuple(Term(self.powers.expression(k), log, self.write(c)) for (k, log), c in sorted_terms(found))

    def _used(self, orders: Orders) -> set[Symbol]:
        positions: set[int] = set()
        for series in orders.series.values():
            for c in series.values():
                positions |= self.ring.positions(c)
        return {g.symbol for p in positions if isinstance(g := self.ring.generators[p], ConstantGenerator)}

    def _data(self, orders: Orders) -> tuple[BoundaryDatum, ...]:
        weights = self._weights()
        found = []
        for name, (symbol, _) in self.vacuum.free.items():
            power = _rational(self.vacuum.profiles[name][0])
            found.append((name, power, 0, symbol, METRIC if self.fields.of(name) == "metric" else SOURCE))
        for one in orders.free:
            power = self.powers.expression(one.key + orders.leading[one.profile])
            found.append((one.profile, power, one.log, one.symbol, self._kind(one.profile, one.key, one.log)))
        made = []
        for name, power, log, symbol, kind in found:
            leading = _rational(self.vacuum.profiles[name][0])
            weight = dimension_of(self.fields, weights, name, power, leading)
            value = Integer(self.vacuum.free[name][1]) if kind == METRIC else None
            made.append(BoundaryDatum(symbol.name, symbol, name, power, log, kind, weight, value))
        return tuple(sorted(made, key=lambda one: (one.profile, self._place(one), -one.log)))

    def _place(self, datum: BoundaryDatum) -> float:
        symbols = sorted(datum.power.free_symbols, key=str)
        return float(datum.power.xreplace({s: Rational(3 * self.dimension, 4) for s in symbols}))

    def _weights(self) -> dict[str, Expr] | None:
        try:
            return mass_dimensions(self.system).profiles
        except ExpansionError:
            return None

    def _log_notes(self, orders: Orders) -> list[str]:
        """Which resonances have a logarithm."""
        found = []
        for name, series in sorted(orders.series.items()):
            resonant = sorted({e.key for e in self.exponents if name in e.block.profiles and e.kind == "response"})
            for key in resonant:
                parts = log_parts(series.get(key + orders.leading[name], self.ring.zero))
                power = self.powers.expression(key)
                logs = {j: self.write(c) for j, c in parts.items() if j}
                if logs:
                    text = ", ".join(f"log(x)^{j}: {c}" for j, c in logs.items())
                    found.append(f"{name} has a logarithm at relative power {power}: {text}")
                else:
                    found.append(f"{name} has no logarithm at relative power {power}")
        return found


def sorted_terms(found: dict[tuple[int, int], Element]) -> list[tuple[tuple[int, int], Element]]:
    """Ascending in power, then in the power of the logarithm."""
    return sorted(found.items(), key=lambda item: item[0])


def _rational(number: object) -> Expr:
    return Rational(number.numerator, number.denominator)  # type: ignore[attr-defined]


def _taken(system: EquationSystem) -> set[str]:
    symbols = {g.symbol for g in system.ring.generators if isinstance(g, ConstantGenerator)}
    return {str(s) for s in symbols} | {str(c) for c in getattr(system.model, "coordinates", ())}
