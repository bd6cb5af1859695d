"""Powers in the ring: of monomials term by term, of sums through `Compound` generators, of numbers through primes.

Roots are those of the generic positive branch, (x^2)^(1/2) = x; but the square of a derivative, whose sign is
not known, keeps its root, (f'^2)^s is no power of f'; nor does that of a parameter that may be negative.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import factorint

from holosym.errors import RingError
from holosym.jets.base import RingBase
from holosym.jets.composites import Compound
from holosym.jets.content import primitive
from holosym.jets.element import BITS, HALF_RANGE, UNIT, Coefficient, Element, Exponent, exact, lowest_exponent
from holosym.jets.generators import ConstantGenerator, Generator, JetGenerator


class Powers(RingBase):
    """A ring with powers."""

    def power(self, base: Element, exponent: Exponent) -> Element:
        """base^exponent; a root or an inverse of a sum of terms becomes a `Compound` generator."""
        exponent = exact(exponent)
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
        content, monomial, rest = primitive(base)
        if isinstance(exponent, int):
            rest, content = self._oriented(rest, content)
        outside = self._monomial_power(monomial, exponent) * self.number_power(content, exponent)
        return outside * self.generator(Compound(rest), exponent)

    def _series_power(self, base: Element, exponent: Exponent) -> Element:
        """(b0 + eps b1 + ...)^n by the binomial series, cut at the order of truncation."""
        leading = Element(self, {m: c for m, c in base.terms.items() if lowest_exponent(m) == 0})
        if not leading.terms:
            raise RingError("a power of a quantity that vanishes at zeroth order of the perturbation")
        head = self._untruncated(leading, exponent)
        small = (base - leading) * self._untruncated(leading, -1)
        total, term, coefficient = self.one, self.one, Fraction(1)
        for k in range(1, (self.truncate or 0) + 1):
            term = term * small
            coefficient = coefficient * (Fraction(exponent) - k + 1) / k
            total = total + term * coefficient
        return head * total

    def _oriented(self, rest: Element, content: Coefficient) -> tuple[Element, Coefficient]:
        """P or -P, whichever the ring knows already: integer powers of both are one generator."""
        if not self.known(Compound(rest).key) and self.known(Compound(-rest).key):
            return -rest, -content
        return rest, content

    def _monomial_power(self, monomial: int, exponent: Exponent) -> Element:
        if isinstance(exponent, int):
            self._check_range(monomial, exponent)
            return Element(self, {monomial * exponent: 1})
        positive, even = self.split_squares(monomial)
        total = 0
        for g, e in self.decode(positive):
            total += self.packed(Fraction(e, UNIT) * exponent) << (BITS * g)
        result = Element(self, {total: 1})
        if even:
            result = result * self.generator(Compound(Element(self, {even: 1})), exponent)
        return result

    def _check_range(self, monomial: int, exponent: int) -> None:
        """Packed exponents must leave room for a few products."""
        largest = max((abs(e) for _, e in self.decode(monomial)), default=0)
        if largest * abs(exponent) >= HALF_RANGE // 16:
            raise RingError(f"a power with an exponent as large as {largest * abs(exponent) // UNIT}")

    def split_squares(self, monomial: int) -> tuple[int, int]:
        """Factors whose root is taken one by one, and even powers of what may be negative: (f'^2)^s is not f'^(2s)."""
        even = 0
        for g, e in self.decode(monomial):
            if e % (2 * UNIT) == 0 and _of_either_sign(self.generators[g]):
                even += e << (BITS * g)
        return monomial - even, even

    def number_power(self, number: Coefficient, exponent: Exponent) -> Element:
        """A rational to a rational power; roots of primes (and of -1) are generators."""
        if isinstance(exponent, int):
            return self.constant(exact(Fraction(number) ** exponent))
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
            result = result * exact(Fraction(prime) ** whole)
            if total != whole:
                result = result * self.generator(Compound(self.constant(prime)), total - whole)
        return result

    def _untruncated(self, base: Element, exponent: Exponent) -> Element:
        """A power of the zeroth order, where no series is needed."""
        order, self.truncate = self.truncate, None
        try:
            return self.power(base, exponent)
        finally:
            self.truncate = order


def _of_either_sign(generator: Generator) -> bool:
    """Derivatives, and parameters that are not declared positive."""
    if isinstance(generator, ConstantGenerator):
        return not generator.symbol.is_nonnegative
    return isinstance(generator, JetGenerator) and any(generator.orders)
