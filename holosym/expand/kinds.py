r"""What the free coefficients are: sources, responses, scales of the boundary metric, freedoms of the coordinates.

Of a scalar's two falloffs x^(d - Delta) and x^Delta the slower one is the source, of a one-form's x^0 and x^(d-2) the
constant; the other way round in alternate quantisation. At a double root x^e (A log x + B) a scalar's A is the source
(Delta = d/2), a one-form's B (d = 2). Of the metric x^0 is the scale of the boundary's metric, x^d a response, and
everything else moves with the radial coordinate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Integer, Rational, Symbol

from holosym.errors import ExpansionError
from holosym.expand.linear import LinearRow
from holosym.expand.modes import Block, Root
from holosym.expand.naming import Names
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import inverse, tidy
from holosym.jets.element import UNIT, Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import ConstantGenerator
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

SOURCE, RESPONSE, METRIC, GAUGE = "source", "response", "metric", "gauge"


@dataclass(frozen=True)
class Exponent:
    """An indicial exponent with its meaning.

    Attributes:
        block: the profiles that fall off so.
        root: the exponent.
        key: its key.
        kind: "source", "response", "metric" or "gauge".
        used: whether the series contains it: not where it grows, nor where the vacuum holds it already.
    """

    block: Block
    root: Root
    key: int
    kind: str
    used: bool

    @property
    def multiplicity(self) -> int:
        """How often the root occurs."""
        return self.root.multiplicity


class Fields:
    """Which profile belongs to what, and the user's boundary conditions."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.dimension = len(theory.coordinates) - 1
        self.metric = {p.func.name for p in theory.metric.atoms(_profile())}
        self.scalar = {p.func.name: s for s in theory.scalars for p in s.ansatz.atoms(_profile())}
        self.gauge = {p.func.name: a for a in theory.gauge_fields for p in a.ansatz.atoms(_profile())}

    def of(self, profile: str) -> str:
        """ "metric", "scalar" or "gauge"."""
        if profile in self.metric:
            return "metric"
        return "gauge" if profile in self.gauge else "scalar"

    def condition(self, profile: str) -> Any:
        """The user's boundary condition on the field of a profile; None where nothing was said."""
        field = self.scalar.get(profile, self.gauge.get(profile))
        return self.theory.boundary_conditions.get(field) if field is not None else None

    def kind(self, profile: str, exponent: float, d: int, response: bool) -> str:
        """The kind of a falloff; `exponent` and whether it is the faster one of a field's two."""
        if self.of(profile) == "metric":
            return METRIC if exponent == 0 else RESPONSE if exponent == d else GAUGE
        condition = self.condition(profile)
        swapped = condition is not None and condition.alternate
        return RESPONSE if response != swapped else SOURCE


def _profile() -> Any:
    from holosym.dsl.symbols import Profile

    return Profile


def unmix_masses(ring: Ring, fields: Fields, rows: list[LinearRow], taylor: Taylor, notes: list[str]) -> bool:
    """Take fields with an unknown potential as the eigenstates of their masses: mixed derivatives vanish."""
    mixed: set[Symbol] = set()
    for row in rows:
        if len(row.entries) > 1 and all(fields.of(name) == "scalar" for name in row.entries):
            for polynomial in row.entries.values():
                mixed |= {s for s in _unknown(ring, taylor, polynomial) if max(taylor.symbols[s].orders) == 1}
    for symbol in sorted(mixed, key=str):
        notes.append(f"{symbol} = 0: the scalars are taken as the eigenstates of the unknown masses")
        _known(taylor, symbol, ring.zero)
    return bool(mixed)


def settle_masses(
    ring: Ring, fields: Fields, rows: list[LinearRow], taylor: Taylor, notes: list[str]
) -> dict[str, tuple[Element, Expr]]:
    """Express second derivatives of unknown couplings by the dimensions of the operators.

    Returns:
        For every scalar whose mass was unknown, its dimension Delta.
    """
    found: dict[str, tuple[Element, Expr]] = {}
    for row in rows:
        for name in sorted(row.entries):
            if len(row.entries) > 1 or fields.of(name) != "scalar" or name in found:
                continue
            unknown = _unknown(ring, taylor, row.entries[name])
            if not unknown:
                continue
            condition = fields.condition(name)
            given = None if condition is None else condition.dimension
            expression = Symbol(f"Delta_{name}", positive=True) if given is None else sympy.sympify(given)
            delta = Converter(ring)(expression)
            found[name] = (delta, expression)
            _settle(ring, taylor, unknown, row.entries[name], delta, notes)
            if given is None:
                notes.append(
                    f"the mass of {name} is not known: {expression} is the dimension of its operator; terms are "
                    f"ordered as for {expression} near {Fraction(3 * fields.dimension, 4)}, to second order in the "
                    "source"
                )
    return found


def _unknown(ring: Ring, taylor: Taylor, polynomial: list[Element]) -> list[Symbol]:
    positions = set().union(*(ring.positions(c) for c in polynomial))
    symbols = {g.symbol for p in positions if isinstance(g := ring.generators[p], ConstantGenerator)}
    return [s for s in sorted(taylor.symbols, key=str) if s in symbols and sum(taylor.symbols[s].orders) == 2]


def _settle(
    ring: Ring, taylor: Taylor, unknown: list[Symbol], polynomial: list[Element], delta: Element, notes: list[str]
) -> None:
    """Solve P(Delta) = 0 for the last unknown; others (mixed derivatives) are zero."""
    total, power = ring.zero, ring.one
    for c in polynomial:
        total = total + c * power
        power = tidy(power * delta)
    for symbol in unknown[:-1]:
        _known(taylor, symbol, ring.zero)
        total = ring.substitute(total, {ring.index(ConstantGenerator(symbol)): ring.zero})
    parts = ring.collect(tidy(total), ring.index(ConstantGenerator(unknown[-1])))
    if set(parts) == {0, UNIT, 2 * UNIT}:
        value = _slower(ring, unknown[-1], Writer(ring)(total))
        one = taylor.symbols[unknown[-1]]
        notes.append(
            f"{one.coupling}'' = {Writer(ring)(value)} at the boundary: the wall of {one.coupling} has a source"
        )
        return _known(taylor, unknown[-1], value)
    if set(parts) - {0, UNIT}:
        raise ExpansionError(
            "the mass of a scalar stands neither linearly nor as a superpotential's in its equation",
            mend="give the potential itself as an unknown coupling",
        )
    return _known(taylor, unknown[-1], tidy(-parts.get(0, ring.zero) * inverse(parts[UNIT])))


def _slower(ring: Ring, symbol: Symbol, quadratic: Expr) -> Element:
    """W'' of a superpotential: of the roots, which are as d - Delta to Delta, the smaller one, whose wall has a source.

    Raises:
        ExpansionError: where the roots are no rational functions.
    """
    factors = [f for f, n in sympy.factor_list(sympy.numer(sympy.together(quadratic)), symbol)[1] for _ in range(n)]
    linear = [f for f in factors if sympy.degree(f, symbol) == 1]
    if len(linear) != 2:
        raise ExpansionError(
            "the second derivative of an unknown superpotential is no rational function of the dimension",
            mend="give the potential itself as an unknown coupling",
        )
    roots = [sympy.cancel(-f.subs(symbol, 0) / f.diff(symbol)) for f in linear]
    near = {s: Rational(4 * s.name.startswith("Delta_")) for r in roots for s in r.free_symbols}
    return Converter(ring)(min(roots, key=lambda r: abs(float(r.subs(near)))))


def _known(taylor: Taylor, symbol: Symbol, value: Element) -> None:
    one = taylor.symbols.pop(symbol)
    taylor.known[one.coupling, one.orders] = value


def data_name(names: Names, profile: str, power: Expr, log: int, kind: str) -> Symbol:
    """The symbol of a free coefficient."""
    rational = Fraction(int(power.p), int(power.q)) if power.is_Rational else None
    return names.symbol(profile, rational, log, kind)


def dimension_of(fields: Fields, weights: dict[str, Expr] | None, profile: str, power: Expr, leading: Expr) -> Expr:
    """The mass dimension of the coefficient of x^power in a profile."""
    if weights is not None:
        return weights[profile] + power
    return power - leading + Integer(1 if fields.of(profile) == "gauge" else 0)
