"""What a user says of another chart, sorted: here = f(there), or there = f(here), by kind of word.

A key that is a word of the theory is a rule *here = f(there)*: `{z: 1/r}`, `{f: g/r**2}`, `{phi: 2*phi}`. Any other
key is a new word, with the rule *there = f(here)*: `{r: 1/z}`, `{A: -log(z)}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Float, nsimplify

from holosym.dsl.forms import GaugeField, ScalarField, is_form
from holosym.dsl.invariants import INVARIANTS
from holosym.dsl.place import Place, model_error
from holosym.dsl.reading import declared, expression, mapping
from holosym.dsl.symbols import AppliedCoupling, Coordinate, CouplingHead, Parameter, Profile
from holosym.dsl.vocabulary import Field, Vocabulary


@dataclass
class Rules:
    """Rules of one chart; `here` has the theory's word on the left, `there` the chart's.

    Attributes:
        coordinates_here: from a coordinate of the theory.
        coordinates_there: from a coordinate of the chart.
        profiles_here: from a profile of the theory.
        profiles_there: from a profile of the chart.
        fields: from a field of the theory.
        couplings: from the name of a coupling of the theory.
        parameters_here: from a parameter of the theory.
        parameters_there: from a parameter of the chart.
    """

    coordinates_here: dict[Coordinate, Expr] = field(default_factory=dict)
    coordinates_there: dict[Coordinate, Expr] = field(default_factory=dict)
    profiles_here: dict[Profile, Expr] = field(default_factory=dict)
    profiles_there: dict[Profile, Expr] = field(default_factory=dict)
    fields: dict[Field, Expr] = field(default_factory=dict)
    couplings: dict[str, Expr] = field(default_factory=dict)
    parameters_here: dict[Parameter, Expr] = field(default_factory=dict)
    parameters_there: dict[Parameter, Expr] = field(default_factory=dict)


def read(here: Vocabulary, coordinates: Any, others: Any, place: Place) -> Rules:
    """Sort what a user said.

    Raises:
        ModelError: for what is no word, or a rule that is no expression.
    """
    rules = Rules()
    for key, value in mapping(coordinates, "a change of coordinates", "{z: 1/r}", place).items():
        word = _word(here, key, place)
        if not isinstance(word, Coordinate):
            raise model_error(
                f"the change of coordinates has a rule for {word}, which is not a coordinate",
                mend="write {z: 1/r}, and the rules of profiles in the second dictionary: {f: g/r**2}",
                place=place,
            )
        _add(rules, here, word, _value(word, value, place), place)
    for key, value in mapping(others, "the rules of a chart", "{f: g/r**2}", place).items():
        word = _word(here, key, place)
        _add(rules, here, word, _value(word, value, place), place)
    return rules


def _word(here: Vocabulary, key: Any, place: Place) -> Any:
    """The word that a key stands for: a name is looked up."""
    if isinstance(key, str):
        found = here.find(key)
        if found is None:
            raise model_error(
                f"{key} is no field, coupling, parameter or profile of {here.name}",
                mend=f"use one of {here.names()}",
                place=place,
            )
        return found
    if isinstance(key, CouplingHead):
        return key.base
    if isinstance(key, AppliedCoupling) and not key.func.orders:
        return key.func.base
    return key


def _value(word: Any, value: Any, place: Place) -> Expr:
    name = word.func.name if isinstance(word, Profile) else word
    made = expression(value, f"the rule of {name}", place)
    declared(made, f"the rule of {name}", place)
    if (is_form(made) and not isinstance(word, GaugeField)) or (made.has(*INVARIANTS) and not isinstance(word, str)):
        raise model_error(
            f"the rule of {name} holds forms or invariants: {made}",
            mend="write it with coordinates, profiles and parameters",
            place=place,
        )
    exact: Expr = nsimplify(made, rational=True) if made.has(Float) else made
    return exact


def _add(rules: Rules, here: Vocabulary, word: Any, value: Expr, place: Place) -> None:
    if any(word in said for said in vars(rules).values()):
        raise model_error(f"a second rule for {word}", mend="give each word one rule", place=place)
    if isinstance(word, Coordinate):
        (rules.coordinates_here if word in here.coordinates else rules.coordinates_there)[word] = value
    elif isinstance(word, Profile):
        (rules.profiles_here if word in here.profiles else rules.profiles_there)[word] = value
    elif isinstance(word, str) and word in here.couplings:
        rules.couplings[word] = value
    elif isinstance(word, ScalarField | GaugeField) and word in here.fields:
        rules.fields[word] = value
    elif isinstance(word, Parameter) and word in here.parameters:
        rules.parameters_here[word] = value
    elif isinstance(word, Parameter) and value.free_symbols & here.parameters:
        rules.parameters_there[word] = value
    else:
        raise model_error(
            f"there is a rule for {word}, which is no field, coupling, parameter or profile of {here.name}",
            mend=f"use one of {here.names()}",
            place=place,
        )


def one_field(word: Field, value: Expr, place: Place) -> Field:
    """The one field in the rule of a field."""
    found = sorted(value.atoms(type(word)), key=str)
    if len(found) != 1 or value.atoms(Profile, AppliedCoupling):
        raise model_error(
            f"the rule of {word} is {value}, which is not a function of one field",
            mend=f"write it with the field as it is normalised there: {word}=2*{word}",
            place=place,
        )
    other: Field = found[0]
    loose = [s for s in value.free_symbols - {other} if not isinstance(s, Parameter)]
    linear = isinstance(word, ScalarField) or not (value / other).has(other)
    if loose or not linear:
        raise model_error(
            f"the rule of {word} is {value}, which is not {'a function' if loose else 'a multiple'} of {other} alone",
            mend=f"write it with numbers and parameters: {word}=2*{word}",
            place=place,
        )
    return other


def one_coupling(name: str, value: Expr, place: Place) -> AppliedCoupling:
    """The one coupling in the rule of a coupling."""
    found = sorted(value.atoms(AppliedCoupling), key=str)
    if len(found) != 1 or found[0].func.orders or value.atoms(Profile):
        raise model_error(
            f"the rule of {name} is {value}, which does not hold one coupling of fields",
            mend=f"write it with the coupling as it is normalised there: {name}=4*{name}(phi)",
            place=place,
        )
    applied: AppliedCoupling = found[0]
    return applied
