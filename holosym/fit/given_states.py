r"""Which quantities fix the states of a fit, and in which unit.

All states are computed at z_h = 1, and data are in units of their own. With the temperature T_i of state i, or its
entropy density, as the unit, what fixes a state and what is observed of it are

    X / T^[X] = x_i / T_i^[X],        O / T^[O] * T_i^[O],

[X] being mass dimensions; where the unit enters by logarithms too, O is that of the state in the units of the data
(`solve.units`). A parameter of the theory with a dimension is a quantity like any other: it has one value in
the units of the data, and another in every state. A scalar's source that is not mentioned is zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from holosym.errors import ExperimentError, SolveError
from holosym.fit.known_sections import States
from holosym.fit.measured import Measured
from holosym.solve.controls import Control, datum
from holosym.solve.expansion import boundary_of
from holosym.solve.mixing import mixes
from holosym.solve.names import Name, datum_of, resolve
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import Scalars
from holosym.solve.units import rescaled

UNITS = ("T", "s")
Observable = Callable[[Scalars], Tensor]


@dataclass(frozen=True)
class GivenStates:
    """What is given of n states.

    Attributes:
        values: by quantity, (n,), in the units of the data; the unit is one of them.
        unit: T or s.
    """

    package: GeneratedPackage
    values: Mapping[str, Tensor]
    unit: str

    def __len__(self) -> int:
        return len(self.values[self.unit])

    @property
    def parameters(self) -> list[str]:
        """Parameters of the theory that are given, so that every state has its own."""
        return [name for name in self.package.PARAMETERS if name in self.values]

    def control(self, name: str, value: Tensor | float | None = None) -> Control:
        """A quantity in units of T (or s), with the values that are given, or with another in the units of the data.

        Raises:
            ExperimentError: a quantity that the unit changes by logarithms, or without a dimension.
        """
        if mixes(self.package, name):
            raise ExperimentError(
                f"{name} depends on the unit by logarithms, and cannot fix a state",
                mend="fix the source, and let this be an observable of the data",
                key=("states", "fixed", name),
            )
        quantity, unit = resolve(self.package, name), resolve(self.package, self.unit)
        power = self._power(quantity)

        def ratio(scalars: Scalars) -> Tensor:
            return quantity.function(scalars) / unit.function(scalars) ** power

        values = self.values[name] if value is None else value
        return Control(f"{name} in units of {self.unit}", ratio, values / self.values[self.unit] ** power)

    def controls(self) -> tuple[Control, ...]:
        """All that fixes a state beside the unit.

        Raises:
            ExperimentError: too few or too many quantities.
        """
        silent = self.silent()
        found = [self.control(name) for name in self.values if name != self.unit]
        return (*found, *(datum(name, 0.0) for name in silent))

    def silent(self) -> list[str]:
        """Sources of scalars that are not mentioned, which are zero.

        Raises:
            ExperimentError: too few or too many quantities fix a state.
        """
        boundary, package = boundary_of(self.package), self.package
        named = {datum_of(package, name) for name in self.values}
        sources = [n for n, entry in boundary.DATA.items() if entry["kind"] == "source"]
        scalars = getattr(boundary, "OPERATORS", {})
        open_sources = [n for n in sources if n not in named and boundary.DATA[n]["profile"] in scalars]
        wanted, given = len(sources) + len(self.parameters), len(self.values) - 1
        missing = wanted - given
        found = open_sources[-missing:] if missing else []
        if missing < 0 or len(found) < missing:
            able = ", ".join([*(f"{boundary.DATA[n]['profile']}.source" for n in sources), *package.PARAMETERS])
            number = f"{wanted} quantit{'y' if wanted == 1 else 'ies'}"
            raise ExperimentError(
                f"a state is fixed by {number} beside {self.unit}, and {given} {'is' if given == 1 else 'are'} given",
                mend=f"give [states.fixed]; the sources and parameters are {able}",
                key=("states", "fixed"),
            )
        return found

    def near_neutral(self, name: str, value: Tensor | float | None = None) -> Tensor:
        """(n,), about what a quantity is at z_h = 1, where T and s are d/(4 pi) and 4 pi as of a neutral brane."""
        dimension = boundary_of(self.package).DIMENSION
        neutral = dimension / (4 * math.pi) if self.unit == "T" else 4 * math.pi
        power = self._power(resolve(self.package, name))
        target = self.control(name, value).target
        found: Tensor = torch.as_tensor(target, dtype=torch.float64).expand(len(self)) * neutral**power
        return found

    def observable(self, name: str) -> Observable:
        """A quantity of the states, (..., n), in the units of the data."""
        quantity, unit = resolve(self.package, name), resolve(self.package, self.unit)
        scales = self.values[self.unit]
        if quantity.dimension is None or mixes(self.package, name):
            root = 1 / _dimension(unit)
            return lambda scalars: quantity.function(rescaled(scalars, (unit.function(scalars) / scales) ** root))
        power = self._power(quantity)
        return lambda scalars: quantity.function(scalars) * (scales / unit.function(scalars)) ** power

    def _power(self, quantity: Name) -> float:
        """Of the unit, that the quantity is measured in."""
        return _dimension(quantity) / _dimension(resolve(self.package, self.unit))


def given_states(
    package: GeneratedPackage, states: States, parameters: Mapping[str, float], data: Sequence[Measured]
) -> GivenStates | None:
    """What [states.fixed], [fixed] and the data give; None where no temperature (or entropy density) is among it.

    Args:
        parameters: of the theory, with values in the units of the data; those without a dimension are left out.

    Raises:
        ExperimentError: a name that the theory does not know, files that are against different quantities, or one that
            is fixed.
    """
    _require_known(package, states, data)
    values = _values(states, data)
    unit = next((name for name in UNITS if name in values), None)
    if unit is None:
        return None
    like = values[unit]
    known = {n: torch.full_like(like, v) for n, v in parameters.items() if has_dimension(package, n)}
    return GivenStates(package, {**values, **known}, unit)


def told_parameters(package: GeneratedPackage, states: States, data: Sequence[Measured]) -> list[str]:
    """Parameters of the theory whose values [states.fixed] or the data tell."""
    told = {*states.fixed, *(one.against for one in data)}
    return [name for name in package.PARAMETERS if name in told]


def first_state(file: Measured, data: Sequence[Measured]) -> int:
    """The number of the state that the first row of a file is."""
    return sum(len(one) for one in data[: list(data).index(file)])


def has_dimension(package: GeneratedPackage, parameter: str) -> bool:
    """Whether the value of a parameter depends on the unit."""
    return bool(getattr(boundary_of(package), "PARAMETER_DIMENSIONS", {}).get(parameter, 0.0))


def _require_known(package: GeneratedPackage, states: States, data: Sequence[Measured]) -> None:
    named: list[tuple[str, tuple[str, ...]]] = [(name, ("states", "fixed", name)) for name in states.fixed]
    named += [(one.against, ("data", "against")) for one in data]
    named += [(column.observable, ("data", "observables")) for one in data for column in one.columns]
    for name, key in named:
        if datum_of(package, name) is not None:
            continue
        try:
            resolve(package, name)
        except SolveError as error:
            raise ExperimentError(error.message, mend=error.mend, key=key) from None


def _values(states: States, data: Sequence[Measured]) -> dict[str, Tensor]:
    """Every quantity that is given, (n,) over all states; one state without data."""
    names = {one.against for one in data}
    if len(names) > 1:
        raise ExperimentError(
            f"the files are against {' and '.join(sorted(names))}", mend="let all states be fixed by the same quantity"
        )
    if twice := sorted(names & set(states.fixed)):
        what = f"{twice[0]} is fixed, and the data are against it"
        raise ExperimentError(what, mend="take it out of [states.fixed]", key=("states", "fixed", twice[0]))
    seen = {one.against: torch.cat([one.where for one in data]).double() for one in data[:1]}
    like = next(iter(seen.values()), torch.zeros(1, dtype=torch.float64))
    return {**seen, **{name: torch.full_like(like, value) for name, value in states.fixed.items()}}


def _dimension(quantity: Name) -> float:
    if quantity.dimension is None:
        raise ExperimentError(
            f"{quantity.name} has no known mass dimension, so it has no value in units", mend="use another quantity"
        )
    return quantity.dimension
