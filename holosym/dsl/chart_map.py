"""Expressions of a chart, carried into the theory's own words.

    g(r) -> g in terms of the theory's profiles,        g'(r) -> its derivative by the chain rule,
Nothing is assumed of tensors: a profile without a rule keeps its value, whatever becomes of the coordinates.
"""

from __future__ import annotations

from sympy import Derivative, Dummy, Expr, Integral, Lambda, Subs

from holosym.dsl.chart_coordinates import CoordinateMap
from holosym.dsl.chart_couplings import CouplingMap
from holosym.dsl.chart_rules import Rules
from holosym.dsl.chart_words import namesake
from holosym.dsl.forms import CoordinateDifferential
from holosym.dsl.inversion import NoInverse, inverse
from holosym.dsl.place import Place, model_error
from holosym.dsl.symbols import AppliedCoupling, Coordinate, Parameter, Profile
from holosym.dsl.vocabulary import Field, Vocabulary


class ChartMap:
    """The way from a chart's words to the theory's.

    Args:
        here: the theory's words.
        rules: what the user said, with what that implies.
        chart: the change of coordinates.
        fields: from the theory's fields to the chart's.
        place: where the user said it.
    """

    def __init__(
        self, here: Vocabulary, rules: Rules, chart: CoordinateMap, fields: dict[Field, Field], place: Place
    ) -> None:
        self.here, self.rules, self.chart, self.place = here, rules, chart, place
        self.fields = fields
        self.renamed: dict[Parameter, Parameter] = {}
        self.parameters = self._parameters()
        self.field_values = {other: self._field(field, other) for field, other in fields.items()}
        self.defaults = self._defaults()
        self.profiles = self._all_profiles()
        self.found: dict[Profile, Expr] = {}
        self.unfound: dict[Profile, str] = {}
        self._solve_profiles()
        self._jets: dict[Expr, Expr] = {}
        self.couplings = CouplingMap(self)

    def __call__(self, expression: Expr, place: Place) -> Expr:
        """An expression in the theory's words, in private coordinates.

        Raises:
            ModelError: for what cannot be carried over.
        """
        if isinstance(expression, Coordinate):
            if expression not in self.chart.forward:
                new = ", ".join(map(str, self.chart.replaced.values()))
                raise model_error(
                    f"{expression} is not a coordinate of this chart", mend=f"write it with {new}", place=place
                )
            return self.chart.forward[expression]
        if isinstance(expression, Parameter):
            return self.parameters.get(expression, expression)
        if isinstance(expression, CoordinateDifferential):
            return self._differential(expression, place)
        if expression in self.field_values:
            return self.field_values[expression]
        if isinstance(expression, Profile):
            return self._profile(expression, place)
        if isinstance(expression, Derivative):
            return (
                self._jet(expression, place) if isinstance(expression.expr, Profile) else self(expression.doit(), place)
            )
        if isinstance(expression, AppliedCoupling):
            return self.couplings(expression, place)
        if isinstance(expression, Integral | Subs | Lambda):
            raise model_error(
                f"{expression} cannot be carried into another chart",
                mend="write it with profiles and their derivatives",
                place=place,
            )
        if not expression.args:
            return expression
        made: Expr = expression.func(*(self(a, place) for a in expression.args))
        return made

    def _differential(self, differential: CoordinateDifferential, place: Place) -> Expr:
        value = self(differential.coordinate, place)
        made: Expr = sum(value.diff(private) * CoordinateDifferential(c) for c, private in self.chart.private.items())
        return made

    # ---- parameters and fields

    def _parameters(self) -> dict[Parameter, Expr]:
        """Parameters of the chart in terms of the theory's."""
        found = dict(self.rules.parameters_there)
        for ours, value in self.rules.parameters_here.items():
            constants = {s for s in value.free_symbols if isinstance(s, Parameter)}
            new = [ours] if ours in constants else sorted(constants - self.here.parameters, key=str)
            if value.free_symbols - constants or len(new) != 1:
                raise self.refused(str(ours), value, "it is not a function of one parameter of the chart")
            found[new[0]] = self.inverse(str(ours), ours, value, new[0])
            self.renamed[new[0]] = ours
        return found

    def _field(self, field: Field, other: Field) -> Expr:
        """A field of the chart in terms of the theory's."""
        if field not in self.rules.fields:
            return field
        value = self.rules.fields[field].xreplace(self.parameters)
        return self.inverse(field.name, field, value, other)

    def inverse(self, name: str, ours: Expr, value: Expr, theirs: Expr) -> Expr:
        """`theirs`, where  ours = value(theirs)."""
        unknown = Dummy(str(theirs), real=True)
        if getattr(theirs, "is_positive", False):
            unknown = Dummy(str(theirs), positive=True)
        known = Dummy(getattr(ours, "name", str(ours)), real=True)
        try:
            found = inverse(known - value.xreplace({theirs: unknown}), unknown)
        except NoInverse as reason:
            raise self.refused(name, value, str(reason)) from None
        return found.xreplace({known: ours})

    def refused(self, name: str, value: Expr, reason: str) -> Exception:
        """The error for a rule without an inverse."""
        return model_error(
            f"the rule {name} = {value} cannot be inverted: {reason}",
            mend="give a function of one word that has an inverse: phi=2*phi",
            place=self.place,
        )

    # ---- profiles

    def _defaults(self) -> dict[Profile, Profile]:
        """Profiles that no rule mentions keep their name and value."""
        used = {p for value in self.rules.profiles_there.values() for p in value.atoms(Profile)}
        return {
            p: namesake(p, self.chart)
            for p in self.here.profiles
            if p not in self.rules.profiles_here and p not in used
        }

    def _all_profiles(self) -> tuple[Profile, ...]:
        found = {*self.rules.profiles_there, *self.defaults.values()}
        for value in self.rules.profiles_here.values():
            found |= value.atoms(Profile)
        for profile in sorted(found, key=str):
            strange = [a for a in profile.args if a not in self.chart.coordinates]
            if strange:
                new = self.chart.coordinates
                raise model_error(
                    f"the profile {profile} is of {strange[0]}, which is not a coordinate of the chart",
                    mend=f"declare it of one of {', '.join(map(str, new))}",
                    place=self.place,
                )
        return tuple(sorted(found, key=lambda p: p.func.name))

    def _solve_profiles(self) -> None:
        """Profiles of the chart in the theory's: given, or the rules solved for one after the other."""
        private = self.chart.private
        self.found = {theirs: ours.xreplace(private) for ours, theirs in self.defaults.items()}
        self.found |= {p: value.xreplace(private) for p, value in self.rules.profiles_there.items()}
        waiting = dict(self.rules.profiles_here)
        while waiting:
            ready = [p for p, value in waiting.items() if len(value.atoms(Profile) - set(self.found)) <= 1]
            if not ready:
                break
            for ours in ready:
                self._solve_one(ours, waiting.pop(ours))
        for value in waiting.values():
            for profile in value.atoms(Profile) - set(self.found):
                self.unfound.setdefault(profile, "the rules hold more profiles than they determine")

    def _solve_one(self, ours: Profile, value: Expr) -> None:
        unknown = sorted(value.atoms(Profile) - set(self.found), key=str)
        if not unknown:
            return
        (theirs,) = unknown
        if any(jet.expr == theirs for jet in value.atoms(Derivative)):
            self.unfound[theirs] = f"{ours.func.name} = {value} is a differential equation for it"
            return
        symbol, known = Dummy(theirs.func.name, real=True), Dummy(ours.func.name, positive=True)
        equation = known - self(value.xreplace({theirs: symbol}), self.place)
        try:
            self.found[theirs] = inverse(equation, symbol).xreplace({known: ours.xreplace(self.chart.private)})
        except NoInverse as reason:
            self.unfound[theirs] = f"{ours.func.name} = {value} cannot be inverted: {reason}"

    def _profile(self, profile: Profile, place: Place) -> Expr:
        if profile in self.found:
            return self.found[profile]
        if profile in self.unfound:
            raise model_error(
                f"{profile} is not known in terms of the profiles of {self.here.name}: {self.unfound[profile]}",
                mend=f"give its rule directly: {{{profile.func.name}: ...}}",
                place=place,
            )
        known = ", ".join(map(str, self.profiles))
        raise model_error(f"{profile} is not a profile of this chart", mend=f"write it with {known}", place=place)

    def _jet(self, derivative: Derivative, place: Place) -> Expr:
        if derivative not in self._jets:
            value = self._profile(derivative.expr, place)
            for along, count in derivative.variable_count:
                if along not in self.chart.forward:
                    self(along, place)
                for _ in range(int(count)):
                    value = self.chart.derivative(value, along)
            self._jets[derivative] = value
        return self._jets[derivative]
