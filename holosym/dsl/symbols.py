"""What a model is written with: coordinates, profiles, parameters, couplings.

Everything is an ordinary SymPy object of a class of its own, so that a profile, a scalar field and a
coordinate may bear the same printed name: SymPy holds objects of different classes apart.

A coupling differentiates to its own derivative: V(phi).diff(phi) is the applied coupling V'(phi), never a
`Subs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction

from holosym.dsl.place import model_error

_NAME = re.compile(r"[A-Za-z_]\w*\Z")


class Coordinate(Symbol):
    """A real coordinate; `position` is its place in the order of declaration, which orients the volume form."""

    position: int

    def __new__(cls, name: str, position: int) -> Coordinate:
        made: Coordinate = Symbol.__xnew__(cls, name, real=True)
        made.position = position
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.position)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.position), {}


class Parameter(Symbol):
    """A constant of the theory or of a solution."""


class Profile(AppliedUndef):
    """An unknown function of coordinates, applied to them."""


class ProfileHead(UndefinedFunction):
    """The function of a `Profile`; its kind is part of its identity."""

    def __eq__(cls, other: object) -> bool:
        return isinstance(other, ProfileHead) and cls.name == other.name

    def __hash__(cls) -> int:
        return hash(("profile", cls.name))


class AppliedCoupling(AppliedUndef):
    """A coupling, or a derivative of one, at its arguments."""

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative with respect to one argument: another applied coupling."""
        head: CouplingHead = self.func
        orders = list(head.orders or (0,) * len(self.args))
        orders[argindex - 1] += 1
        return coupling_head(head.base, tuple(orders))(*self.args)


class CouplingHead(UndefinedFunction):
    """A function of fields, closed or unknown, with the orders of its derivatives."""

    base: str
    orders: tuple[int, ...]

    def __eq__(cls, other: object) -> bool:
        return isinstance(other, CouplingHead) and (cls.base, cls.orders) == (other.base, other.orders)

    def __hash__(cls) -> int:
        return hash(("coupling", cls.base, cls.orders))


def coupling_head(base: str, orders: tuple[int, ...] = ()) -> CouplingHead:
    """The head of a coupling's derivative; `V` and its zeroth derivative are one."""
    if not any(orders):
        orders, name = (), base
    elif len(orders) == 1:
        name = base + "'" * orders[0]
    else:
        name = f"{base}^({','.join(map(str, orders))})"
    head = CouplingHead(name, bases=(AppliedCoupling,))
    head.base, head.orders = base, orders
    return head


def _names(names: str) -> list[str]:
    found = [n for n in re.split(r"[\s,]+", names) if n]
    if not found:
        raise model_error("no name is given", mend="give at least one name, as in coordinates('t x y z')")
    for name in found:
        if not _NAME.match(name):
            raise model_error(f"{name!r} is not a name", mend="use letters, digits and underscores")
    return found


def _one_or_many(names: str, make: Callable[[str], Any]) -> Any:
    made = [make(name) for name in _names(names)]
    return made[0] if len(made) == 1 else tuple(made)


def coordinates(names: str) -> Any:
    """Real coordinate symbols; the metric signature is mostly plus.

    Args:
        names: names separated by spaces or commas.

    Returns:
        One symbol for one name, else a tuple, as with `sympy.symbols`.
    """
    found = tuple(_names(names))
    if len(set(found)) < len(found):
        raise model_error(f"a coordinate is named twice in {names!r}", mend="give each a name of its own")
    start = _declared.setdefault(found, sum(map(len, _declared)))
    return _one_or_many(names, lambda name: Coordinate(name, start + found.index(name)))


_declared: dict[tuple[str, ...], int] = {}


def forget_declarations() -> None:
    """Start counting coordinates anew: done before every model file, so that order never depends on earlier ones."""
    _declared.clear()


def parameters(names: str, **assumptions: bool) -> Any:
    """Constants; SymPy assumptions (`positive=True`, ...) pass through."""
    return _one_or_many(names, lambda name: Parameter(name, **assumptions))


def profiles(names: str, variables: Any) -> Any:
    """Unknown functions of one coordinate, or of a tuple of several.

    Args:
        names: names separated by spaces or commas.
        variables: a coordinate or a sequence of coordinates.
    """
    chosen = tuple(variables) if isinstance(variables, Sequence) else (variables,)
    for variable in chosen:
        if not isinstance(variable, Coordinate):
            raise model_error(
                f"a profile of {variable}, which is not a coordinate",
                mend="declare the coordinate first: z = coordinates('z')",
            )
    return _one_or_many(names, lambda name: ProfileHead(name, bases=(Profile,))(*chosen))


def couplings(names: str) -> Any:
    """Functions of the fields (or of invariants), closed form or unknown: `V(phi)`, `V(phi, chi)`."""
    return _one_or_many(names, coupling_head)
