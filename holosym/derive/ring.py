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

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import gcd

from sympy import factorint

from holosym.derive.generators import Compound, Generator, JetGenerator
from holosym.errors import RingError

BITS = 24
UNIT = 60
_HALF = 1 << (BITS - 1)
_MASK = (1 << BITS) - 1

Coefficient = int | Fraction
Terms = dict[int, Coefficient]
Exponent = int | Fraction


class Element:
    """An element of a `Ring`; immutable by convention. Supports +, -, *, and powers with rational exponents."""

    __slots__ = ("_key", "ring", "terms")

    def __init__(self, ring: Ring, terms: Terms) -> None:
        self.ring = ring
        self.terms = terms
        self._key: frozenset[tuple[int, Coefficient]] | None = None

    @property
    def key(self) -> frozenset[tuple[int, Coefficient]]:
        """What makes two elements equal, hashable."""
        if self._key is None:
            self._key = frozenset(self.terms.items())
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.ring is other.ring and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __neg__(self) -> Element:
        return Element(self.ring, {m: -c for m, c in self.terms.items()})

    def __add__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            other = self.ring.constant(other)
        if len(self.terms) < len(other.terms):
            self, other = other, self
        out = dict(self.terms)
        _accumulate(out, other.terms, 1)
        return Element(self.ring, out)

    __radd__ = __add__

    def __sub__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            other = self.ring.constant(other)
        out = dict(self.terms)
        _accumulate(out, other.terms, -1)
        return Element(self.ring, out)

    def __rsub__(self, other: int | Fraction) -> Element:
        return self.ring.constant(other) - self

    def __mul__(self, other: Element | int | Fraction) -> Element:
        if not isinstance(other, Element):
            if not other:
                return self.ring.zero
            return Element(self.ring, {m: _exact(c * other) for m, c in self.terms.items()})
        return self.ring.product(self, other)

    __rmul__ = __mul__

    def __pow__(self, exponent: Exponent) -> Element:
        return self.ring.power(self, exponent)

    def __truediv__(self, other: Element | int | Fraction) -> Element:
        if isinstance(other, Element):
            return self * other**-1
        return self * (Fraction(1) / other)

    def __repr__(self) -> str:
        from holosym.derive.symbolic import to_sympy

        return str(to_sympy(self))


def _accumulate(out: Terms, terms: Terms, sign: int) -> None:
    for m, c in terms.items():
        total = out.get(m, 0) + (c if sign > 0 else -c)
        if total:
            out[m] = total
        else:
            out.pop(m, None)


def _exact(number: Coefficient) -> Coefficient:
    """An integer where the fraction is one: integer arithmetic is ten times faster."""
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


class Ring:
    """Generators and arithmetic of one derivation.

    Args:
        truncate: with an integer n, the first generator is a small parameter eps and powers above eps^n are cut
            inside multiplication (perturbation by truncation).
    """

    def __init__(self, truncate: int | None = None) -> None:
        self.generators: list[Generator] = []
        self._index: dict[object, int] = {}
        self._decoded: dict[int, tuple[tuple[int, int], ...]] = {0: ()}
        self.truncate = truncate
        self.zero = Element(self, {})
        self.one = Element(self, {0: 1})

    # ---- building -----------------------------------------------------------------------------------------------

    def constant(self, number: int | Fraction) -> Element:
        """The element of a rational number."""
        return Element(self, {0: _exact(number)} if number else {})

    def index(self, generator: Generator) -> int:
        """The position of a generator, which joins the ring when it is new."""
        position = self._index.get(generator.key)
        if position is None:
            position = len(self.generators)
            self._index[generator.key] = position
            self.generators.append(generator)
        return position

    def known(self, key: object) -> bool:
        """Whether a generator of that key has joined already."""
        return key in self._index

    def generator(self, generator: Generator, exponent: Exponent = 1) -> Element:
        """The element g^exponent."""
        return Element(self, {self._packed(exponent) << (BITS * self.index(generator)): 1})

    def _packed(self, exponent: Exponent) -> int:
        scaled = exponent * UNIT
        if isinstance(scaled, Fraction):
            if scaled.denominator != 1:
                raise RingError(f"an exponent {exponent} is no multiple of 1/{UNIT}")
            scaled = scaled.numerator
        if abs(scaled) >= _HALF:
            raise RingError(f"an exponent {exponent} is too large")
        return scaled

    # ---- reading ------------------------------------------------------------------------------------------------

    def decode(self, monomial: int) -> tuple[tuple[int, int], ...]:
        """Pairs (generator position, exponent in units of 1/60) of a monomial."""
        found = self._decoded.get(monomial)
        if found is None:
            found = self._decoded[monomial] = tuple(_digits(monomial))
        return found

    def positions(self, element: Element) -> set[int]:
        """Positions of the generators that stand in an element."""
        return {g for m in element.terms for g, _ in self.decode(m)}

    def collect(self, element: Element, position: int) -> dict[int, Element]:
        """Coefficients of the powers of one generator, by exponent in units of 1/60."""
        parts: dict[int, Terms] = {}
        shift = BITS * position
        for m, c in element.terms.items():
            e = next((e for g, e in self.decode(m) if g == position), 0)
            parts.setdefault(e, {})[m - (e << shift)] = c
        return {e: Element(self, terms) for e, terms in parts.items()}

    # ---- arithmetic ---------------------------------------------------------------------------------------------

    def product(self, a: Element, b: Element) -> Element:
        """a times b, cut at the order of truncation if there is one."""
        left, right = a.terms, b.terms
        if len(left) > len(right):
            left, right = right, left
        out: Terms = {}
        get = out.get
        for m, c in left.items():
            for n, k in right.items():
                e = m + n
                out[e] = get(e, 0) + c * k
        if self.truncate is not None:
            limit = self.truncate * UNIT
            return Element(self, {m: c for m, c in out.items() if c and _low(m) <= limit})
        return Element(self, {m: c for m, c in out.items() if c})

    def sum(self, elements: Iterable[Element]) -> Element:
        """The sum of many elements without intermediate copies."""
        out: Terms = {}
        for element in elements:
            _accumulate(out, element.terms, 1)
        return Element(self, out)

    def power(self, base: Element, exponent: Exponent) -> Element:
        """base^exponent; a root or an inverse of a sum of terms becomes a `Compound` generator."""
        exponent = _exact(exponent)
        if exponent == 0:
            return self.one
        if len(base.terms) == 1:
            ((monomial, coefficient),) = base.terms.items()
            return self._monomial_power(monomial, exponent) * self.number_power(coefficient, exponent)
        if isinstance(exponent, int) and exponent > 0:
            result = self.one
            for bit in bin(exponent)[2:]:
                result = result * result
                if bit == "1":
                    result = result * base
            return result
        if not base.terms:
            raise RingError("a negative power of zero")
        if self.truncate is not None:
            return self._series_power(base, exponent)
        return self.factored_power(base, exponent)

    def factored_power(self, base: Element, exponent: Exponent) -> Element:
        """A power of a sum of terms as that of a `Compound` generator, whatever the exponent."""
        content, monomial, primitive = self.primitive(base)
        if isinstance(exponent, int):
            primitive, content = self._oriented(primitive, content)
        outside = self._monomial_power(monomial, exponent) * self.number_power(content, exponent)
        return outside * self.generator(Compound(primitive), exponent)

    def _series_power(self, base: Element, exponent: Exponent) -> Element:
        """(b0 + eps b1 + ...)^n by the binomial series, cut at the order of truncation."""
        leading = Element(self, {m: c for m, c in base.terms.items() if _low(m) == 0})
        if not leading.terms:
            raise RingError("a power of a quantity that vanishes at zeroth order of the perturbation")
        head = _untruncated_power(self, leading, exponent)
        small = (base - leading) * _untruncated_power(self, leading, -1)
        total, term, coefficient = self.one, self.one, Fraction(1)
        for k in range(1, (self.truncate or 0) + 1):
            term = term * small
            coefficient = coefficient * (Fraction(exponent) - k + 1) / k
            total = total + term * coefficient
        return head * total

    def _oriented(self, primitive: Element, content: Coefficient) -> tuple[Element, Coefficient]:
        """P or -P, whichever the ring knows already: integer powers of both are one generator."""
        if not self.known(Compound(primitive).key) and self.known(Compound(-primitive).key):
            return -primitive, -content
        return primitive, content

    def _monomial_power(self, monomial: int, exponent: Exponent) -> Element:
        if isinstance(exponent, int):
            return Element(self, {monomial * exponent: 1})
        positive, even = self.split_squares(monomial)
        total = 0
        for g, e in self.decode(positive):
            total += self._packed(Fraction(e, UNIT) * exponent) << (BITS * g)
        result = Element(self, {total: 1})
        if even:
            result = result * self.generator(Compound(Element(self, {even: 1})), exponent)
        return result

    def split_squares(self, monomial: int) -> tuple[int, int]:
        """Factors whose root is taken one by one, and even powers of derivatives: (f'^2)^s is not f'^(2s)."""
        even = 0
        for g, e in self.decode(monomial):
            generator = self.generators[g]
            if isinstance(generator, JetGenerator) and any(generator.orders) and e % (2 * UNIT) == 0:
                even += e << (BITS * g)
        return monomial - even, even

    def number_power(self, number: Coefficient, exponent: Exponent) -> Element:
        """A rational to a rational power; roots of primes (and of -1) are generators."""
        if isinstance(exponent, int):
            return self.constant(_exact(Fraction(number) ** exponent))
        result = self.one
        number = Fraction(number)
        signed = {**factorint(abs(number.numerator))}
        for prime, e in factorint(number.denominator).items():
            signed[prime] = signed.get(prime, 0) - e
        if number < 0:
            signed[-1] = 1
        for prime, e in sorted(signed.items()):
            total = e * exponent
            whole = total.numerator // total.denominator
            result = result * _exact(Fraction(prime) ** whole)
            if total != whole:
                result = result * self.generator(Compound(self.constant(prime)), total - whole)
        return result

    # ---- content and zero ---------------------------------------------------------------------------------------

    def primitive(self, element: Element) -> tuple[Coefficient, int, Element]:
        """(c, m, p) with element = c m p: rational content, monomial content, and what is left."""
        common = self.common_monomial(element)
        numerators = [Fraction(c).numerator for c in element.terms.values()]
        denominators = [Fraction(c).denominator for c in element.terms.values()]
        scale = 1
        for q in denominators:
            scale = scale * q // gcd(scale, q)
        content = Fraction(gcd(*[n * (scale // q) for n, q in zip(numerators, denominators, strict=True)]), scale)
        terms = {m - common: _exact(c / content) for m, c in element.terms.items()}
        return _exact(content), common, Element(self, terms)

    def common_monomial(self, element: Element, among: set[int] | None = None) -> int:
        """The largest monomial (lowest exponents) that divides every term, over all or some generators."""
        lowest: dict[int, int] = {}
        decoded = [dict(self.decode(m)) for m in element.terms]
        for g in self.positions(element) if among is None else among:
            lowest[g] = min((d.get(g, 0) for d in decoded), default=0)
        return sum(e << (BITS * g) for g, e in lowest.items())

    def divide_monomial(self, element: Element, monomial: int) -> Element:
        """element over a monomial."""
        return Element(self, {m - monomial: c for m, c in element.terms.items()})

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
                    piece = image ** _exact(Fraction(e, UNIT))
                    factor = piece if factor is None else factor * piece
            if factor is None:
                _accumulate(out, {kept: c}, 1)
            else:
                _accumulate(out, {n + kept: k * c for n, k in factor.terms.items()}, 1)
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


def _untruncated_power(ring: Ring, base: Element, exponent: Exponent) -> Element:
    """A power of the zeroth order, where no series is needed."""
    order, ring.truncate = ring.truncate, None
    try:
        return ring.power(base, exponent)
    finally:
        ring.truncate = order


def _low(monomial: int) -> int:
    """The exponent of the first generator."""
    digit = monomial & _MASK
    return digit - (1 << BITS) if digit >= _HALF else digit


def _digits(monomial: int) -> Iterator[tuple[int, int]]:
    position = 0
    while monomial:
        skip = ((monomial & -monomial).bit_length() - 1) // BITS
        monomial >>= BITS * skip
        position += skip
        digit = _low(monomial)
        yield position, digit
        monomial = (monomial - digit) >> BITS
        position += 1
