r"""Indicial exponents: the powers e at which M(e) loses rank, block by block.

Profiles that share an equation of M make a block. For one profile the exponents are the common roots of its entries: a
scalar has  e^2 - d e - m^2 = 0,  so Delta = d/2 + sqrt(d^2/4 + m^2) whatever the normalisation of its kinetic term. For
several they are the roots of the common divisor of the maximal minors. Rational exponents are found exactly; the others
are  -b/2 -+ sqrt(b^2/4 - c)  of a quadratic factor, which holds with symbolic masses too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import sympy
from sympy import Expr, Poly, Rational, Symbol
from sympy.polys.matrices import DomainMatrix

from holosym.errors import ExpansionError
from holosym.expand.linear import LinearRow, Polynomial
from holosym.expand.truncated import as_rational, inverse, tidy
from holosym.jets.element import Element
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer

_E = Symbol("e")


class NoClosedForm(ExpansionError):
    """Exponents that are not found in closed form."""


@dataclass(frozen=True)
class Root:
    """An exponent: a rational number, or  centre -+ root  with an irrational root.

    Attributes:
        rational: its value, or the sum of both exponents over two.
        half: the irrational root as a coefficient; None for a rational exponent.
        sign: -1 or 1, of the root.
        multiplicity: how often it occurs.
        marginal: the exponent 0 of a source that runs.
    """

    rational: Fraction
    half: Element | None = None
    sign: int = 0
    multiplicity: int = 1
    marginal: bool = False


@dataclass(frozen=True)
class Block:
    """Profiles whose linear equations are coupled, and their exponents."""

    profiles: tuple[str, ...]
    roots: tuple[Root, ...]


def blocks(ring: Ring, rows: list[LinearRow], at: dict[int, Element], dimensions: Mapping[str, Element]) -> list[Block]:
    """The blocks of M, with their exponents.

    Args:
        ring: the ring of coefficients.
        rows: the linearised equations.
        at: values of the leading coefficients in the vacuum, by position: exponents do not depend on them.
        dimensions: of the operators whose masses are expressed by them: there d - Delta and Delta are the exponents.

    Raises:
        ExpansionError: for exponents that are not found in closed form.
    """
    groups = _groups(rows)
    found = []
    for group in groups:
        lines = _entries(ring, rows, group, at)
        known = dimensions.get(group[0]) if len(group) == 1 else None
        found.append(Block(group, _roots(ring, group, lines) if known is None else _pair(ring, lines, known)))
    return found


def _pair(ring: Ring, lines: list[list[Polynomial]], delta: Element) -> tuple[Root, ...]:
    """Delta and what the sum of both exponents leaves for the other one."""
    p = next(line[0] for line in lines if len(line[0]) == 3)
    middle = tidy(p[1] * inverse(p[2]) * Fraction(-1, 2))
    centre = Fraction(middle.terms.get(0, 0))
    half = tidy(delta - centre)
    if set(half.terms) - {0}:
        return (Root(centre, half, -1), Root(centre, half, 1))
    number = abs(Fraction(half.terms.get(0, 0)))
    return (Root(centre - number), Root(centre + number)) if number else (Root(centre, multiplicity=2),)


def _groups(rows: list[LinearRow]) -> list[tuple[str, ...]]:
    groups: list[set[str]] = []
    for row in rows:
        touched = [g for g in groups if g & set(row.entries)]
        groups = [g for g in groups if not g & set(row.entries)]
        groups.append(set(row.entries).union(*touched))
    return sorted(tuple(sorted(g)) for g in groups)


def _entries(
    ring: Ring, rows: list[LinearRow], group: tuple[str, ...], at: dict[int, Element]
) -> list[list[Polynomial]]:
    found = []
    for row in rows:
        if set(row.entries) & set(group):
            line = [[tidy(ring.substitute(c, at)) for c in row.entries.get(name, [])] for name in group]
            found.append([_trimmed(p) for p in line])
    return found


def _trimmed(p: Polynomial) -> Polynomial:
    while p and not p[-1].terms:
        p = p[:-1]
    return p


def _rational(p: Polynomial) -> bool:
    return all(not (set(c.terms) - {0}) for c in p)


def _poly(p: Polynomial) -> Poly:
    values = [Fraction(c.terms.get(0, 0)) for c in reversed(p)]
    return Poly([Rational(v.numerator, v.denominator) for v in values] or [0], _E, domain="QQ")


def _roots(ring: Ring, group: tuple[str, ...], lines: list[list[Polynomial]]) -> tuple[Root, ...]:
    if len(group) == 1 and not all(_rational(p) for line in lines for p in line):
        return _symbolic(ring, group, min((line[0] for line in lines if line[0]), key=len))
    if not all(_rational(p) for line in lines for p in line):
        return _minors(ring, group, lines)
    common = _divisor([[_poly(p) for p in line] for line in lines], len(group))
    if common.is_zero:
        raise ExpansionError(
            f"the functions {', '.join(group)} are not determined by the equations near the boundary: "
            "a freedom of the coordinates is left",
            mend="fix the radial gauge in the metric ansatz",
        )
    return _rational_roots(ring, common)


def _divisor(lines: list[list[Poly]], width: int) -> Poly:
    """The common divisor of the maximal minors."""
    if width == 1:
        common = Poly(0, _E, domain="QQ")
        for line in lines:
            common = common.gcd(line[0])
        return common
    if len(lines) < width:
        return Poly(0, _E, domain="QQ")
    ring = sympy.QQ[_E]
    matrix = DomainMatrix([[ring.from_sympy(p.as_expr()) for p in line] for line in lines], (len(lines), width), ring)
    common = Poly(0, _E, domain="QQ")
    for chosen in combinations(range(len(lines)), width):
        minor = matrix.extract(list(chosen), list(range(width))).charpoly()[-1]
        common = common.gcd(Poly(ring.to_sympy(minor), _E, domain="QQ"))
        if common.degree() == 0 and not common.is_zero:
            break
    return common


def _rational_roots(ring: Ring, common: Poly) -> tuple[Root, ...]:
    found = []
    for factor, multiplicity in common.factor_list()[1]:
        if factor.degree() == 1:
            a, b = factor.all_coeffs()
            root = -b / a
            found.append(Root(Fraction(int(root.p), int(root.q)), multiplicity=multiplicity))
        elif factor.degree() == 2:
            a, b, c = (ring.constant(Fraction(int(v.p), int(v.q))) for v in factor.all_coeffs())
            found += _quadratic(ring, a, b, c)
        else:
            raise ExpansionError(f"the indicial exponents are roots of {factor.as_expr()} in e: no closed form")
    return tuple(found)


def _symbolic(ring: Ring, group: tuple[str, ...], p: Polynomial) -> tuple[Root, ...]:
    """Roots of a polynomial whose coefficients are no rational numbers."""
    zeros = 0
    while not p[0].terms:
        p, zeros = p[1:], zeros + 1
    found = [Root(Fraction(0), multiplicity=zeros)] if zeros else []
    if len(p) == 1:
        return tuple(found)
    if len(p) == 2:
        value = tidy(-p[0] * inverse(p[1]))
        number = as_rational(value)
        if number is None:
            raise ExpansionError(f"the exponent of {group[0]} is {Writer(ring)(value)}, which is no number")
        return (*found, Root(number))
    if len(p) > 3:
        raise ExpansionError(f"the indicial exponents of {group[0]} are roots of a polynomial of degree {len(p) - 1}")
    return (*found, *_quadratic(ring, p[2], p[1], p[0]))


def _quadratic(ring: Ring, a: Element, b: Element, c: Element) -> list[Root]:
    """-b/2a -+ sqrt(b^2/4a^2 - c/a)."""
    one_over = inverse(a)
    middle = tidy(b * one_over * Fraction(-1, 2))
    centre = as_rational(middle)
    if centre is None:
        raise ExpansionError("the sum of two exponents is no rational number")
    square = tidy(middle * middle - c * one_over)
    number = as_rational(square)
    if number == 0:
        return [Root(centre, multiplicity=2)]
    if number is not None:
        if number < 0:
            raise _complex(ring, centre, square)
        exact = sympy.sqrt(Rational(number.numerator, number.denominator))
        if exact.is_Rational:
            half = Fraction(int(exact.p), int(exact.q))
            return [Root(centre - half), Root(centre + half)]
    half_element = tidy(square ** Fraction(1, 2))
    return [Root(centre, half_element, -1), Root(centre, half_element, 1)]


def _complex(ring: Ring, centre: Fraction, square: Element) -> ExpansionError:
    written: Expr = Writer(ring)(square)
    return ExpansionError(
        f"the exponents {centre} -+ sqrt({written}) are complex: the mass lies below the bound of Breitenlohner and "
        "Freedman, and the vacuum is not stable",
        mend="take a larger mass: m^2 >= -d^2/4",
    )


def _minors(ring: Ring, group: tuple[str, ...], lines: list[list[Polynomial]]) -> tuple[Root, ...]:
    """Rational exponents among small numbers, where the entries hold parameters: M(e) is tried at each."""
    raise NoClosedForm(
        f"the functions {', '.join(group)} are coupled with coefficients that hold parameters or irrational numbers: "
        "their exponents are not found in closed form"
    )
