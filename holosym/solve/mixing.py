r"""Which quantities a change of unit mixes with others.

Where a boundary series has c x^e + c' x^e log x, units of another length turn c into c + c' log lam: responses
of such theories, and the energy density, pressures and expectation values that are made of them, are more than a power
of lam times themselves.
"""

from __future__ import annotations

from typing import Any

from holosym.solve.expansion import BoundaryModule, boundary_of, submodule
from holosym.solve.formula import Term, constant, evaluate
from holosym.solve.names import catalogue, datum_of, gauge_fields, lookup
from holosym.solve.package import GeneratedPackage

_THERMAL = ("epsilon", "p", "omega")


def mixes(package: GeneratedPackage, text: str) -> bool:
    """Whether a quantity, or a product of names, has logarithms of the unit in it.

    Raises:
        SolveError: a name that the theory does not know.
    """
    boundary = boundary_of(package)
    if not any(_datum_mixes(boundary, name) for name in boundary.DATA):
        return False
    return any(_name_mixes(package, boundary, name) for name in _names(package, text))


def _names(package: GeneratedPackage, text: str) -> set[str]:
    """What a product is made of."""
    known = catalogue(package)
    if text in known:
        return {text}
    found: set[str] = set()

    def seen(name: str) -> Term:
        found.add(name)
        return Term.of(lookup(package, known, name))

    evaluate(text, constant, seen)
    return found


def _name_mixes(package: GeneratedPackage, boundary: BoundaryModule, name: str) -> bool:
    if name in boundary.DATA:
        return _datum_mixes(boundary, name)
    if name in package.PARAMETERS or name in {mu for mu, _ in gauge_fields(package)}:
        return False
    if name.endswith((".source", "_source")):  # the slower falloff's, or in alternate quantisation the faster one's
        datum = datum_of(package, f"{name[:-7]}.source")
        return datum is not None and _datum_mixes(boundary, datum)
    quantities: dict[str, dict[str, Any]] = getattr(submodule(package, "thermodynamics"), "QUANTITIES", {})
    at_boundary = quantities.get(name, {}).get("at") == "boundary" and not name.startswith("chemical_potential_")
    return name in _THERMAL or name.endswith(".response") or at_boundary


def _datum_mixes(boundary: BoundaryModule, name: str) -> bool:
    """Whether terms of the same power have more logarithms."""
    entry = boundary.DATA[name]
    return any(power == entry["power"] and logs > entry["log"] for power, logs in boundary.TERMS[entry["profile"]])
