"""Another chart or normalisation of a theory, in which papers print their results.

A `Chart` takes known solutions and published equations in its own words, carries them exactly into the words of the
theory (chain rule and inverse functions) and records them there, to be checked like any other:

    r = coordinates("r")
    g, chi_r, phi_r = profiles("g chi phi", r)
    paper = theory.in_coordinates({z: 1/r}, {f: g/r**2})          # chi(z) = chi(r) and phi(z) = phi(r) unsaid
    paper.published("chi equation", chi_r.diff(r) + r * phi_r.diff(r)**2, source="...")

A key that is a word of the theory says *here = f(there)*; a new word says *there = f(here)*, as in {A: -log(z)}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr

from holosym.dsl import chart_coordinates, chart_couplings, chart_rules, chart_solutions, chart_words, known, reading
from holosym.dsl.chart_map import ChartMap
from holosym.dsl.forms import CoordinateDifferential
from holosym.dsl.inversion import agree
from holosym.dsl.model import KnownSolution, Published
from holosym.dsl.place import Place, here, model_error
from holosym.dsl.vocabulary import Vocabulary, of_theory

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory


class Chart:
    """A theory in other words; made by `Theory.in_coordinates` and `Theory.rescaled`.

    Args:
        parent: the theory, or another chart on it.
        coordinates: the change of coordinates.
        rules: of profiles, fields, couplings and parameters; of the latter three also by name.
        metric: the line element as it is printed there, to be compared; None where nothing is to be compared.
    """

    def __init__(self, parent: Theory | Chart, coordinates: Any, rules: Any, metric: Any = None) -> None:
        place = here()
        self.parent = parent
        words = parent.words if isinstance(parent, Chart) else of_theory(parent)
        read = chart_rules.read(words, coordinates, rules, place)
        moved = chart_coordinates.coordinate_map(words, read, place)
        fields = chart_words.complete(words, read, moved, place)
        self._way = ChartMap(words, read, moved, fields, place)
        self.words: Vocabulary = chart_words.words(words, read, moved, fields, self._way.profiles, place)
        if metric is not None:
            self._compare(reading.expression(metric, "the metric", place), place)

    def known_solution(
        self,
        name: str,
        profiles: Mapping[Any, Any],
        couplings: Mapping[Any, Any] | None = None,
        parameters: Mapping[Any, Any] | None = None,
        source: str = "",
        domain: Mapping[Any, tuple[float, float]] | None = None,
    ) -> KnownSolution:
        """Record an exact solution as it is printed in this chart; see `Theory.known_solution`.

        Raises:
            ModelError: for a profile missing, or one that is not of this chart.
        """
        place = here()
        forms = known.solution_profiles(self.words.name, name, self.words.profiles, profiles, place)
        made = chart_solutions.closed_profiles(self._way, name, forms, place)
        return self.parent.known_solution(
            name,
            {p: self._way.chart.public(form) for p, form in made.items()},
            chart_couplings.closed_couplings(self._way, reading.closed_forms(couplings, place), place),
            chart_solutions.constants(self._way, known.solution_parameters(name, parameters, place), place),
            source,
            chart_solutions.ranges(self._way, known.solution_domain(name, domain, place), place),
        )

    def published(self, name: str, expression: Any, source: str = "") -> Published:
        """Record an equation as it is printed in this chart: the expression that must vanish on shell."""
        place = here()
        made = known.on_shell(name, expression, self.words.profiles, place)
        carried = self._way.chart.public(self._way(made, place))
        if carried.expand() == 0:
            raise model_error(
                f"the published equation {name!r} says nothing: by the rules of the chart it is an identity",
                mend="leave it out, or correct the rules",
                place=place,
            )
        return self.parent.published(name, carried, source)

    def in_coordinates(self, coordinates: Any, rules: Any = None, metric: Any = None) -> Chart:
        """A further change of coordinates; see `Theory.in_coordinates`."""
        return Chart(self, coordinates, rules, metric)

    def rescaled(self, rules: Any = None, /, **by_name: Any) -> Chart:
        """A further change of normalisation; see `Theory.rescaled`."""
        return Chart(self, None, {**reading.mapping(rules, "the rules", "{A: 2*A}"), **by_name})

    def _above(self, expression: Expr, place: Place) -> Expr:
        """An expression of this chart in the words of the theory."""
        above = self._way.chart.public(self._way(expression, place))
        return self.parent._above(above, place) if isinstance(self.parent, Chart) else above

    def _compare(self, metric: Expr, place: Place) -> None:
        """The line element as it is printed must be that of the theory."""
        theory: Any = self.parent
        while isinstance(theory, Chart):
            theory = theory.parent
        carried = self._above(metric, place)
        differentials = [CoordinateDifferential(c) for c in theory.coordinates]
        for i, one in enumerate(differentials):
            for other in differentials[: i + 1]:
                printed, derived = (line.diff(one, other) / (1 + (one == other)) for line in (carried, theory.metric))
                if not agree(printed, derived):
                    raise model_error(
                        f"the metric of this chart is not that of {theory.name}: the coefficient of {other}*{one} is "
                        f"{printed}, and should be {derived}",
                        mend="correct the metric, or the rules of coordinates and profiles",
                        place=place,
                    )
