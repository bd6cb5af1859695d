r"""The matrices of the brane ansatz, for one profile at given points.

    p^(k) = sum_t B_kt c_t + sum_j D_kj u^(j)            (the peeled ansatz),
    u = a v_a + b v_b + w N,                            v_a = 1 - x or 1,  v_b = x or 1,  w = x^(0,1) (1 - x)^(0,1),

so C_ki = sum_j D_kj binomial(j, i) w^(j-i), and the ends' polynomials times D add to B: a is the coefficient of x^n,
b = -sum_t B_0t(1) c_t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.panels import Sites
from holosym.ansatz.peeled import peel
from holosym.solve.expansion import boundary_of, horizon_of
from holosym.solve.package import GeneratedPackage, orders_of
from holosym.solve.peeling import peeling_power

Polynomial = tuple[float, ...]


@dataclass(frozen=True)
class Weights:
    """One profile's matrices.

    Attributes:
        series: B, (order + 1, m, terms), on the series' coefficients.
        function: C, (order + 1, order + 1, m), on the derivatives of N.
        response: the index of the response among the terms; None where the series has none.
    """

    series: Tensor
    function: Tensor
    response: int | None

    @property
    def order(self) -> int:
        """The highest derivative."""
        return self.series.shape[0] - 1


def brane_weights(package: GeneratedPackage, points: Tensor) -> dict[str, Weights]:
    """The matrices of all profiles; `points` (m,) ascend in (0, 1] and end at the horizon."""
    vanishing = horizon_of(package).VANISHING
    return {name: _weights(package, name, points, name in vanishing) for name in package.PROFILES}


def _weights(package: GeneratedPackage, name: str, points: Tensor, vanishes: bool) -> Weights:
    boundary = boundary_of(package)
    terms, power = boundary.TERMS[name], peeling_power(boundary, name)
    order, count = orders_of(package)[name], len(points)
    unit = torch.eye(count, dtype=points.dtype, device=points.device).repeat(1, order + 1)
    block = torch.arange(order + 1, device=points.device).repeat_interleave(count)
    picks = tuple(torch.where(block == k, unit, 0.0) for k in range(order + 1))
    ansatz = peel(Sites(points, picks, count), terms, power, order, inverse=boundary.BOUNDARY != 0)
    through = ansatz.operators.reshape(order + 1, count, order + 1, count).diagonal(dim1=1, dim2=3)
    series = torch.zeros(order + 1, count, len(terms), dtype=points.dtype, device=points.device)
    series[..., list(ansatz.terms)] = ansatz.basis
    response = terms.index((power, 0)) if (power, 0) in terms else None
    factor: Polynomial = (1.0,)
    if response is not None:
        factor = _product(factor, (0.0, 1.0))
        series[..., response] += _applied(through, (1.0, -1.0) if vanishes else (1.0,), points)
    if vanishes:
        factor = _product(factor, (1.0, -1.0))
        # the response's own polynomial 1 - x is zero at the horizon, so row -1 of the series is S_p(1)
        series = (
            series
            - _applied(through, (0.0, 1.0) if response is not None else (1.0,), points)[..., None] * series[0, -1]
        )
    jets = _jet(factor, points, order)
    function = torch.zeros_like(through)
    for i in range(order + 1):
        for j in range(i, order + 1):
            function[:, i] += math.comb(j, i) * through[:, j] * jets[j - i]
    return Weights(series, function, response)


def _applied(through: Tensor, polynomial: Polynomial, points: Tensor) -> Tensor:
    """(k, m): the derivatives of p where u is a polynomial."""
    jets = torch.stack(_jet(polynomial, points, through.shape[1] - 1))
    return (through * jets).sum(dim=1)


def _jet(polynomial: Polynomial, points: Tensor, order: int) -> list[Tensor]:
    found = []
    for _ in range(order + 1):
        found.append(sum((c * points**k for k, c in enumerate(polynomial)), torch.zeros_like(points)))
        polynomial = tuple(k * c for k, c in enumerate(polynomial))[1:]
    return found


def _product(one: Polynomial, two: Polynomial) -> Polynomial:
    found = [0.0] * (len(one) + len(two) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(two):
            found[i + j] += a * b
    return tuple(found)
