"""A theory: a metric ansatz, an action  S = int sqrt(-g) L  with 16 pi G = 1, and what is known about it.

A `Theory` only holds what the user wrote, checked for meaning; everything that follows is derived from it
elsewhere (`Theory.equations()` asks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr, sympify

from holosym.dsl import boundary as choices
from holosym.dsl import reading, validate
from holosym.dsl.charts import Chart
from holosym.dsl.forms import CoordinateDifferential, GaugeField, ScalarField
from holosym.dsl.model import Fluctuation, KnownSolution, Model, Published
from holosym.dsl.place import here, model_error
from holosym.dsl.symbols import Coordinate, Profile
from holosym.dsl.system import System

if TYPE_CHECKING:
    from holosym.expand.series import BoundarySeries, HorizonSeries

__all__ = ["Fluctuation", "KnownSolution", "Model", "Published", "System", "Theory"]

UNSAID: Any = choices.UNSAID


class Theory(Model):
    """A metric ansatz and an action.

    Args:
        name: the theory's name; also that of its generated package.
        metric: the line element, quadratic in the coordinates' differentials.
        lagrangian: L, with S = int sqrt(-g) L; None for a bare metric.
        couplings: closed forms; couplings left out are unknown.
        radial: the radial coordinate; None for a plain system of equations.
        boundary: where the boundary is; may be `oo`.
        horizon: where the horizon is: a number, a parameter, or None; 1 unless there is a wall.
        wall: where a hard wall cuts the geometry off, in place of a horizon: a number or a parameter.
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
        horizon: Any = UNSAID,
        time: Any = None,
        wall: Any = None,
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
        self.horizon, self.wall = validate.inner_end(horizon, wall, self.boundary)
        self.coordinates: tuple[Coordinate, ...] = validate.metric_coordinates(self.metric, self.place)
        self.time: Coordinate = validate.time(time, self.coordinates, self.radial, self.place)
        self.fluctuations: list[Fluctuation] = []
        self.boundary_conditions: dict[ScalarField | GaugeField, choices.BoundaryCondition] = {}
        self.string_factor: Expr | None = None
        self.entropy_factor: Expr | None = None
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
        for expression in (self.lagrangian, self.string_factor, self.entropy_factor):
            if expression is not None:
                found |= expression.atoms(Profile)
                found |= {p for one in expression.atoms(ScalarField) for p in one.ansatz.atoms(Profile)}
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

    def boundary_condition(
        self,
        field: Any,
        source: Any = UNSAID,
        alternate: bool = False,
        relation: Any = None,
        dimension: Any = None,
    ) -> choices.BoundaryCondition:
        """Choose what the boundary does to a field; see `holosym.dsl.boundary` for what each choice means.

        Args:
            field: a scalar or one-form field of the action.
            source: what is held fixed, a number or an expression in parameters; 0 unless another choice is made here,
                None leaves it open.
            alternate: quantise the other way, with the faster falloff as the source.
            relation: a multi-trace deformation, from the slower falloff's coefficient to the faster one's.
            dimension: the dual operator's dimension, where the action does not say it.

        Raises:
            ModelError: for a field of another theory, and for choices that exclude each other.
        """
        made = choices.boundary_condition(self, field, source, alternate, relation, dimension)
        self.boundary_conditions[made.field] = made
        return made

    def string_frame(self, factor: Any) -> None:
        """Say the string frame: its metric is `factor` times the theory's. Strings (Wilson loops) hang in it.

        Args:
            factor: a positive function of scalar fields and parameters, `exp(k*phi)`.

        Raises:
            ModelError: for what is no such function.
        """
        self.string_factor = validate.weight(self, factor, "the string frame's factor")
        self.__dict__.pop("profiles", None)  # the factor may bring more

    def entropy_weight(self, factor: Any) -> None:
        """Multiply the area density of entanglement surfaces with `factor`, a dilaton's `exp(k*phi)`.

        Raises:
            ModelError: for what is no function of scalar fields and parameters.
        """
        self.entropy_factor = validate.weight(self, factor, "the entropy's weight")
        self.__dict__.pop("profiles", None)

    def in_coordinates(self, coordinates: Any, rules: Any = None, metric: Any = None) -> Chart:
        """The theory in another chart, where known solutions and published equations are given as they are printed.

        Args:
            coordinates: `{z: 1/r}`, a coordinate of the theory in new ones, or `{r: 1/z}`, a new one in the theory's.
            rules: what becomes of profiles: `{f: g/r**2}`, or `{g: f/z**2}`; also of fields, couplings, parameters.
                A profile of which nothing is said keeps its name and value: chi(z) = chi(r).
            metric: the line element as it is printed there; it is compared with that of the theory.

        Raises:
            ModelError: for a change that cannot be inverted, and a line element that is another one.
        """
        return Chart(self, coordinates, rules, metric)

    def rescaled(self, rules: Any = None, /, **by_name: Any) -> Chart:
        """The theory in another normalisation: `rescaled(phi=2*phi, V=4*V(phi))` says phi here = 2 phi there.

        V here, at phi here, is 4 times V there, at phi there. A field's rule rescales the profiles and parameters of
        its ansatz. By name come fields, couplings, parameters and profiles; other keys go into a dictionary,
        `rescaled({A_t: 2*A_t})`.

        Raises:
            ModelError: for what is no word of the theory, and a rule that cannot be inverted.
        """
        return Chart(self, None, {**reading.mapping(rules, "the rules", "{A: 2*A}"), **by_name})

    def horizon_series(self, order: int | None = None) -> HorizonSeries:
        """The regular expansion about the horizon, through so many derivatives.

        Raises:
            ExpansionError: for a theory without a horizon, or with an extremal one.
        """
        from holosym.expand.horizon import horizon_series

        return horizon_series(self.equations(), order)

    def boundary_series(self, order: int | None = None) -> BoundarySeries:
        """The general solution near the boundary: exponents, logarithms, sources and responses.

        Raises:
            ExpansionError: for a boundary whose exponents cannot be found.
        """
        from holosym.expand.boundary import boundary_series

        return boundary_series(self.equations(), order)
