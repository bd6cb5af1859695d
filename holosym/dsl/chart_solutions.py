"""A solution in the words of a chart, carried into the theory's: profiles, parameters, ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Derivative, Dummy, Expr, Rational

from holosym.dsl.chart_map import ChartMap
from holosym.dsl.inversion import NoInverse, agree, inverse
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import Coordinate, Parameter, Profile


def closed_profiles(way: ChartMap, name: str, forms: Mapping[Profile, Expr], place: Place) -> dict[Profile, Expr]:
    """Closed forms of the theory's profiles, in private coordinates.

    Raises:
        ModelError: where the chart's profiles do not determine the theory's, or contradict its rules.
    """
    moved = {p: way(form, place) for p, form in forms.items()}
    made = {ours: moved[theirs] for ours, theirs in way.defaults.items()}
    for ours, value in way.rules.profiles_here.items():
        made[ours] = way(value.xreplace(dict(forms)).doit(), place)
    private = way.chart.private
    rules = {theirs: value.xreplace(private) for theirs, value in way.rules.profiles_there.items()}
    known = {ours.xreplace(private): form for ours, form in made.items()}
    _solve(rules, moved, known)
    missing = [p for p in way.here.profiles if p.xreplace(private) not in known]
    if missing:
        raise model_error(
            f"the solution {name!r} does not determine {missing[0]}: the rules cannot be solved for it",
            mend=f"give its rule in the chart's profiles: {{{missing[0].func.name}: ...}}",
            place=place,
        )
    for theirs, value in rules.items():
        if not agree(value.xreplace(known).doit(), moved[theirs]):
            raise model_error(
                f"the closed form of {theirs.func.name} in {name!r} contradicts the chart, where it is "
                f"{way.rules.profiles_there[theirs]}",
                mend=f"correct the closed form or the rule of {theirs.func.name}",
                place=place,
            )
    return {p: known[p.xreplace(private)] for p in way.here.profiles}


def _solve(rules: Mapping[Profile, Expr], moved: Mapping[Profile, Expr], known: dict[Expr, Expr]) -> None:
    """Rules there = f(here) solved for what is still unknown here, one after the other."""
    progress = True
    while progress:
        progress = False
        for theirs, value in rules.items():
            unknown = sorted(value.atoms(Profile) - set(known), key=str)
            if len(unknown) != 1 or any(jet.expr == unknown[0] for jet in value.atoms(Derivative)):
                continue
            symbol, left = Dummy(unknown[0].func.name, real=True), Dummy(theirs.func.name, positive=True)
            try:
                found = inverse(left - value.xreplace({unknown[0]: symbol}), symbol)
            except NoInverse:
                continue
            known[unknown[0]] = found.xreplace({left: moved[theirs]}).xreplace(known).doit()
            progress = True


def constants(way: ChartMap, given: Mapping[Parameter, Expr], place: Place) -> dict[Parameter, Expr]:
    """Parameters of the theory that the solution fixes or relates."""
    made = {}
    for parameter, value in given.items():
        ours, back = _backward(way, parameter)
        made[ours] = way(back.xreplace({parameter: value}), place)
    return made


def _backward(way: ChartMap, parameter: Parameter) -> tuple[Parameter, Expr]:
    """The theory's parameter for one of the chart, and its value in the chart's."""
    if parameter in way.renamed:
        ours = way.renamed[parameter]
        return ours, way.rules.parameters_here[ours]
    if parameter in way.rules.parameters_there:
        value = way.rules.parameters_there[parameter]
        known = sorted((s for s in value.free_symbols if s in way.here.parameters), key=str)
        if len(known) != 1:
            raise way.refused(parameter.name, value, "it is made of several parameters")
        return known[0], way.inverse(parameter.name, parameter, value, known[0])
    return parameter, parameter


def ranges(way: ChartMap, given: Mapping[Any, tuple[float, float]], place: Place) -> dict[Any, tuple[float, float]]:
    """Ranges of the theory's parameters and coordinates."""
    made = {}
    for symbol, ends in given.items():
        if isinstance(symbol, Coordinate):
            ours, back = _coordinate(way, symbol, place)
        else:
            ours, back = _backward(way, symbol)
        try:
            low, high = sorted(float(back.xreplace({symbol: Rational(str(end))})) for end in ends)
        except TypeError:
            raise _no_range(symbol, place) from None
        made[ours] = (low, high)
    return made


def _coordinate(way: ChartMap, new: Coordinate, place: Place) -> tuple[Coordinate, Expr]:
    """The theory's coordinate as a function of the chart's, where it depends on that one alone."""
    forward = way(new, place)
    olds = [c for c, private in way.chart.private.items() if private in forward.free_symbols]
    if len(olds) != 1:
        raise _no_range(new, place)
    try:
        return olds[0], inverse(new - forward, way.chart.private[olds[0]])
    except NoInverse:
        raise _no_range(new, place) from None


def _no_range(symbol: Any, place: Place) -> Exception:
    return model_error(
        f"the range of {symbol} cannot be carried into the theory's own words",
        mend="give ranges in known_solution of the theory itself",
        place=place,
    )
