"""What a solver needs to know of the equations it solves: rows, their Jacobian, their sizes, their names."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

from torch import Tensor


class Linearised(NamedTuple):
    """A system at one point, with leading dimensions for independent states.

    Attributes:
        residual: rows (..., M) that must vanish.
        jacobian: their derivatives (..., M, N).
        scale: (..., M), positive, the size each row is measured by: |residual|/scale is its relative error.
        weight: (..., M), positive, how much each row counts where the rows cannot all be met at once.
    """

    residual: Tensor
    jacobian: Tensor
    scale: Tensor
    weight: Tensor

    def error(self) -> Tensor:
        """The largest relative error of any row, by state (...)."""
        return (self.residual.abs() / self.scale).amax(dim=-1)


class System(Protocol):
    """Equations for unknowns (..., N)."""

    def residual(self, unknowns: Tensor) -> Tensor:
        """Rows (..., M) that must vanish."""
        ...

    def linearise(self, unknowns: Tensor) -> Linearised:
        """Rows with their Jacobian, sizes and weights, all with the same leading dimensions."""
        ...

    def row_name(self, index: int) -> str:
        """What row `index` is, for messages."""
        ...

    def unknown_name(self, index: int) -> str:
        """What unknown `index` is, for messages."""
        ...


@runtime_checkable
class HasRough(Protocol):
    """A system that knows a cheaper form of itself."""

    @property
    def rough(self) -> System | None:
        """The same rows with their weights and sizes, less safe from rounding; None where they are all there is."""
        ...
