"""holosym: from a bulk gravity action to checked equations and a generated torch package.

A model is written with the names below; `Theory.equations()` derives its field equations.
"""

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
