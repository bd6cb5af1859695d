r"""Hard conditions: a function with given values and derivatives at given points, by construction.

At anchors x_i with k_i conditions each, u(x_i), u'(x_i), ... u^(k_i - 1)(x_i),

    u(x) = sum_c d_c n_c(x) + w(x) N(x),        n_c(x) = product of the first c of the factors (x - x_i)/(b - a),

where each anchor's factor stands k_i times, and w is the product of all. The sum is Hermite's interpolant in
Newton's form; the divided differences d are a triangular matrix times the conditions. Powers of the series'
variable are built factor by factor, so w and the n_c vanish at the anchors exactly and u takes its values there
to the last digit. Derivatives of w N are Leibniz's, as a product of series.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.function import Blocks, Function, Jet, derivatives
from holosym.ansatz.taylor import Series, multiply, to_derivatives


@dataclass(frozen=True)
class Anchored:
    """A function that satisfies conditions, whatever its coefficients.

    Attributes:
        function: N; theta are its coefficients.
        anchors: point to its number of conditions k >= 1: the value and the first k - 1 derivatives.
        values: the conditions in order of the anchors, the value first, (..., conditions); None if every call
            brings its own.

    Raises:
        ValueError: no anchors, anchors that are no points, or a number of values that does not fit.
    """

    function: Function
    anchors: Mapping[float, int]
    values: Tensor | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "anchors", {float(point): int(count) for point, count in self.anchors.items()})
        if not self.anchors or any(not math.isfinite(x) or k < 1 for x, k in self.anchors.items()):
            raise ValueError(f"no anchors {dict(self.anchors)}: each is a finite point with one condition or more")
        if self.values is not None and self.values.shape[-1:] != (self.conditions,):
            shape = tuple(self.values.shape)
            raise ValueError(f"values of shape {shape} do not fit {self.conditions} conditions on the last axis")

    @property
    def interval(self) -> tuple[float, float]:
        """That of the function."""
        return self.function.interval

    @property
    def size(self) -> int:
        """That of the function: values are not coefficients."""
        return self.function.size

    @property
    def blocks(self) -> Blocks:
        """Those of the function."""
        return self.function.blocks

    @property
    def conditions(self) -> int:
        """The number of conditions of all anchors."""
        return sum(self.anchors.values())

    def initial(self, generator: torch.Generator) -> Tensor:
        """Coefficients (P,) of the function."""
        return self.function.initial(generator)

    def jet(self, theta: Tensor, x: Tensor, order: int, values: Tensor | None = None) -> Jet:
        """See `Function`.

        Args:
            theta: (..., P).
            x: (..., m).
            order: the highest derivative.
            values: (..., conditions), broadcast with theta and x; those given at construction if None.
        """
        return self.completed(self.function.jet(theta, x, order), x, values)

    def derivatives(self, theta: Tensor, x: Tensor, orders: Sequence[int], values: Tensor | None = None) -> Jet:
        """Those of some orders alone: where all are above the number of conditions, w has few derivatives.

        u^(k) = sum_j k!/(k-j)! w_j N^(k-j), w_j the coefficients of the series of w, which end with the conditions.
        """
        if not orders:
            return ()
        if min(orders) < self.conditions:
            jet = self.jet(theta, x, max(orders), values)
            return tuple(jet[order] for order in orders)
        _, factor = self._polynomials(x, self.conditions)
        needed = sorted({k - j for k in orders for j in range(self.conditions + 1)})
        inner = dict(zip(needed, derivatives(self.function, theta, x, needed), strict=True))
        return tuple(
            sum((math.perm(k, j) * factor[j] * inner[k - j] for j in range(self.conditions + 1)), torch.zeros_like(x))
            for k in orders
        )

    def completed(self, jet: Jet, x: Tensor, values: Tensor | None = None) -> Jet:
        """The jet of u from that of N at the same points."""
        order = len(jet) - 1
        newton, factor = self._polynomials(x, order)
        given = self._given(values, jet[0])
        product = multiply(factor, [entry / math.factorial(k) for k, entry in enumerate(jet)], order)
        differences = (given @ self._differences.to(given).mT).unsqueeze(-1)
        return to_derivatives(
            [entry + (row @ differences).squeeze(-1) for entry, row in zip(product, newton, strict=True)], order
        )

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`; the values do not matter here, the conditions being linear."""
        _, factor = self._polynomials(x, order)
        rows = [entry / math.factorial(k) for k, entry in enumerate(self.function.sensitivity(theta, x, order))]
        return to_derivatives(multiply([entry.unsqueeze(-1) for entry in factor], rows, order), order)

    def value_sensitivity(self, x: Tensor, order: int) -> Jet:
        """The derivative of each entry of the jet by the values: (..., m, conditions)."""
        newton, _ = self._polynomials(x, order)
        return to_derivatives([row @ self._differences.to(x) for row in newton], order)

    def _given(self, values: Tensor | None, like: Tensor) -> Tensor:
        given = self.values if values is None else values
        if given is None:
            raise ValueError(f"an anchored function without values: pass {self.conditions} of them")
        return given.to(like)

    def _factors(self) -> list[float]:
        """The anchors, each as often as it has conditions."""
        return [point for point, count in self.anchors.items() for _ in range(count)]

    def _polynomials(self, x: Tensor, order: int) -> tuple[Series, Series]:
        """The series of (n_0, n_1, ...), each entry (..., m, conditions), and of w, each (..., m), up to t^order."""
        scale = 1.0 / (self.interval[1] - self.interval[0])
        one, zero = torch.ones_like(x), torch.zeros_like(x)
        current: Series = [one, *([zero] * order)]
        rows = []
        for point in self._factors():
            rows.append(current)
            gap = (x - point) * scale
            current = [gap * entry + (scale * current[k - 1] if k else 0.0) for k, entry in enumerate(current)]
        return [torch.stack([row[k] for row in rows], dim=-1) for k in range(order + 1)], current

    @cached_property
    def _differences(self) -> Tensor:
        """From conditions to divided differences, (conditions, conditions)."""
        rows = []
        for point, count in self.anchors.items():
            newton, _ = self._polynomials(torch.tensor([point], dtype=torch.float64), count - 1)
            rows += [math.factorial(k) * entry[0] for k, entry in enumerate(newton)]
        unit = torch.eye(self.conditions, dtype=torch.float64)
        inverse: Tensor = torch.linalg.solve_triangular(torch.stack(rows), unit, upper=False)
        return inverse
