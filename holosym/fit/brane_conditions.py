"""What an experiment knows of branes that are fitted all at once: boundary data, parameters, rows that must vanish.

With a temperature (or entropy density) among it, all is in the units of the data, as `given_states` says. Without one
branes have z_h = 1: "phi.source", "mu" and names of boundary data (phi_1, A_t_0) fix a coefficient of the boundary
series, and anything else that the theory knows (mu rho, omega) becomes a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from holosym.fit.given_states import GivenStates, Observable, has_dimension
from holosym.fit.layout import Entry
from holosym.solve.controls import Control
from holosym.solve.names import datum_of, resolve
from holosym.solve.package import GeneratedPackage


@dataclass(frozen=True)
class Conditions:
    """Settings sorted by what they do; z_h = 1.

    Attributes:
        data: boundary datum to value.
        parameters: parameter to value.
        rows: what else is given, by name.
        local: by parameter with a value of its own in every state, the name of this unknown.
        fitted: unknown parameters among those, as they follow from a state, and as they are unknown.
        starts: by unknown number of every state, where it begins, (n,).
    """

    data: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    rows: dict[str, Control] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    fitted: dict[str, tuple[Observable, Entry]] = field(default_factory=dict)
    starts: dict[str, Tensor] = field(default_factory=dict)


def at_unit_horizon(package: GeneratedPackage, given: Mapping[str, float]) -> Conditions:
    """Values at z_h = 1.

    Raises:
        SolveError: a name that the theory does not know, with the nearest ones.
    """
    found = Conditions()
    for name, value in given.items():
        datum = datum_of(package, name)
        if datum is not None:
            found.data[datum] = value
        elif name in package.PARAMETERS:
            found.parameters[name] = value
        else:
            found.rows[name] = Control(name, resolve(package, name).function, value)
    return found


def in_units(given: GivenStates, fitted: Mapping[str, Entry]) -> Conditions:
    """What is given of many states in the units of the data, and the parameters that are fitted.

    Raises:
        ExperimentError: too few or too many quantities.
    """
    data = dict.fromkeys(given.silent(), 0.0)
    own = {name: entry for name, entry in fitted.items() if has_dimension(given.package, name)}
    numbers = {
        name: float(given.values[name][0])
        for name in given.parameters
        if not has_dimension(given.package, name) and bool((given.values[name] == given.values[name][0]).all())
    }
    rows = {name: given.control(name) for name in given.values if name not in (given.unit, *numbers)}
    local = {name: f"{name} at z_h = 1" for name in (*given.parameters, *own) if name not in numbers}
    held = {name: (given.observable(name), entry) for name, entry in own.items()}
    unknown = {name: datum_of(given.package, name) or local.get(name) for name in rows}
    starts = {own: given.near_neutral(name) for name, own in unknown.items() if own is not None}
    starts |= {local[name]: given.near_neutral(name, entry.start) for name, entry in own.items()}
    return Conditions(data, numbers, rows, local, held, starts)
