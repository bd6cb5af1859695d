"""What a user wrote, as SymPy expressions; refused where it is none, or holds what was never declared."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Expr, Symbol, SympifyError, nan, oo, sympify, zoo
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from holosym.dsl.forms import CoordinateDifferential, GaugeField, ScalarField
from holosym.dsl.invariants import Contraction, Curvature
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import AppliedCoupling, Coordinate, CouplingHead, Parameter, Profile

_DECLARED = (Coordinate, Parameter, ScalarField, GaugeField, CoordinateDifferential, Curvature)
_VARYING = (ScalarField, Profile, Contraction, Curvature)


def model_name(name: Any) -> str:
    """A name that can also be that of a Python package."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise model_error(
            f"{name!r} cannot be the name of a theory", mend="use letters, digits and underscores: gubser_rocha"
        )
    return name


def unique(name: str, taken: Sequence[str], what: str, place: Place) -> None:
    """Names of solutions and equations must differ: reports and exit codes go by them."""
    if name in taken:
        raise model_error(f"a second {what} named {name!r}", mend="give each a name of its own", place=place)


def expression(value: Any, what: str, place: Place | None = None) -> Expr:
    """A finite SymPy expression of what a user wrote, numbers included.

    Args:
        value: what was written.
        what: how a message calls it: `the metric`.
        place: where it was written; by default the line being run.
    """
    if isinstance(value, str):
        # SymPy would parse it, into symbols that nobody declared.
        raise model_error(f"{what} is a text: {value!r}", mend="write it without quotes", place=place)
    try:
        made = sympify(value)
    except (SympifyError, TypeError, ValueError):
        made = None
    if isinstance(made, Relational):
        raise model_error(f"{what} is a relation: {made}", mend="write its left side minus its right side", place=place)
    if not isinstance(made, Expr) or getattr(made, "is_Matrix", False):
        unapplied = isinstance(value, CouplingHead)
        raise model_error(
            f"{what} is not an expression: {' '.join(repr(value).split())} is of type {type(value).__name__}",
            mend=f"apply the coupling to fields: {value}(phi)" if unapplied else "write a SymPy expression",
            place=place,
        )
    if made.has(nan, zoo, oo, -oo):
        raise model_error(f"{what} is not finite: {made}", mend="look for a division by zero", place=place)
    return made


def mapping(value: Any, what: str, example: str, place: Place | None = None) -> Mapping[Any, Any]:
    """A dictionary; `None` is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        kind = type(value).__name__
        raise model_error(f"{what} must be a dictionary, not a {kind}", mend=f"write {example}", place=place)
    return value


def closed_forms(couplings: Any, place: Place | None = None) -> dict[AppliedCoupling, Expr]:
    """Closed forms of couplings, keyed by the applied coupling."""
    found: dict[AppliedCoupling, Expr] = {}
    for key, value in mapping(couplings, "couplings", "{V(phi): -6*cosh(phi)}", place).items():
        if not isinstance(key, AppliedCoupling) or key.func.orders:
            raise model_error(
                f"{key} is not a coupling applied to its arguments",
                mend="write {V(phi): -6*cosh(phi)}, with V from couplings('V')",
                place=place,
            )
        form = expression(value, f"the closed form of {key}", place)
        _closed_arguments(key, place)
        _closed_form(key, form, place)
        if key.func.base in {other.func.base for other in found}:
            raise model_error(f"a second closed form of {key.func.base}", mend="give each coupling one", place=place)
        found[key] = form
    _not_circular(found, place)
    return found


def _closed_arguments(key: AppliedCoupling, place: Place | None) -> None:
    """A closed form is a function of its arguments, so these must be different things that can vary."""
    if not key.args or len(set(key.args)) != len(key.args) or not all(a.has(*_VARYING) for a in key.args):
        raise model_error(
            f"{key} does not define {key.func.base}: its arguments must be different fields or invariants",
            mend=f"write {{{key.func.base}(phi): ...}} with a field phi",
            place=place,
        )


def _closed_form(key: AppliedCoupling, form: Expr, place: Place | None) -> None:
    declared(form, f"the closed form of {key}", place)
    arguments = f"neither an argument of {key.func.base} nor a parameter"
    for profile in sorted(form.atoms(Profile) - key.atoms(Profile), key=str):
        raise model_error(
            f"the closed form of {key} depends on the profile {profile}, which is {arguments}",
            mend="write it with the field, not with its profile",
            place=place,
        )
    inside = key.free_symbols
    for symbol in sorted(form.free_symbols, key=str):
        if symbol not in inside and not isinstance(symbol, Parameter):
            raise model_error(
                f"the closed form of {key} depends on {symbol}, which is {arguments}",
                mend=f"make it an argument: {key.func.base}({', '.join(map(str, (*key.args, symbol)))})",
                place=place,
            )


def _not_circular(found: Mapping[AppliedCoupling, Expr], place: Place | None) -> None:
    """A closed form may hold other couplings, but not lead back to itself."""
    uses = {key.func.base: {a.func.base for a in form.atoms(AppliedCoupling)} for key, form in found.items()}
    for name in sorted(uses):
        reached: set[str] = set()
        new = uses[name]
        while new:
            reached |= new
            new = set().union(*(uses.get(other, set()) for other in new)) - reached
        if name in reached:
            raise model_error(
                f"the closed form of {name} contains {name} itself, directly or through others",
                mend="give it in terms of its arguments and of other couplings",
                place=place,
            )


def declared(expression: Expr, what: str, place: Place | None = None) -> None:
    """Every symbol must come from holosym's declarations."""
    for symbol in sorted(expression.free_symbols, key=str):
        if isinstance(symbol, Symbol) and not isinstance(symbol, _DECLARED):
            raise model_error(
                f"{symbol} in {what} is not declared",
                mend=f"declare it: {symbol} = parameters({str(symbol)!r}), or coordinates, scalar, ...",
                place=place,
            )
    for applied in sorted(expression.atoms(AppliedUndef), key=str):
        if not isinstance(applied, Profile | AppliedCoupling):
            name = applied.func.__name__
            raise model_error(
                f"the function {applied} in {what} is not declared",
                mend=f"declare it: {name} = profiles({name!r}, z), or {name} = couplings({name!r})",
                place=place,
            )
