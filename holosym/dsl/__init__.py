"""What a user writes: coordinates, profiles, fields, forms, invariants, theories."""

from holosym.dsl.forms import d, gauge_field, scalar, wedge
from holosym.dsl.invariants import (
    R,
    dot,
    gauss_bonnet,
    levi_civita,
    ricci_square,
    riemann_square,
    square,
)
from holosym.dsl.symbols import coordinates, couplings, parameters, profiles
from holosym.dsl.theory import System, Theory

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
