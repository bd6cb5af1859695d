r"""Noether charges of scaling symmetries of the reduced action.

The reduced Lagrangian L(u, u', u'') with every component of the metric free, the lapse g_rr too, does not change under
t -> lambda^-1 t, x_i -> lambda x_i, which keep the volume: g_tt -> lambda^2 g_tt, A_t -> lambda A_t, g_ii ->
lambda^-2 g_ii, unless something depends on x_i itself (axions) or carries its index (magnetic fields). Then

    Q = sum over u of  (dL/du' - D dL/du'') delta u + (dL/du'') delta u'

is the same at every r. At the horizon, where A_t = 0, it is T s, and near the boundary a combination of energy,
pressure and mu rho: the Smarr relation. Symmetries beyond these, with a dilaton that is shifted, come from the same
linear equations (`weights`). Source: Gubser and Nellore 2009, arXiv:0908.1972, section 2.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping

import mpmath
from sympy import Expr, Integer

from holosym.derive import ansatz as reading
from holosym.derive import reduced
from holosym.derive.ansatz import Ansatz
from holosym.derive.couplings import closed_couplings
from holosym.derive.system import EquationSystem
from holosym.errors import RingError
from holosym.expand.dimensions import Dimensions
from holosym.expand.emblackening import radial_theory
from holosym.expand.witness import DIGITS, Witness
from holosym.jets.composites import CouplingJet
from holosym.jets.derivation import TotalDerivatives, partial
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter, differentiate
from holosym.jets.generators import JetGenerator
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import to_sympy
from holosym.jets.transfer import Transfer
from holosym.observe.linear import reduced as shortened
from holosym.observe.measure import measured
from holosym.observe.planar import outward
from holosym.observe.quantity import LocalQuantity
from holosym.observe.symmetries import Symmetry, further, stretchings
from holosym.observe.weights import SCALED, SHIFTED, Key

SOURCE = "Gubser and Nellore 2009, arXiv:0908.1972"


def noether_charges(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """Independent charges of scaling symmetries, each proved to be conserved.

    Raises:
        ExpansionError: for a theory without a radial coordinate, or without an action.
    """
    return _Noether(system).charges()


class _Noether:
    """The reduced action of one theory."""

    def __init__(self, system: EquationSystem) -> None:
        self.system = system
        self.theory = radial_theory(system)
        self.ansatz: Ansatz = reading.read(self.theory)
        self.ring: Ring = self.ansatz.ring
        self.D = TotalDerivatives(self.ring)
        self.closed = closed_couplings(self.theory)
        self.outward = outward(self.theory.boundary, self.theory.horizon)

    def charges(self) -> tuple[LocalQuantity, ...]:
        """The charges: those of time against a direction, then others."""
        along = self.ansatz.active
        if reduced.gauge_dependent(self.ansatz, along):
            return ()
        self.freed, freed_lagrangian = reduced.freed_density(self.ansatz, along)
        self.images = reduced.images_on_ansatz(self.ring, self.freed)
        lagrangian = self._without_matter(freed_lagrangian)
        if reduced.explicit_coordinates(self.ansatz, lagrangian, along):
            return ()
        found: list[tuple[Symmetry, Element]] = []
        for symmetry, density in self._candidates(lagrangian):
            charge = self._charge(density, symmetry.weights)
            others = [self._with_couplings(q) for _, q in found]
            if self._independent([*others, self._with_couplings(charge)]) and self._conserved(charge):
                found.append((symmetry, charge))
        directions = sum(not one.further for one, _ in found)
        return tuple(
            self._quantity(one, q, one.further or directions > 1, [s.label for s, _ in found[:k]].count(one.label))
            for k, (one, q) in enumerate(found)
        )

    def _candidates(self, lagrangian: Element) -> Iterable[tuple[Symmetry, Element]]:
        """Symmetries with the Lagrangian that has them: an exponential coupling has to be put in to be seen."""
        for symmetry in stretchings(self.ansatz, self.freed, lagrangian):
            yield symmetry, lagrangian
        closed = self._with_couplings(lagrangian)
        for symmetry in further(self.ansatz, self.freed, closed):
            yield symmetry, closed

    def _without_matter(self, lagrangian: Element) -> Element:
        """The Lagrangian with matter's own profiles alone: what was freed beside them is zero."""
        matter = {one.unknown for one in self.freed if one.field is not None}
        zeros = {
            g: self.ring.zero
            for g, jet in enumerate(self.ring.generators)
            if isinstance(jet, JetGenerator) and jet.unknown in matter
        }
        return self.ring.expanded(self.ring.substitute(lagrangian, zeros))

    def _with_couplings(self, lagrangian: Element) -> Element:
        """The Lagrangian with closed forms of the couplings; as it is where the ring cannot hold them."""
        images = {}
        with contextlib.suppress(RingError):
            for g in sorted(self.ring.positions(lagrangian)):
                jet = self.ring.generators[g]
                if isinstance(jet, CouplingJet) and jet.name in self.closed:
                    slots, form = self.closed[jet.name]
                    convert = Converter(self.ring, dict(zip(slots, jet.arguments, strict=True)), self.closed)
                    images[g] = convert(differentiate(form, slots, jet.orders))
            return self.ring.substitute(lagrangian, images) if images else lagrangian
        return lagrangian

    def _charge(self, lagrangian: Element, weights: Mapping[Key, Expr]) -> Element:
        """Q on the ansatz, without the measure of a sphere; positive at a horizon."""
        convert = Converter(self.ring)
        radial = self.theory.radial
        parts = []
        for unknown in sorted({u for _, u in weights}, key=lambda u: (u.kind, u.name)):
            value, first, second = (JetGenerator(unknown, (n,)) for n in range(3))
            scaled = convert(weights.get((SCALED, unknown), Integer(0)))
            shift = convert(weights.get((SHIFTED, unknown), Integer(0)))
            if not scaled and not shift:
                continue
            slope, bend = (partial(self.ring, jet)(lagrangian) for jet in (first, second))
            change = scaled * self.ring.generator(value) + shift
            parts.append((slope - self.D(bend, radial)) * change)
            parts.append(bend * self.ring.generator(first) * scaled)
        total = self.ring.sum(parts)
        on_ansatz = self.ring.substitute(total, self.images(total))
        return measured(self.ring, self.ring.expanded(on_ansatz), self.theory) * -self.outward

    def _independent(self, charges: list[Element]) -> bool:
        """Whether no combination with constant coefficients vanishes identically: by numbers at several points."""
        count = len(charges)
        with mpmath.workdps(DIGITS):
            points = [Witness(self.ring, None, {}, {}, seed) for seed in range(count + 1)]
            rows = mpmath.matrix([[w.number(q) for w in points] for q in charges])
            gram = rows * rows.transpose_conj()
            size = mpmath.fprod(abs(gram[i, i]) for i in range(count))
            return bool(size > 0 and abs(mpmath.det(gram)) > size * mpmath.mpf(10) ** -20)

    def _conserved(self, charge: Element) -> bool:
        """Whether D Q is zero modulo the equations; with closed forms of the couplings if need be."""
        system = self.system
        slope = TotalDerivatives(system.ring)(Transfer(system.ring)(charge), self.theory.radial)
        if system.vanishes(slope) or not self.closed:
            return system.vanishes(slope)
        with contextlib.suppress(RingError):
            put = Converter(system.ring, {}, self.closed)
            left = put(to_sympy(system.rules.reduce(slope)))
            return system.vanishes(left, [put(to_sympy(row.element)) for row in system.solved.constraints])
        return False

    def _quantity(self, symmetry: Symmetry, charge: Element, labelled: bool, before: int) -> LocalQuantity:
        """A charge by its label, numbered where others have the same."""
        ring = self.system.ring
        above, below = shortened(ring, Transfer(ring)(charge), ring.one)
        return LocalQuantity(
            f"noether_charge_{symmetry.label}{before + 1 if before else ''}" if labelled else "noether_charge",
            f"Q_{{{symmetry.index}}}" if labelled else "Q",
            "anywhere",
            above,
            below,
            Dimensions(self.system).quotient(above, below),
            f"radially conserved charge of {symmetry.text}",
            SOURCE,
        )
