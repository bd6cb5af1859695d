r"""What a state is, beyond its fields: boundary data, parameters, jets at the horizon; and what follows from them.

Everything here is a function of one vector of scalars, so controls and observables can be differentiated with
respect to it by torch.func, whatever they are made of. Units: z_h = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from holosym.solve.couplings import Coupling, coupling_orders
from holosym.solve.expansion import submodule
from holosym.solve.package import GeneratedPackage, Jets, Parameters


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

    def quantities(self) -> dict[str, Tensor]:
        """`observables`, evaluated once."""
        return self._quantities

    @cached_property
    def _quantities(self) -> dict[str, Tensor]:
        """Every observable that the package knows, thermodynamics and DC transport, by name."""
        found: dict[str, Tensor] = {}
        local = (self._coordinates, self.horizon, self.couplings, self.parameters)
        thermodynamics, transport = submodule(self.package, "thermodynamics"), submodule(self.package, "transport")
        for module, name in ((thermodynamics, "conserved_charges"), (thermodynamics, "horizon_quantities")):
            if hasattr(module, name):
                found.update(getattr(module, name)(*local))
        if thermodynamics is not None and hasattr(thermodynamics, "boundary_quantities"):
            found.update(thermodynamics.boundary_quantities(self.data, self.taylor, self.parameters))
        if transport is not None:
            found.update(transport.dc_transport(*local))
        zero = torch.zeros_like(next(iter(self.data.values())))
        return {name: value + zero for name, value in sorted(found.items())}

    @property
    def _coordinates(self) -> dict[str, Tensor]:
        return {self.package.COORDINATES[0]: torch.ones_like(next(iter(self.data.values())))}


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
