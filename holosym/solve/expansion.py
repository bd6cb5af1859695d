"""What a generated package knows of the two ends: the boundary series, the horizon, thermodynamics, transport."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from torch import Tensor

from holosym.errors import PackageError
from holosym.solve.package import Coordinates, GeneratedPackage, Jets, Parameters


class BoundaryModule(Protocol):
    """`boundary.py`: the general solution near the boundary, in x = z or 1/r.

    Attributes:
        DIMENSION: d, of the boundary theory.
        BOUNDARY: 0 or infinity, the radial coordinate's value there.
        DATA: datum to {"profile", "power", "log", "kind", "dimension"}.
        VACUUM: the values of data of kind "metric".
        TERMS: profile to the (power, log) of its terms, ascending.
        TAYLOR: coupling without a closed form to the orders of its derivatives that the series needs.
    """

    DIMENSION: int
    BOUNDARY: float
    DATA: Mapping[str, Mapping[str, Any]]
    VACUUM: Mapping[str, float]
    TERMS: Mapping[str, tuple[tuple[float, int], ...]]
    TAYLOR: Mapping[str, tuple[tuple[int, ...], ...]]

    def boundary_coefficients(self, data: Parameters, taylor: Jets, parameters: Parameters) -> dict[str, Sequence[Any]]:
        """The coefficients of TERMS."""
        ...


class HorizonModule(Protocol):
    """`horizon.py`: what vanishes at the horizon, which jets are free there, and all others."""

    POINT: float | str | None
    VANISHING: tuple[str, ...]
    DATA: tuple[str, ...]

    def horizon_jets(
        self, coordinates: Coordinates, data: Parameters, couplings: Jets, parameters: Parameters
    ) -> dict[str, tuple[Tensor, ...]]:
        """Regular jets at the horizon."""
        ...


def submodule(package: GeneratedPackage, name: str) -> Any | None:
    """The package's file `name`.py as a module; None where the theory has no such thing."""
    present = getattr(package, name, None)
    if present is not None:
        return present
    path = Path(str(getattr(package, "__file__", ""))).parent / f"{name}.py"
    return importlib.import_module(f"{package.__name__}.{name}") if path.is_file() else None  # type: ignore[attr-defined]


def boundary_of(package: GeneratedPackage) -> BoundaryModule:
    """The boundary series.

    Raises:
        PackageError: the package has none.
    """
    module = submodule(package, "boundary")
    if module is None:
        raise PackageError(
            f"{package.NAME} has no boundary expansion, and without it boundary data have no meaning",
            mend="EQUATIONS.md says why; compile a theory with `boundary` and a known scalar dimension",
        )
    return cast(BoundaryModule, module)


def horizon_of(package: GeneratedPackage) -> HorizonModule:
    """The horizon's expansion.

    Raises:
        PackageError: the package has none, or its position is a parameter of the theory.
    """
    module = submodule(package, "horizon")
    if module is None:
        raise PackageError(f"{package.NAME} has no horizon", mend="give the theory its `horizon` and compile it again")
    return cast(HorizonModule, module)
