"""Fields of a system on an interval: every profile is a function of the variable, with its conditions built in.

Shapes: seeds S, copies n (trajectories), points m; a field's part of theta is (S, n, P), its jets are (S, n, m).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor

from holosym.ansatz.function import Function
from holosym.ansatz.together import jets_together
from holosym.fit.layout import Layout
from holosym.solve.couplings import Coupling
from holosym.solve.package import GeneratedPackage, orders_of

Parts = Mapping[str, Tensor]
Surroundings = tuple[Mapping[str, Tensor | float], Mapping[str, Coupling]]
SurroundingsOf = Callable[[Parts], Surroundings]
Slopes = dict[str, list[tuple[str, tuple[Tensor, ...]]]]


@dataclass(frozen=True)
class TrajectoryFields:
    """The fields of a system at its collocation points.

    Attributes:
        functions: by profile.
        points: (m,), of the variable.
    """

    package: GeneratedPackage
    functions: Mapping[str, Function]
    points: Tensor

    def coordinates(self) -> dict[str, Tensor]:
        """The variable, by name."""
        return {self.package.COORDINATES[0]: self.points}

    def jets(self, parts: Parts, around: Surroundings) -> dict[str, tuple[Tensor, ...]]:
        """The entries of every profile's jet, each (S, n, m), in the order of PROFILES."""
        order = max(orders_of(self.package).values())
        jets = jets_together({name: self.functions[name] for name in self.package.PROFILES}, parts, self.points, order)
        return {
            name: tuple(jets[name][index[0]] for index in indices) for name, indices in self.package.PROFILES.items()
        }

    def slopes(self, parts: Parts, around: SurroundingsOf) -> Slopes:
        """By profile, the derivatives of its jet by every entry it depends on, each (S, n, m, size)."""
        found: Slopes = {}
        orders = orders_of(self.package)
        for name, indices in self.package.PROFILES.items():
            slopes = self.functions[name].sensitivity(parts[name], self.points, orders[name])
            found[name] = [(name, tuple(slopes[index[0]] for index in indices))]
        return found


@dataclass(frozen=True)
class ProfileRows:
    """Measured points of one profile, in units of their errors; with copies, every trajectory is compared.

    Attributes:
        term: its name among the losses.
        profile: what was measured.
        where, values, errors: (w,) each.
    """

    term: str
    layout: Layout
    function: Function
    profile: str
    where: Tensor
    values: Tensor
    errors: Tensor

    def residual(self, theta: Tensor) -> Tensor:
        """(S, n w)."""
        part = self.layout.split(theta)[self.profile]
        seen = self.function.jet(part, self.where, 0)[0]
        return ((seen - self.values) / self.errors).flatten(-2)

    def jacobian(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Rows, and their derivatives (S, n w, P)."""
        part = self.layout.split(theta)[self.profile]
        slopes = self.function.sensitivity(part, self.where, 0)[0] / self.errors[:, None]
        matrix = slopes.new_zeros(theta.shape[0], *slopes.shape[1:3], theta.shape[-1])
        place, size = self.layout.slices[self.profile].start, self.function.size
        for copy in range(slopes.shape[1]):
            start = place + copy * size
            matrix[:, copy, :, start : start + size] = slopes[:, copy]
        return self.residual(theta), matrix.flatten(1, 2)
