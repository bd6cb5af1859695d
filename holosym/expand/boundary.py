r"""The boundary series of a theory: exponents, sources and responses, every coefficient with its logarithms.

asymptotics -> vacuum -> linearised rows -> indicial exponents -> order by order -> data and their kinds
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Symbol

from holosym.derive.couplings import closed_couplings
from holosym.errors import ExpansionError
from holosym.expand import asymptotics as shapes
from holosym.expand import exponents as meaning
from holosym.expand.equations import rows_of, theory_of
from holosym.expand.kinds import GAUGE, Fields, data_name, settle_masses, unmix_masses
from holosym.expand.linear import LinearRow, linearise
from holosym.expand.modes import Block, NoClosedForm, blocks
from holosym.expand.naming import Names
from holosym.expand.orders import Contradiction, Group, Orders
from holosym.expand.outcome import Outcome, rational
from holosym.expand.powers import Powers
from holosym.expand.series import BoundarySeries
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Arithmetic, Coefficients
from holosym.expand.vacuum import VacuumSearch
from holosym.jets.element import Element
from holosym.jets.generators import ConstantGenerator
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem


class NotAdS(ExpansionError):
    """There is no AdS vacuum: the boundary may be of another kind."""


_MARGIN = 4
"""Up to this many factors of a scalar in one term of an equation, beside couplings and exponentials."""


def boundary_series(
    system: EquationSystem, order: int | None = None, scaling: bool = False, sources: int = meaning.MOST
) -> BoundarySeries:
    """The general solution near the AdS boundary; where there is none, the beginning of a scaling solution.

    Args:
        system: the equations of a theory.
        order: powers of x, beyond each profile's leading one, up to which the series is complete; by default all
            that hold a source or a response.
        scaling: take the Lifshitz or hyperscaling-violating solution of a theory that has an AdS vacuum too.
        sources: how many powers of a source are kept where its exponent is irrational.

    Raises:
        ExpansionError: for a theory without such a boundary, or exponents that are not solvable.
    """
    from holosym.expand.lifshitz import scaling_series

    if scaling:
        return scaling_series(system, ExpansionError("a boundary that scales was asked for"))
    try:
        return _Derivation(system, False, sources).series(order)
    except Contradiction:
        return _Derivation(system, True, sources).series(order)
    except (NotAdS, NoClosedForm) as error:
        return scaling_series(system, error)


class _Derivation(Outcome):
    """One theory's expansion, step by step.

    Args:
        system: the equations.
        fixed: set the scales of the boundary's metric to those of flat space from the start: an ansatz with too few
            functions may allow no others.
        sources: powers of sources of irrational exponents.
    """

    def __init__(self, system: EquationSystem, fixed: bool, sources: int) -> None:
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
        search, rough, powers = self._about_ads(fixed)
        self.linear = self._linearised(rough)
        if unmix_masses(self.ring, self.fields, self.linear, self.taylor, self.notes):
            self.linear = self._linearised(rough)
        settled = settle_masses(self.ring, self.fields, self.linear, self.taylor, self.notes)
        if settled:
            self.linear = self._linearised(rough)
        self._settled = set(settled)
        deltas = {name: delta for name, (delta, _) in settled.items()}
        self.blocks = blocks(self.ring, self.linear, self._vacuum_values(), deltas)
        self.blocks = self._marginal(search, rough)
        spelled = {self.dimension - delta: self.dimension - text for delta, text in settled.values()}
        self.powers = meaning.lattice(self.ring, self.blocks, powers, spelled, self.dimension, sources)
        self.exponents = meaning.meanings(self.ring, self.powers, self.fields, self.blocks, self.notes)
        self._complete()

    def _about_ads(self, fixed: bool) -> tuple[VacuumSearch, Arithmetic, list[Fraction]]:
        """The AdS vacuum.

        Raises:
            NotAdS: where there is none.
        """
        try:
            self.shape = shapes.asymptotics(self.system, self.theory)
            powers = [x.power for x in self.shape.leading.values()]
            rough = Arithmetic(self.ring, Powers(self.ring, tuple(powers)))
            search = VacuumSearch(self.system, self.rows, self.shape, rough, self.taylor, self.names, fixed)
            self.vacuum = search.vacuum
            self.vacuum = search.solve({row.label: row.power for row in self._linearised(rough)})
        except Contradiction:
            raise
        except ExpansionError as error:
            raise NotAdS(error.message, mend=error.mend) from error
        return search, rough, powers

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
            self.ring.index(ConstantGenerator(symbol)): self.ring.constant(1 if symbol.is_positive else 0)
            for symbol, _ in self.vacuum.free.values()
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
        return self.outcome(orders, last)

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

    def _symbol(self, profile: str, key: int, log: int) -> Symbol:
        power = self.powers.expression(key) + rational(self.vacuum.profiles[profile][0])
        return data_name(self.names, profile, power, log, self.kind(profile, key, log))


def _taken(system: EquationSystem) -> set[str]:
    symbols = {g.symbol for g in system.ring.generators if isinstance(g, ConstantGenerator)}
    return {str(s) for s in symbols} | {str(c) for c in getattr(system.model, "coordinates", ())}
