"""The derived equations of a model: dynamical ones solved for the highest derivatives, constraints, and the
proof of them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Eq, Expr, latex

from holosym.derive.elimination import Solved
from holosym.derive.remainder import pivot, pseudo_remainder
from holosym.derive.rules import Rules, Unending
from holosym.derive.units import Units
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator, Unknown
from holosym.jets.ring import Ring
from holosym.jets.to_sympy import Writer, atom_symbol

if TYPE_CHECKING:
    from holosym.dsl.theory import Model


@dataclass(frozen=True)
class Equation:
    """One equation.

    Attributes:
        name: the profile it determines, or its origin for a constraint.
        role: `dynamical`, `constraint`, or `field` where nothing was solved.
        residual: what must vanish, free of denominators.
        leading: the jet it was solved for.
        right: that jet's value.
        origin: the field equation it came from.
    """

    name: str
    role: str
    residual: Element
    leading: JetGenerator | None
    right: Element | None
    origin: str


@dataclass(frozen=True)
class Proof:
    """What was proved about the derivation: statements, each exactly zero in the ring."""

    statements: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


class EquationSystem:
    """A model's equations.

    Attributes:
        model: the theory or system.
        ring: the ring of jets that the equations live in.
        field_equations: every covariant component and matter equation that is not identically zero, by label.
        equations: the independent equations with their roles.
        proof: what was proved.
    """

    def __init__(
        self,
        model: Model,
        ring: Ring,
        field_equations: dict[str, Element],
        equations: tuple[Equation, ...],
        solved: Solved,
        units: Units,
        proof: Proof,
    ) -> None:
        self.model = model
        self.ring = ring
        self.field_equations = field_equations
        self.equations = equations
        self.solved = solved
        self.units = units
        self.proof = proof
        self._write = Writer(ring)

    @property
    def rules(self) -> Rules:
        """Rules for the highest derivatives."""
        return self.solved.rules

    @property
    def free(self) -> tuple[str, ...]:
        """Profiles that no equation determines: a gauge freedom is left in the ansatz."""
        return tuple(u.name for u in self.solved.free)

    @cached_property
    def dynamical(self) -> dict[Expr, Expr]:
        """From highest derivative to right-hand side, as SymPy expressions."""
        return {
            atom_symbol(e.leading): self._write(e.right)
            for e in self.equations
            if e.leading is not None and e.right is not None
        }

    @cached_property
    def constraints(self) -> dict[str, Expr]:
        """Constraints by name, as SymPy expressions that must vanish."""
        return {e.name: self._write(e.residual) for e in self.equations if e.role == "constraint"}

    @cached_property
    def residuals(self) -> dict[str, Expr]:
        """Every independent equation by name, as a SymPy expression that must vanish."""
        return {e.name: self._write(e.residual) for e in self.equations}

    def write(self, element: Element) -> Expr:
        """An element as a SymPy expression."""
        return self._write(element)

    def vanishes(self, element: Element, constraints: Sequence[Element] | None = None) -> bool:
        """Whether an element is zero modulo the equations and their derivatives, exactly.

        Modulo a constraint this is decided on its generic branch: `verify` samples the others.

        Args:
            element: the element.
            constraints: the system's constraints in another form, with couplings put in.
        """
        left = self.units.clear(self.normal_form(element))
        if self.ring.is_zero(left):
            return True
        for one in [row.element for row in self.solved.constraints] if constraints is None else constraints:
            g = pivot(self.ring, one, self.units)
            if g is not None:
                left = self.units.clear(pseudo_remainder(self.ring, left, one, g))
                if self.ring.is_zero(left):
                    return True
        return False

    def normal_form(self, element: Element) -> Element:
        """The normal form; where rules are algebraic (several coordinates), with their derivatives if that ends."""
        left = self.rules.reduce(element)
        if self.rules.prolong or self.ring.is_zero(left):
            return left
        with contextlib.suppress(Unending):
            return self.rules.prolonged().reduce(left)
        return left

    def _repr_latex_(self) -> str:
        lines = [latex(Eq(left, right)) for left, right in self.dynamical.items()]
        lines += [latex(Eq(expression, 0)) for expression in self.constraints.values()]
        return "$$\\begin{gathered}" + r"\\ ".join(lines) + "\\end{gathered}$$"


def unknown_of(profile: Any) -> Unknown:
    """The ring's unknown of a profile."""
    return Unknown(profile.func.name, "profile", tuple(profile.args))
