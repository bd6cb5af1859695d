"""From rules of fields to rules of what their ansatz is made of, and the words of the new chart.

A field that is rescaled rescales its profile; a one-form rescales every component; and one that is a parameter times
coordinates, psi = beta x or A = B x dy, rescales the parameter.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Dummy, Expr, S

from holosym.dsl.chart_coordinates import CoordinateMap
from holosym.dsl.chart_rules import Rules, one_coupling, one_field
from holosym.dsl.forms import CoordinateDifferential, ScalarField, terms
from holosym.dsl.inversion import NoInverse, inverse
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import Parameter, Profile
from holosym.dsl.vocabulary import Field, Vocabulary, arguments


def complete(here: Vocabulary, rules: Rules, chart: CoordinateMap, place: Place) -> dict[Field, Field]:
    """Add what rules of fields imply for profiles and parameters.

    Returns:
        From every field of the theory to the chart's.
    """
    fields: dict[Field, Field] = {f: f for f in here.fields}
    for field, value in rules.fields.items():
        fields[field] = one_field(field, value, place)
        for ours, theirs in _components(here, field, fields[field], value, chart, place):
            _imply(rules, field, ours, theirs, place)
    return fields


def namesake(profile: Profile, chart: CoordinateMap) -> Profile:
    """The profile of the same name in the chart."""
    made: Profile = profile.func(*(chart.replaced.get(c, c) for c in profile.args))
    return made


def _components(
    here: Vocabulary, field: Field, other: Field, value: Expr, chart: CoordinateMap, place: Place
) -> list[tuple[Expr, Expr]]:
    """Pairs (component here, what the rule makes of the component there)."""
    ansatz = here.fields[field]
    if ansatz is None:
        raise _by_hand(field, place)
    known = other.name == field.name
    bare = ansatz.xreplace(dict.fromkeys(ansatz.atoms(Profile), S.One))
    moved = {*chart.replaced, *(CoordinateDifferential(c) for c in chart.replaced)}
    if known and bare.free_symbols & moved:
        raise _by_hand(field, place)
    theirs = _there(ansatz, chart) if known else other.ansatz
    if isinstance(field, ScalarField):
        return [(ansatz, value.xreplace({other: theirs}))]
    ours_by, theirs_by = (terms(a) if a != 0 else {} for a in (ansatz, theirs))
    if set(ours_by) != set(theirs_by):
        raise _by_hand(field, place)
    return [(ours_by[atom], value.xreplace({other: theirs_by[atom]})) for atom in ours_by]


def _there(ansatz: Expr, chart: CoordinateMap) -> Expr:
    return ansatz.xreplace({p: namesake(p, chart) for p in ansatz.atoms(Profile)})


def _imply(rules: Rules, field: Field, ours: Expr, theirs: Expr, place: Place) -> None:
    """One component here = the rule of it there, as the rule of a profile or of a parameter."""
    if isinstance(ours, Profile):
        _same(rules.profiles_here, ours, theirs, field, place)
        return
    constants = sorted((s for s in ours.free_symbols if isinstance(s, Parameter)), key=str)
    if ours == theirs:
        return
    if ours.atoms(Profile) or theirs.atoms(Profile) or len(constants) != 1:
        raise _by_hand(field, place)
    unknown = Dummy(constants[0].name, real=True)
    try:
        found = inverse(ours.xreplace({constants[0]: unknown}) - theirs, unknown)
    except NoInverse:
        raise _by_hand(field, place) from None
    if any(not isinstance(s, Parameter) for s in found.free_symbols):
        raise _by_hand(field, place)
    _same(rules.parameters_here, constants[0], found, field, place)


def _same(
    said: dict[Profile, Expr] | dict[Parameter, Expr], word: Expr, value: Expr, field: Field, place: Place
) -> None:
    if said.setdefault(word, value) != value:
        name = getattr(word, "name", None) or word.func.name
        raise model_error(
            f"the rule of the field {field} makes {name} = {value}, and another rule {said[word]}",
            mend=f"leave one of the two out: {field} is made of {name}",
            place=place,
        )


def _by_hand(field: Field, place: Place) -> Exception:
    return model_error(
        f"what the rule of {field} means for its ansatz cannot be told",
        mend="give the rules of its profiles and parameters instead: {A_t: 2*A_t}",
        place=place,
    )


def words(
    here: Vocabulary,
    rules: Rules,
    chart: CoordinateMap,
    fields: dict[Field, Field],
    profiles: tuple[Profile, ...],
    place: Place,
) -> Vocabulary:
    """The words of the chart."""
    new = list(chart.replaced.values())
    positive = [c for c in chart.coordinates if chart.forward[c].is_positive and (c in new or c in here.positive)]
    made: dict[Field, Expr | None] = {}
    for field, other in fields.items():
        ansatz = here.fields[field]
        if other.name != field.name:
            made[other] = other.ansatz
        elif ansatz is not None:
            there = _there(ansatz, chart)
            made[other] = there if there.atoms(Profile) <= set(profiles) else None
    applied = {name: one_coupling(name, value, place) for name, value in rules.couplings.items()}
    used = dict(here.couplings)
    for name, one in applied.items():
        del used[name]
        used.update(arguments([one]))
    swap = {f: other for f, other in fields.items() if f != other}
    constants = {s for value in rules.parameters_here.values() for s in value.free_symbols} | set(
        rules.parameters_there
    )
    kept = here.parameters - set(rules.parameters_here)
    named = " and ".join(map(str, new))
    return replace(
        here,
        name=f"{here.name} in {named}" if named else here.name,
        coordinates=chart.coordinates,
        profiles=profiles,
        fields=made,
        couplings={name: tuple(a.xreplace(swap) for a in used[name]) for name in sorted(used)},
        parameters=frozenset(kept | {s for s in constants if isinstance(s, Parameter)}),
        positive=frozenset(positive),
    )
