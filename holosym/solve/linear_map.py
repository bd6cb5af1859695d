r"""What is linear in the unknowns and in the coefficients of the boundary series.

    y = A u + sum_p K_p c_p(s),        dy/du = A + sum_p K_p dc_p/ds,

with u all unknowns, s the scalars among them, last. Jets at single nodes are of this kind, and so is every condition
made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from holosym.ansatz.peeled import PeeledAnsatz
from holosym.solve.rows import concatenate


@dataclass(frozen=True)
class LinearMap:
    """R numbers.

    Attributes:
        by_unknowns: A, (R, N).
        by_coefficients: K by profile, (R, terms).
    """

    by_unknowns: Tensor
    by_coefficients: Mapping[str, Tensor]

    def value(self, rest: Mapping[str, Tensor], scalars: Tensor, coefficients: Mapping[str, Tensor]) -> Tensor:
        """y (..., R)."""
        unknowns = concatenate([*(rest[name] for name in self.by_coefficients), scalars])
        return (
            unknowns @ self.by_unknowns.mT
            + self.by_series({name: c[..., None] for name, c in coefficients.items()})[..., 0]
        )

    def jacobian(self, partials: Mapping[str, Tensor]) -> Tensor:
        """dy/du (..., R, N), from dc/ds by profile (..., terms, k)."""
        by_scalars = self.by_series(partials)
        return self.by_unknowns + torch.nn.functional.pad(
            by_scalars, (self.by_unknowns.shape[-1] - by_scalars.shape[-1], 0)
        )

    def by_series(self, columns: Mapping[str, Tensor]) -> Tensor:
        """sum_p K_p times columns by profile (..., terms, P), such as dc/dq: (..., R, P)."""
        return reduce(torch.add, (matrix @ columns[name] for name, matrix in self.by_coefficients.items()))


def stacked(maps: Sequence[LinearMap]) -> LinearMap:
    """The numbers of all, one after the other."""
    names = maps[0].by_coefficients
    return LinearMap(
        torch.cat([one.by_unknowns for one in maps]),
        {name: torch.cat([one.by_coefficients[name] for one in maps]) for name in names},
    )


def difference(left: LinearMap, right: LinearMap) -> LinearMap:
    """The numbers of one less those of the other."""
    coefficients = {name: matrix - right.by_coefficients[name] for name, matrix in left.by_coefficients.items()}
    return LinearMap(left.by_unknowns - right.by_unknowns, coefficients)


@dataclass(frozen=True)
class Layout:
    """Where things stand among the unknowns: profiles in order, then the scalars.

    Attributes:
        ansatz: by profile, at the nodes.
        terms: by profile, how many the boundary series has.
        nodes, scalars: how many.
    """

    ansatz: Mapping[str, PeeledAnsatz]
    terms: Mapping[str, int]
    nodes: int
    scalars: int

    def nothing(self) -> LinearMap:
        """The number zero."""
        like = next(iter(self.ansatz.values())).operators
        size = self.nodes * len(self.ansatz) + self.scalars
        return LinearMap(
            like.new_zeros(1, size), {name: like.new_zeros(1, count) for name, count in self.terms.items()}
        )

    def unknown(self, place: int) -> LinearMap:
        """One unknown; negative places count from the last."""
        found = self.nothing()
        found.by_unknowns[0, place] = 1.0
        return found

    def coefficient(self, profile: str, place: int) -> LinearMap:
        """One coefficient of the boundary series."""
        found = self.nothing()
        found.by_coefficients[profile][0, place] = 1.0
        return found

    def jet(self, profile: str, order: int, node: int) -> LinearMap:
        """One derivative of a profile at a node."""
        found, ansatz = self.nothing(), self.ansatz[profile]
        start = list(self.ansatz).index(profile) * self.nodes
        found.by_unknowns[0, start : start + self.nodes] = ansatz.operators[order, node]
        found.by_coefficients[profile][0, list(ansatz.terms)] = ansatz.basis[order, node]
        return found
