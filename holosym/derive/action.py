"""The action's ingredients in the ring: components of forms, values of invariants, the Lagrangian and its
slopes.

Antisymmetric tensors are kept by their components with increasing indices; `full` unfolds them. With all
indices summed, v . w = p! sum_{I increasing} v_I w^I, and eps^{01..} = -1/sqrt(-g), so that

    levi_civita(a, b, ..) = -(1/sqrt(-g)) (prod p_i!) (a ^ b ^ ..)_{01..}
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import permutations
from math import factorial
from typing import TYPE_CHECKING, Any

from sympy import Dummy, Expr

from holosym.derive.geometry import Geometry, Tensor
from holosym.dsl.forms import (
    CoordinateDifferential,
    ExteriorDerivative,
    GaugeField,
    ScalarField,
    Wedge,
    terms,
)
from holosym.dsl.invariants import (
    INVARIANTS,
    Contraction,
    Curvature,
    FormProduct,
    LeviCivita,
    R,
    gauss_bonnet,
    ricci_square,
    riemann_square,
)
from holosym.jets.element import Element
from holosym.jets.from_sympy import Converter

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory


def sign(indices: tuple[int, ...]) -> int:
    """The sign of the permutation that sorts indices; 0 where two are equal."""
    if len(set(indices)) < len(indices):
        return 0
    inversions = sum(a > b for i, a in enumerate(indices) for b in indices[i + 1 :])
    return -1 if inversions % 2 else 1


def full(components: Mapping[tuple[int, ...], Element]) -> Tensor:
    """All components of an antisymmetric tensor."""
    return {
        order: value if sign(order) > 0 else -value
        for index, value in components.items()
        for order in permutations(index)
    }


def wedge_components(a: Tensor, b: Tensor) -> Tensor:
    """(a ^ b) with increasing indices: the signed sum over shuffles."""
    found: Tensor = {}
    for i, v in a.items():
        for j, w in b.items():
            orientation = sign(i + j)
            if orientation:
                index = tuple(sorted(i + j))
                value = v * w if orientation > 0 else -(v * w)
                found[index] = found[index] + value if index in found else value
    return {index: value for index, value in found.items() if value}


class Action:
    """Metric, fields and Lagrangian of a theory at a point of the space of fields.

    Args:
        theory: the theory.
        geometry: its metric, with the ring.
        scalars: the value of every scalar field.
        gauge: the components of every one-form field.
    """

    def __init__(
        self,
        theory: Theory,
        geometry: Geometry,
        scalars: Mapping[ScalarField, Element],
        gauge: Mapping[GaugeField, Tensor],
    ) -> None:
        self.theory = theory
        self.geometry = geometry
        self.ring = geometry.ring
        self.scalars = scalars
        self.gauge = gauge
        self.convert = Converter(self.ring, scalars)
        self._components: dict[Expr, Tensor] = {}

    # ---- forms --------------------------------------------------------------------------------------------------

    def components(self, form: Expr) -> Tensor:
        """Components of a form, with increasing indices."""
        if form not in self._components:
            found: Tensor = {}
            for atom, coefficient in terms(form).items():
                factor = self.convert(coefficient)
                for index, value in self._atom(atom).items():
                    product = factor * value
                    found[index] = found[index] + product if index in found else product
            self._components[form] = {i: v for i, v in found.items() if v}
        return self._components[form]

    def _atom(self, atom: Expr) -> Tensor:
        ring = self.ring
        if isinstance(atom, CoordinateDifferential):
            return {(self.geometry.coordinates.index(atom.coordinate),): ring.one}
        if isinstance(atom, GaugeField):
            return dict(self.gauge[atom])
        if isinstance(atom, Wedge):
            return wedge_components(self.components(atom.args[0]), self.components(atom.args[1]))
        assert isinstance(atom, ExteriorDerivative)
        field = atom.args[0]
        if isinstance(field, ScalarField):
            return self.gradient(self.scalars[field])
        return self.curl(self.gauge[field])

    def gradient(self, value: Element) -> Tensor:
        """d_a of a scalar."""
        slopes = {(a,): self.geometry.derive(value, a) for a in range(self.geometry.dimension)}
        return {i: v for i, v in slopes.items() if v}

    def curl(self, form: Tensor) -> Tensor:
        """d_a A_b - d_b A_a with a < b."""
        found: Tensor = {}
        for (b,), value in form.items():
            for (a,), slope in self.gradient(value).items():
                if a != b:
                    index = (min(a, b), max(a, b))
                    part = slope if a < b else -slope
                    found[index] = found[index] + part if index in found else part
        return {i: v for i, v in found.items() if v}

    # ---- invariants ---------------------------------------------------------------------------------------------

    @cached_property
    def invariants(self) -> tuple[Any, ...]:
        """The invariants that the Lagrangian is made of, sorted."""
        assert self.theory.lagrangian is not None
        return tuple(sorted(self.theory.lagrangian.atoms(*INVARIANTS), key=str))

    def value(self, invariant: Any) -> Element:
        """An invariant's value."""
        if isinstance(invariant, Curvature):
            return self._curvature(invariant)
        return self._contraction(invariant)

    def _curvature(self, invariant: Curvature) -> Element:
        g = self.geometry
        if invariant == R:
            return g.scalar
        if invariant == ricci_square:
            return self._square(g.ricci)
        if invariant == riemann_square:
            return self._square(g.riemann)
        assert invariant == gauss_bonnet
        return g.scalar**2 - 4 * self._square(g.ricci) + self._square(g.riemann)

    def _square(self, tensor: Tensor) -> Element:
        raised = self.geometry.raise_all(tensor)
        return self.ring.sum(tensor[i] * raised[i] for i in tensor if i in raised)

    def _contraction(self, invariant: Contraction) -> Element:
        forms = [self.components(form) for form in invariant.args]
        if isinstance(invariant, FormProduct):
            v, w = forms
            raised = self.raised(w)
            rank = len(next(iter(v), ()))
            return self.ring.sum(v[i] * raised[i] for i in v if i in raised) * factorial(rank)
        assert isinstance(invariant, LeviCivita)
        return self.density(forms) * -1 / self.geometry.volume

    def raised(self, components: Tensor) -> Tensor:
        """Upper components with increasing indices."""
        raised = self.geometry.raise_all(full(components))
        return {i: v for i, v in raised.items() if sign(i) > 0 and tuple(sorted(i)) == i}

    def density(self, forms: list[Tensor]) -> Element:
        """(prod p_i!) (a ^ b ^ ..)_{01..}."""
        product = forms[0]
        weight = factorial(len(next(iter(product), ())))
        for form in forms[1:]:
            product = wedge_components(product, form)
            weight *= factorial(len(next(iter(form), ())))
        top = tuple(range(self.geometry.dimension))
        return product.get(top, self.ring.zero) * weight

    # ---- the Lagrangian -----------------------------------------------------------------------------------------

    @cached_property
    def _slots(self) -> dict[Any, Any]:
        return {invariant: Dummy(f"I{k}") for k, invariant in enumerate(self.invariants)}

    @cached_property
    def _bare(self) -> Expr:
        assert self.theory.lagrangian is not None
        return self.theory.lagrangian.xreplace(self._slots)

    @cached_property
    def _evaluate(self) -> Converter:
        values = {slot: self.value(invariant) for invariant, slot in self._slots.items()}
        return Converter(self.ring, {**self.scalars, **values})

    @cached_property
    def lagrangian(self) -> Element:
        """L."""
        return self._evaluate(self._bare)

    def slope(self, variable: Any) -> Element:
        """dL/d(an invariant), or the explicit dL/d(a scalar field)."""
        return self._evaluate(self._bare.diff(self._slots.get(variable, variable)))
