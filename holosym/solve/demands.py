"""What a theory demands of its settings, and what is said of too few, too many, or impossible ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from holosym.errors import SolveError
from holosym.solve.expansion import boundary_of
from holosym.solve.names import catalogue, gauge_fields, resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.request import Request

HORIZON_UNITS = "z_h"


def natural(package: GeneratedPackage) -> list[str]:
    """Names that fix a state: temperature, chemical potentials, dimensionful parameters, scalar sources."""
    boundary, names = boundary_of(package), catalogue(package)
    charged = [mu for mu, _ in gauge_fields(package) if mu in names]
    dimensions = getattr(boundary, "PARAMETER_DIMENSIONS", {})
    parameters = [name for name in package.PARAMETERS if dimensions.get(name, 0.0) != 0]
    return ["T", *charged, *parameters, *(name for name, entry in names.items() if entry.kind == "source")]


def check(package: GeneratedPackage, text: str) -> None:
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


def positive(name: str, value: float) -> None:
    """Refuses temperatures that no regular horizon has."""
    if name in ("T", "temperature") and value <= 0:
        what = "extremal" if value == 0 else "not the temperature of a horizon"
        raise SolveError(
            f"T = {value:g} is {what}: this solver takes regular, non-extremal horizons", mend="give T > 0"
        )


def numbers(package: GeneratedPackage, wanted: Mapping[str, float | str], swept: str) -> dict[str, float]:
    """Parameters without dimension, with their values."""
    dimensions = getattr(boundary_of(package), "PARAMETER_DIMENSIONS", {})
    return {
        name: float(value)
        for name, value in wanted.items()
        if name in package.PARAMETERS and dimensions.get(name, 0.0) == 0 and name != swept
    }


def unit(package: GeneratedPackage, request: Request) -> tuple[str, float]:
    """The name that is one in the results, and the value it has there; no name if none is asked for."""
    if not request.units:
        return "", 1.0
    name, _, value = (part.strip() for part in request.units.partition("="))
    try:
        number = float(value) if value else 1.0
    except ValueError:
        number = 0.0
    if number <= 0 or (name != HORIZON_UNITS and not resolve(package, name).dimension):
        raise SolveError(f"the units {request.units!r} cannot be read", mend="write mu=1, T=1 or z_h=1")
    return name, number


def without_sources(package: GeneratedPackage, given: Mapping[str, float | str], count: int) -> dict[str, float]:
    """Sources of scalars that no setting is about are zero."""
    said = set().union(*(words(name) for name in given))
    found: dict[str, float] = {}
    for name, entry in catalogue(package).items():
        profile = name.partition(".")[0]
        if entry.kind == "source" and len(given) + len(found) < count:
            own = {name, f"{profile}.response", f"{profile}_source", f"{profile}_vev"}
            own |= {datum for datum, one in boundary_of(package).DATA.items() if one["profile"] == profile}
            if not own & said:
                found[name] = 0.0
    return found


def count(
    package: GeneratedPackage,
    needed: Sequence[str],
    given: Mapping[str, float | str],
    fixed: Mapping[str, float],
    count: int,
) -> None:
    """Refuses too few and too many settings."""
    numbers = [name for name in package.PARAMETERS if name not in needed]
    absent = [name for name in numbers if name not in fixed]
    said = set().union(*(words(name) for name in given))
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


def words(text: str) -> set[str]:
    """The names in a formula."""
    return set(re.findall(r"[A-Za-z_][\w.]*", text))
