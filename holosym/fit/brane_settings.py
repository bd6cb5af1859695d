"""What an experiment fixes of black branes: boundary data by name or by physical name, and observables.

All at once, branes have z_h = 1: "phi.source", "mu" and names of boundary data (phi_1, A_t_0) fix a coefficient of the
boundary series, and anything else that the theory knows (T, s, mu/T) becomes a row that must vanish.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holosym.solve.expansion import boundary_of
from holosym.solve.names import gauge_fields, resolve
from holosym.solve.package import GeneratedPackage


@dataclass(frozen=True)
class Fixed:
    """Settings sorted by what they do.

    Attributes:
        data: boundary datum to value.
        parameters: parameter to value.
        conditions: observable to value.
    """

    data: dict[str, float]
    parameters: dict[str, float]
    conditions: dict[str, float]


def sort_settings(package: GeneratedPackage, given: Mapping[str, float]) -> Fixed:
    """Sorts the settings; an unknown name is refused with the nearest ones.

    Raises:
        SolveError: a name that the theory does not know.
    """
    found = Fixed({}, {}, {})
    for name, value in given.items():
        datum = datum_of(package, name)
        if datum is not None:
            found.data[datum] = value
        elif name in package.PARAMETERS:
            found.parameters[name] = value
        else:
            resolve(package, name)
            found.conditions[name] = value
    return found


def datum_of(package: GeneratedPackage, name: str) -> str | None:
    """The boundary datum that a name stands for; None if it is something else."""
    data = boundary_of(package).DATA
    if name in data:
        return name
    profile, dot, kind = name.partition(".")
    if dot:
        return next((d for d, entry in data.items() if entry["profile"] == profile and entry["kind"] == kind), None)
    for mu, _ in gauge_fields(package):
        if name == mu:
            times = [d for d, entry in data.items() if entry["kind"] == "source" and "_t" in str(entry["profile"])]
            return times[0] if len(times) == 1 else None
    return None
