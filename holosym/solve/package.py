"""A generated package as the solvers see it: what it offers, and how it is loaded from its folder.

The two worlds of holosym meet here. A solver knows a theory only by this protocol: names, and plain
functions of tensors. All tensors broadcast over leading dimensions; a field is known by its jet (value and
derivatives along COORDINATES), a coupling by its jet at the fields' values.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

from torch import Tensor

from holosym.errors import PackageError

MultiIndex = tuple[int, ...]
Coordinates = Mapping[str, Tensor]
Jets = Mapping[str, Sequence[Tensor]]
Parameters = Mapping[str, Tensor | float]
Partials = Mapping[str, Mapping[str, Mapping[int, Tensor]]]
ParameterPartials = Mapping[str, Mapping[str, Tensor]]


class HorizonModule(Protocol):
    """`horizon.py`: regular fields at the horizon.

    Attributes:
        POINT: where it is: a number, a parameter's name, or None.
        VANISHING: jets that are zero there.
        DATA: jets that stay free.
    """

    POINT: float | str | None
    VANISHING: tuple[str, ...]
    DATA: tuple[str, ...]

    def horizon_jets(
        self, coordinates: Coordinates, data: Mapping[str, Tensor], couplings: Jets, parameters: Parameters
    ) -> dict[str, tuple[Tensor, ...]]:
        """All jets there, in the order of PROFILES."""
        ...


class BoundaryModule(Protocol):
    """`boundary.py`: the general solution near the boundary, sum of c x^e (log x)^k.

    Attributes:
        DIMENSION: d, of the boundary theory.
        RADIAL, VARIABLE: the radial coordinate, and x in it: z or 1/r.
        BOUNDARY: the radial coordinate's value there, 0 or infinity.
        DATA: datum to {"profile", "power", "log", "kind", "dimension"}.
        VACUUM: the values of data of kind "metric" where the boundary is flat.
        TERMS: profile to the (power, log) of its terms, ascending.
        TAYLOR: coupling without a closed form to the orders of its derivatives that the coefficients need.
        OPERATORS: scalar profile to (Delta, d - Delta).
    """

    DIMENSION: int
    RADIAL: str
    VARIABLE: str
    BOUNDARY: float
    DATA: Mapping[str, Mapping[str, Any]]
    VACUUM: Mapping[str, float]
    TERMS: Mapping[str, tuple[tuple[float, int], ...]]
    TAYLOR: Mapping[str, tuple[MultiIndex, ...]]
    OPERATORS: Mapping[str, tuple[float, float]]

    def boundary_coefficients(
        self, data: Mapping[str, Tensor], taylor: Jets, parameters: Parameters
    ) -> dict[str, tuple[Tensor, ...]]:
        """The coefficients of TERMS."""
        ...


class ThermodynamicsModule(Protocol):
    """`thermodynamics.py`.

    Attributes:
        QUANTITIES: quantity to {"at": "horizon", "anywhere" or "boundary", "dimension"}.
    """

    QUANTITIES: Mapping[str, Mapping[str, str | float | None]]

    def horizon_quantities(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """Temperature, entropy density: from jets at the horizon."""
        ...

    def conserved_charges(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """Radially conserved charges: from jets anywhere."""
        ...

    def boundary_quantities(
        self, data: Mapping[str, Tensor], taylor: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """Sources, responses, energy, pressure: from boundary data."""
        ...


class TransportModule(Protocol):
    """`transport.py`."""

    QUANTITIES: Mapping[str, Mapping[str, str | float | None]]

    def dc_transport(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """DC conductivities: from jets at the horizon."""
        ...


class EntanglementModule(Protocol):
    """`entanglement.py`: the functionals of surfaces and strings, from the metric alone.

    Attributes:
        RADIAL, VARIABLE: as in `boundary.py`.
        SURFACES: surface to {"kind", "direction", "transverse", "powers", "isotropic"}.
        DIVERGENCES: surface to the (power, log) of the terms of sqrt(b) that diverge; empty without a boundary series.
        FUNCTIONS: surface to the function, of what `residuals` takes, that gives the jets of b and c along x.
    """

    RADIAL: str
    VARIABLE: str
    SURFACES: Mapping[str, Mapping[str, Any]]
    DIVERGENCES: Mapping[str, tuple[tuple[float, int], ...]]
    FUNCTIONS: Mapping[str, Callable[..., tuple[tuple[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]]]

    def line_element(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> tuple[Tensor, Tensor, Tensor]:
        """x^2 g_xx and its derivatives along x."""
        ...

    def divergences(
        self, data: Mapping[str, Tensor], taylor: Jets, parameters: Parameters
    ) -> dict[str, tuple[Tensor, ...]]:
        """The coefficients of DIVERGENCES."""
        ...


class GeneratedPackage(Protocol):
    """What `holosym compile` writes for one theory.

    Attributes:
        horizon, boundary, thermodynamics, transport, entanglement: None where the theory has no such thing;
            EQUATIONS.md says why.
        PROFILES: profile to the multi-indices of its jet entries, in the order in which jets come.
        COUPLINGS: coupling to {"function", "arguments", "orders", "closed"}.
        EQUATIONS: equation to its role, "dynamical" or "constraint".
    """

    NAME: str
    MODEL_HASH: str
    COORDINATES: tuple[str, ...]
    PROFILES: Mapping[str, tuple[MultiIndex, ...]]
    COUPLINGS: Mapping[str, Mapping[str, object]]
    PARAMETERS: tuple[str, ...]
    EQUATIONS: Mapping[str, str]
    horizon: HorizonModule | None
    boundary: BoundaryModule | None
    thermodynamics: ThermodynamicsModule | None
    transport: TransportModule | None
    entanglement: EntanglementModule | None

    def coupling_arguments(
        self, coordinates: Coordinates, jets: Jets, parameters: Parameters
    ) -> dict[str, tuple[Tensor, ...]]:
        """Where each coupling is to be evaluated."""
        ...

    def closed_couplings(self, arguments: Jets, parameters: Parameters) -> dict[str, tuple[Tensor, ...]]:
        """Jets of the couplings that have a closed form."""
        ...

    def residuals(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """One tensor per equation, zero on shell and finite at both ends of the radial line."""
        ...

    def magnitudes(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> dict[str, Tensor]:
        """The sum of the absolute values of each residual's terms."""
        ...

    def linearisation(
        self, coordinates: Coordinates, jets: Jets, couplings: Jets, parameters: Parameters
    ) -> tuple[Partials, Partials, ParameterPartials]:
        """Derivatives with respect to jets, coupling jets and parameters; an absent entry is zero."""
        ...


_VALUES = ("NAME", "MODEL_HASH", "COORDINATES", "PROFILES", "COUPLINGS", "PARAMETERS", "EQUATIONS")
_FUNCTIONS = ("coupling_arguments", "closed_couplings", "residuals", "magnitudes", "linearisation")
_MODULES = {
    "horizon": ("POINT", "VANISHING", "DATA", "horizon_jets"),
    "boundary": ("DIMENSION", "BOUNDARY", "DATA", "VACUUM", "TERMS", "TAYLOR", "boundary_coefficients"),
    "thermodynamics": ("QUANTITIES", "horizon_quantities", "conserved_charges", "boundary_quantities"),
    "transport": ("QUANTITIES", "dc_transport"),
    "entanglement": ("RADIAL", "VARIABLE", "SURFACES", "DIVERGENCES", "FUNCTIONS", "line_element", "divergences"),
}
_serial = itertools.count()


def orders_of(package: GeneratedPackage) -> dict[str, int]:
    """The highest derivative of every profile along the first coordinate."""
    return {name: max(index[0] for index in indices) for name, indices in package.PROFILES.items()}


def load(path: str | Path) -> GeneratedPackage:
    """Imports the generated package in folder `path`, afresh at each call and under a module name of its own.

    Raises:
        PackageError: no such folder, no package in it, an import that fails, or names missing from it.
    """
    folder = Path(path).resolve()
    mend = "give the folder that `holosym compile` wrote, such as generated/gubser_rocha"
    if not folder.is_dir():
        raise PackageError("there is no such folder", file=path, mend=mend)
    if not (folder / "__init__.py").is_file():
        raise PackageError("this folder is not a generated package: it has no __init__.py", file=path, mend=mend)
    module = _import(folder)
    missing = [name for name in _VALUES if not hasattr(module, name)]
    missing += [name for name in _FUNCTIONS if not callable(getattr(module, name, None))]
    if missing:
        raise PackageError(
            f"this folder is not a generated package: it lacks {', '.join(missing)}", file=path, mend=mend
        )
    for name, wanted in _MODULES.items():
        setattr(module, name, _optional(module, folder, name, wanted))
    return cast(GeneratedPackage, module)


def _optional(package: ModuleType, folder: Path, name: str, wanted: Sequence[str]) -> ModuleType | None:
    """A file of the package that not every theory has; it is imported here if the package's front does not do it."""
    file = folder / f"{name}.py"
    if not file.is_file():
        return None
    mend = "compile the model again"
    try:
        module = importlib.import_module(f"{package.__name__}.{name}")
    except Exception as error:
        raise PackageError(
            f"importing {file.name} failed: {type(error).__name__}: {error}", file=folder, mend=mend
        ) from error
    missing = [one for one in wanted if not hasattr(module, one)]
    if missing:
        raise PackageError(f"{file.name} lacks {', '.join(missing)}", file=folder, mend=mend)
    return module


def _import(folder: Path) -> ModuleType:
    """Executes the folder's `__init__.py` as a package; a failure leaves nothing behind in `sys.modules`."""
    name = f"_holosym_generated_{next(_serial)}_" + re.sub(r"\W", "_", folder.name)
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise PackageError("Python cannot import this folder", file=folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        for key in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
            del sys.modules[key]
        raise PackageError(
            f"importing the generated package failed: {type(error).__name__}: {error}",
            file=folder,
            mend="compile the model again",
        ) from error
    return module
