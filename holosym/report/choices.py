"""What a theory's boundary choices say to a solve: sources and relations, as a request has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Expr, Float, Function, NumberSymbol, Symbol, expand
from sympy.printing.str import StrPrinter

from holosym.dsl.forms import ScalarField
from holosym.dsl.symbols import Profile
from holosym.errors import SolveError
from holosym.solve.demands import words
from holosym.solve.expansion import boundary_of
from holosym.solve.package import GeneratedPackage
from holosym.solve.request import Request

if TYPE_CHECKING:
    from holosym.dsl.boundary import BoundaryCondition
    from holosym.dsl.theory import Model


def with_choices(package: GeneratedPackage, model: Model, request: Request) -> Request:
    """The request with the sources and relations that the theory declares, where it does not say them itself.

    Raises:
        SolveError: for parameters in them that the request leaves open, and for functions that no request knows.
    """
    settings, relations = dict(request.settings), dict(request.relations)
    names = {*settings, *relations} | ({request.sweep.name} if request.sweep is not None else set())
    said: set[str] = set().union(*map(words, names))
    # parameters that stand in sources alone are none of the package's
    loose = {name: value for name, value in settings.items() if name not in package.PARAMETERS}
    for field, choice in getattr(model, "boundary_conditions", {}).items():
        profile = _profile(field.ansatz)
        slow, fast = _falloffs(package, profile)
        if not isinstance(field, ScalarField) or {f"{profile}.source", f"{profile}.response", slow, fast} & said:
            continue
        open_parameters = sorted(p.name for p in choice.parameters if p.name not in said)
        try:
            if open_parameters:
                raise SolveError(f"the value of {' and '.join(open_parameters)} is missing")
            if choice.relation is not None:
                relations[fast] = as_formula(choice.relation(Symbol(slow)))
                _require_pure(package, choice, (slow, fast), request)
            elif choice.source is not None and choice.source != 0:
                numbers = {p: Float(loose[p.name]) for p in choice.parameters if p.name in loose}
                value = choice.source.xreplace(numbers)
                if value.is_number:
                    settings[f"{profile}.source"] = float(value)
                else:
                    relations[f"{profile}.source"] = as_formula(value)
                for parameter in numbers:
                    settings.pop(parameter.name, None)
        except SolveError as error:
            values = " ".join(f"--set {name}=VALUE" for name in open_parameters)
            other = f"give --source {profile}=VALUE or --relation {profile}.response=FORMULA instead"
            raise SolveError(
                f"the boundary condition of {field} ({choice.sentence()}) cannot be taken over: {error.message}",
                mend=f"give {values}; or {other}" if values else error.mend or other,
                file=choice.place.file,
                line=choice.place.line,
            ) from None
    return replace(request, settings=settings, relations=relations)


def _require_pure(
    package: GeneratedPackage, choice: BoundaryCondition, pair: tuple[str, str], request: Request
) -> None:
    """Numbers with a dimension are in the units of the settings, and the energy that holds them is right only there.

    Raises:
        SolveError: the results are asked for in other units.
    """
    data, dimensions = boundary_of(package).DATA, getattr(boundary_of(package), "PARAMETER_DIMENSIONS", {})
    a = Symbol("a")
    assert choice.relation is not None
    for term in expand(choice.relation(a)).as_ordered_terms():
        powers = {str(factor): float(power) for factor, power in term.as_powers_dict().items() if not factor.is_number}
        total = sum(
            power * (data[pair[0]]["dimension"] if name == "a" else dimensions.get(name, 0.0))
            for name, power in powers.items()
        )
        if request.units and abs(total - data[pair[1]]["dimension"]) > 1e-9:
            raise SolveError(
                "its numbers have a dimension, and their unit is that of the settings",
                mend="leave --units out, or write a parameter instead of the number",
            )


def _falloffs(package: GeneratedPackage, profile: str) -> tuple[str, str]:
    """The names of the coefficients of a scalar's slower and faster falloff; empty where there are not two."""
    data = boundary_of(package).DATA
    own = [n for n, one in data.items() if one["profile"] == profile and one["kind"] in ("source", "response")]
    own.sort(key=lambda name: (data[name]["power"], -data[name]["log"]))
    return (own[0], own[1]) if len(own) == 2 else ("", "")


def _profile(ansatz: Expr) -> str:
    """The name of the only profile of a field's ansatz; the ansatz itself where that is something else."""
    found = [atom.func.name for atom in ansatz.atoms(Profile)]
    return found[0] if len(found) == 1 else str(ansatz)


def as_formula(expression: Expr) -> str:
    """A SymPy expression as a request's formula.

    Raises:
        SolveError: it is no sum of powers.
    """
    numbers = {number: number.evalf(17) for number in expression.atoms(NumberSymbol)}
    for function in expression.atoms(Function):
        raise SolveError(f"a solve has no function {function.func}")
    return str(_Formula().doprint(expression.xreplace(numbers)))


class _Formula(StrPrinter):
    """Powers are written as such: a formula has no sqrt."""

    def _print_Pow(self, expr: Expr, rational: bool = True) -> str:
        return str(super()._print_Pow(expr, rational=True))
