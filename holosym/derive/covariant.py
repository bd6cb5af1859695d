"""Covariant variation of S = int sqrt(-g) L.

    delta S = int sqrt(-g) ( E_ab delta g^ab + E_phi delta phi + E_A^a delta A_a )

    E_ab  = P_a^{cde} R_bcde - 2 D^c D^d P_acdb + dL/dg^ab - g_ab L / 2,      P^abcd = dL/dR_abcd
    E_phi = dL/dphi - D_a (dL/d(d_a phi)),     E_A^a = dL/dA_a - D_b (dL/d(d_b A_a))

(Padmanabhan 2011, arXiv:1103.0207; Wald 1984, appendix E.) Matter enters through multilinear contractions of
forms: a slot s of a contraction M has a conjugate C with delta M = C^{a..} delta s_{a..}, and the chain of
forms inside s (a coefficient, a field, its exterior derivative, a wedge product) carries L_M C down to the
fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import comb, factorial
from typing import Any

from sympy import Expr

from holosym.derive.action import Action, full, sign, wedge_components
from holosym.derive.geometry import Tensor
from holosym.derive.higher_curvature import curvature_equations
from holosym.dsl.forms import (
    CoordinateDifferential,
    ExteriorDerivative,
    GaugeField,
    ScalarField,
    Wedge,
    terms,
)
from holosym.dsl.invariants import Contraction, FormProduct
from holosym.jets.element import Element


@dataclass
class Fluxes:
    """What multiplies a field, and what multiplies its derivative, in the variation of L (upper, full components)."""

    explicit: dict[Any, Tensor] = field(default_factory=dict)
    gradient: dict[Any, Tensor] = field(default_factory=dict)

    def add(self, kind: dict[Any, Tensor], one: Any, tensor: Tensor) -> None:
        """Add a tensor to what a field has already."""
        target = kind.setdefault(one, {})
        for index, value in tensor.items():
            target[index] = target[index] + value if index in target else value


class CovariantVariation:
    """The field equations of an action on its ansatz; each made when first asked for."""

    def __init__(self, action: Action) -> None:
        self.action = action
        self.geometry = action.geometry
        self.ring = action.ring

    # ---- matter -------------------------------------------------------------------------------------------------

    @cached_property
    def fluxes(self) -> Fluxes:
        """Variation of the contractions, collected by field."""
        found = Fluxes()
        for invariant in self.action.invariants:
            if isinstance(invariant, Contraction):
                weight = self.action.slope(invariant)
                for k, form in enumerate(invariant.args):
                    conjugate = self._conjugate(invariant, k)
                    self._descend(form, {i: weight * v for i, v in conjugate.items()}, found)
        return found

    def _conjugate(self, invariant: Contraction, k: int) -> Tensor:
        """C^{a..} of the k-th slot, with increasing indices."""
        forms = [self.action.components(form) for form in invariant.args]
        if isinstance(invariant, FormProduct):
            return self.action.raised(forms[1 - k])
        before = sum(len(next(iter(f), ())) for f in forms[:k])
        others: Tensor = {(): self.ring.one}
        weight = 1
        for form in forms[:k] + forms[k + 1 :]:
            others = wedge_components(others, form)
            weight *= factorial(len(next(iter(form), ())))
        over = self.geometry.volume**-1
        found: Tensor = {}
        for index, value in others.items():
            rest = tuple(a for a in range(self.geometry.dimension) if a not in index)
            orientation = sign(rest + index) * (-1) ** (len(rest) * before)
            found[rest] = value * over * (-weight * orientation)
        return found

    def _descend(self, form: Expr, conjugate: Tensor, found: Fluxes) -> None:
        """Carry X^{a..} = dL/ds_{a..} (increasing indices) from a form to the fields in it."""
        for atom, coefficient in terms(form).items():
            rank = len(next(iter(conjugate), ()))
            components = self.action.components(atom)
            for one in self.action.scalars:
                slope = self.action.convert(coefficient.diff(one))
                if slope:
                    parts = [conjugate[i] * components[i] for i in components if i in conjugate]
                    found.add(found.explicit, one, {(): self.ring.sum(parts) * slope * factorial(rank)})
            factor = self.action.convert(coefficient)
            scaled = {i: factor * v for i, v in conjugate.items()}
            self._descend_atom(atom, scaled, found)

    def _descend_atom(self, atom: Expr, conjugate: Tensor, found: Fluxes) -> None:
        if isinstance(atom, CoordinateDifferential):
            return
        if isinstance(atom, GaugeField):
            found.add(found.explicit, atom, conjugate)
        elif isinstance(atom, ExteriorDerivative):
            found.add(found.gradient, atom.args[0], conjugate)
        else:
            assert isinstance(atom, Wedge)
            self._descend_wedge(atom, conjugate, found)

    def _descend_wedge(self, atom: Wedge, conjugate: Tensor, found: Fluxes) -> None:
        """X . (a ^ b) = C(p+q, p) X^{i.. j..} a_i.. b_j..: each factor sees the other contracted with X."""
        a, b = (self.action.components(arg) for arg in atom.args)
        p, q = len(next(iter(a), (0,))), len(next(iter(b), (0,)))
        unfolded = full(conjugate)
        for form, other, size, other_size, first in (
            (atom.args[0], b, p, q, True),
            (atom.args[1], a, q, p, False),
        ):
            weight = comb(p + q, p) * factorial(other_size)
            parts: Tensor = {}
            for index, value in unfolded.items():
                mine, theirs = (index[:size], index[size:]) if first else (index[other_size:], index[:other_size])
                if tuple(sorted(mine)) == mine and theirs in other:
                    product = value * other[theirs] * weight
                    parts[mine] = parts[mine] + product if mine in parts else product
            self._descend(form, parts, found)

    def divergence(self, tensor: Tensor) -> Element:
        """D_a J^a of a vector: d_a(sqrt(-g) J^a) / sqrt(-g)."""
        slope = self.geometry.log_volume_gradient
        parts = []
        for (a,), value in tensor.items():
            parts.append(self.geometry.derive(value, a))
            parts.append(value * slope[a] / 2)
        return self.ring.sum(parts)

    @cached_property
    def scalar_equations(self) -> dict[ScalarField, Element]:
        """E_phi of every scalar field."""
        found = {}
        for one in self.action.scalars:
            inner = self.fluxes.explicit.get(one, {}).get((), self.ring.zero)
            found[one] = self.action.slope(one) + inner - self.divergence(self.fluxes.gradient.get(one, {}))
        return found

    @cached_property
    def gauge_equations(self) -> dict[GaugeField, Tensor]:
        """E_A^a of every one-form field: the explicit part - 2 D_b X^ba."""
        found = {}
        for one in self.action.gauge:
            unfolded = full(self.fluxes.gradient.get(one, {}))
            explicit = self.fluxes.explicit.get(one, {})
            equation: Tensor = {}
            for a in range(self.geometry.dimension):
                current: Tensor = {(b,): value for (b, c), value in unfolded.items() if c == a}
                equation[(a,)] = explicit.get((a,), self.ring.zero) - 2 * self.divergence(current)
            found[one] = {i: v for i, v in equation.items() if v}
        return found

    # ---- the metric ---------------------------------------------------------------------------------------------

    @cached_property
    def metric_equations(self) -> Tensor:
        """E_ab, all components that are not zero."""
        parts: dict[tuple[int, int], list[Element]] = {}
        for index, value in curvature_equations(self.action).items():
            parts.setdefault((index[0], index[1]), []).append(value)
        for index, value in self._stress().items():
            parts.setdefault((index[0], index[1]), []).append(value)
        half = self._bulk_term()
        for (a, b), g in self.geometry.metric.items():
            parts.setdefault((a, b), []).append(g * half)
        totals = {index: self.ring.sum(values) for index, values in parts.items()}
        return {index: value for index, value in totals.items() if value}

    def _bulk_term(self) -> Element:
        """-L/2, and for a volume-tensor contraction M its own g_ab M L_M / 2."""
        total = self.action.lagrangian * -1
        for invariant in self.action.invariants:
            if isinstance(invariant, Contraction) and not isinstance(invariant, FormProduct):
                total = total + self.action.slope(invariant) * self.action.value(invariant)
        return total / 2

    def _stress(self) -> Tensor:
        """dL/dg^ab = sum_M L_M p v_(a.. w_b).. over the contractions M = v . w."""
        parts: dict[tuple[int, int], list[Element]] = {}
        for invariant in self.action.invariants:
            if not isinstance(invariant, FormProduct):
                continue
            weight = self.action.slope(invariant)
            v, w = (full(self.action.components(form)) for form in invariant.args)
            rank = len(next(iter(v), ()))
            raised = w
            for slot in range(1, rank):
                raised = self.geometry.shift(raised, slot, self.geometry.inverse)
            for i, x in v.items():
                for j, y in raised.items():
                    if i[1:] == j[1:]:
                        value = weight * x * y * rank / 2
                        parts.setdefault((i[0], j[0]), []).append(value)
                        parts.setdefault((j[0], i[0]), []).append(value)
        return {index: self.ring.sum(values) for index, values in parts.items()}

    @cached_property
    def metric_equations_mixed(self) -> Tensor:
        """E^a_b."""
        return self.geometry.raise_first(self.metric_equations)

    # ---- the Bianchi identity -----------------------------------------------------------------------------------

    def bianchi(self) -> list[Element]:
        """2 D_a E^a_b + E_phi d_b phi + E_A^a F_ba - A_b D_a E_A^a for every b: zero off shell."""
        g = self.geometry
        slope = g.log_volume_gradient
        parts: list[list[Element]] = [[] for _ in range(g.dimension)]
        for (a, b), value in self.metric_equations_mixed.items():
            parts[b].append(g.derive(value, a) * 2)
            parts[b].append(value * slope[a])
        for (c, a, b), gamma in g.christoffel.items():
            if (a, c) in self.metric_equations_mixed:
                parts[b].append(self.metric_equations_mixed[a, c] * gamma * -1)
        for one, equation in self.scalar_equations.items():
            for (b,), gradient in self.action.gradient(self.action.scalars[one]).items():
                parts[b].append(equation * gradient)
        for one, current in self.gauge_equations.items():
            strength = full(self.action.curl(self.action.gauge[one]))
            divergence = self.divergence(current)
            for (b, a), value in strength.items():
                if (a,) in current:
                    parts[b].append(current[(a,)] * value)
            for (b,), value in self.action.gauge[one].items():
                parts[b].append(divergence * value * -1)
        return [self.ring.sum(p) for p in parts]
