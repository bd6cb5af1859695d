"""holosym: from a bulk gravity action to checked equations and a generated torch package.

A model is written with the names below; `Theory.equations()` derives its field equations. The names are
loaded when first asked for, so that solvers, which live without SymPy, do not bring it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holosym.dsl import (
        R,
        System,
        Theory,
        coordinates,
        couplings,
        d,
        dot,
        gauge_field,
        gauss_bonnet,
        levi_civita,
        parameters,
        profiles,
        ricci_square,
        riemann_square,
        scalar,
        square,
        wedge,
    )

__version__ = "0.1.0"

__all__ = [
    "R",
    "System",
    "Theory",
    "coordinates",
    "couplings",
    "d",
    "dot",
    "gauge_field",
    "gauss_bonnet",
    "levi_civita",
    "parameters",
    "profiles",
    "ricci_square",
    "riemann_square",
    "scalar",
    "square",
    "wedge",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from holosym import dsl

        return getattr(dsl, name)
    raise AttributeError(f"module 'holosym' has no attribute {name!r}")
