"""Exact linear algebra of a few rows over the ring: determinants and adjugates by minors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from holosym.jets.content import divide_monomial, divided, primitive
from holosym.jets.element import Element
from holosym.jets.ring import Ring

Key = TypeVar("Key")
Entries = Mapping[tuple[Key, Key], Element]
Fraction = tuple[Element, Element]


def determinant(ring: Ring, entries: Entries[Key], rows: Sequence[Key], columns: Sequence[Key]) -> Element:
    """The minor on given rows and columns, by expansion along its first row."""
    if not rows:
        return ring.one
    parts = []
    for j, column in enumerate(columns):
        entry = entries.get((rows[0], column))
        if entry:
            rest = determinant(ring, entries, rows[1:], (*columns[:j], *columns[j + 1 :]))
            parts.append(entry * rest * (-1) ** j)
    return ring.sum(parts)


def adjugate(ring: Ring, entries: Entries[Key], keys: Sequence[Key]) -> dict[tuple[Key, Key], Element]:
    """adj M, with M adj M = det M."""
    found = {}
    for i, row in enumerate(keys):
        for j, column in enumerate(keys):
            rows, columns = (*keys[:j], *keys[j + 1 :]), (*keys[:i], *keys[i + 1 :])
            found[row, column] = determinant(ring, entries, rows, columns) * (-1) ** (i + j)
    return found


def reduced(ring: Ring, numerator: Element, denominator: Element) -> Fraction:
    """A fraction without common monomials; a denominator that is one monomial goes into the numerator."""
    if ring.is_zero(numerator):
        return ring.zero, ring.one
    numerator, denominator = ring.expanded(numerator), ring.expanded(denominator)
    content, monomial, below = primitive(denominator)
    if below.terms[max(below.terms)] < 0:
        content, below = -content, -below
    above = divide_monomial(numerator, monomial) / content
    if len(below.terms) == 1:
        return above, ring.one
    number, rest, top = primitive(above)
    quotient = divided(top, below)
    if quotient is not None:
        return quotient * Element(ring, {rest: number}), ring.one
    return above, below


def equal(ring: Ring, a: Fraction, b: Fraction, sign: int = 1) -> bool:
    """Whether a = sign b."""
    return ring.is_zero(a[0] * b[1] - b[0] * a[1] * sign)
