"""Equations as a physicist writes them: f'' for a jet, V'(phi) for a coupling's derivative, d(A) for a form.

One printer a notation, each on top of SymPy's own: `Pretty` for a terminal, `Latex`, and `Mathematica`. A profile is
written without its argument; a function of several coordinates has its derivatives spelled out.
"""

from __future__ import annotations

from typing import Any

from sympy.printing.mathematica import MCodePrinter
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_symbol
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from holosym.dsl.latex import Latex, orders_of, primes
from holosym.dsl.symbols import AppliedCoupling, Profile


class Pretty(PrettyPrinter):
    """Two-dimensional text."""

    def _print_AppliedUndef(self, e: Any) -> Any:
        if isinstance(e, Profile):
            return prettyForm(pretty_symbol(e.func.name))
        if isinstance(e, AppliedCoupling):
            head = prettyForm(pretty_symbol(e.func.base) + primes(e.func.orders))
            arguments = prettyForm(*self._print_seq(e.args, delimiter=", ").parens())
            return prettyForm(*stringPict.next(head, arguments), binding=prettyForm.ATOM)
        return super()._print_Function(e)

    _print_Function = _print_AppliedUndef

    def _print_Derivative(self, e: Any) -> Any:
        if not isinstance(e.expr, Profile):
            return super()._print_Derivative(e)
        name = pretty_symbol(e.expr.func.name)
        if len(e.expr.args) == 1:
            return prettyForm(name + "'" * orders_of(e)[0])
        along = zip(e.expr.args, orders_of(e), strict=True)
        return prettyForm(f"{name}_" + "".join(pretty_symbol(c.name) * n for c, n in along))

    def _print_Contraction(self, e: Any) -> Any:
        return prettyForm(str(e), binding=prettyForm.ATOM)

    _print_FormAtom = _print_Contraction


class Mathematica(MCodePrinter):
    """Input for Mathematica: f[z], Derivative[2][f][z], V[phi[z]]; `A_t` is a pattern there, so it becomes A$t."""

    def _print_Symbol(self, e: Any) -> str:
        return mathematica_name(e.name)

    def _print_CoordinateDifferential(self, e: Any) -> str:
        return f"Dt[{mathematica_name(e.coordinate.name)}]"

    def _print_AppliedUndef(self, e: Any) -> str:
        arguments = ", ".join(self._print(a) for a in e.args)
        if isinstance(e, AppliedCoupling):
            return f"{_derived(e.func.base, e.func.orders)}[{arguments}]"
        return f"{mathematica_name(e.func.__name__)}[{arguments}]"

    def _print_Function(self, e: Any) -> str:
        if isinstance(e, Profile | AppliedCoupling):
            return self._print_AppliedUndef(e)
        return str(super()._print_Function(e))

    def _print_Derivative(self, e: Any) -> str:
        if not isinstance(e.expr, Profile):
            return str(super()._print_Derivative(e))
        arguments = ", ".join(self._print(a) for a in e.expr.args)
        return f"{_derived(e.expr.func.name, orders_of(e))}[{arguments}]"


__all__ = ["Latex", "Mathematica", "Pretty", "mathematica_name", "orders_of"]


def mathematica_name(name: str) -> str:
    """A name that Mathematica takes: no underscores, and none of its protected letters."""
    return f"{name}$" if name in {"C", "D", "E", "I", "K", "N", "O"} else name.replace("_", "$")


def _derived(name: str, orders: tuple[int, ...]) -> str:
    if not any(orders):
        return mathematica_name(name)
    return f"Derivative[{', '.join(map(str, orders))}][{mathematica_name(name)}]"
