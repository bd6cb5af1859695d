"""In the form of a generated package, by hand: a particle in a potential, with its energy constraint.

u'' - a V'(u) = 0,      u'^2/2 - a V(u) = 0,      V unknown; with V = u^3/2 solved by u = 4/(a (1 + x)^2).
"""

from .couplings import closed_couplings, coupling_arguments
from .equations import linearisation, magnitudes, residuals

NAME = "potential"
MODEL_HASH = "by hand"
COORDINATES = ("x",)
PROFILES = {"u": ((0,), (1,), (2,))}
COUPLINGS = {"V": {"function": "V", "arguments": 1, "orders": ((0,), (1,), (2,)), "closed": False}}
PARAMETERS = ("a",)
EQUATIONS = {"u": "dynamical", "energy": "constraint"}

__all__ = ["closed_couplings", "coupling_arguments", "linearisation", "magnitudes", "residuals"]
