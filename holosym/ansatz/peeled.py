r"""The peeled ansatz: the boundary series written out, and a smooth function for the rest.

On the first panel, with x = z or x = 1/r (the horizon at x = 1),

    p(x) = sum over terms (e, l) of  c_(e,l) x^e (log x)^l  +  x^n u(x),

where the sum holds every term below the peeling power n and, above it, all with a logarithm or with a power
that is not n plus a whole number: those that a polynomial u cannot be. So u(0) is the coefficient of x^n, the
response, and u is as smooth as the equations allow; on the other panels p = u. The map from coefficients and
nodal values of u to the jets of p is linear, and this module makes its matrices,

    p^(k) = B_k c + M_k u,        derivatives with respect to z or r.

For r = 1/x:  d/dr = -x^2 d/dx,  and  d^k/dr^k = sum_j b_kj x^(k+j) d^j/dx^j.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.ansatz.panels import Sites
from holosym.ansatz.powers import Power, log_power_jet, log_power_jets


@dataclass(frozen=True)
class PeeledAnsatz:
    """One profile's ansatz at given points; make it with `peel`.

    Attributes:
        power: the peeling power n.
        terms: indices into the profile's terms of those that are written out.
        basis: (order + 1, m, terms), B_k.
        operators: (order + 1, m, n), M_k.
    """

    power: float
    terms: tuple[int, ...]
    basis: Tensor
    operators: Tensor

    def jets(self, coefficients: Tensor, rest: Tensor) -> tuple[Tensor, ...]:
        """Coefficients (..., all terms) and u (..., n) to the derivatives of p, each (..., m)."""
        chosen = coefficients[..., list(self.terms)]
        return tuple(
            chosen @ basis.mT + rest @ operator.mT for basis, operator in zip(self.basis, self.operators, strict=True)
        )


def peel(
    sites: Sites, terms: Sequence[Power], power: float, order: int, *, inverse: bool = False, written: bool = True
) -> PeeledAnsatz:
    """The ansatz of one profile.

    Args:
        sites: the points in x, with derivative matrices from the nodes.
        terms: (power of x, power of log x) of the boundary series.
        power: the peeling power n.
        order: the highest derivative.
        inverse: the radial coordinate is r = 1/x.
        written: write out the terms above n that are not polynomial; without them the ansatz is still exact, and
            converges only algebraically.
    """
    chosen = tuple(i for i, (e, logs) in enumerate(terms) if e < power or (written and not _smooth(e - power, logs)))
    count = sites.first
    near = sites.points[:count]
    basis = torch.zeros(order + 1, len(chosen), len(sites.points), dtype=near.dtype, device=near.device)
    basis[..., :count] = log_power_jets(near, [terms[i] for i in chosen], order)
    operators = torch.stack(list(sites.derivatives[: order + 1])).clone()
    factor = log_power_jet(near, (power, 0), order)
    for k in range(order + 1):
        leibniz = (math.comb(k, j) * factor[k - j, :, None] * sites.derivatives[j][:count] for j in range(k + 1))
        operators[k, :count] = torch.stack(list(leibniz)).sum(dim=0)
    basis = basis.mT
    if inverse:
        basis, operators = _in_inverse(basis, sites.points), _in_inverse(operators, sites.points)
    return PeeledAnsatz(power, chosen, basis, operators)


def peeled_jets(
    x: Tensor,
    near: Tensor,
    powers: Sequence[Power],
    coefficients: Tensor,
    power: float,
    rest: Tensor,
    *,
    inverse: bool = False,
) -> tuple[Tensor, ...]:
    """The jet of one profile at any points, from the jet of u there.

    Args:
        x: (m,), the points.
        near: (m,), which of them are on the first panel.
        powers, coefficients: the terms that are written out, (terms,).
        power: the peeling power n.
        rest: (order + 1, m), derivatives of u along x.
        inverse: derivatives with respect to r = 1/x are wanted.
    """
    order = rest.shape[0] - 1
    inside = torch.where(near, x, torch.ones_like(x))
    factor = log_power_jet(inside, (power, 0), order)
    written = torch.einsum("t,ktm->km", coefficients, log_power_jets(inside, powers, order))
    rows = []
    for k in range(order + 1):
        product = sum(math.comb(k, j) * factor[k - j] * rest[j] for j in range(k + 1))
        rows.append(torch.where(near, written[k] + product, rest[k]))
    made = torch.stack(rows)
    if inverse:
        made = _in_inverse(made[:, None], x)[:, 0]
    return tuple(made)


def _smooth(exponent: float, logs: int) -> bool:
    return logs == 0 and exponent >= 0 and abs(exponent - round(exponent)) < 1e-12


def _in_inverse(matrices: Tensor, x: Tensor) -> Tensor:
    """Derivatives with respect to x, (order + 1, n, m), to derivatives with respect to r = 1/x."""
    rows = [[1.0]]
    for k in range(1, matrices.shape[0]):
        last = [*rows[-1], 0.0]
        rows.append([-((k - 1 + j) * last[j] + (last[j - 1] if j else 0.0)) for j in range(k + 1)])
    result = []
    for k, row in enumerate(rows):
        result.append(sum((b * (x ** (k + j))[:, None] * matrices[j] for j, b in enumerate(row)), 0 * matrices[0]))
    return torch.stack(result)
