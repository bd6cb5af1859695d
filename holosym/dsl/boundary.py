"""Boundary choices: which falloff of a field is held fixed, and which one responds.

Near an AdS boundary (x -> 0) a scalar with m^2 = Delta (Delta - d), Delta > d/2, falls off as

    phi = a x^(d - Delta) + b x^Delta + ...

*Standard*: a is the source, b the response, and the operator has dimension Delta. *Alternate*, for
-d^2/4 < m^2 < 1 - d^2/4: b is the source, a the response, and the dimension is d - Delta. *Multi-trace*:
b = W'(a), a relation between the two. For a one-form  A_m = a_m + b_m x^(d - 2) + ...  in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr, Float, Lambda, Rational, S, Symbol, nsimplify

from holosym.dsl.forms import GaugeField, ScalarField
from holosym.dsl.place import Place, here, model_error
from holosym.dsl.reading import declared, expression
from holosym.dsl.symbols import Parameter, Profile
from holosym.errors import HolosymError

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

UNSAID: Any = type("Unsaid", (), {"__repr__": lambda self: "unsaid"})()
"""What an argument is that the user did not give, where None has a meaning of its own."""


@dataclass(frozen=True)
class BoundaryCondition:
    """What the boundary does to one field.

    Attributes:
        field: the field.
        source: the coefficient that is held fixed, in numbers and parameters; None where it is left open (to a
            solve, or to the relation).
        alternate: whether the faster falloff is the source.
        relation: the coefficient of the faster falloff as a function of the slower one's, as a SymPy function.
        dimension: the dual operator's dimension; None where the action says it.
    """

    field: ScalarField | GaugeField
    source: Expr | None
    alternate: bool
    relation: Callable[[Any], Expr] | None
    dimension: Expr | None
    place: Place = field(default=Place(), compare=False)

    def said(self) -> list[Any]:
        """Everything that makes a difference, as text."""
        return [self.field.name, str(self.source), self.alternate, str(self.relation), str(self.dimension)]

    def sentence(self) -> str:
        """The choice in words."""
        name = self.field.name
        parts = [f"{name}: {'alternate' if self.alternate else 'standard'} quantisation"]
        if self.relation is not None:
            a = Symbol(f"{name}_slow")
            parts.append(f"{name}_fast = {self.relation(a)}")
        else:
            parts.append("source left open" if self.source is None else f"source {self.source}")
        if self.dimension is not None:
            parts.append(f"operator of dimension {self.dimension}")
        return ", ".join(parts)

    @property
    def parameters(self) -> set[Parameter]:
        """The parameters in it."""
        parts = (self.source, self.relation, self.dimension)
        return {s for part in parts if isinstance(part, Expr) for s in part.free_symbols if isinstance(s, Parameter)}


def boundary_condition(
    theory: Theory, chosen: Any, source: Any, alternate: Any, relation: Any, dimension: Any
) -> BoundaryCondition:
    """Read one choice.

    Raises:
        ModelError: for a field that has no choice to make, and for choices that exclude each other.
    """
    place = here()
    _field(theory, chosen, place)
    if not isinstance(alternate, bool):
        raise model_error(f"alternate is {alternate!r}", mend="write alternate=True or alternate=False", place=place)
    if relation is not None and source not in (UNSAID, None):
        raise model_error(
            f"{chosen} has a source and a relation, and the relation decides the source",
            mend="put the source into the relation: relation=lambda phi_1: J + kappa*phi_1; or leave one out",
            place=place,
        )
    held = (
        None
        if source is None
        else _constant(source, f"the source of {chosen}", place)
        if source is not UNSAID
        else None
    )
    if source is UNSAID and relation is None and (alternate or dimension is None):
        held = S.Zero
    weight = None if dimension is None else _dimension(theory, chosen, dimension, alternate, place)
    if weight is not None and held not in (None, S.Zero):
        _relevant(theory, chosen, weight, place)
    curve = None if relation is None else _relation(chosen, relation, place)
    return BoundaryCondition(chosen, held, alternate, curve, weight, place)


def _field(theory: Theory, chosen: Any, place: Place) -> None:
    """A field of the action, with a profile, said for the first time."""
    known = ", ".join(f.name for f in theory.fields if f.ansatz.has(Profile)) or "no field"
    if chosen not in theory.fields:
        meant = next((f.name for f in theory.fields if f.ansatz == chosen and chosen != 0), "")
        raise model_error(
            f"the boundary condition is on {chosen!s}, which is not a field of {theory.name}",
            mend=f"give the field {meant}, not its profile" if meant else f"give a field with a profile: {known}",
            place=place,
        )
    if theory.radial is None:
        raise model_error(
            f"{theory.name} has no radial coordinate, so no boundary", mend="give radial=z to the theory", place=place
        )
    if not chosen.ansatz.has(Profile):
        raise model_error(
            f"{chosen} has no profile, and its ansatz {chosen.ansatz} leaves the boundary no choice",
            mend=f"give a field with a profile: {known}",
            place=place,
        )
    if chosen in theory.boundary_conditions:
        raise model_error(
            f"a second boundary condition on {chosen}", mend="say everything of one field in one call", place=place
        )


def _constant(value: Any, what: str, place: Place) -> Expr:
    made = expression(value, what, place)
    declared(made, what, place)
    loose = sorted((s for s in made.free_symbols if not isinstance(s, Parameter)), key=str)
    if loose or made.has(Profile):
        strange = loose[0] if loose else min(made.atoms(Profile), key=str)
        raise model_error(
            f"{what} depends on {strange}, which is not a constant",
            mend="write it with numbers and parameters",
            place=place,
        )
    if made.is_number and made.is_real is False:
        raise model_error(f"{what} is {made}, which is not real", mend="give a real number", place=place)
    exact: Expr = nsimplify(made, rational=True) if made.has(Float) else made
    return exact


def _dimension(theory: Theory, chosen: Any, value: Any, alternate: bool, place: Place) -> Expr:
    """The dimension of the operator in the quantisation that was chosen."""
    if isinstance(chosen, GaugeField):
        raise model_error(
            f"{chosen} is a one-form: the dimension of its current is the boundary's dimension less one",
            mend="leave dimension= out",
            place=place,
        )
    made = _constant(value, f"the dimension of the operator dual to {chosen}", place)
    middle = Rational(len(theory.coordinates) - 1, 2)
    if made.is_number and not made > middle - 1:
        raise model_error(
            f"an operator of dimension {made} is below the unitarity bound {middle - 1} of its theory",
            mend=f"give a dimension above {middle - 1}",
            place=place,
        )
    if made.is_number and (made < middle if not alternate else made >= middle):
        side = "below" if made < middle else "not below"
        raise model_error(
            f"the dimension {made} of the operator dual to {chosen} is {side} d/2 = {middle}, which "
            f"{'the alternate' if not alternate else 'the standard'} quantisation gives",
            mend=f"add alternate=True, or give dimension={2 * middle - made}"
            if not alternate
            else f"leave alternate out, or give dimension={2 * middle - made}",
            place=place,
        )
    return made


def _relevant(theory: Theory, chosen: Any, weight: Expr, place: Place) -> None:
    d = len(theory.coordinates) - 1
    if weight.is_number and weight > d:
        raise model_error(
            f"{chosen} is given a source, and an operator of dimension {weight} > {d} is irrelevant: "
            "its source destroys the boundary",
            mend="give source=0, or leave it out",
            place=place,
        )


def _relation(chosen: Any, relation: Any, place: Place) -> Lambda:
    """The relation, called once with a symbol: what it returns is the whole of it."""
    if not callable(relation) or isinstance(relation, type):
        raise model_error(
            f"the relation of {chosen} is {relation!s}, which is not a function",
            mend="write relation=lambda phi_1: kappa*phi_1",
            place=place,
        )
    symbol = Symbol(f"{chosen.name}_slow", real=True)
    try:
        value = relation(symbol)
    except HolosymError:
        raise
    except Exception as error:
        raise model_error(
            f"the relation of {chosen} fails for a symbol: {type(error).__name__}: {error}",
            mend="write it for one argument, with SymPy's functions: relation=lambda phi_1: kappa*phi_1**2",
            place=place,
        ) from error
    held = Parameter(symbol.name, real=True)
    _constant(
        expression(value, f"the relation of {chosen}", place).xreplace({symbol: held}),
        f"the relation of {chosen}",
        place,
    )
    return Lambda(symbol, expression(value, f"the relation of {chosen}", place))
