r"""From physical settings to the rows that fix a dimensionless state and its scale.

A theory with n sources and dimensionful parameters has n free directions at z_h = 1, and one scale lam. One
setting Q = q gives the scale, lam = (Q'/q)^(1/D) with Q' the value at z_h = 1, and each other one a row

    Q(state in units where its horizon is at lam) - q = 0.

Temperature is the preferred scale, because it is not zero where sources are. Ratios alone need no scale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.expansion import boundary_of
from holosym.solve.formula import Term
from holosym.solve.names import Name, catalogue, formula, gauge_fields, lookup, resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.request import Request
from holosym.solve.scalars import Scalars
from holosym.solve.units import Rescaled, rescaled, scale_of

_HORIZON_UNITS = "z_h"


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
class Condition:
    """A quotient has a value: above - value below = 0.

    Attributes:
        name: as the user writes it.
        term: the quotient, in the user's units.
        value: its value; where it is swept, the first.
        field: the scalar whose source or response this is, if it is one.
        plain: the quotient at z_h = 1; None for a relation, which needs units.
    """

    name: str
    term: Term
    value: float
    field: str = ""
    plain: Term | None = None


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


def natural(package: GeneratedPackage) -> list[str]:
    """Names that fix a state: temperature, chemical potentials, dimensionful parameters, scalar sources."""
    boundary, names = boundary_of(package), catalogue(package)
    charged = [mu for mu, _ in gauge_fields(package) if mu in names]
    dimensions = getattr(boundary, "PARAMETER_DIMENSIONS", {})
    parameters = [name for name in package.PARAMETERS if dimensions.get(name, 0.0) != 0]
    return ["T", *charged, *parameters, *(name for name, entry in names.items() if entry.kind == "source")]


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
        _check(package, name)
        if not isinstance(value, str):
            _positive(name.partition("/")[0].strip(), value)
    unit_name, unit_value = _unit(package, request)
    fixed = _numbers(package, wanted, "" if request.sweep is None else request.sweep.name)
    needed = natural(package)
    given = {name: value for name, value in wanted.items() if name not in fixed}
    swept_number = request.sweep is not None and request.sweep.name in package.PARAMETERS
    if swept_number and request.sweep is not None and request.sweep.name not in needed:
        needed = [request.sweep.name, *needed]
    dimensionful = any(
        resolve(package, name).dimension for name, value in given.items() if value and not isinstance(value, str)
    )
    count = len(needed)
    if unit_name == _HORIZON_UNITS or not dimensionful:
        count -= 1
    if unit_name not in ("", _HORIZON_UNITS) and dimensionful and len(given) < count and unit_name not in given:
        given[unit_name] = unit_value
    given.update(_without_sources(package, given, count))
    _count(package, needed, given, fixed, count)
    scale = Scale(None)
    if unit_name != _HORIZON_UNITS and dimensionful:
        chosen = _scale_setting(package, given, request)
        scale = Scale(resolve(package, chosen), float(given.pop(chosen)))
    output, unit = _output(package, scale, dimensionful, given, unit_name, unit_value)
    conditions = tuple(_condition(package, name, value, scale, output) for name, value in given.items())
    free = tuple(name for name in package.PARAMETERS if name not in fixed)
    return Settings(package, scale, output, conditions, request.sweep is not None, fixed, free, unit)


def _check(package: GeneratedPackage, text: str) -> None:
    """Refuses the source of an irrelevant operator, and whatever has no such name."""
    profile, dot, tail = text.partition(".")
    delta = getattr(boundary_of(package), "OPERATORS", {}).get(profile, (0.0, 0.0))[0]
    if dot and tail == "source" and delta > boundary_of(package).DIMENSION:
        raise SolveError(
            f"{profile} is dual to an irrelevant operator, of dimension {delta:g} > {boundary_of(package).DIMENSION}: "
            "its source destroys the AdS boundary",
            mend=f"leave {text} out",
        )
    if text == "T" and "T" not in catalogue(package):
        raise SolveError(f"{package.NAME} has no temperature: it has no horizon", mend="take a theory with a horizon")
    resolve(package, text)


def _numbers(package: GeneratedPackage, wanted: Mapping[str, float | str], swept: str) -> dict[str, float]:
    dimensions = getattr(boundary_of(package), "PARAMETER_DIMENSIONS", {})
    return {
        name: float(value)
        for name, value in wanted.items()
        if name in package.PARAMETERS and dimensions.get(name, 0.0) == 0 and name != swept
    }


def _unit(package: GeneratedPackage, request: Request) -> tuple[str, float]:
    if not request.units:
        return "", 1.0
    name, _, value = (part.strip() for part in request.units.partition("="))
    try:
        number = float(value) if value else 1.0
    except ValueError:
        number = 0.0
    if number <= 0 or (name != _HORIZON_UNITS and not resolve(package, name).dimension):
        raise SolveError(f"the units {request.units!r} cannot be read", mend="write mu=1, T=1 or z_h=1")
    return name, number


def _without_sources(package: GeneratedPackage, given: Mapping[str, float | str], count: int) -> dict[str, float]:
    """Sources of scalars that no setting is about are zero."""
    said = set().union(*(_words(name) for name in given))
    found: dict[str, float] = {}
    for name, entry in catalogue(package).items():
        profile = name.partition(".")[0]
        if entry.kind == "source" and len(given) + len(found) < count:
            words = {name, f"{profile}.response", f"{profile}_source", f"{profile}_vev"}
            if not words & said:
                found[name] = 0.0
    return found


def _count(
    package: GeneratedPackage,
    needed: Sequence[str],
    given: Mapping[str, float | str],
    fixed: Mapping[str, float],
    count: int,
) -> None:
    numbers = [name for name in package.PARAMETERS if name not in needed]
    absent = [name for name in numbers if name not in fixed]
    said = set().union(*(_words(name) for name in given))
    missing = [name for name in needed if name not in said][: max(count - len(given), 0)]
    full = ", ".join([*needed, *numbers])
    if len(given) < count or absent:
        lacking = [*absent, *missing]
        verb = "is" if len(lacking) == 1 else "are"
        what = f"{', '.join(lacking)} {verb} missing" if lacking else "one more is missing"
        raise SolveError(
            f"{package.NAME} needs {full}; given {', '.join(given) or 'nothing'}; {what}",
            mend="set them, or ratios such as T/mu; sources of scalars are zero if not set",
        )
    if len(given) > count:
        raise SolveError(
            f"{package.NAME} is fixed by {count} of its settings ({full}); given are {len(given)}: {', '.join(given)}",
            mend="leave out what follows from the others",
        )


def _scale_setting(package: GeneratedPackage, given: Mapping[str, float | str], request: Request) -> str:
    """The setting that gives the scale: one that is not swept, not zero and has no logarithms."""
    order = ["T", "s", *(mu for mu, _ in gauge_fields(package)), *package.PARAMETERS]
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


def _positive(name: str, value: float) -> None:
    if name in ("T", "temperature") and value <= 0:
        what = "extremal" if value == 0 else "not the temperature of a horizon"
        raise SolveError(
            f"T = {value:g} is {what}: this solver takes regular, non-extremal horizons", mend="give T > 0"
        )


def _output(
    package: GeneratedPackage,
    scale: Scale,
    dimensionful: bool,
    given: Mapping[str, float | str],
    unit_name: str,
    unit_value: float,
) -> tuple[Scale, str]:
    if unit_name == _HORIZON_UNITS:
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
    target = 0.0
    units = scale
    if scale.name is None and _logarithms(package):
        units = output
    if isinstance(value, str):
        right = formula(package, value)
        if right.number is None:
            term, units = term - right, scale if scale.name is not None else output
        else:
            target = right.number
    else:
        target = value
    profile = name.partition(".")[0] if re.fullmatch(r"\w+\.(source|response)", name) else ""
    above, below = term.above, term.below
    seen = replace(term, above=lambda s: above(units.view(s)), below=lambda s: below(units.view(s)))
    plain = None if isinstance(value, str) and term.number is None and not term.product else term
    return Condition(name, seen, target, profile, plain)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][\w.]*", text))


def _logarithms(package: GeneratedPackage) -> bool:
    return any(logs for terms in boundary_of(package).TERMS.values() for _, logs in terms)
