"""The context of EQUATIONS.md: equations as LaTeX, with primes for derivatives, broken where they are
long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol, latex

from holosym.codegen.ir import PackageIR
from holosym.derive.system import Equation
from holosym.dsl.theory import System, Theory
from holosym.errors import RingError
from holosym.jets.composites import CouplingJet
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import Generator, JetGenerator
from holosym.jets.to_sympy import Writer
from holosym.verify import Check

TERMS_PER_LINE = 5


class Latex:
    """LaTeX of ring elements and of SymPy expressions of one model."""

    def __init__(self, ir: PackageIR) -> None:
        self.ring = ir.system.ring
        self.symbols: dict[Symbol, str] = {}
        self.write = Writer(self.ring, self._symbol)
        self.convert = Converter(self.ring)

    def _symbol(self, g: Generator) -> Any:
        if isinstance(g, JetGenerator):
            return self._named(f"jet {g.unknown.name} {g.orders}", jet_latex(g))
        if isinstance(g, CouplingJet):
            text = coupling_latex(g, [self.element(a) for a in g.arguments])
            return self._named(f"coupling {g.name} {g.orders} {text}", text)
        return None

    def _named(self, key: str, text: str) -> Symbol:
        symbol = Symbol(key)
        self.symbols[symbol] = text
        return symbol

    def element(self, element: Any) -> str:
        """A ring element."""
        return self.expression(self.write(element))

    def expression(self, expression: Expr) -> str:
        """A SymPy expression, a long sum on several lines."""
        terms = expression.as_ordered_terms() if expression.is_Add else [expression]
        if len(terms) <= TERMS_PER_LINE:
            return self.plain(expression)
        lines = []
        for start in range(0, len(terms), TERMS_PER_LINE):
            text = self.plain(sympy.Add(*terms[start : start + TERMS_PER_LINE]))
            lines.append(text if start == 0 or text.startswith("-") else "+ " + text)
        return r"\begin{aligned}&" + r"\\&".join(lines) + r"\end{aligned}"

    def plain(self, expression: Expr) -> str:
        """A SymPy expression on one line."""
        return str(latex(expression, symbol_names=self.symbols))

    def user(self, expression: Expr) -> str:
        """An expression that a user wrote: through the ring where it goes, so that derivatives get primes."""
        try:
            return self.element(self.convert(expression))
        except RingError:
            return self.plain(expression)


def jet_latex(g: JetGenerator) -> str:
    """f, f', f'', and partial derivatives of functions of several coordinates."""
    name = latex(Symbol(g.unknown.name))
    if len(g.orders) == 1:
        return f"{{{name}}}" + "'" * g.orders[0] if g.orders[0] else name
    along = "".join(latex(Symbol(c.name)) * n for c, n in zip(g.unknown.coordinates, g.orders, strict=True))
    return rf"\partial_{{{along}}} {name}" if along else name


def coupling_latex(g: CouplingJet, arguments: list[str]) -> str:
    """V(phi), V'(phi), V^{(1,0)}(phi, chi)."""
    primes = "'" * g.orders[0] if len(g.orders) == 1 else ""
    if len(g.orders) > 1 and any(g.orders):
        primes = f"^{{({','.join(map(str, g.orders))})}}"
    return rf"{latex(Symbol(g.name))}{primes}\left({', '.join(arguments)}\right)"


def document(ir: PackageIR, checks: Sequence[Check]) -> dict[str, Any]:
    """Everything that the template of EQUATIONS.md names."""
    system = ir.system
    tex = Latex(ir)
    outcome = {(c.kind, c.name): _outcome(c) for c in checks}
    roles: dict[str, list[dict[str, str]]] = {"dynamical": [], "constraint": []}
    for e in system.equations:
        roles[e.role].append({"name": e.name, "origin": e.origin, "latex": _equation(tex, e)})
    return {
        "ansatz": _ansatz(ir, tex),
        "couplings": [f"{latex(k)} = {latex(v)}" for k, v in sorted(system.model.couplings.items(), key=str)],
        "dynamical": roles["dynamical"],
        "constraints": roles["constraint"],
        "implied": sorted(system.solved.implied),
        "free": system.free,
        "statements": system.proof.statements,
        "notes": system.proof.notes,
        "solutions": [
            {**_solution(tex, s), "outcome": outcome["solution", s.name]} for s in system.model.known_solutions
        ],
        "published": [
            {
                "name": p.name,
                "source": p.source,
                "latex": tex.user(p.expression),
                "outcome": outcome["published", p.name],
            }
            for p in system.model.published_equations
        ],
    }


def _outcome(check: Check) -> str:
    return f"holds ({check.method})" if check.passed else f"DOES NOT HOLD: {check.detail}"


def _equation(tex: Latex, equation: Equation) -> str:
    if equation.leading is None or equation.right is None:
        return f"{tex.element(equation.residual)} = 0"
    if len(equation.right.terms) <= 2 * TERMS_PER_LINE:
        return f"{jet_latex(equation.leading)} = {tex.element(equation.right)}"
    return f"{tex.element(equation.residual)} = 0"


def _ansatz(ir: PackageIR, tex: Latex) -> list[str]:
    model = ir.system.model
    if isinstance(model, System):
        return [f"{tex.user(e)} = 0" for e in model.given.values()]
    assert isinstance(model, Theory)
    lines = [rf"ds^2 = {latex(model.metric)}"]
    for field in model.fields:
        lines.append(rf"{latex(Symbol(field.name))} = {latex(field.ansatz)}")
    if model.lagrangian is not None:
        lines.append(rf"\mathcal{{L}} = {_lagrangian(model)}")
    return lines


def _lagrangian(model: Theory) -> str:
    from holosym.dsl.invariants import INVARIANTS

    assert model.lagrangian is not None
    names: dict[Symbol, str] = {}
    replaced = {}
    for k, invariant in enumerate(sorted(model.lagrangian.atoms(*INVARIANTS), key=str)):
        symbol = Symbol(f"invariant{k}")
        names[symbol] = rf"\mathrm{{{invariant!s}}}".replace("_", r"\_")
        replaced[invariant] = symbol
    return str(latex(model.lagrangian.xreplace(replaced), symbol_names=names))


def _solution(tex: Latex, solution: Any) -> dict[str, Any]:
    lines = [rf"{latex(Symbol(p.func.name))} = {latex(form)}" for p, form in solution.profiles.items()]
    lines += [rf"{latex(k)} = {latex(v)}" for k, v in solution.couplings.items()]
    lines += [rf"{latex(k)} = {latex(v)}" for k, v in solution.parameters.items()]
    return {"name": solution.name, "source": solution.source, "lines": lines}
