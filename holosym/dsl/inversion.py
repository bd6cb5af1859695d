"""Equations solved for one unknown, where there is one real solution; and whether two expressions agree."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sympy import Add, Derivative, Dummy, Expr, Rational, Symbol, im, nan, preorder_traversal, solve
from sympy.core.function import AppliedUndef

POINTS = 3
ATTEMPTS = 8
DIGITS = 40


class NoInverse(Exception):
    """There is no inverse, or more than one; the text says which."""


def inverse(equation: Expr, unknown: Symbol) -> Expr:
    """The real solution of  equation = 0.

    Raises:
        NoInverse: where there is none, or more than one.
    """
    return inverses([equation], [unknown])[unknown]


def inverses(equations: Sequence[Expr], unknowns: Sequence[Symbol]) -> dict[Symbol, Expr]:
    """The real solution of as many equations as unknowns.

    Raises:
        NoInverse: where there is none, or more than one.
    """
    try:
        found = solve(list(equations), list(unknowns), dict=True)
    except NotImplementedError:
        found = []
    whole = [one for one in found if set(one) == set(unknowns) and not _holds(one.values(), unknowns)]
    real = [one for one in whole if not any(value.is_real is False for value in one.values())]
    if not real:
        raise NoInverse("no solution is found")
    if len(real) > 1:
        real = [one for one in real if not any(_complex(value) for value in one.values())] or real
    if len(real) > 1:
        written = " and ".join(_plain(next(iter(one.values()))) for one in real)
        raise NoInverse(f"there are {len(real)} solutions, {written}")
    return dict(real[0])


def _holds(values: Any, symbols: Sequence[Symbol]) -> bool:
    return any(value.has(*symbols) for value in values)


def _complex(value: Expr) -> bool:
    """Whether an expression is complex at every random point."""
    drawn = ({s: _draw(s.name, salt) for s in value.free_symbols} for salt in range(POINTS))
    return all(abs(im(value.subs(values).evalf(DIGITS))) > Rational(1, 10**20) for values in drawn)


def _plain(value: Expr) -> str:
    """An expression as the user would write it, private symbols by their names."""
    return str(value.xreplace({s: Symbol(s.name) for s in value.free_symbols}))


def agree(one: Expr, other: Expr) -> bool:
    """Whether two expressions are equal at random points, every unknown function and symbol drawn freely."""
    difference = one - other
    if difference == 0:
        return True
    nodes = list(preorder_traversal(difference))
    jets = [e for e in nodes if isinstance(e, Derivative) and isinstance(e.expr, AppliedUndef)]
    functions = [e for e in nodes if isinstance(e, AppliedUndef)]
    named = {e: Dummy(str(e), positive=True) for e in [*jets, *functions]}
    plain = difference.xreplace(named)
    found = [size for salt in range(ATTEMPTS) if (size := _size(plain, salt)) is not None]
    return bool(found) and all(size <= Rational(10) ** (10 - DIGITS) for size in found[:POINTS])


def _size(plain: Expr, salt: int) -> Expr | None:
    """An expression beside the sum of its terms' sizes, at one random point; None where something is not finite."""
    values = {s: _draw(f"{type(s).__name__}:{s.name}", salt) for s in plain.free_symbols}
    terms = [term.xreplace(values).evalf(DIGITS) for term in Add.make_args(plain)]
    scale = sum(abs(term) for term in terms)
    if not scale.is_number or scale.is_finite is False or scale.has(nan):
        return None
    return abs(plain.xreplace(values).evalf(DIGITS)) / scale if scale else scale


def _draw(key: str, salt: int) -> Rational:
    """A rational number between 1/5 and 4/5, by name and not by chance."""
    drawn = int.from_bytes(hashlib.sha256(f"{key}:{salt}".encode()).digest()[:4], "big")
    return Rational(1, 5) + Rational(drawn, 2**32) * Rational(3, 5)
