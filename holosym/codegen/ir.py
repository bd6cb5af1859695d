"""What a generated package says, before it is text: names, jets, couplings, parameters, and expressions in
plain symbols.

Expressions are made from ring elements: residuals, their magnitudes, and the linearisation dE/d(jet)
(couplings' dependence on the fields included), dE/d(coupling jet) and dE/d(parameter) at fixed jets.
Couplings whose closed form holds other couplings are put in first, so the package knows only the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy import Expr, Symbol

from holosym.codegen.names import Names, coupling_name, jet_name
from holosym.codegen.needs import Needs, Orders, graded
from holosym.codegen.printer import Magnitude
from holosym.derive import closed_couplings
from holosym.derive.rules import jets_in
from holosym.derive.system import Equation, EquationSystem
from holosym.dsl.symbols import AppliedCoupling
from holosym.jets.composites import CouplingJet
from holosym.jets.derivation import partial
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter, differentiate
from holosym.jets.generators import ConstantGenerator, CoordinateGenerator, Generator, JetGenerator, Unknown
from holosym.jets.to_sympy import Writer


@dataclass(frozen=True)
class ProfileIR:
    """A profile: the names of its jets, by derivative orders along the package's coordinates."""

    name: str
    unknown: Unknown
    orders: tuple[Orders, ...]
    names: tuple[str, ...]
    inner: tuple[Orders, ...]


@dataclass(frozen=True)
class CouplingIR:
    """A coupling at its arguments: names of its jets, and the closed form's jets in the arguments' names."""

    name: str
    function: str
    arguments: tuple[Expr, ...]
    orders: tuple[Orders, ...]
    names: tuple[str, ...]
    slots: tuple[str, ...]
    closed: tuple[Expr, ...] | None


@dataclass(frozen=True)
class EquationIR:
    """An equation: its residual, the terms' magnitudes, and its derivatives by (name, position)."""

    equation: Equation
    residual: Expr
    magnitude: Expr
    by_jet: dict[tuple[str, int], Expr]
    by_coupling: dict[tuple[str, int], Expr]
    by_parameter: dict[str, Expr]


@dataclass(frozen=True)
class PackageIR:
    """All that the templates are filled with."""

    system: EquationSystem
    names: Names
    coordinates: tuple[str, ...]
    coordinate_names: tuple[str, ...]
    profiles: tuple[ProfileIR, ...]
    couplings: tuple[CouplingIR, ...]
    parameters: tuple[str, ...]
    parameter_names: tuple[str, ...]
    equations: tuple[EquationIR, ...]
    expression: Callable[[Element], Expr]


def build(system: EquationSystem, others: Sequence[Element] = (), symbols: Iterable[Symbol] = ()) -> PackageIR:
    """The package of an equation system.

    Args:
        system: the equations.
        others: further elements that become code; couplings get the orders that these need too.
        symbols: parameters that stand in none of the elements.

    Raises:
        PrinterError, RingError: for what cannot be written as code.
    """
    return _Builder(system, others, symbols).build()


class _Builder:
    def __init__(self, system: EquationSystem, others: Sequence[Element], symbols: Iterable[Symbol]) -> None:
        self.system = system
        self.ring = system.ring
        self.names = Names()
        self.closed = closed_couplings(system.model)
        nested = {n: c for n, c in self.closed.items() if c[1].has(AppliedCoupling)}
        put = Converter(self.ring, {}, nested)
        self.resolved = (lambda e: put(system.write(e))) if nested else (lambda e: e)
        self.elements = {e.name: self.resolved(e.residual) for e in system.equations}
        self.needs = Needs(system, self.elements.values(), [self.resolved(e) for e in others], self.closed)
        self.symbols = set(symbols)
        self.write = Writer(self.ring, self._symbol)

    def build(self) -> PackageIR:
        coordinates = self.needs.coordinates()
        coordinate_names = tuple(self.names(("c", c), c.name, "coordinate") for c in coordinates)
        couplings = self.needs.coupling_jets()
        parameters = self.needs.parameters(couplings, self.symbols)
        parameter_names = tuple(self.names(("p", p), p.name, "parameter") for p in parameters)
        profiles = self._profiles(coordinates)
        made = tuple(self._coupling(jets) for jets in couplings)
        equations = tuple(self._equation(e, profiles, made, parameters) for e in self.system.equations)
        return PackageIR(
            self.system,
            self.names,
            tuple(c.name for c in coordinates),
            coordinate_names,
            profiles,
            made,
            tuple(p.name for p in parameters),
            parameter_names,
            equations,
            lambda e: self.write(self.resolved(e)),
        )

    # ---- names ----------------------------------------------------------------------------------------------------

    def _symbol(self, g: Generator) -> Any:
        if isinstance(g, JetGenerator):
            base = self.names(("j", g.unknown.name), g.unknown.name, "profile")
            return Symbol(self.names(g.key, jet_name(base, g), "jet") if any(g.orders) else base)
        if isinstance(g, CouplingJet):
            jet = self.needs.meant(g)
            base = self.names(("v", jet.name, tuple(a.key for a in jet.arguments)), jet.name, "coupling")
            return Symbol(self.names(jet.key, coupling_name(base, jet), "jet") if any(jet.orders) else base)
        if isinstance(g, CoordinateGenerator):
            return Symbol(self.names(("c", g.symbol), g.symbol.name, "coordinate"))
        if isinstance(g, ConstantGenerator) and not g.symbol.is_number:
            return Symbol(self.names(("p", g.symbol), g.symbol.name, "parameter"))
        return None

    def _profiles(self, coordinates: tuple[Any, ...]) -> tuple[ProfileIR, ...]:
        order = 1 if self.elements else 2  # a bare metric: surfaces bend with second derivatives
        for element in self.elements.values():
            for g in jets_in(self.ring, element):
                jet = self.ring.generators[g]
                assert isinstance(jet, JetGenerator)
                order = max(order, sum(jet.orders))
        found = []
        for profile in self.system.model.profiles:
            unknown = Unknown(profile.func.name, "profile", tuple(profile.args))
            size = len(unknown.coordinates)
            inner = sorted((o for o in product(range(order + 1), repeat=size) if sum(o) <= order), key=graded)
            outer = tuple(
                tuple(o[unknown.coordinates.index(c)] if c in unknown.coordinates else 0 for c in coordinates)
                for o in inner
            )
            names = tuple(self._symbol(JetGenerator(unknown, o)).name for o in inner)
            found.append(ProfileIR(unknown.name, unknown, outer, names, tuple(inner)))
        return tuple(found)

    def _coupling(self, jets: list[CouplingJet]) -> CouplingIR:
        first = jets[0]
        name = self._symbol(first).name
        names = tuple(self._symbol(j).name for j in jets)
        arguments = tuple(self.write(a) for a in first.arguments)
        slots = tuple(
            s.name if (s := argument).is_Symbol else f"{name}_argument{i}" for i, argument in enumerate(arguments)
        )
        closed = None
        if first.name in self.closed:
            own, form = self.closed[first.name]
            plain = {s: Symbol(n) for s, n in zip(own, slots, strict=True)}
            plain |= {p: Symbol(self.names(("p", p), p.name, "parameter")) for p in form.free_symbols if p not in own}
            closed = tuple(differentiate(form, own, j.orders).xreplace(plain) for j in jets)
        return CouplingIR(name, first.name, arguments, tuple(j.orders for j in jets), names, slots, closed)

    # ---- equations ------------------------------------------------------------------------------------------------

    def _equation(
        self,
        equation: Equation,
        profiles: tuple[ProfileIR, ...],
        couplings: tuple[CouplingIR, ...],
        parameters: tuple[Any, ...],
    ) -> EquationIR:
        element = self.elements[equation.name]
        by_jet, by_coupling, by_parameter = {}, {}, {}
        for profile in profiles:
            for i, orders in enumerate(profile.inner):
                slope = partial(self.ring, JetGenerator(profile.unknown, orders))(element)
                if slope:
                    by_jet[profile.name, i] = self.write(slope)
        positions = self.needs.positions(element)
        jets = [g for p in sorted(positions) if isinstance(g := self.ring.generators[p], CouplingJet)]
        for jet in jets:
            coupling = next(c for c in couplings if self._symbol(jet).name in c.names)
            slope = partial(self.ring, jet, hold=_is_coupling)(element)
            if slope:
                by_coupling[coupling.name, coupling.names.index(self._symbol(jet).name)] = self.write(slope)
        for parameter in parameters:
            slope = partial(self.ring, ConstantGenerator(parameter), hold=_is_coupling)(element)
            if slope:
                by_parameter[parameter.name] = self.write(slope)
        magnitude = sympy.Add(*[Magnitude(t) for t in self.write.terms(element)])
        return EquationIR(equation, self.write(element), magnitude, by_jet, by_coupling, by_parameter)


def _is_coupling(generator: Generator) -> bool:
    return isinstance(generator, CouplingJet)
