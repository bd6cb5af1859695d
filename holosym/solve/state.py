r"""A solved state, its observables, and the same state in other units.

Under x -> x/lam, z_h = 1 becomes z_h = lam. A datum of dimension D is divided by lam^D; logarithms mix data
of the same power,

    c x^e (log x)^l  ->  c lam^(-e) x^e (log x - log lam)^l,

so the response of a theory with a logarithm changes by its source times log lam.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from holosym.solve.fields import Fields
from holosym.solve.newton import Report
from holosym.solve.scalars import Scalars


@dataclass(frozen=True)
class State:
    """A solution, or a batch of them.

    Attributes:
        fields: what its unknowns mean.
        unknowns: (..., N).
        report: how Newton got there.
    """

    fields: Fields
    unknowns: Tensor
    report: Report | None = None

    @cached_property
    def jets(self) -> dict[str, tuple[Tensor, ...]]:
        """Derivatives of the profiles at the nodes; at x = 0 only where they have a value."""
        return self.fields.jets(self.unknowns)

    @property
    def data(self) -> dict[str, Tensor]:
        """Boundary data, z_h = 1."""
        return self.fields.data(self.fields.split(self.unknowns)[1])

    @property
    def parameters(self) -> dict[str, Tensor | float]:
        """The theory's parameters, z_h = 1."""
        return self.fields.parameters(self.fields.split(self.unknowns)[1])

    @cached_property
    def scalars(self) -> Scalars:
        """All scalars, z_h = 1."""
        return scalars_of(self.fields, self.unknowns)

    def quantities(self) -> dict[str, Tensor]:
        """Every observable by name, z_h = 1."""
        return self.scalars.quantities()


def scalars_of(fields: Fields, unknowns: Tensor) -> Scalars:
    """The scalars of unknowns (..., N)."""
    scalars = fields.split(unknowns)[1]
    jets = fields.jets(unknowns)
    horizon = {p: tuple(jets[p][i[0]][..., -1] for i in indices) for p, indices in fields.package.PROFILES.items()}
    return Scalars(
        fields.package,
        fields.data(scalars),
        fields.parameters(scalars),
        horizon,
        fields.taylor(scalars),
        fields.couplings,
    )
