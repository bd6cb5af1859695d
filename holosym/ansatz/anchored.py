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
    def degree(self) -> int | None:
        """That of w N, if N is a polynomial; the sum is of lower degree."""
        inner = getattr(self.function, "degree", None)
        return None if inner is None else inner + self.conditions

    @property
    def intervals(self) -> int:
        """Between how many knots N is smooth; one if it has none."""
        return getattr(self.function, "intervals", 1)

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
        factor = self._factor(x, self.conditions)
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
        product = self._times(factor, [entry / math.factorial(k) for k, entry in enumerate(jet)])
        given = self._given(values, jet[0])
        differences = (given @ self._differences.to(given).mT).unsqueeze(-1)
        for k, row in enumerate(newton[: self.conditions]):  # of higher orders there are none
            product[k] = product[k] + (row @ differences).squeeze(-1)
        return to_derivatives(product, order)

    def interpolant(self, x: Tensor) -> Tensor:
        """(..., m), Hermite's interpolant of the conditions: what u is without N."""
        return self.completed((torch.zeros_like(x),), x)[0]

    def sensitivity(self, theta: Tensor, x: Tensor, order: int) -> Jet:
        """See `Function`; the values do not matter here, the conditions being linear."""
        factor = self._factor(x, order)
        rows = [entry / math.factorial(k) for k, entry in enumerate(self.function.sensitivity(theta, x, order))]
        # Rows are large, so they are not put side by side; w has no coefficients beyond the conditions.
        series = [entry.unsqueeze(-1) for entry in factor[: self.conditions + 1]]
        return to_derivatives(multiply(series, rows, order), order)

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
        *newton, factor = self._products(x, order)
        return list(torch.stack(newton, dim=-1).unbind(0)), list(factor.unbind(0))

    def _factor(self, x: Tensor, order: int) -> Series:
        """The series of w alone."""
        return list(self._products(x, order)[-1].unbind(0))

    def _products(self, x: Tensor, order: int) -> list[Tensor]:
        """The series of n_0, n_1, ..., w, each (order + 1, ..., m)."""
        scale = 1.0 / (self.interval[1] - self.interval[0])
        found = [torch.stack([torch.ones_like(x), *([torch.zeros_like(x)] * order)])]
        for point in self._factors():
            last = found[-1]
            found.append(((x - point) * scale) * last + scale * _later(last[:-1], 1))
        return found

    def _times(self, factor: Sequence[Tensor], series: Sequence[Tensor]) -> Series:
        """The product of a series with that of w, which ends with the conditions, all entries at once."""
        whole = torch.stack(list(series))
        total = factor[0] * whole
        for j, entry in enumerate(factor[1 : self.conditions + 1], start=1):
            total = total + _later(entry * whole[:-j], j)
        return list(total.unbind(0))

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


def _later(series: Tensor, shift: int) -> Tensor:
    """The series (K, ...) times t^shift."""
    return torch.nn.functional.pad(series, (0, 0) * (series.ndim - 1) + (shift, 0))
