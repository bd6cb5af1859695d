r"""The equations linearised about the vacuum: rows M(theta), and their solution at one power of x.

A perturbation p = ... + x^(a_p) u_p turns every equation into  x^r (M(theta) u + s) + smaller,  theta = x d/dx. On
x^e q(L), L = log x, theta acts as e + d/dL, so that

    sum_m  M^(m)(e)/m!  q^(m)(L)  =  -s_e(L)

is a linear system for the coefficients of q: where M(e) is regular q has the degree of s, and one more for every
order to which e is a root.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

from holosym.expand.asymptotics import Asymptotics
from holosym.expand.evaluation import Evaluation
from holosym.expand.taylor import Taylor
from holosym.expand.truncated import Arithmetic, inverse, tidy
from holosym.expand.vacuum import Vacuum
from holosym.jets.content import common_monomial, divide_monomial
from holosym.jets.derivation import partial
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem

Polynomial = list[Element]
Column = tuple[str, int]


@dataclass(frozen=True)
class LinearRow:
    """One equation about the vacuum.

    Attributes:
        label: the equation's name.
        element: the equation.
        power: r, the power of x at which the linear terms stand.
        entries: M by profile, polynomials in theta.
        divisor: a monomial that every entry contained; the right-hand side is divided by it too.
    """

    label: str
    element: Element
    power: Fraction
    entries: dict[str, Polynomial]
    divisor: int


def linearise(
    system: EquationSystem,
    rows: dict[str, Element],
    shape: Asymptotics,
    arithmetic: Arithmetic,
    taylor: Taylor,
    vacuum: Vacuum,
    reach: int,
) -> tuple[list[LinearRow], dict[str, Element]]:
    """Rows about the vacuum, and the equations that have no linear part."""
    evaluation = Evaluation(system.ring, arithmetic, shape.chart, taylor, vacuum.series(arithmetic))
    found, without = [], {}
    for label, element in rows.items():
        row = _row(label, element, evaluation, vacuum, reach)
        if row is None:
            without[label] = element
        else:
            found.append(row)
    return found, without


def _row(label: str, element: Element, evaluation: Evaluation, vacuum: Vacuum, reach: int) -> LinearRow | None:
    ring, ar, chart = evaluation.ring, evaluation.ar, evaluation.chart
    pieces: dict[int, dict[str, Polynomial]] = {}
    for jet in sorted(_jets(evaluation, element), key=lambda j: (j.unknown.name, j.orders)):
        begun = evaluation.leading(partial(ring, jet)(element), reach)
        if begun is None:
            continue
        power, order = vacuum.profiles[jet.unknown.name][0], sum(jet.orders)
        key = begun[0] + ar.powers.key(power + order * chart.shift)
        into = pieces.setdefault(key, {}).setdefault(jet.unknown.name, [])
        for n, c in enumerate(chart.falling(ar.ring.constant(power), order)):
            into.extend([ar.ring.zero] * (n + 1 - len(into)))
            into[n] = tidy(into[n] + c * begun[1])
    for key in sorted(pieces):
        entries = {name: p for name, p in pieces[key].items() if any(c.terms for c in p)}
        if entries:
            divisor = common_monomial(ar.ring.sum(_marked(entries)))
            cleared = {name: [divide_monomial(c, divisor) for c in p] for name, p in entries.items()}
            return LinearRow(label, element, Fraction(key, ar.powers.scale), cleared, divisor)
    return None


def _marked(entries: dict[str, Polynomial]) -> list[Element]:
    """All coefficients with positive signs: a sum of them cannot lose a monomial."""
    return [Element(c.ring, {m: k if k > 0 else -k for m, k in c.terms.items()}) for p in entries.values() for c in p]


def _jets(evaluation: Evaluation, element: Element) -> set[JetGenerator]:
    ring = evaluation.ring
    found: set[JetGenerator] = set()
    for g in ring.positions(element):
        generator = ring.generators[g]
        if isinstance(generator, JetGenerator):
            found.add(generator)
        for argument in generator.arguments:
            found |= _jets(evaluation, argument)
    return found


def shifted(polynomial: Polynomial, e: Element) -> Polynomial:
    """Coefficients of the powers of d/dL in M(e + d/dL)."""
    powers = [e.ring.one]
    for _ in polynomial[1:]:
        powers.append(tidy(powers[-1] * e))
    return [
        tidy(e.ring.sum(polynomial[n] * powers[n - m] * comb(n, m) for n in range(m, len(polynomial))))
        for m in range(len(polynomial))
    ]


@dataclass(frozen=True)
class Solution:
    """A linear system solved.

    Attributes:
        values: every pivot column: its value without the free columns, and its dependence on them.
        free: columns that stay free.
        conditions: right-hand sides that must vanish.
    """

    values: dict[Column, tuple[Element, dict[Column, Element]]]
    free: tuple[Column, ...]
    conditions: tuple[Element, ...]


def log_system(
    rows: list[LinearRow], sides: list[dict[int, Element]], e: Element, columns: list[Column], degree: int
) -> list[tuple[dict[Column, Element], Element]]:
    """Equations for the coefficients q_(p,j) of L^j, from rows at the power e with right-hand sides -s."""
    known = set(columns)
    found = []
    for row, side in zip(rows, sides, strict=True):
        moved = {name: shifted(p, e) for name, p in row.entries.items()}
        for power in range(max(degree, *side, 0) + 1 if side else degree + 1):
            line: dict[Column, Element] = {}
            for name, coefficients in moved.items():
                for m, c in enumerate(coefficients):
                    j = power + m
                    if c.terms and (name, j) in known:
                        line[name, j] = c * _falling(j, m)
            right = side.get(power)
            zero = e.ring.zero
            if line or (right is not None and right.terms):
                found.append((line, -right if right is not None else zero))
    return found


def _falling(j: int, m: int) -> int:
    """j (j-1) ... (j-m+1)."""
    result = 1
    for i in range(m):
        result *= j - i
    return result


def solve(equations: list[tuple[dict[Column, Element], Element]], columns: list[Column]) -> Solution:
    """Gauss and Jordan's elimination; pivots are sought in the order of the columns."""
    rows = [(dict(line), right) for line, right in equations]
    pivots: list[tuple[Column, dict[Column, Element], Element]] = []
    for column in columns:
        at = _pivot(rows, column)
        if at is None:
            continue
        line, right = rows.pop(at)
        factor = inverse(line[column])
        line = {c: tidy(v * factor) for c, v in line.items() if c != column}
        right = tidy(right * factor)
        rows = [_eliminated(one, column, line, right) for one in rows]
        pivots = [(c, *_eliminated((l, r), column, line, right)) for c, l, r in pivots]
        pivots.append((column, line, right))
    values = {c: (right, {k: -v for k, v in line.items()}) for c, line, right in pivots}
    free = tuple(c for c in columns if c not in values)
    return Solution(values, free, tuple(right for _, right in rows if right.terms))


def _pivot(rows: list[tuple[dict[Column, Element], Element]], column: Column) -> int | None:
    """The row with the simplest entry in a column."""
    found = [(len(line[column].terms), len(right.terms), i) for i, (line, right) in enumerate(rows) if column in line]
    return min(found)[2] if found else None


def _eliminated(
    row: tuple[dict[Column, Element], Element], column: Column, line: dict[Column, Element], right: Element
) -> tuple[dict[Column, Element], Element]:
    factor = row[0].get(column)
    if factor is None:
        return row
    out = {c: v for c, v in row[0].items() if c != column}
    for c, v in line.items():
        value = tidy(out[c] - factor * v) if c in out else tidy(-(factor * v))
        if value.terms:
            out[c] = value
        else:
            out.pop(c, None)
    return out, tidy(row[1] - factor * right)
