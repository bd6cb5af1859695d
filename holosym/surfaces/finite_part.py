r"""The finite part of int_epsilon^y sqrt(B) dx for epsilon -> 0, sqrt(B) = x^(-P) beta.

beta = (terms c x^e (log x)^k with e <= P - 1) + r. The terms are integrated exactly, without their divergence; r is
integrated by parts as often as leaves 1/x, so that nothing large cancels near the boundary: with P = 3

    int x^(-3) r = -r(y)/(2 y^2) - r'(y)/(2 y) + 1/2 int r''/x.
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.surfaces.functional import Functional, Jet, Term


def finite_part(functional: Functional, upper: Tensor, x: Tensor, weights: Tensor, b: Jet) -> Tensor:
    """The finite part from the boundary to `upper`.

    Args:
        functional: B and C.
        upper: y, of any shape (...).
        x, weights: nodes between 0 and y, (..., n).
        b: the jet of b at the nodes.
    """
    power, terms = functional.powers[0], functional.terms
    total = sum((coefficient * primitive(upper, e - power, k) for e, k, coefficient in terms), torch.zeros_like(upper))
    times = 2 if power > 2 else 1 if power > 1 else 0
    rest = remainder(b, x, terms, times)
    there = remainder(functional.pieces(upper)[0], upper, terms, times) if times else []
    factor = 1.0
    for k in range(times):
        factor /= power - 1 - k
        total = total - factor * powered(upper, 1 + k - power) * there[k]
    measure = weights if times == power else weights * powered(x, times - power)
    return total + factor * (measure * rest[times]).sum(dim=-1)


def remainder(b: Jet, x: Tensor, terms: tuple[Term, ...], order: int) -> list[Tensor]:
    """beta - terms and its derivatives up to `order`."""
    root = torch.sqrt(b[0])
    found = [root]
    if order > 0:
        found.append(b[1] / (2 * root))
    if order > 1:
        found.append((b[2] / 2 - found[1].square()) / root)
    for e, k, coefficient in terms:
        for n, factor in enumerate(_derivatives(e, k, order)):
            if any(factor):
                found[n] = found[n] - coefficient * _log_polynomial(x, e - n, factor)
    return found


def _derivatives(exponent: float, logs: int, order: int) -> list[list[float]]:
    """The n-th derivative of x^e L^k, L = log x, is x^(e-n) times a polynomial in L: its coefficients, L^k first.

    x^e L^j -> x^(e-1) (e L^j + j L^(j-1)).
    """
    found = [[1.0] + [0.0] * logs]
    for n in range(order):
        pairs = zip(found[-1], [0.0, *found[-1]], strict=False)
        found.append([(exponent - n) * a + (logs - i + 1) * b for i, (a, b) in enumerate(pairs)])
    return found


def _log_polynomial(x: Tensor, exponent: float, factor: list[float]) -> Tensor | float:
    """x^e sum_i a_i (log x)^(k - i)."""
    total: Tensor | float = factor[0]
    for a in factor[1:]:
        total = total * torch.log(x) + a
    return powered(x, exponent) * total if exponent else total


def primitive(x: Tensor, exponent: float, logs: int) -> Tensor:
    """int x^e (log x)^k dx without a constant: what is left of int_epsilon^x without its divergence."""
    if abs(exponent + 1) < 1e-12:
        return torch.log(x) ** (logs + 1) / (logs + 1)
    whole = x ** (exponent + 1) * torch.log(x) ** logs / (exponent + 1)
    return whole - logs / (exponent + 1) * primitive(x, exponent, logs - 1) if logs else whole


def powered(x: Tensor, exponent: float) -> Tensor:
    """x^e; whole powers, which are the rule here, are products."""
    if exponent == 0:
        return torch.ones_like(x)
    if exponent < 0:
        return powered(torch.reciprocal(x), -exponent)
    if exponent == 1:
        return x
    return powered(x.square(), exponent / 2) if exponent % 2 == 0 else x**exponent
