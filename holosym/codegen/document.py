"""The context of EQUATIONS.md: equations as LaTeX, with primes for derivatives, broken where they are
long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from holosym.codegen.ir import PackageIR
from holosym.derive.system import Equation
from holosym.dsl.latex import Latex
from holosym.dsl.theory import KnownSolution, System, Theory
from holosym.jets.element import Element
from holosym.jets.to_sympy import Writer, atom_symbol
from holosym.verify import Check

TERMS_PER_LINE = 5


class Lines:
    """LaTeX of ring elements and of SymPy expressions of one model, long sums on several lines."""

    def __init__(self, ir: PackageIR) -> None:
        self.write = Writer(ir.system.ring)
        self.printer = Latex()

    def element(self, element: Element) -> str:
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
        return str(self.printer.doprint(expression))

    def equation(self, left: Expr, right: Expr) -> str:
        """left = right on one line."""
        return f"{self.plain(left)} = {self.plain(right)}"


def document(ir: PackageIR, checks: Sequence[Check]) -> dict[str, Any]:
    """Everything that the template of EQUATIONS.md names."""
    system = ir.system
    tex = Lines(ir)
    outcome = {(c.kind, c.name): _outcome(c) for c in checks}
    roles: dict[str, list[dict[str, str]]] = {"dynamical": [], "constraint": []}
    for e in system.equations:
        roles[e.role].append({"name": e.name, "origin": e.origin, "latex": _equation(tex, e)})
    return {
        "ansatz": _ansatz(ir, tex),
        "couplings": [tex.equation(k, v) for k, v in sorted(system.model.couplings.items(), key=str)],
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
                "latex": tex.expression(p.expression),
                "outcome": outcome["published", p.name],
            }
            for p in system.model.published_equations
        ],
    }


def _outcome(check: Check) -> str:
    return f"holds ({check.method})" if check.passed else f"DOES NOT HOLD: {check.detail}"


def _equation(tex: Lines, equation: Equation) -> str:
    if equation.leading is None or equation.right is None:
        return f"{tex.element(equation.residual)} = 0"
    if len(equation.right.terms) <= 2 * TERMS_PER_LINE:
        return f"{tex.plain(atom_symbol(equation.leading))} = {tex.element(equation.right)}"
    return f"{tex.element(equation.residual)} = 0"


def _ansatz(ir: PackageIR, tex: Lines) -> list[str]:
    model = ir.system.model
    if isinstance(model, System):
        return [f"{tex.expression(e)} = 0" for e in model.given.values()]
    assert isinstance(model, Theory)
    lines = [rf"\mathrm{{d}}s^2 = {tex.plain(model.metric)}"]
    lines += [tex.equation(Symbol(field.name), field.ansatz) for field in model.fields]
    if model.lagrangian is not None:
        lines.append(rf"\mathcal{{L}} = {tex.plain(model.lagrangian)}")
    return lines


def _solution(tex: Lines, solution: KnownSolution) -> dict[str, Any]:
    pairs = [*solution.profiles.items(), *solution.couplings.items(), *solution.parameters.items()]
    return {"name": solution.name, "source": solution.source, "lines": [tex.equation(k, v) for k, v in pairs]}
