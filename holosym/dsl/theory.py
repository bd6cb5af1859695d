"""A theory: a metric ansatz, an action  S = int sqrt(-g) L  with 16 pi G = 1, and what is known about it.

A `Theory` only holds what the user wrote, checked for meaning; everything that follows is derived from it
elsewhere (`Theory.equations()` asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr, sympify

from holosym.dsl import known, reading, validate
from holosym.dsl.forms import CoordinateDifferential, GaugeField, ScalarField
from holosym.dsl.place import Place, here, model_error
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Parameter, Profile

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


UNSAID: Any = object()


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


class Theory(Model):
    """A metric ansatz and an action.

    Args:
        name: the theory's name; also that of its generated package.
        metric: the line element, quadratic in the coordinates' differentials.
        lagrangian: L, with S = int sqrt(-g) L; None for a bare metric.
        couplings: closed forms; couplings left out are unknown.
        radial: the radial coordinate; None for a plain system of equations.
        boundary: where the boundary is; may be `oo`.
        horizon: where the horizon is: a number, a parameter, or None.
        time: the time coordinate; the first one by default.

    Raises:
        ModelError: for a degenerate metric, a symbol that is not declared, and their like.
    """

    def __init__(
        self,
        name: str,
        metric: Any,
        lagrangian: Any = None,
        couplings: Mapping[Any, Any] | None = None,
        radial: Any = UNSAID,
        boundary: Any = 0,
        horizon: Any = 1,
        time: Any = None,
    ) -> None:
        super().__init__(name, couplings)
        self.metric: Expr = reading.expression(metric, "the metric")
        self.lagrangian: Expr | None = None
        if lagrangian is not None:
            self.lagrangian = reading.expression(lagrangian, "the Lagrangian")
        if radial is UNSAID:
            raise model_error(
                f"the theory {name} does not say which coordinate is radial",
                mend="give radial=z; radial=None makes a plain system of equations, without boundary and horizon",
            )
        self.radial: Coordinate | None = radial
        self.boundary: Expr = validate.end(boundary, "boundary")
        self.horizon: Expr | None = None if horizon is None else validate.end(horizon, "horizon")
        self.coordinates: tuple[Coordinate, ...] = validate.metric_coordinates(self.metric, self.place)
        self.time: Coordinate = self.coordinates[0] if time is None else time
        self.fluctuations: list[Fluctuation] = []
        validate.theory(self)

    @cached_property
    def scalars(self) -> tuple[ScalarField, ...]:
        """The scalar fields of the action, sorted by name."""
        return validate.fields_of(self, ScalarField)

    @cached_property
    def gauge_fields(self) -> tuple[GaugeField, ...]:
        """The one-form fields of the action, sorted by name."""
        return validate.fields_of(self, GaugeField)

    @property
    def fields(self) -> tuple[ScalarField | GaugeField, ...]:
        """Scalar fields, then one-form fields."""
        return (*self.scalars, *self.gauge_fields)

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The unknown functions of metric and fields, sorted by name."""
        found = set(self.metric.atoms(Profile))
        for one in self.fields:
            found |= one.ansatz.atoms(Profile)
        if self.lagrangian is not None:
            found |= self.lagrangian.atoms(Profile)
        return tuple(sorted(found, key=lambda p: p.func.name))

    def fluctuation(
        self, name: str, metric: Any = 0, fields: Mapping[Any, Any] | None = None, phase: Any = 1
    ) -> Fluctuation:
        """Record a linear perturbation of metric and fields, each entry times `phase`.

        Args:
            name: what the perturbation is called.
            metric: the perturbation of the line element.
            fields: from a field of the theory to its perturbation.
            phase: the common factor, `exp(-I*omega*t)`.
        """
        place = here()
        for one in fields or {}:
            if one not in self.fields:
                raise model_error(
                    f"{one} is not a field of {self.name}", mend="perturb a field of the action", place=place
                )
        entries = {one: sympify(value) for one, value in (fields or {}).items()}
        for expression in (sympify(metric), *entries.values()):
            strange = expression.atoms(CoordinateDifferential) - set(map(CoordinateDifferential, self.coordinates))
            if strange:
                raise model_error(f"{strange.pop()} is not a differential of {self.name}", place=place)
        made = Fluctuation(name, sympify(metric), entries, sympify(phase), place)
        reading.unique(name, [f.name for f in self.fluctuations], "fluctuation", place)
        self.fluctuations.append(made)
        return made


class System(Model):
    """A plain system of ordinary differential equations, given as expressions that must vanish.

    Args:
        name: the system's name.
        variable: the independent variable, a coordinate.
        equations: from an equation's name to the expression that must vanish.
        couplings: closed forms; couplings left out are unknown.
    """

    def __init__(
        self, name: str, variable: Any, equations: Mapping[str, Any], couplings: Mapping[Any, Any] | None = None
    ) -> None:
        super().__init__(name, couplings)
        self.variable: Coordinate = variable
        self.given: dict[str, Expr] = validate.given(equations)
        validate.system(self)

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The unknown functions, sorted by name."""
        found = set().union(*(e.atoms(Profile) for e in self.given.values())) if self.given else set()
        return tuple(sorted(found, key=lambda p: p.func.name))
