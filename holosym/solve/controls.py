r"""Controls: what fixes one state among all that the equations allow.

A control is a scalar function of a state and the value it shall have: mu/T = 4, phi_1 = 1, T = 0.2 in units
of mu, or a relation between data such as phi_2 - kappa phi_1 = 0. One is needed for each free direction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from holosym.solve.scalars import Scalars


@dataclass(frozen=True)
class Control:
    """One row of the system: function(scalars) = target.

    Attributes:
        name: how messages call it, such as "mu/T".
        function: differentiable by torch.func.
        target: a number, or a tensor over the batch.
    """

    name: str
    function: Callable[[Scalars], Tensor]
    target: Tensor | float = 0.0

    def row(self, scalars: Scalars) -> Tensor:
        """What must vanish."""
        return self.function(scalars) - self.target


def datum(name: str, target: Tensor | float) -> Control:
    """A boundary datum has a given value, in units of z_h."""
    return Control(name, lambda scalars: scalars.data[name], target)


def quantity(name: str, target: Tensor | float) -> Control:
    """An observable has a given value, in units of z_h."""
    return Control(name, lambda scalars: scalars.quantity(name), target)
