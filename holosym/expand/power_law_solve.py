r"""Exponents and amplitudes of a power law: algebra alone.

Which classes of matter balance the geometry is tried, the most of them first: their weights vanish, which is linear
in the exponents. Every equation then is linear in the Y of the classes; eliminating these leaves polynomials in the
exponents that are still free, solved one after the other by factors of first and second degree. Last, the
logarithms of the amplitudes are linear in those of the Y. Classes that were left out must fall off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import sympy
from sympy import Dummy, Expr, Matrix, Mul, S, Symbol

from holosym.errors import ExpansionError
from holosym.expand.generic import coefficients, number, roots, tidied, vanishes
from holosym.expand.power_law import POWER, Class, PowerLaw
from holosym.expand.power_law_equations import Row

_MOST = 7
_UNIT: Class = (S.Zero, ())
_VALUES = [sympy.Rational(a, b) for a, b in ((3, 2), (5, 7), (2, 5), (7, 3), (1, 4), (5, 3), (11, 3), (1, 9), (6, 1))]


@dataclass
class Scaling:
    """A scaling solution.

    Attributes:
        law: its ansatz.
        rows: the equations.
        exponents: a_p and k_q by profile.
        classes: the values of the classes that balance the geometry.
        relations: parameters that it fixes, with their values.
        at: a point of the parameters at which it exists.
    """

    law: PowerLaw
    rows: list[Row]
    exponents: dict[str, Expr]
    classes: dict[Class, Expr]
    relations: dict[Symbol, Expr] = field(default_factory=dict)
    at: dict[Symbol, Expr] = field(default_factory=dict)

    def weight(self, linear: Expr) -> Expr:
        """A weight with the exponents put in."""
        return tidied(self.put(linear))

    def put(self, expression: Expr) -> Expr:
        """An expression in the exponents, with their values and the relations put in."""
        values = {self.law.exponent[n]: v for n, v in self.exponents.items()}
        return expression.xreplace(values).xreplace(self.relations)

    def number(self, expression: Expr) -> Expr:
        """The value at the point where the solution exists."""
        return number(self.put(expression), self.at)


def solutions(law: PowerLaw, rows: list[Row], failed: list[str]) -> Iterator[Scaling]:
    """Scaling solutions, those with most classes in balance first; `failed` takes the reasons against the others."""
    classes = sorted({c for row in rows for c in row.parts} - {_UNIT}, key=str)
    if len(classes) > _MOST:
        raise ExpansionError(f"there are {len(classes)} kinds of terms in the equations of a power law")
    unknowns = sorted(law.exponent.values(), key=str)
    for size in range(len(classes), 0, -1):
        for chosen in combinations(classes, size):
            conditions = [c[0] for c in chosen if c[0] != 0]
            found = list(sympy.linsolve(conditions, unknowns)) if conditions else [tuple(unknowns)]
            if not found:
                continue
            weights = dict(zip(unknowns, found[0], strict=True))
            if any(vanishes(c[0].xreplace(weights)) for c in classes if c not in chosen):
                continue
            yield from _algebra(law, rows, chosen, weights, failed)


def _algebra(
    law: PowerLaw, rows: list[Row], chosen: tuple[Class, ...], weights: dict[Symbol, Expr], failed: list[str]
) -> Iterator[Scaling]:
    ys = {**_amounts(chosen), _UNIT: S.One}
    equations = []
    for row in rows:
        total = sum((v.xreplace(weights) * ys[c] for c, v in row.parts.items() if c in ys), S.Zero)
        equations.append(sympy.numer(sympy.together(sympy.expand(total))))
    free = sorted({s for v in weights.values() for s in v.free_symbols} & set(weights), key=str)
    amounts = sorted({y for y in ys.values() if isinstance(y, Dummy)}, key=str)
    for values in _solve([e for e in equations if e != 0], free, amounts, {}, failed):
        if set(free) | set(amounts) <= set(values):
            one = _scaling(law, rows, weights, ys, values)
            if one is not None:
                yield one


def independent(classes: tuple[Class, ...]) -> tuple[list[Class], Matrix]:
    """Classes whose amplitudes are no products of others', and all classes' powers in them."""
    names = sorted({n for c in classes for n, _ in c[1]})
    columns = Matrix([[dict(c[1]).get(n, S.Zero) for c in classes] for n in names])
    reduced, pivots = columns.rref(iszerofunc=vanishes) if names else (Matrix(0, len(classes), []), ())
    return [classes[i] for i in pivots], reduced


def _amounts(chosen: tuple[Class, ...]) -> dict[Class, Expr]:
    """Symbols Y for the independent classes, products of them for the others."""
    basis, powers = independent(chosen)
    symbols = [Dummy(f"Y{i}", positive=True) for i, _ in enumerate(basis)]
    return {c: Mul(*(y ** tidied(powers[i, j]) for i, y in enumerate(symbols))) for j, c in enumerate(chosen)}


def _scaling(
    law: PowerLaw, rows: list[Row], weights: dict[Symbol, Expr], ys: dict[Class, Expr], values: dict[Symbol, Expr]
) -> Scaling | None:
    known = {*law.exponent.values(), *ys.values()}
    relations = {s: v for s, v in values.items() if s not in known}
    exponents = {n: tidied(weights[a].xreplace(values)) for n, a in law.exponent.items()}
    amounts = {c: tidied(y.xreplace(values)) for c, y in ys.items() if c != _UNIT}
    one = Scaling(law, rows, exponents, amounts, relations)
    live = {c for row in rows for c, v in row.parts.items() if c in amounts and not vanishes(one.put(v))}
    idle = {n for n, k in law.kinds.items() if k == POWER and not law.metric(n)} - {n for c in amounts for n, _ in c[1]}
    if live != set(amounts) or idle or not _exists(one):
        return None
    return one


def _exists(one: Scaling) -> bool:
    """Find parameters at which exponents are real, amplitudes positive, and what was left out falls off."""
    others = [c for row in one.rows for c in row.parts if c not in one.classes and c != _UNIT]
    inside = [*one.exponents.values(), *one.classes.values(), *(c[0] for c in others), *one.relations.values()]
    symbols = sorted(set().union(*(one.put(x).free_symbols for x in inside)), key=str)
    for shift in range(len(_VALUES) if symbols else 1):
        one.at = {s: _VALUES[(shift + i * (1 + shift // 3)) % len(_VALUES)] for i, s in enumerate(symbols)}
        one.at.update({s: number(v, one.at) for s, v in one.relations.items()})
        reals = [one.number(x) for x in one.exponents.values()]
        amounts = [one.number(x) for c, x in one.classes.items() if c[1]]
        falls = [one.number(c[0]) for c in others]
        if all(x.is_real for x in reals) and all(x.is_positive for x in [*amounts, *falls, *_signed(one)]):
            return True
    return False


def _signed(one: Scaling) -> list[Expr]:
    return [one.number(s) for s in one.relations if s.is_positive]


def _solve(
    equations: list[Expr], free: list[Symbol], amounts: list[Symbol], values: dict[Symbol, Expr], failed: list[str]
) -> Iterator[dict[Symbol, Expr]]:
    """Branches of solutions: the exponents by polynomials without Y, then one Y, and so on."""
    equations = [e for e in equations if not vanishes(e)]
    if not equations:
        yield values
        return
    left = [s for s in [*free, *amounts] if s not in values]
    alone = [e for e in equations if not e.free_symbols & set(left)]
    if alone:
        symbol, value = _relation(alone[0])
        if symbol is not None and value is not None:
            yield from _with(equations, free, amounts, values, symbol, value, failed)
        return
    branches = _choices(equations, amounts, left)
    if not branches:
        failed.append("the exponents are roots of polynomials of higher degree than two")
    for symbol, value in branches:
        yield from _with(equations, free, amounts, values, symbol, value, failed)


def _with(
    equations: list[Expr],
    free: list[Symbol],
    amounts: list[Symbol],
    values: dict[Symbol, Expr],
    symbol: Symbol,
    value: Expr,
    failed: list[str],
) -> Iterator[dict[Symbol, Expr]]:
    put = {symbol: value}
    rest = []
    for equation in equations:
        moved = sympy.together(equation.xreplace(put))
        if sympy.denom(moved) == 0 or moved.has(S.ComplexInfinity, S.NaN):
            return
        rest.append(sympy.expand(sympy.numer(moved)))
    before = {s: v.xreplace(put) for s, v in values.items()}
    yield from _solve(rest, free, amounts, {**before, symbol: value}, failed)


def _choices(equations: list[Expr], amounts: list[Symbol], left: list[Symbol]) -> list[tuple[Symbol, Expr]]:
    """Branches of the simplest equation: an unknown of every factor, with its values."""
    ranked = []
    for i, equation in enumerate(equations):
        if equation.is_polynomial(*(s for s in left if s in equation.free_symbols)):
            factors = [f for f, _ in sympy.factor_list(equation)[1] if f.free_symbols & set(left)]
            worst = max(_rank(f, amounts, left)[:-1] for f in factors)
            ranked.append((worst, i, factors))
    for _, _, factors in sorted(ranked, key=lambda one: one[:2]):
        found = [
            (symbol, roots(coefficients(f, symbol), symbol)) for f in factors for symbol in [_unknown(f, amounts, left)]
        ]
        if all(values is not None for _, values in found):
            return [(symbol, value) for symbol, values in found for value, _ in values or []]
    return []


def _rank(factor: Expr, amounts: list[Symbol], left: list[Symbol]) -> tuple[bool, int, int, int, str]:
    """How hard a factor is to solve for its easiest unknown: for a Y if there is one."""
    inside = [s for s in left if s in factor.free_symbols]
    some = [s for s in inside if s in amounts]
    degree, name = min((int(sympy.degree(factor, s)), str(s)) for s in some or inside)
    return degree > 1 and len(inside) > 1, len(some), degree, len(inside), name


def _unknown(factor: Expr, amounts: list[Symbol], left: list[Symbol]) -> Symbol:
    name = _rank(factor, amounts, left)[-1]
    return next(s for s in left if str(s) == name)


def _relation(equation: Expr) -> tuple[Symbol | None, Expr | None]:
    """A parameter that stands linearly in an equation without unknowns."""
    for symbol in sorted(equation.free_symbols, key=str):
        p = coefficients(equation, symbol) if equation.is_polynomial(symbol) else []
        if len(p) == 2:
            return symbol, tidied(-p[0] / p[1])
    return None, None
