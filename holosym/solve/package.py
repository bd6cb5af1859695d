"""A generated package as the solvers see it: what it offers, and how it is loaded from its folder.

The two worlds of holosym meet here. A solver knows a theory only by this protocol: names, and plain
functions of tensors. All tensors broadcast over leading dimensions; a field is known by its jet (value and
derivatives along COORDINATES), a coupling by its jet at the fields' values.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from torch import Tensor

from holosym.errors import PackageError

MultiIndex = tuple[int, ...]
Coordinates = Mapping[str, Tensor]
Jets = Mapping[str, Sequence[Tensor]]
Parameters = Mapping[str, Tensor | float]
Partials = Mapping[str, Mapping[str, Mapping[int, Tensor]]]
ParameterPartials = Mapping[str, Mapping[str, Tensor]]


class GeneratedPackage(Protocol):
    """What `holosym compile` writes for one theory.

    Attributes:
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
_serial = itertools.count()


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
    return cast(GeneratedPackage, module)


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
