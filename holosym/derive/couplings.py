"""Closed forms of couplings as functions of slots: V = (slots, expression in the slots).

A closed form may hold other couplings, as a potential made of a superpotential does; those that have
closed forms themselves are put in, with their derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sympy

from holosym.dsl.invariants import INVARIANTS
from holosym.dsl.symbols import AppliedCoupling, Profile
from holosym.jets.from_sympy import differentiate

if TYPE_CHECKING:
    from holosym.dsl.theory import Model

Closed = dict[str, tuple[tuple[Any, ...], Any]]


def closed_couplings(model: Model, extra: Mapping[Any, Any] | None = None) -> Closed:
    """The closed forms of a model by name; those of a solution (`extra`) win.

    Args:
        model: the model.
        extra: closed forms that hold for one solution alone.

    Returns:
        For every closed coupling its slots and its form; a form may still hold couplings that are unknown.
    """
    found: Closed = {}
    for applied, form in {**model.couplings, **(extra or {})}.items():
        slots = tuple(sympy.Dummy(f"s{i}", real=True) for i in range(len(applied.args)))
        for argument, slot in zip(applied.args, slots, strict=True):
            form = _in_slot(form, argument, slot)
        found[applied.func.base] = (slots, form)
    for _ in found:
        found = {name: (slots, _resolved(form, found)) for name, (slots, form) in found.items()}
    return found


def _in_slot(form: Any, argument: Any, slot: Any) -> Any:
    """A form of an argument as a function of a slot; the argument may be a sum such as (X_1 + X_2)/2."""
    if argument.is_Symbol or isinstance(argument, (*INVARIANTS, Profile)):
        return form.xreplace({argument: slot})
    atoms = sorted(argument.atoms(*INVARIANTS) or argument.free_symbols, key=str)
    inverse = sympy.solve(sympy.Eq(argument, slot), atoms[0])
    return form.xreplace({atoms[0]: inverse[0]}) if inverse else form


def _resolved(form: Any, closed: Closed) -> Any:
    """A form with the closed couplings in it put in."""
    replaced = {}
    for applied in form.atoms(AppliedCoupling):
        if applied.func.base in closed:
            slots, inner = closed[applied.func.base]
            orders = applied.func.orders or (0,) * len(slots)
            replaced[applied] = differentiate(inner, slots, orders).xreplace(
                dict(zip(slots, applied.args, strict=True))
            )
    return form.xreplace(replaced)
