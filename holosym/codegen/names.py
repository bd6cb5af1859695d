"""Python names for the generators of a ring: f, f_dz, f_dzz for a jet, V, V_d1, V_d2 for a coupling's.

Names are made in a fixed order (coordinates, parameters, profiles, couplings, each sorted), and a name that
is taken already, a keyword, or used by the template gets a suffix that says its kind; so the same model
always gives the same names.
"""

from __future__ import annotations

import builtins
import keyword

from holosym.jets.composites import CouplingJet
from holosym.jets.generators import JetGenerator

_RESERVED = {
    *keyword.kwlist,
    *keyword.softkwlist,
    *dir(builtins),
    "Tensor",
    "Derivatives",
    "Jets",
    "Mapping",
    "Parameters",
    "Sequence",
    "arguments",
    "boundary_coefficients",
    "boundary_quantities",
    "closed_couplings",
    "conserved_charges",
    "coupling_arguments",
    "d_couplings",
    "d_jets",
    "d_parameters",
    "data",
    "dc_transport",
    "divergences",
    "found",
    "horizon_jets",
    "horizon_quantities",
    "line_element",
    "linearisation",
    "magnitudes",
    "residuals",
    "taylor",
    "coordinates",
    "couplings",
    "jets",
    "math",
    "parameters",
    "torch",
}


class Names:
    """Unique Python names, given out once for every key."""

    def __init__(self) -> None:
        self._taken: set[str] = set(_RESERVED)
        self._given: dict[object, str] = {}

    def __call__(self, key: object, wanted: str, kind: str) -> str:
        """The name of a key: the wanted one, or with the kind behind it."""
        if key not in self._given:
            name, n = wanted, 1
            while name in self._taken:
                name = f"{wanted}_{kind}" if n == 1 else f"{wanted}_{kind}{n}"
                n += 1
            self._taken.add(name)
            self._given[key] = name
        return self._given[key]

    def copy(self) -> Names:
        """Names that go on from these without changing them."""
        made = Names()
        made._taken |= self._taken
        made._given |= self._given
        return made

    def free(self, wanted: str) -> str:
        """A name for an intermediate term; nobody asks for it again."""
        return self(object(), wanted, "term")


def jet_name(base: str, jet: JetGenerator) -> str:
    """f, f_dz, f_dzz."""
    along = "".join(c.name * n for c, n in zip(jet.unknown.coordinates, jet.orders, strict=True))
    return f"{base}_d{along}" if along else base


def coupling_name(base: str, jet: CouplingJet) -> str:
    """V, V_d1, V_d2; of several arguments V_d10."""
    return f"{base}_d{''.join(map(str, jet.orders))}" if any(jet.orders) else base
