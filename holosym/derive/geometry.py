"""Curvature of a metric in the ring of jets.

    Gamma^a_bc = g^ad (d_b g_dc + d_c g_db - d_d g_bc) / 2
    R_bd       = d_a Gamma^a_bd - d_d d_b ln sqrt(-g) + Gamma^e_bd d_e ln sqrt(-g) - Gamma^a_de Gamma^e_ba
    R^a_bcd    = d_c Gamma^a_db - d_d Gamma^a_cb + Gamma^a_ce Gamma^e_db - Gamma^a_de Gamma^e_cb
    G^a_b      = R^a_b - R delta^a_b / 2

Signature mostly plus; conventions of Misner, Thorne and Wheeler (1973). Tensors are sparse dictionaries from
index tuples to elements; what is absent is zero. The inverse is taken block by block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import Element
from holosym.jets.generators import HALF
from holosym.jets.ring import Ring

Tensor = dict[tuple[int, ...], Element]
Parts = dict[tuple[int, ...], list[Element]]


class Geometry:
    """A metric with everything that follows from it, each made when first asked for.

    Args:
        ring: the ring of its components.
        coordinates: coordinate symbols, in the order of the indices.
        metric: components g_ab, both orders of a symmetric pair.
        orientation: the sign of sqrt(-g): the root on the generic branch may be the negative one on an ansatz.
    """

    def __init__(self, ring: Ring, coordinates: Sequence[Any], metric: Tensor, orientation: int = 1) -> None:
        self.ring = ring
        self.coordinates = tuple(coordinates)
        self.dimension = len(self.coordinates)
        self.metric = metric
        self.orientation = orientation
        self.D = TotalDerivatives(ring)

    def derive(self, element: Element, index: int) -> Element:
        """d_index of an element."""
        return self.D(element, self.coordinates[index])

    @cached_property
    def blocks(self) -> list[tuple[int, ...]]:
        """Sets of coordinates that the metric connects."""
        return connected(range(self.dimension), self.metric)

    @cached_property
    def determinant(self) -> Element:
        """det g."""
        result = self.ring.one
        for block in self.blocks:
            result = result * minor(self.metric, block, block, self.ring)
        return result

    @cached_property
    def volume(self) -> Element:
        """sqrt(-g), on the generic branch."""
        return self.ring.power(-self.determinant, HALF) * self.orientation

    @cached_property
    def inverse(self) -> Tensor:
        """g^ab, block by block; the inverse determinant of a block is one monomial."""
        found: Tensor = {}
        for block in self.blocks:
            over = minor(self.metric, block, block, self.ring) ** -1
            for i, a in enumerate(block):
                for j, b in enumerate(block[i:], start=i):
                    rows, columns = block[:j] + block[j + 1 :], block[:i] + block[i + 1 :]
                    cofactor = minor(self.metric, rows, columns, self.ring)
                    if cofactor:
                        found[a, b] = found[b, a] = cofactor * over * (-1) ** (i + j)
        return found

    @cached_property
    def gradients(self) -> dict[tuple[int, int, int], Element]:
        """d_c g_ab as (a, b, c)."""
        return {
            (a, b, c): slope
            for (a, b), g in self.metric.items()
            for c in range(self.dimension)
            if (slope := self.derive(g, c))
        }

    @cached_property
    def christoffel(self) -> Tensor:
        """2 Gamma^a_bc: twice, so that coefficients stay integers."""
        lowered: Parts = {}
        for (a, b, c), slope in self.gradients.items():
            if a == b:
                lowered.setdefault((a, b, c), []).append(slope)
                if c != b:
                    lowered.setdefault((a, c, b), []).append(slope)
                    lowered.setdefault((c, a, b), []).append(-slope)
                continue
            for index, sign in (((a, b, c), 1), ((a, c, b), 1), ((c, a, b), -1)):
                lowered.setdefault(index, []).append(slope if sign > 0 else -slope)
        raised: Parts = {}
        for (e, b, c), parts in lowered.items():
            total = self.ring.sum(parts)
            for a in range(self.dimension):
                if (a, e) in self.inverse:
                    raised.setdefault((a, b, c), []).append(self.inverse[a, e] * total)
        return summed(self.ring, raised)

    @cached_property
    def log_volume_gradient(self) -> list[Element]:
        """2 d_a ln sqrt(-g)."""
        over = self.determinant**-1
        return [self.derive(self.determinant, a) * over for a in range(self.dimension)]

    @cached_property
    def ricci(self) -> Tensor:
        """R_ab."""
        n, ring, gamma, slope = self.dimension, self.ring, self.christoffel, self.log_volume_gradient
        quadratic: dict[tuple[int, ...], list[Element]] = {}
        by_upper: dict[tuple[int, int], list[tuple[int, Element]]] = {}
        for (e, b, a), value in gamma.items():
            by_upper.setdefault((e, a), []).append((b, value))
        for (a, d, e), value in gamma.items():
            for b, other in by_upper.get((e, a), ()):
                if b <= d:
                    quadratic.setdefault((b, d), []).append(value * other)
        found: Tensor = {}
        for b in range(n):
            for d in range(b, n):
                parts = [-x for x in quadratic.get((b, d), ())]
                for a in range(n):
                    if (a, b, d) in gamma:
                        parts.append(self.derive(gamma[a, b, d], a) * 2)
                        parts.append(gamma[a, b, d] * slope[a])
                parts.append(self.derive(slope[b], d) * -2)
                total = ring.sum(parts)
                if total:
                    found[b, d] = found[d, b] = total / 4
        return found

    @cached_property
    def ricci_mixed(self) -> Tensor:
        """R^a_b."""
        return self.raise_first(self.ricci)

    @cached_property
    def scalar(self) -> Element:
        """R."""
        return self.ring.sum(v for (a, b), v in self.ricci_mixed.items() if a == b)

    @cached_property
    def einstein_mixed(self) -> Tensor:
        """G^a_b."""
        found = dict(self.ricci_mixed)
        for a in range(self.dimension):
            found[a, a] = found.get((a, a), self.ring.zero) - self.scalar / 2
        return {index: value for index, value in found.items() if not self.ring.is_zero(value)}

    @cached_property
    def riemann(self) -> Tensor:
        """R_abcd, all components that are not zero."""
        mixed: Tensor = {}
        n, gamma = self.dimension, self.christoffel
        for a in range(n):
            for b in range(n):
                for c in range(n):
                    for d in range(c + 1, n):
                        value = self._riemann_component(gamma, a, b, c, d)
                        if value:
                            mixed[a, b, c, d] = value
                            mixed[a, b, d, c] = -value
        return self.lower_first(mixed)

    def _riemann_component(self, gamma: Tensor, a: int, b: int, c: int, d: int) -> Element:
        parts = []
        if (a, d, b) in gamma:
            parts.append(self.derive(gamma[a, d, b], c) * 2)
        if (a, c, b) in gamma:
            parts.append(self.derive(gamma[a, c, b], d) * -2)
        for e in range(self.dimension):
            if (a, c, e) in gamma and (e, d, b) in gamma:
                parts.append(gamma[a, c, e] * gamma[e, d, b])
            if (a, d, e) in gamma and (e, c, b) in gamma:
                parts.append(-(gamma[a, d, e] * gamma[e, c, b]))
        return self.ring.sum(parts) / 4 if parts else self.ring.zero

    # ---- index gymnastics ---------------------------------------------------------------------------------------

    def raise_first(self, tensor: Mapping[tuple[int, ...], Element]) -> Tensor:
        """Raise the first index."""
        return self.shift(tensor, 0, self.inverse)

    def lower_first(self, tensor: Mapping[tuple[int, ...], Element]) -> Tensor:
        """Lower the first index."""
        return self.shift(tensor, 0, self.metric)

    def raise_all(self, tensor: Mapping[tuple[int, ...], Element]) -> Tensor:
        """Raise every index."""
        rank = len(next(iter(tensor), ()))
        found = dict(tensor)
        for slot in range(rank):
            found = self.shift(found, slot, self.inverse)
        return found

    def shift(self, tensor: Mapping[tuple[int, ...], Element], slot: int, by: Tensor) -> Tensor:
        rows: dict[int, list[tuple[int, Element]]] = {}
        for (a, b), value in by.items():
            rows.setdefault(b, []).append((a, value))
        parts: dict[tuple[int, ...], list[Element]] = {}
        for index, value in tensor.items():
            for a, factor in rows.get(index[slot], ()):
                new = (*index[:slot], a, *index[slot + 1 :])
                parts.setdefault(new, []).append(factor * value)
        return summed(self.ring, parts)


def summed(ring: Ring, parts: Mapping[tuple[int, ...], list[Element]]) -> Tensor:
    totals = {i: (p[0] if len(p) == 1 else ring.sum(p)) for i, p in parts.items()}
    return {i: v for i, v in totals.items() if v}


def minor(metric: Tensor, rows: tuple[int, ...], columns: tuple[int, ...], ring: Ring) -> Element:
    """The determinant of a submatrix, by expansion along its first row."""
    if not rows:
        return ring.one
    parts = []
    for j, column in enumerate(columns):
        entry = metric.get((rows[0], column))
        if entry:
            rest = minor(metric, rows[1:], columns[:j] + columns[j + 1 :], ring)
            parts.append(entry * rest if j % 2 == 0 else -(entry * rest))
    return ring.sum(parts)


def connected(nodes: Any, edges: Any) -> list[tuple[int, ...]]:
    """Connected components of a graph, each sorted."""
    label = {n: n for n in nodes}

    def root(n: int) -> int:
        while label[n] != n:
            n = label[n]
        return n

    for a, b in edges:
        label[root(a)] = root(b)
    groups: dict[int, list[int]] = {}
    for n in label:
        groups.setdefault(root(n), []).append(n)
    return sorted(tuple(sorted(g)) for g in groups.values())
