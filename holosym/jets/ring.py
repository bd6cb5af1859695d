"""The ring of jets: Puiseux-Laurent polynomials in the derivatives of the unknown functions.

An element is a finite sum  sum_m c_m prod_g g^{m_g}  with rational c_m and exponents m_g in Z/60. A generator
g is a coordinate, a constant, a jet (a profile or one of its derivatives), a jet of a coupling, or a
composite (an exponential, a logarithm, a root) that knows its own rule of derivation. The dictionary from
exponents to coefficients is canonical, so sums, products, derivatives and tests for zero need no simplifier.

Exponents are packed into one signed integer (24 bits a generator): a product of monomials is one integer
addition, and new generators join at higher bits without touching what exists. Composites of one class obey
algebraic relations (`Compound`: G = P with P an element); `Ring.is_zero` clears their powers and decides
exactly. Roots are those of the generic positive branch: (x^2)^(1/2) is x.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from holosym.jets.composites import Compound
from holosym.jets.element import BITS, UNIT, Element, Terms, accumulate, exact
from holosym.jets.powers import Powers


class Ring(Powers):
    """The ring of one derivation: arithmetic, powers, the test for zero, substitution.

    Args:
        truncate: with an integer n, the first generator is a small parameter eps and powers above eps^n are cut
            inside multiplication (perturbation by truncation).
    """

    def is_zero(self, element: Element) -> bool:
        """Exact test: compounds are eliminated, the youngest first; each class of roots must vanish by itself."""
        if not element.terms:
            return True
        compounds = [g for g in self.positions(element) if isinstance(self.generators[g], Compound)]
        if not compounds:
            return False
        return all(self.is_zero(part) for part in self._classes(element, max(compounds)))

    def _classes(self, element: Element, position: int) -> Iterator[Element]:
        compound = self.generators[position]
        assert isinstance(compound, Compound)
        value: Element = compound.value
        by_class: dict[int, dict[int, Element]] = {}
        for e, part in self.collect(element, position).items():
            by_class.setdefault(e % UNIT, {})[e] = part
        for parts in by_class.values():
            lowest = min(parts)
            yield self.sum(part * value ** ((e - lowest) // UNIT) for e, part in parts.items())

    def expanded(self, element: Element) -> Element:
        """Put P back for the whole positive powers of compounds: a normal form where none stands below."""
        compounds = [g for g in self.positions(element) if isinstance(self.generators[g], Compound)]
        for position in sorted(compounds, reverse=True):
            compound = self.generators[position]
            assert isinstance(compound, Compound)
            parts = []
            for e, part in self.collect(element, position).items():
                whole = max(e // UNIT, 0)
                rest = Element(self, {(e - whole * UNIT) << (BITS * position): 1})
                parts.append(part * compound.value**whole * rest if whole else part * rest)
            element = self.sum(parts)
        return element

    # ---- substitution -------------------------------------------------------------------------------------------

    def substitute(self, element: Element, images: Mapping[int, Element]) -> Element:
        """Replace generators (by position) with elements, inside composites too."""
        full: dict[int, Element | None] = {}
        out: Terms = {}
        for m, c in element.terms.items():
            kept = 0
            factor: Element | None = None
            for g, e in self.decode(m):
                image = self._image(g, images, full)
                if image is None:
                    kept += e << (BITS * g)
                else:
                    piece = image ** exact(Fraction(e, UNIT))
                    factor = piece if factor is None else factor * piece
            if factor is None:
                accumulate(out, {kept: c}, 1)
            else:
                accumulate(out, {n + kept: k * c for n, k in factor.terms.items()}, 1)
        return Element(self, out)

    def _image(self, g: int, images: Mapping[int, Element], full: dict[int, Element | None]) -> Element | None:
        if g in images:
            return images[g]
        if g not in full:
            generator = self.generators[g]
            arguments = generator.arguments
            new = tuple(self.substitute(a, images) for a in arguments)
            changed = any(a != b for a, b in zip(arguments, new, strict=True))
            full[g] = generator.rebuild(self, new) if changed else None
        return full[g]
