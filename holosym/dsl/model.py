"""What every model has: a name, couplings, and what is known about it.

A model only holds what the user wrote, checked for meaning; everything that follows is derived from it
elsewhere (`Model.equations()` asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr

from holosym.dsl import known, reading
from holosym.dsl.place import Place, here
from holosym.dsl.symbols import AppliedCoupling, Parameter, Profile

if TYPE_CHECKING:
    from holosym.derive.system import EquationSystem


@dataclass(frozen=True)
class KnownSolution:
    """Closed forms of the profiles that solve the equations.

    Attributes:
        profiles: every profile's closed form.
        couplings: couplings closed for this solution alone.
        parameters: parameters fixed or related.
        domain: ranges from which admissible points are drawn.
    """

    name: str
    profiles: Mapping[Profile, Expr]
    couplings: Mapping[AppliedCoupling, Expr]
    parameters: Mapping[Parameter, Expr]
    domain: Mapping[Any, tuple[float, float]]
    source: str
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Published:
    """An equation of the literature, as the expression that must vanish on shell."""

    name: str
    expression: Expr
    source: str
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Fluctuation:
    """A linear perturbation: of the metric and of fields, each times a phase."""

    name: str
    metric: Expr
    fields: Mapping[Any, Expr]
    phase: Expr
    place: Place = field(default=Place(), compare=False)


class Model:
    """What a theory and a plain system share: a name, couplings, known solutions, published equations."""

    def __init__(self, name: str, couplings: Mapping[Any, Any] | None) -> None:
        self.place = here()
        self.name = reading.model_name(name)
        self.couplings = reading.closed_forms(couplings)
        self.known_solutions: list[KnownSolution] = []
        self.published_equations: list[Published] = []

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The unknown functions, sorted by name."""
        raise AssertionError("a model is a Theory or a System")

    def known_solution(
        self,
        name: str,
        profiles: Mapping[Any, Any],
        couplings: Mapping[Any, Any] | None = None,
        parameters: Mapping[Any, Any] | None = None,
        source: str = "",
        domain: Mapping[Any, tuple[float, float]] | None = None,
    ) -> KnownSolution:
        """Record an exact solution, to be checked.

        Args:
            name: what the solution is called.
            profiles: from profile to closed form; every profile of the theory.
            couplings: closed forms of couplings that hold for this solution alone.
            parameters: parameters that are fixed or related by the solution.
            source: paper and equation.
            domain: ranges of parameters or coordinates from which admissible points are drawn.

        Raises:
            ModelError: for a profile missing, or one that is not of this theory.
        """
        place = here()
        made = KnownSolution(
            name,
            known.solution_profiles(self.name, name, self.profiles, profiles, place),
            reading.closed_forms(couplings, place),
            known.solution_parameters(name, parameters, place),
            known.solution_domain(name, domain, place),
            source,
            place,
        )
        reading.unique(name, [s.name for s in self.known_solutions], "known solution", place)
        self.known_solutions.append(made)
        return made

    def published(self, name: str, expression: Any, source: str = "") -> Published:
        """Record an equation of the literature.

        Args:
            name: what the equation is called.
            expression: what must vanish on shell, in profiles, couplings and parameters.
            source: paper and equation.
        """
        place = here()
        made = Published(name, known.on_shell(name, expression, self.profiles, place), source, place)
        reading.unique(name, [p.name for p in self.published_equations], "published equation", place)
        self.published_equations.append(made)
        return made

    @cached_property
    def _equations(self) -> EquationSystem:
        from holosym.derive import equation_system

        return equation_system(self)

    def equations(self) -> EquationSystem:
        """The derived equations, with both derivations compared; made once.

        Raises:
            ModelError: where the model cannot be used.
            DerivationError: where the two derivations disagree.
        """
        return self._equations

    def _repr_latex_(self) -> str:
        return self.equations()._repr_latex_()
