r"""From the roots of the blocks to the lattice of powers, with every exponent's meaning."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import sympy
from sympy import Expr, Integer, Rational

from holosym.errors import ExpansionError
from holosym.expand.kinds import METRIC, SOURCE, Exponent, Fields
from holosym.expand.modes import Block, Root
from holosym.expand.powers import Powers
from holosym.expand.series import Mode
from holosym.expand.truncated import tidy
from holosym.jets.element import Element
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer

SYMBOLIC, RUNNING, MOST = 2, 4, 8
"""How many powers of one source are kept where its exponent is symbolic, zero (and the source runs), or an irrational
number: an operator that is nearly marginal has dozens of them below x^d."""
TINY = Rational(1, 2**60)
_CLOSE = Rational(1, 10**12)


def lattice(
    ring: Ring,
    blocks: list[Block],
    leading: list[Fraction],
    spelled: dict[Any, Expr],
    dimension: int,
    sources: int = MOST,
) -> Powers:
    """The powers that the exponents of all blocks generate.

    Args:
        ring: the ring of coefficients.
        blocks: the blocks.
        leading: the leading powers of the metric functions.
        spelled: expressions for exponents that have a symbol of their own, by the element d - Delta.
        dimension: d.
        sources: how many powers of a source are kept where its exponent is irrational.
    """
    rationals = [r.rational for b in blocks for r in b.roots if r.half is None]
    found: dict[Element, tuple[Element, Expr, Expr]] = {}
    for block in blocks:
        for root in block.roots:
            if root.half is not None and root.sign < 0:
                element = slower(ring, root)
                expression = spelled.get(element, Writer(ring)(element))
                found.setdefault(element, (element, expression, _sample(expression, dimension, len(found))))
    if any(root.marginal for block in blocks for root in block.roots):
        found[ring.zero] = (ring.zero, Integer(0), TINY)
    _independent([value for _, _, value in found.values() if value != TINY])
    halves = [r.rational for b in blocks for r in b.roots if r.half is not None]
    powers = Powers(ring, (*rationals, *leading, *halves), tuple(found.values()))
    powers.caps = tuple(_cap(text, sources) for _, text, _ in found.values())
    powers.dimension = dimension
    return powers


def _cap(text: Expr, sources: int) -> int:
    return SYMBOLIC if text.free_symbols else RUNNING if text == 0 else sources


def slower(ring: Ring, root: Root) -> Element:
    """The slower one of a pair of exponents, as a coefficient."""
    assert root.half is not None
    return tidy(ring.constant(root.rational) - root.half)


def _sample(expression: Expr, dimension: int, index: int) -> Expr:
    """The value by which an exponent is ordered; symbols have generic ones: Delta near 3 d/4, parameters below one."""
    symbols = sorted(expression.free_symbols, key=str)
    generic = sympy.sqrt(sympy.prime(index + 1)) / 97 - Rational(index, 11)
    values = {
        s: Rational(3 * dimension, 4) + generic if s.name.startswith("Delta_") else Rational(1, 3 + i) + generic
        for i, s in enumerate(symbols)
    }
    value = expression.xreplace(values)
    if not sympy.N(value).is_real:
        raise ExpansionError(
            f"the exponent {expression} is complex: the mass lies below the bound of Breitenlohner and Freedman",
            mend="take a larger mass: m^2 >= -d^2/4",
        )
    return value


def _independent(values: list[Expr]) -> None:
    """Refuse two irrational exponents with a small rational relation: the order of their powers would be ambiguous."""
    numbers = [v.evalf(40) for v in values]
    for (a, first), (b, second) in combinations(zip(numbers, values, strict=True), 2):
        for n, m in product(range(-8, 9), repeat=2):
            if n and m and abs(total := 4 * (n * a + m * b)) >= 0 and abs(total - total.round()) < _CLOSE:
                raise ExpansionError(
                    f"the operators' exponents {first} and {second} are irrational, and a combination of them "
                    "with small integers is a rational number: the order of their powers would be ambiguous",
                    mend="give both fields one mass, or masses without such a relation",
                )


def cut(powers: Powers, last: int) -> list[str]:
    """Notes on sources of which not all powers are kept."""
    found = []
    for i, (_, text, value) in enumerate(powers.irrationals):
        most = powers.caps[i]
        if i not in powers.marginal and not text.free_symbols and value * most * powers.scale < last:
            found.append(
                f"the exponent {text} is small: {most} powers of the source are kept, and powers of x above "
                f"{float(value * most):.3g} are complete to that order in the source"
            )
    return found


def key_of(ring: Ring, powers: Powers, root: Root) -> int:
    """The key of an exponent."""
    if root.marginal:
        (index,) = powers.marginal
        return powers.key(0, *(int(i == index) for i in range(len(powers.irrationals))))
    if root.half is None:
        return powers.key(root.rational)
    element = slower(ring, root)
    index = next(i for i, (e, _, _) in enumerate(powers.irrationals) if e == element)
    unit = tuple(int(i == index) for i in range(len(powers.irrationals)))
    if root.sign < 0:
        return powers.key(0, *unit)
    return powers.key(2 * root.rational, *(-n for n in unit))


def meanings(ring: Ring, powers: Powers, fields: Fields, blocks: list[Block], notes: list[str]) -> list[Exponent]:
    """Every exponent with its kind; notes on irrelevant operators."""
    found = []
    for block in blocks:
        for root in block.roots:
            key = key_of(ring, powers, root)
            found.append(_meaning(powers, fields, block, root, key, notes))
    return sorted(found, key=lambda e: (e.key, e.block.profiles))


def _meaning(powers: Powers, fields: Fields, block: Block, root: Root, key: int, notes: list[str]) -> Exponent:
    name = block.profiles[0]
    d = fields.dimension
    if any(fields.of(p) == "metric" for p in block.profiles):
        metric = next(p for p in block.profiles if fields.of(p) == "metric")
        kind = fields.kind(metric, powers.value(key), d, False)
        return Exponent(block, root, key, kind, kind != METRIC and key > 0)
    middle = powers.key(Fraction(d if fields.of(name) == "scalar" else d - 2, 2))
    kind = fields.kind(name, powers.value(key), d, key > middle)
    if key < 0:
        _irrelevant(powers, fields, name, key, notes)
    _window(powers, fields, name, key, middle)
    return Exponent(block, root, key, kind, key > 0 or (key == 0 and fields.of(name) == "gauge"))


def _irrelevant(powers: Powers, fields: Fields, name: str, key: int, notes: list[str]) -> None:
    delta = sympy.nsimplify(fields.dimension - powers.expression(key))
    condition = fields.condition(name)
    if condition is not None and condition.source not in (None, 0):
        raise ExpansionError(
            f"{name} is given a source, and its operator has dimension {delta} > {fields.dimension}: it is irrelevant, "
            "and its source destroys the boundary",
            mend="give source=0, or leave the source out",
        )
    notes.append(
        f"the operator of {name} has dimension {delta} > {fields.dimension}: it is irrelevant, its source is zero"
    )


def _window(powers: Powers, fields: Fields, name: str, key: int, middle: int) -> None:
    """Alternate quantisation needs both falloffs to be normalisable."""
    condition = fields.condition(name)
    if condition is None or not condition.alternate or fields.of(name) != "scalar":
        return
    if abs(key - middle) >= powers.scale or key == middle:
        raise ExpansionError(
            f"{name} cannot be quantised the alternate way: its exponent {powers.expression(key)} lies outside "
            f"of {Fraction(fields.dimension, 2)} -+ 1, or both falloffs are one",
            mend="leave alternate out",
        )


def modes(powers: Powers, exponents: list[Exponent]) -> tuple[Mode, ...]:
    """The exponents as they are shown."""
    return tuple(Mode(powers.expression(e.key), e.block.profiles, e.kind) for e in exponents)


def operators(powers: Powers, fields: Fields, exponents: list[Exponent]) -> dict[str, tuple[Expr, Expr]]:
    """Delta and d - Delta of every scalar."""
    found: dict[str, tuple[Expr, Expr]] = {}
    for e in exponents:
        for name in e.block.profiles:
            if fields.of(name) == "scalar" and e.kind == SOURCE:
                power = powers.expression(e.key)
                found[name] = (fields.dimension - power, power)
    return dict(sorted(found.items()))
