r"""From physical settings to the rows that fix a dimensionless state and its scale.

A theory with n sources and dimensionful parameters has n free directions at z_h = 1, and one scale lam. One
setting Q = q gives the scale, lam = (Q'/q)^(1/D) with Q' the value at z_h = 1, and each other one a row

    Q(state in units where its horizon is at lam) - q = 0.

Temperature is the preferred scale, because it is not zero where sources are. Ratios alone need no scale.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.demands import HORIZON_UNITS, check, natural, numbers, positive, without_sources
from holosym.solve.demands import count as require_count
from holosym.solve.demands import unit as asked_unit
from holosym.solve.expansion import boundary_of
from holosym.solve.formula import Term
from holosym.solve.names import Name, catalogue, formula, gauge_fields, lookup, resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.request import Request
from holosym.solve.scalars import Scalars
from holosym.solve.units import Rescaled, rescaled, scale_of

_COLD = 1e-2


@dataclass(frozen=True)
class Scale:
    """How many user's units of length the horizon's distance is: fixed, or where a quantity has its value."""

    name: Name | None
    value: float = 1.0

    def of(self, scalars: Scalars) -> Tensor | float:
        """The scale of a state."""
        return 1.0 if self.name is None else scale_of(scalars, self.name, self.value)

    def view(self, scalars: Scalars) -> Rescaled:
        """The state in these units."""
        return rescaled(scalars, self.of(scalars))


@dataclass(frozen=True)
class Related:
    """A relation between quantities, in the units that its numbers have."""

    term: Term
    units: Scale


@dataclass(frozen=True)
class Condition:
    """A quotient has a value: above - value below = 0.

    Attributes:
        name: as the user writes it.
        term: the quotient, in the user's units.
        value: its value; where it is swept, the first.
        field: the scalar whose source or response this is, if it is one.
        plain: the quotient at z_h = 1; None for a relation, which needs units.
        related: the relation that must vanish, where the condition is one.
    """

    name: str
    term: Term
    value: float
    field: str = ""
    plain: Term | None = None
    related: Related | None = None


@dataclass(frozen=True)
class Settings:
    """A request in terms of one theory.

    Attributes:
        scale: of the settings.
        output: of the results.
        conditions: as many as there are free directions, the swept one first.
        swept: whether the first is swept.
        fixed: dimensionless parameters with their values.
        free: all others, and the one that is swept.
        unit: what is one in the results, in words.
    """

    package: GeneratedPackage
    scale: Scale
    output: Scale
    conditions: tuple[Condition, ...]
    swept: bool
    fixed: Mapping[str, float]
    free: tuple[str, ...]
    unit: str


def read(package: GeneratedPackage, request: Request) -> Settings:
    """What the request says of this theory.

    Raises:
        SolveError: unknown names, too few or too many settings, values that no state has.
    """
    wanted: dict[str, float | str] = {**request.settings, **request.relations}
    if request.sweep is not None:
        if request.sweep.name in wanted:
            raise SolveError(f"{request.sweep.name} is both set and swept", mend="leave one of the two out")
        wanted = {request.sweep.name: request.sweep.values()[0], **wanted}
    ends = [] if request.sweep is None else [(request.sweep.name, request.sweep.stop)]
    for name, value in [*wanted.items(), *ends]:
        check(package, name)
        if not isinstance(value, str):
            positive(name.partition("/")[0].strip(), value)
    unit_name, unit_value = asked_unit(package, request)
    fixed = numbers(package, wanted, "" if request.sweep is None else request.sweep.name)
    needed = natural(package)
    given = {name: value for name, value in wanted.items() if name not in fixed}
    swept_number = request.sweep is not None and request.sweep.name in package.PARAMETERS
    if swept_number and request.sweep is not None and request.sweep.name not in needed:
        needed = [request.sweep.name, *needed]
    dimensionful = any(
        resolve(package, name).dimension for name, value in given.items() if value and not isinstance(value, str)
    )
    count = len(needed)
    if unit_name == HORIZON_UNITS or not dimensionful:
        count -= 1
    if unit_name not in ("", HORIZON_UNITS) and dimensionful and len(given) < count and unit_name not in given:
        given[unit_name] = unit_value
    given.update(without_sources(package, given, count))
    require_count(package, needed, given, fixed, count)
    scale = Scale(None)
    if unit_name != HORIZON_UNITS and dimensionful:
        chosen = _scale_setting(package, given, request)
        scale = Scale(resolve(package, chosen), float(given.pop(chosen)))
    output, unit = _output(package, scale, dimensionful, given, unit_name, unit_value)
    conditions = tuple(_condition(package, name, value, scale, output) for name, value in given.items())
    free = tuple(name for name in package.PARAMETERS if name not in fixed)
    return Settings(package, scale, output, conditions, request.sweep is not None, fixed, free, unit)


def _scale_setting(package: GeneratedPackage, given: Mapping[str, float | str], request: Request) -> str:
    """The setting that gives the scale: one that is not swept, not zero and has no logarithms.

    At low temperature not T, which there is a small difference of large numbers.
    """
    potentials = [mu for mu, _ in gauge_fields(package)]
    numbers = {name: abs(value) for name, value in given.items() if not isinstance(value, str)}
    cold = numbers.get("T", math.inf) < _COLD * max((numbers.get(mu, 0.0) for mu in potentials), default=0.0)
    order = [*potentials, "T", "s"] if cold else ["T", "s", *potentials]
    order += package.PARAMETERS
    order += [rho for _, rho in gauge_fields(package)] + [name for name in given if name not in order]
    swept = "" if request.sweep is None else request.sweep.name
    able = [
        name
        for name in order
        if name in given and not isinstance(given[name], str) and given[name] and resolve(package, name).dimension
    ]
    if not able:
        raise SolveError("no setting gives a scale: all are zero", mend="set T, or ratios only")
    return next((name for name in able if name != swept), able[0])


def _output(
    package: GeneratedPackage,
    scale: Scale,
    dimensionful: bool,
    given: Mapping[str, float | str],
    unit_name: str,
    unit_value: float,
) -> tuple[Scale, str]:
    if unit_name == HORIZON_UNITS:
        return Scale(None), "z_h = 1"
    if unit_name:
        return Scale(resolve(package, unit_name), unit_value), f"{unit_name} = {unit_value:g}"
    if dimensionful:
        return scale, "of the settings"
    names = catalogue(package)
    for text in given:
        below = re.search(r"/\s*([A-Za-z_][\w.]*)", text)
        if below is not None and lookup(package, names, below.group(1)).dimension:
            return Scale(names[below.group(1)]), f"{below.group(1)} = 1"
    return Scale(names["T"]), "T = 1"


def _condition(package: GeneratedPackage, name: str, value: float | str, scale: Scale, output: Scale) -> Condition:
    term = formula(package, name)
    target, related, title = 0.0, None, name
    units = scale
    if scale.name is None and _logarithms(package):
        units = output
    if isinstance(value, str):
        right = formula(package, value)
        if right.number is None:
            term, units = term - right, scale if scale.name is not None else output
            related, title = Related(term, units), f"{name} - ({value})"
        else:
            target = right.number
    else:
        target = value
    profile = name.partition(".")[0] if re.fullmatch(r"\w+\.(source|response)", name) else ""
    datum = str(boundary_of(package).DATA.get(name, {"profile": ""})["profile"])
    profile = datum if datum in getattr(boundary_of(package), "OPERATORS", {}) else profile
    above, below = term.above, term.below
    seen = replace(term, above=lambda s: above(units.view(s)), below=lambda s: below(units.view(s)))
    plain = None if isinstance(value, str) and term.number is None and not term.product else term
    return Condition(title, seen, target, profile, plain, related)


def _logarithms(package: GeneratedPackage) -> bool:
    return any(logs for terms in boundary_of(package).TERMS.values() for _, logs in terms)
