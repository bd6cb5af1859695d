"""LaTeX as a physicist writes it: f'' for a jet, V'(phi) for a coupling's derivative, (dA)^2 for a contraction.

A profile is written without its argument; a function of several coordinates has its derivatives spelled out.
"""

from __future__ import annotations

import re
from typing import Any

from sympy import Derivative, Symbol
from sympy.printing.latex import LatexPrinter

from holosym.dsl.symbols import AppliedCoupling, Profile


def orders_of(jet: Derivative) -> tuple[int, ...]:
    """How often a derivative of a profile is taken along each of its coordinates."""
    taken = {variable: int(count) for variable, count in jet.variable_count}
    return tuple(taken.get(coordinate, 0) for coordinate in jet.expr.args)


class Latex(LatexPrinter):
    """LaTeX for mathematics mode."""

    def _print_AppliedUndef(self, e: Any, exp: str | None = None) -> str:
        if isinstance(e, Profile):
            name = self._print(Symbol(e.func.name))
            return f"{name}^{{{exp}}}" if exp else str(name)
        if isinstance(e, AppliedCoupling):
            arguments = ", ".join(self._print(a) for a in e.args)
            raised = primes(e.func.orders).replace("^(", "^{(").replace(")", ")}")
            name = self._print(Symbol(e.func.base)) + raised
            return self._powered(rf"{name}\left({arguments}\right)", exp)
        return str(super()._print_Function(e, exp))

    _print_Function = _print_AppliedUndef

    def _print_Symbol(self, e: Any, style: str = "plain") -> str:
        """A coefficient of x^2 (log x)^2, `phi_2_log2`, with an upright logarithm."""
        return re.sub(r" log(\d*)\}", lambda m: rf" \log{'^' + m[1] if m[1] else ''}}}", str(super()._print_Symbol(e)))

    def _print_Derivative(self, e: Any) -> str:
        if not isinstance(e.expr, Profile):
            return str(super()._print_Derivative(e))
        name = self._print(Symbol(e.expr.func.name))
        if len(e.expr.args) == 1:
            return f"{{{name}}}" + "'" * orders_of(e)[0]
        along = zip(e.expr.args, orders_of(e), strict=True)
        return rf"\partial_{{{' '.join(' '.join([self._print(c)] * n) for c, n in along if n)}}} {name}"

    def _print_CoordinateDifferential(self, e: Any) -> str:
        return rf"\mathrm{{d}}{self._print(e.coordinate)}"

    def _print_ExteriorDerivative(self, e: Any) -> str:
        return rf"\mathrm{{d}}{self._print(e.args[0])}"

    def _print_Wedge(self, e: Any) -> str:
        return r" \wedge ".join(rf"\left({self._print(a)}\right)" for a in e.args)

    def _print_FormProduct(self, e: Any, exp: str | None = None) -> str:
        v, w = e.args
        text = rf"\left({self._print(v)}\right)" + ("^2" if v == w else rf" \cdot \left({self._print(w)}\right)")
        return self._powered(text, exp)

    def _print_LeviCivita(self, e: Any, exp: str | None = None) -> str:
        return self._powered(rf"\epsilon\left({', '.join(self._print(a) for a in e.args)}\right)", exp)

    @staticmethod
    def _powered(text: str, exp: str | None) -> str:
        return text if exp is None else rf"{{\left({text}\right)}}^{{{exp}}}"


def primes(orders: tuple[int, ...]) -> str:
    """' for each derivative of a function of one argument, ^(1,0) for one of several."""
    if len(orders) <= 1:
        return "'" * sum(orders)
    return f"^({','.join(map(str, orders))})"
