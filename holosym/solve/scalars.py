r"""What a state is, beyond its fields: boundary data, parameters, jets at the horizon; and what follows from them.

Everything here is a function of one vector of scalars, so controls and observables can be differentiated with
respect to it by torch.func, whatever they are made of. Units: z_h = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import TypeVar

import torch
from torch import Tensor

from holosym.solve.couplings import Coupling, coupling_orders
from holosym.solve.expansion import submodule
from holosym.solve.package import GeneratedPackage, Jets, Parameters

Value = TypeVar("Value")


@dataclass(frozen=True)
class Scalars:
    """The scalars of a state, batched over leading dimensions.

    Attributes:
        data: the boundary data.
        parameters: the theory's parameters.
        horizon: jets at the horizon, in PROFILES' order.
        taylor: derivatives of open couplings at the boundary, in TAYLOR's order.
        couplings: jets of all couplings at the horizon.
    """

    package: GeneratedPackage
    data: Mapping[str, Tensor]
    parameters: Parameters
    horizon: Jets
    taylor: Jets
    open_couplings: Mapping[str, Coupling] = field(default_factory=dict)

    @property
    def couplings(self) -> dict[str, tuple[Tensor, ...]]:
        """Jets of all couplings at the horizon."""
        return coupling_jets(self.package, self._coordinates, self.horizon, self.parameters, self.open_couplings)

    def quantity(self, name: str) -> Tensor:
        """One observable: those that are computed with it are, once, and no others.

        Raises:
            KeyError: the package has none of this name.
        """
        for part in self._parts:
            if name in part():
                return part()[name] + self._zero
        raise KeyError(name)

    def quantities(self) -> dict[str, Tensor]:
        """Every observable that the package knows, thermodynamics and DC transport, by name."""
        found = {name: value for part in reversed(self._parts) for name, value in part().items()}
        return {name: value + self._zero for name, value in sorted(found.items())}

    @cached_property
    def _parts(self) -> list[Callable[[], Mapping[str, Tensor]]]:
        """Observables by where they come from, each part evaluated once; the first that has a name counts."""
        local = (self._coordinates, self.horizon, Lazily(lambda: self.couplings), self.parameters)
        outer = (self.data, self.taylor, self.parameters)
        thermodynamics, transport = submodule(self.package, "thermodynamics"), submodule(self.package, "transport")
        places = (
            (thermodynamics, "horizon_quantities", local),
            (thermodynamics, "boundary_quantities", outer),
            (thermodynamics, "conserved_charges", local),
            (transport, "dc_transport", local),
        )
        found = [partial(getattr(module, name), *given) for module, name, given in places if hasattr(module, name)]
        return [cache(part) for part in found]

    @property
    def _zero(self) -> Tensor:
        return torch.zeros_like(next(iter(self.data.values())))

    @property
    def _coordinates(self) -> dict[str, Tensor]:
        return {self.package.COORDINATES[0]: torch.ones_like(next(iter(self.data.values())))}


class Lazily(Mapping[str, Value]):
    """What is made when the first of it is asked for: most observables need no couplings, and many no data."""

    def __init__(self, make: Callable[[], Mapping[str, Value]]) -> None:
        self._known = cache(make)

    def __getitem__(self, name: str) -> Value:
        return self._known()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


def coupling_jets(
    package: GeneratedPackage,
    coordinates: Mapping[str, Tensor],
    jets: Jets,
    parameters: Parameters,
    couplings: Mapping[str, Coupling],
) -> dict[str, tuple[Tensor, ...]]:
    """Jets of closed and open couplings, in COUPLINGS' order, where `jets` are."""
    arguments = package.coupling_arguments(coordinates, jets, parameters)
    found = dict(package.closed_couplings(arguments, parameters))
    for name, coupling in couplings.items():
        found[name] = coupling.jet(arguments[name], coupling_orders(package.COUPLINGS[name]))
    return found
