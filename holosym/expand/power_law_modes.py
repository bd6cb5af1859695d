r"""Perturbations of a scaling solution: powers x^e relative to it.

    p = c x^a (1 + u x^e),     q = k log x + s + u x^e,     what rests at zero:  u x^e

makes the leading part of every equation  M(e) u = 0.  The exponents are the roots of the common divisor of the
maximal minors of M. As the background scales, they come in pairs about half of  E = (d_s + z - theta) times the power
of x that the scale is: e = 0 rescales time, e = E is the energy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import sympy
from sympy import Dummy, Expr, Matrix, Poly, S, Symbol
from sympy.polys.matrices import DomainMatrix

from holosym.expand.generic import coefficients, common_divisor, points, roots, tidied
from holosym.expand.power_law import REST, Term
from holosym.expand.power_law_equations import E, component, linear_parts
from holosym.expand.power_law_solve import Scaling

_MOST = 5


@dataclass(frozen=True)
class Falloff:
    """An exponent of profiles that are coupled."""

    power: Expr
    multiplicity: int
    profiles: tuple[str, ...]


def falloffs(one: Scaling, top: Expr) -> tuple[list[Falloff], list[str]]:
    """The exponents, ascending where the solution exists, and notes on those that have no closed form.

    Args:
        one: the scaling solution.
        top: E, which is tried first.
    """
    lines = [line for row in one.rows for line in _lines(one, linear_parts(one.law, row), row.scale)]
    found, notes = [], []
    for group in _groups(lines):
        mine = [line for line in lines if set(line) & set(group)]
        divisor = _divisor([[line.get(n, S.Zero) for n in group] for line in mine])
        sure = []
        for value in (S.Zero, top):
            divisor, times = _deflated(divisor, value)
            sure += [(value, times)] if times else []
        some = roots(divisor, E) if divisor else None
        if some is None:
            why = "of a polynomial of higher degree" if divisor else "of nothing: the equations leave them free"
            notes.append(f"the exponents of {', '.join(group)} are roots {why}")
        found += [Falloff(value, times, group) for value, times in [*sure, *(some or [])]]
    return sorted(found, key=lambda f: (sympy.re(one.number(f.power)), f.profiles)), notes


def matrix(one: Scaling) -> list[dict[str, Expr]]:
    """M(e), row by row."""
    return [line for row in one.rows for line in _lines(one, linear_parts(one.law, row), row.scale)]


def _lines(one: Scaling, parts: dict[str, list[Term]], scale: object) -> list[dict[str, Expr]]:
    """The leading linear part of an equation, of what moves and of what rests."""
    resting = {n: t for n, t in parts.items() if one.law.kinds[n] == REST}
    moving = {n: t for n, t in parts.items() if n not in resting}
    lines = []
    if moving and scale is not None:
        lines.append({n: _sum(one, terms, scale) or S.Zero for n, terms in moving.items()})
    if resting:
        lines.append(_leading(one, resting))
    kept = [{n: v for n, v in line.items() if v != 0} for line in lines]
    return [line for line in kept if line]


def _sum(one: Scaling, terms: list[Term], scale: object) -> Expr | None:
    total = S.Zero
    for term in terms:
        place = term.over(scale)  # type: ignore[arg-type]
        value = S.One if place == (0, ()) else one.classes.get(place)
        if value is not None:
            total += one.put(term.coefficient) * value
    return sympy.expand(total)


def _leading(one: Scaling, parts: dict[str, list[Term]]) -> dict[str, Expr]:
    """Terms of the lowest weight, over one of them."""
    weights = {id(t): one.number(t.weight) for terms in parts.values() for t in terms}
    least = min(weights.values())
    kept = {n: [t for t in terms if abs(weights[id(t)] - least) < 1e-20] for n, terms in parts.items()}
    flat = [t for terms in kept.values() for t in terms]
    for term in flat:
        scale = (term.weight, term.amplitudes)
        if all((p := t.over(scale)) == (0, ()) or p in one.classes for t in flat):
            return {n: v for n, terms in kept.items() if (v := _sum(one, terms, scale)) is not None}
    return {}


def _groups(lines: list[dict[str, Expr]]) -> list[tuple[str, ...]]:
    groups: list[set[str]] = []
    for line in lines:
        touched = [g for g in groups if g & set(line)]
        groups = [g for g in groups if not g & set(line)]
        groups.append(set(line).union(*touched))
    return sorted(tuple(sorted(g)) for g in groups)


def _divisor(lines: list[list[Expr]]) -> list[Expr]:
    """The common divisor of the maximal minors, monic, lowest coefficient first."""
    width = len(lines[0])
    rows: list[list[Expr]] = []
    for line in lines:
        if line not in rows:
            rows.append(line)
    if width > _MOST:
        return []
    there, back = rational(rows)
    rows = [[sympy.together(v.xreplace(there)) for v in row] for row in rows]
    field = _field(rows)
    if field is None:
        found: list[Expr] = []
        for chosen in combinations(rows, width):
            minor = coefficients(Matrix(chosen).det(method="berkowitz"), E)
            found = common_divisor(minor, found) if minor else found
        return [tidied(c.xreplace(back)) for c in found]
    exact = _exact(rows, width, field)
    if exact.is_zero:
        return []
    return [tidied(field.to_sympy(c).xreplace(back)) for c in reversed(exact.monic().rep.to_list())]


def _exact(rows: list[list[Expr]], width: int, field: Any) -> Poly:
    """The divisor of minors over a field of rational functions.

    At generic values of the parameters its degree is known cheaply: with parameters only as many minors are taken as
    bring the divisor down to it.
    """
    symbols = set().union(*(v.free_symbols for row in rows for v in row)) - {E}
    places = list(combinations(range(len(rows)), width))
    least, order = 0, places
    if symbols:
        (at,) = points(symbols, 1)
        numbers = [[v.xreplace(at) for v in row] for row in rows]
        samples = [(p, _minor([numbers[i] for i in p], sympy.QQ)) for p in places]
        samples = sorted(((p, m) for p, m in samples if not m.is_zero), key=lambda pair: (pair[1].degree(), pair[0]))
        least = reduce(Poly.gcd, (m for _, m in samples), Poly(0, E, domain=sympy.QQ)).degree()
        order = [p for p, _ in samples]
    found = Poly(0, E, domain=field)
    for chosen in order:
        found = found.gcd(_minor([rows[i] for i in chosen], field))
        if not found.is_zero and found.degree() == least:
            break
    return found


def _minor(rows: list[list[Expr]], field: Any) -> Poly:
    ring = field[E]
    square = DomainMatrix([[ring.from_sympy(v) for v in row] for row in rows], (len(rows), len(rows)), ring)
    return Poly(ring.to_sympy(square.charpoly()[-1]), E, domain=field)


def rational(rows: list[list[Expr]]) -> tuple[dict[Symbol, Expr], dict[Symbol, Expr]]:
    """A parametrisation that takes away a root sqrt(a p + b) of a parameter p, and its inverse."""
    powers = {q for row in rows for v in row for q in v.atoms(sympy.Pow) if not q.exp.is_Integer}
    for base in sorted({q.base for q in powers if q.base.free_symbols}, key=str):
        for p in sorted(base.free_symbols, key=str):
            if base.is_polynomial(p) and sympy.degree(base, p) == 1:
                root = Dummy("s", positive=True)
                c = coefficients(base, p)
                return {p: (root**2 - c[0]) / c[1]}, {root: sympy.sqrt(base)}
    return {}, {}


def _field(rows: list[list[Expr]]) -> Any:
    """The field of rational functions that holds the coefficients; None where there are roots in them."""
    flat = [v for row in rows for v in row]
    if any(not q.exp.is_Integer for v in flat for q in v.atoms(sympy.Pow)):
        return None
    symbols = sorted(set().union(*(v.free_symbols for v in flat)) - {E}, key=str)
    return sympy.QQ.frac_field(*symbols) if symbols else sympy.QQ


def _deflated(polynomial: list[Expr], value: Expr) -> tuple[list[Expr], int]:
    """A polynomial without a root, and how often it was one."""
    times = 0
    while len(polynomial) > 1:
        carried, rest = S.Zero, []
        for c in reversed(polynomial):
            carried = tidied(c + carried * value)
            rest.append(carried)
        if rest[-1] != 0:
            break
        polynomial, times = rest[-2::-1], times + 1
    return polynomial, times


def energy(one: Scaling, metric: dict[tuple[int, int], Expr]) -> Expr:
    """E: the faster exponent of a massless field, from sqrt(-g) g^rr."""
    radial = one.law.theory.coordinates.index(one.law.chart.radial)
    weights = {i: component(one.law, e).weight for (i, j), e in metric.items() if i == j}
    total = sum(weights.values(), S.Zero) - 2 * weights[radial]
    return one.weight(-total / 2 - one.law.chart.shift * 1)
