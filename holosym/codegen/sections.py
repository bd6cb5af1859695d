"""Sections of EQUATIONS.md on what is known of solutions: both expansions, thermodynamics, transport."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from holosym.codegen.document import Lines
from holosym.codegen.ir import PackageIR
from holosym.codegen.numbers import evaluated
from holosym.codegen.observables import Observables
from holosym.expand.series import BoundarySeries, HorizonSeries, Term
from holosym.jets.element import Element
from holosym.jets.to_sympy import atom_symbol
from holosym.observe.quantity import BoundaryQuantity, LocalQuantity
from holosym.observe.surfaces import Surfaces

FILES = {
    "horizon": "Horizon",
    "boundary": "Boundary",
    "thermodynamics": "Thermodynamics",
    "transport": "DC transport",
    "entanglement": "Surfaces",
}
DIGITS = 8


def readable(coefficient: Expr) -> Expr:
    """A coefficient as a person wants to see it: without numbers of many digits."""
    made = evaluated(coefficient)
    return coefficient if made == coefficient else made.xreplace({n: n.n(DIGITS) for n in made.atoms(sympy.Float)})


class Sections:
    """What the template of EQUATIONS.md names beyond the equations."""

    def __init__(self, ir: PackageIR, known: Observables, reasons: dict[str, str]) -> None:
        self.known = known
        self.reasons = reasons
        self.tex = Lines(ir)
        self.dollar = self.tex.plain

    def context(self) -> dict[str, Any]:
        """Everything the template names; a section that is not there is None."""
        known = self.known
        return {
            "horizon": None if known.horizon is None else self.horizon(known.horizon),
            "boundary": None if known.boundary is None else self.boundary(known.boundary),
            "thermodynamics": [self.local(q) for q in (*known.at_horizon, *known.conserved)]
            + [self.shown_quantity(q, self.tex.expression(q.value)) for q in known.at_boundary],
            "transport": [self.local(q) for q in known.transport],
            "transport_notes": known.transport_notes,
            "surfaces": [] if known.surfaces is None else self.surfaces(known.surfaces),
            "surface_notes": () if known.surfaces is None else known.surfaces.notes,
            "absent": [f"{title}: {self.reasons[name]}" for name, title in FILES.items() if self.unsaid(name)],
            "partial": self.partial(),
        }

    def unsaid(self, name: str) -> bool:
        """Whether a file is absent and no section says why."""
        return name in self.reasons and not (name == "transport" and self.known.transport_notes)

    def partial(self) -> list[str]:
        """Why one of several groups of thermodynamic quantities is missing."""
        titles = {
            "at_horizon": "temperature and entropy",
            "conserved": "radially conserved charges",
            "at_boundary": "energy, pressure, sources and responses",
        }
        if "thermodynamics" in self.reasons:
            return []
        return [f"{title}: {self.known.reasons[name]}" for name, title in titles.items() if name in self.known.reasons]

    def local(self, quantity: LocalQuantity) -> dict[str, str]:
        """A quantity of jets."""
        value = self.quotient(quantity.numerator, quantity.denominator)
        return self.shown_quantity(quantity, value)

    def shown_quantity(self, quantity: LocalQuantity | BoundaryQuantity, value: str) -> dict[str, str]:
        """A quantity with its value."""
        return {
            "name": quantity.name,
            "latex": f"{quantity.symbol} = {value}",
            "text": quantity.text,
            "source": quantity.source,
        }

    def surfaces(self, known: Surfaces) -> list[dict[str, str]]:
        """B and C of every kind of surface; alike directions stand together."""
        x = self.tex.plain(known.variable)
        found: dict[str, dict[str, str]] = {}
        for one in known.surfaces:
            values = []
            for letter, power, jet in zip("BC", one.powers, (one.radial, one.along), strict=True):
                front = f"{x}^{{{self.tex.plain(-2 * power)}}}"
                value = self.tex.write(jet[0])
                shown = rf"\left({self.tex.expression(value)}\right)" if value.is_Add else self.tex.plain(value)
                values.append(f"{letter} = {front}" + ("" if value == 1 else rf" \, {shown}"))
            text = ", \\qquad ".join(values)
            kind = "strip" if one.kind == "strip" else "string between charges apart"
            if text + kind in found:
                found[text + kind]["directions"] += f", {one.direction}"
            else:
                found[text + kind] = {"kind": kind, "directions": one.direction, "latex": text, "source": one.source}
        return list(found.values())

    def quotient(self, numerator: Element, denominator: Element) -> str:
        """A quotient of ring elements."""
        below = self.tex.write(denominator)
        if len(denominator.terms) == 1:
            return self.tex.expression(sympy.Add(*[t / below for t in self.tex.write.terms(numerator)]))
        if len(numerator.terms) <= 5:
            return self.tex.plain(self.tex.write(numerator) / below)
        return rf"\frac{{1}}{{{self.tex.plain(below)}}}\left({self.tex.expression(self.tex.write(numerator))}\right)"

    def horizon(self, series: HorizonSeries) -> dict[str, Any]:
        """The regular expansion at the horizon."""
        values = [
            f"{self.tex.plain(atom_symbol(jet))} = {self.quotient(above, below)}" for jet, above, below in series.values
        ]
        model: Any = series.system.model
        return {
            "point": self.tex.equation(model.radial, series.point),
            "vanishing": [self.tex.plain(atom_symbol(jet)) for jet in series.vanishing],
            "data": [self.tex.plain(atom_symbol(jet)) for jet in series.data],
            "values": values,
            "notes": series.notes,
        }

    def boundary(self, series: BoundarySeries) -> dict[str, Any]:
        """Exponents, data and series."""
        model: Any = series.system.model
        shown = [t for terms in series.series.values() for t in self.shown(series, terms)]
        seen = set().union(*(t.coefficient.free_symbols for t in shown))
        return {
            "variable": f"x = {self.tex.plain(series.variable)}",
            "asymptotics": series.asymptotics,
            "dimension": series.dimension,
            "exponents": [self.tex.equation(Symbol(n), value) for n, value in sorted(series.exponents.items())],
            "operators": [
                rf"\Delta_{{{self.tex.plain(Symbol(name))}}} = {self.tex.plain(high)}, \qquad "
                rf"d - \Delta = {self.tex.plain(low)}"
                for name, (high, low) in sorted(series.operators.items())
            ],
            "modes": [(self.tex.plain(m.power), ", ".join(m.profiles), m.kind) for m in series.modes],
            "data": [
                {
                    "symbol": self.tex.plain(one.symbol),
                    "place": self.place(one.profile, one.power, one.log),
                    "kind": one.kind,
                    "dimension": self.tex.plain(one.dimension),
                }
                for one in series.data
            ],
            "series": [self.profile(series, name) for name in sorted(series.series)],
            "taylor": [
                self.tex.plain(t.symbol) + f" = {self.derivative(t)}" for t in series.taylor if t.symbol in seen
            ],
            "relations": [f"{self.tex.expression(r)} = 0" for r in series.relations],
            "order": self.tex.plain(series.order),
            "notes": (
                *(one.sentence() for _, one in sorted(model.boundary_conditions.items(), key=lambda c: c[0].name)),
                *series.notes,
            ),
        }

    def derivative(self, t: Any) -> str:
        """What a symbol of a coupling's derivative stands for."""
        few = len(t.orders) == 1 and t.orders[0] < 4
        primes = "'" * t.orders[0] if few else f"^{{({','.join(map(str, t.orders))})}}"
        text = f"{self.tex.plain(Symbol(t.coupling))}{primes}"
        return text if t.value is None else f"{text} = {self.tex.plain(t.value)}"

    def place(self, profile: str, power: Expr, log: int) -> str:
        """Where a datum stands."""
        return rf"{self.power(power, log) or 'x^{0}'} \text{{ in }} {self.tex.plain(Symbol(profile))}"

    def power(self, power: Expr, log: int) -> str:
        """x^power (log x)^log; empty for one."""
        parts = [] if power == 0 else ["x" if power == 1 else f"x^{{{self.tex.plain(power)}}}"]
        parts += [r"\log x" if log == 1 else rf"\log^{{{log}}} x"] if log else []
        return r" \, ".join(parts)

    def profile(self, series: BoundarySeries, name: str) -> str:
        """A profile's series through relative order d: what lies beyond is in boundary.py."""
        kept = self.shown(series, series.series[name])
        parts = [self.term(t) for t in kept]
        text = " ".join(p if i == 0 or p.startswith("-") else f"+ {p}" for i, p in enumerate(parts)) or "0"
        if len(parts) > 2:
            body = r"\\&".join(p if i == 0 or p.startswith("-") else f"+ {p}" for i, p in enumerate(parts))
            text = rf"\begin{{aligned}}&{body} + \dots\end{{aligned}}"
        elif parts:
            text += r" + \dots"
        return f"{self.tex.plain(Symbol(name))} = {text}"

    def shown(self, series: BoundarySeries, terms: Sequence[Term]) -> list[Term]:
        """Terms up to x^d beyond the first, or up to the first datum beyond that."""
        if not terms:
            return []
        last = terms[0].power + series.dimension
        return [t for t in terms if not (t.power - last).is_positive]

    def term(self, term: Term) -> str:
        """One term with its sign."""
        power = self.power(term.power, term.log)
        coefficient = readable(term.coefficient)
        if not power:
            return self.tex.plain(coefficient)
        if coefficient == 1:
            return power
        text = self.tex.plain(coefficient)
        return rf"\left({text}\right) {power}" if coefficient.is_Add else f"{text} {power}"
