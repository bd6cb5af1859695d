"""The curvature part of the metric equations, P_a^{cde} R_bcde - 2 D^c D^d P_acdb with P^abcd = dL/dR_abcd.

    R               P_abcd = (g_ac g_bd - g_ad g_bc)/2:        L_R R_ab - D_a D_b L_R + g_ab D^2 L_R
    R_mn R^mn       P_abcd = (g_ac R_bd - g_ad R_bc - g_bc R_ad + g_bd R_ac)/2
    R_mnpq R^mnpq   P_abcd = 2 R_abcd
    Gauss-Bonnet    P_abcd = R (g_ac g_bd - g_ad g_bc) - 4 P(ricci) + 2 R_abcd,
                    divergence-free, so that only D D of its weight enters

Source: Padmanabhan 2011, arXiv:1103.0207.
"""

from __future__ import annotations

from itertools import product

from holosym.derive.action import Action
from holosym.derive.geometry import Geometry, Tensor
from holosym.dsl.invariants import R, gauss_bonnet, ricci_square, riemann_square
from holosym.jets.element import Element


def curvature_equations(action: Action) -> Tensor:
    """The part of E_ab that comes from curvature invariants."""
    total: dict[tuple[int, ...], Element] = {}
    for invariant in action.invariants:
        if invariant == R:
            part = _ricci_scalar(action.geometry, action.slope(R))
        elif invariant in (ricci_square, riemann_square, gauss_bonnet):
            part = _quadratic(action, invariant)
        else:
            continue
        for index, value in part.items():
            total[index] = total[index] + value if index in total else value
    return total


def hessian(geometry: Geometry, scalar: Element) -> Tensor:
    """D_a D_b of a scalar."""
    slopes = [geometry.derive(scalar, a) for a in range(geometry.dimension)]
    if not any(slopes):
        return {}
    found: Tensor = {}
    for a, b in product(range(geometry.dimension), repeat=2):
        value = geometry.derive(slopes[a], b)
        for c, slope in enumerate(slopes):
            if slope and (c, a, b) in geometry.christoffel:
                value = value - geometry.christoffel[c, a, b] * slope / 2
        if value:
            found[a, b] = value
    return found


def _ricci_scalar(geometry: Geometry, weight: Element) -> Tensor:
    found = {index: weight * value for index, value in geometry.ricci.items()}
    second = hessian(geometry, weight)
    box = geometry.ring.sum(geometry.inverse[i] * v for i, v in second.items() if i in geometry.inverse)
    for index, value in second.items():
        found[index] = found.get(index, geometry.ring.zero) - value
    if box:
        for index, g in geometry.metric.items():
            found[index] = found.get(index, geometry.ring.zero) + g * box
    return found


def _quadratic(action: Action, invariant: object) -> Tensor:
    geometry, weight = action.geometry, action.slope(invariant)
    momentum = curvature_momentum(geometry, invariant)
    scaled = {index: weight * value for index, value in momentum.items()}
    found = _contract_riemann(geometry, scaled)
    if invariant == gauss_bonnet:
        divergence = _against_hessian(geometry, momentum, hessian(geometry, weight))
    else:
        divergence = _double_divergence(geometry, scaled)
    for index, value in divergence.items():
        found[index] = found.get(index, geometry.ring.zero) - value * 2
    return found


def curvature_momentum(geometry: Geometry, invariant: object) -> Tensor:
    """P_abcd."""
    g, ricci, ring = geometry.metric, geometry.ricci, geometry.ring
    parts: dict[tuple[int, ...], list[Element]] = {}

    def antisymmetrised(weight: Element, other: Tensor) -> None:
        """weight (g_ac S_bd - g_ad S_bc - g_bc S_ad + g_bd S_ac) / 2."""
        for (m, n), x in g.items():
            for (p, q), y in other.items():
                value = weight * x * y / 2
                for index, plus in (
                    ((m, p, n, q), 1),
                    ((m, p, q, n), 0),
                    ((p, m, n, q), 0),
                    ((p, m, q, n), 1),
                ):
                    parts.setdefault(index, []).append(value if plus else -value)

    if invariant == ricci_square:
        antisymmetrised(ring.one, ricci)
    if invariant == gauss_bonnet:
        antisymmetrised(geometry.scalar, g)
        antisymmetrised(ring.constant(-4), ricci)
    if invariant in (riemann_square, gauss_bonnet):
        for index, value in geometry.riemann.items():
            parts.setdefault(index, []).append(value * 2)
    totals = {index: ring.sum(values) for index, values in parts.items()}
    return {index: value for index, value in totals.items() if value}


def _contract_riemann(geometry: Geometry, momentum: Tensor) -> Tensor:
    """P_a^{cde} R_bcde."""
    raised = momentum
    for slot in (1, 2, 3):
        raised = geometry.shift(raised, slot, geometry.inverse)
    parts: dict[tuple[int, ...], list[Element]] = {}
    by_tail: dict[tuple[int, ...], list[tuple[int, Element]]] = {}
    for index, value in geometry.riemann.items():
        by_tail.setdefault(index[1:], []).append((index[0], value))
    for index, value in raised.items():
        for b, curvature in by_tail.get(index[1:], ()):
            parts.setdefault((index[0], b), []).append(value * curvature)
    return {index: geometry.ring.sum(values) for index, values in parts.items()}


def _against_hessian(geometry: Geometry, momentum: Tensor, second: Tensor) -> Tensor:
    """P_acdb D^c D^d w."""
    raised = geometry.raise_all(second) if second else {}
    parts: dict[tuple[int, ...], list[Element]] = {}
    for (a, c, d, b), value in momentum.items():
        if (c, d) in raised:
            parts.setdefault((a, b), []).append(value * raised[c, d])
    return {index: geometry.ring.sum(values) for index, values in parts.items()}


def _double_divergence(geometry: Geometry, momentum: Tensor) -> Tensor:
    """D^c D^d P_acdb."""
    upper = geometry.raise_all(momentum)
    inner = _divergence(geometry, upper, 2)
    outer = _divergence(geometry, inner, 1)
    lowered = geometry.shift(outer, 0, geometry.metric)
    return geometry.shift(lowered, 1, geometry.metric)


def _divergence(geometry: Geometry, upper: Tensor, slot: int) -> Tensor:
    """D_d T^{.. d ..} over one slot of an upper tensor."""
    parts: dict[tuple[int, ...], list[Element]] = {}
    slope = geometry.log_volume_gradient
    by_last: dict[int, list[tuple[int, int, Element]]] = {}
    for (a, d, e), gamma in geometry.christoffel.items():
        by_last.setdefault(e, []).append((a, d, gamma))
    for index, value in upper.items():
        d = index[slot]
        rest = (*index[:slot], *index[slot + 1 :])
        parts.setdefault(rest, []).append(geometry.derive(value, d))
        parts[rest].append(value * slope[d] / 2)
        for k, e in enumerate(index):
            if k == slot:
                continue
            for a, along, gamma in by_last.get(e, ()):
                if along == d:
                    new = (*index[:k], a, *index[k + 1 :])
                    parts.setdefault((*new[:slot], *new[slot + 1 :]), []).append(value * gamma / 2)
    totals = {index: geometry.ring.sum(values) for index, values in parts.items()}
    return {index: value for index, value in totals.items() if value}
