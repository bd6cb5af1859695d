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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import mpmath
import sympy
from sympy import Expr, Integer, Rational

from holosym.derive import ansatz as reading
from holosym.derive import reduced
from holosym.derive.ansatz import Ansatz
from holosym.derive.freed import Freed, tied_blocks
from holosym.derive.system import EquationSystem, unknown_of
from holosym.dsl.symbols import Profile
from holosym.expand.dimensions import Dimensions
from holosym.expand.emblackening import horizon_theory
from holosym.expand.witness import DIGITS, Witness
from holosym.jets.derivation import TotalDerivatives, partial
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring
from holosym.jets.transfer import Transfer
from holosym.observe.linear import reduced as shortened
from holosym.observe.measure import measured
from holosym.observe.planar import outward
from holosym.observe.quantity import LocalQuantity
from holosym.observe.weights import SCALED, SHIFTED, Key, Scalings

SOURCE = "Gubser and Nellore 2009, arXiv:0908.1972"


@dataclass(frozen=True)
class Symmetry:
    """A scaling: which directions it stretches against time, and its weights."""

    label: str
    text: str
    weights: Mapping[Key, Expr]


def noether_charges(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """Independent charges of scaling symmetries, each proved to be conserved.

    Raises:
        ExpansionError: for a theory without a horizon.
    """
    return _Noether(system).charges()


class _Noether:
    """The reduced action of one theory."""

    def __init__(self, system: EquationSystem) -> None:
        self.system = system
        self.theory = horizon_theory(system)
        self.ansatz: Ansatz = reading.read(self.theory)
        self.ring: Ring = self.ansatz.ring
        self.D = TotalDerivatives(self.ring)
        self.time = self.theory.coordinates.index(self.theory.time)
        self.radial = self.theory.coordinates.index(self.theory.radial)
        assert self.theory.horizon is not None
        self.outward = outward(self.theory.boundary, self.theory.horizon)

    def charges(self) -> tuple[LocalQuantity, ...]:
        """The charges, by name."""
        along = self.ansatz.active
        if reduced.gauge_dependent(self.ansatz, along):
            return ()
        self.freed, lagrangian = reduced.freed_density(self.ansatz, along)
        if reduced.explicit_coordinates(self.ansatz, lagrangian, along):
            return ()
        self.lagrangian = self._without_matter(lagrangian)
        self.images = reduced.images_on_ansatz(self.ring, self.freed)
        found: list[tuple[Symmetry, Element]] = []
        for symmetry in self._symmetries():
            charge = self._charge(symmetry.weights)
            if self._independent([*(q for _, q in found), charge]) and self._conserved(charge):
                found.append((symmetry, charge))
        return tuple(self._quantity(one, q, len(found) > 1) for one, q in found)

    # ---- symmetries ---------------------------------------------------------------------------------------------

    def _without_matter(self, lagrangian: Element) -> Element:
        """The Lagrangian with matter's own profiles alone: what was freed beside them is zero."""
        matter = {one.unknown for one in self.freed if one.field is not None}
        zeros = {
            g: self.ring.zero
            for g, jet in enumerate(self.ring.generators)
            if isinstance(jet, JetGenerator) and jet.unknown in matter
        }
        return self.ring.expanded(self.ring.substitute(lagrangian, zeros))

    def _symmetries(self) -> Iterable[Symmetry]:
        """Time against each direction; then whatever other scalings there are."""
        scalings = Scalings(self.ring, self.lagrangian, self._shiftable())
        names = [str(c.name) for c in self.theory.coordinates]
        for block in self._directions():
            weights = scalings.with_weights(self._stretched(block))
            if weights is not None:
                label = "".join(names[i] for i in block)
                stretched = ", ".join(f"{names[i]} -> lambda {names[i]}" for i in block)
                text = f"{names[self.time]} -> lambda^-{len(block)} {names[self.time]}, {stretched}"
                yield Symmetry(label, text, weights)
        for k, vector in enumerate(scalings.basis(), start=1):
            lapse = vector.get((SCALED, self._metric_function(self.time).unknown), Integer(0))
            weights = {key: sympy.simplify(2 * w / lapse) if lapse != 0 else w for key, w in vector.items()}
            moved = any(kind == SHIFTED and w != 0 for (kind, _), w in vector.items())
            text = "a scaling of the metric" + (" that shifts the dilaton" if moved else "")
            yield Symmetry(f"scaling_{k}", text, weights)

    def _directions(self) -> list[tuple[int, ...]]:
        """Directions along the horizon, those of one tied block together."""
        tied = tied_blocks(self.ansatz, self.ansatz.active)
        along = [i for i in range(len(self.theory.coordinates)) if i not in (self.time, self.radial)]
        return sorted({tied[i] or (i,) for i in along})

    def _stretched(self, block: tuple[int, ...]) -> dict[Key, Expr]:
        """Weights of the metric under t -> lambda^-1 t and x_i -> lambda^(1/n) x_i for n directions."""
        exponent: dict[int, Expr] = {self.time: Integer(1)}
        exponent |= {i: -Rational(1, len(block)) for i in block}
        found: dict[Key, Expr] = {}
        for one in self.freed:
            if one.field is None:
                a, b = min(one.shape)
                found[SCALED, one.unknown] = exponent.get(a, Integer(0)) + exponent.get(b, Integer(0))
        return found

    def _metric_function(self, index: int) -> Freed:
        return next(one for one in self.freed if one.field is None and (index, index) in one.shape)

    def _shiftable(self) -> set[Unknown]:
        """Profiles that are scalar fields."""
        return {unknown_of(one.ansatz) for one in self.theory.scalars if isinstance(one.ansatz, Profile)}

    # ---- charges ------------------------------------------------------------------------------------------------

    def _charge(self, weights: Mapping[Key, Expr]) -> Element:
        """Q on the ansatz, without the measure of a sphere."""
        convert = Converter(self.ring)
        parts = []
        for unknown in sorted({u for _, u in weights}, key=lambda u: (u.kind, u.name)):
            first, second, third = (JetGenerator(unknown, (n,)) for n in range(3))
            scaled = convert(weights.get((SCALED, unknown), Integer(0)))
            shift = convert(weights.get((SHIFTED, unknown), Integer(0)))
            if not scaled and not shift:
                continue
            slope, bend = (partial(self.ring, jet)(self.lagrangian) for jet in (second, third))
            change = scaled * self.ring.generator(first) + shift
            parts.append((slope - self.D(bend, self.theory.radial)) * change)
            parts.append(bend * self.ring.generator(second) * scaled)
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
        system = self.system
        value = Transfer(system.ring)(charge)
        return system.vanishes(TotalDerivatives(system.ring)(value, self.theory.radial))

    def _quantity(self, symmetry: Symmetry, charge: Element, several: bool) -> LocalQuantity:
        ring = self.system.ring
        above, below = shortened(ring, Transfer(ring)(charge), ring.one)
        suffix = f"_{symmetry.label}" if several else ""
        index = rf"_{{\mathrm{{{symmetry.label}}}}}".replace("_", r"\_") if several else ""
        return LocalQuantity(
            f"noether_charge{suffix}",
            f"Q{index}",
            "anywhere",
            above,
            below,
            Dimensions(self.system).quotient(above, below),
            f"radially conserved charge of {symmetry.text}",
            SOURCE,
        )
