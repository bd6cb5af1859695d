r"""Residuals on the first panel without cancellation: generated code on numbers with a remainder.

In equation e the unknown functions u enter at some power x^(J_e) first; what stands below is solved by the
boundary series for any data. J_e is found by comparing the parts of R_e at two different u, and the parts
below it, which are rounding, are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.peeled import PeeledAnsatz
from holosym.ansatz.remainder import Remainder, monomial
from holosym.errors import SolveError
from holosym.solve.couplings import Coupling
from holosym.solve.package import GeneratedPackage, Parameters
from holosym.solve.scalars import coupling_jets

_SAME = 1e-9
_VANISHES = 1e-7


@dataclass(frozen=True)
class NearRows:
    """The rows of the first panel.

    Attributes:
        x: (m,), the points.
        window: M of the numbers.
        sign: -1 for z = x, +1 for r = 1/x: a derivative changes the power of x by it.
        terms: by profile, the (power, log) of the boundary series.
        ansatz: by profile.
    """

    package: GeneratedPackage
    couplings: Mapping[str, Coupling]
    x: Tensor
    window: int
    sign: int
    terms: Mapping[str, tuple[tuple[float, int], ...]]
    ansatz: Mapping[str, PeeledAnsatz]

    def residuals(
        self, coefficients: Mapping[str, Tensor], rest: Mapping[str, Tensor], parameters: Parameters
    ) -> dict[str, Remainder]:
        """The residuals as numbers, from the series' coefficients, u, and parameters with an axis of points."""
        batch = next(iter(rest.values())).ndim - 1
        x = self.x.reshape((1,) * batch + (-1,))
        coordinates = {self.package.COORDINATES[0]: monomial(x, self.window, -self.sign)}
        jets = {
            name: tuple(self._entry(name, index[0], x, coefficients[name], rest[name]) for index in indices)
            for name, indices in self.package.PROFILES.items()
        }
        # Generated code is plain algebra: it does not ask what its numbers are.
        couplings = coupling_jets(self.package, coordinates, jets, parameters, self.couplings)  # type: ignore[arg-type]
        found = self.package.residuals(coordinates, jets, couplings, parameters)  # type: ignore[arg-type]
        nothing = monomial(x, self.window, 0) * 0.0
        return {name: nothing + value for name, value in found.items()}

    def _entry(self, name: str, order: int, x: Tensor, coefficients: Tensor, rest: Tensor) -> Remainder:
        """The derivative of a profile as a number: term by term, then x^n u."""
        ansatz, count, (lowest, written) = self.ansatz[name], self.x.shape[0], self._written[name, order]
        series = coefficients @ written.flatten(start_dim=1)
        grades = series.reshape(*series.shape[:-1], *written.shape[1:]).movedim(-2, 0).clone()
        grades[round(ansatz.power) + self.sign * order - lowest] += rest @ ansatz.operators[order, :count].mT
        return Remainder(x, self.window, lowest, grades)

    @cached_property
    def _written(self) -> dict[tuple[str, int], tuple[int, Tensor]]:
        """By profile and derivative, the lowest power, and from the coefficients to the grades: (terms, grades, m)."""
        found, count = {}, self.x.shape[0]
        for name, indices in self.package.PROFILES.items():
            ansatz = self.ansatz[name]
            every = [round(power) for power, _ in self.terms[name]]
            for (order,) in indices:
                shift = self.sign * order
                powers = [round(ansatz.power) + shift, *(every[i] + shift for i in ansatz.terms)]
                grades = self.x.new_zeros(len(every), max(powers) - min(powers) + 1, count)
                for column, i in enumerate(ansatz.terms):
                    grades[i, every[i] + shift - min(powers)] = ansatz.basis[order, :count, column]
                found[name, order] = min(powers), grades
        return found

    def starts(self, coefficients: Mapping[str, Tensor], parameters: Parameters) -> dict[str, int]:
        """J_e by equation, from generic data.

        Raises:
            SolveError: the series does not solve an equation where it should.
        """
        count = next(iter(self.ansatz.values())).operators.shape[-1]
        ramp = torch.linspace(0.3, 1.1, count, dtype=self.x.dtype, device=self.x.device)
        seeds = next(iter(coefficients.values())).shape[:-1]
        two = torch.stack([ramp, 0 * ramp]).expand(*seeds, 2, -1)  # one u and another, as a batch
        rest = {name: two * (0.9 + 0.1 * i) for i, name in enumerate(self.ansatz)}
        both = {name: values.unsqueeze(-2).expand(*seeds, 2, -1) for name, values in coefficients.items()}
        starts = {}
        for name, found in self.residuals(both, rest, parameters).items():
            low = found.lowest
            parts = [found.part(k).expand(*seeds, 2, -1).unbind(-2) for k in range(low, low + self.window)]
            size = max(1.0, *(float(part.abs().max()) for pair in parts for part in pair))
            change = [float((pair[0] - pair[1]).abs().max()) for pair in parts]
            starts[name] = next((low + k for k, c in enumerate(change) if c > _SAME * size), low + self.window)
            wrong = max((float(pair[1].abs().max()) for pair in parts[: starts[name] - low]), default=0.0)
            if not wrong <= _VANISHES * size:
                raise SolveError(
                    f"the boundary series of {self.package.NAME} does not solve equation {name}: {wrong:.1e} remains",
                    mend="compile the theory again",
                )
        return starts


def window_for(terms: Mapping[str, tuple[tuple[float, int], ...]], ansatz: Mapping[str, PeeledAnsatz]) -> int | None:
    """M that holds all powers below the unknown functions; None where a power is not a whole number."""
    powers = [e for name, chosen in ansatz.items() for e in (chosen.power, *(terms[name][i][0] for i in chosen.terms))]
    if any(abs(e - round(e)) > 1e-12 for e in powers):
        return None
    depths = [a.power - min([e for e, _ in terms[name]], default=a.power) for name, a in ansatz.items()]
    return round(max(depths)) + 3
