r"""Physical names of a theory's quantities: T, s, mu, rho, epsilon, p, omega, its parameters, sources, responses.

Each is a function of a state's scalars with a mass dimension; a product of names is another,

    [s/T^3] = [s] - 3 [T].

omega = epsilon - T s - sum mu rho is the density of the grand potential.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.expansion import boundary_of, submodule
from holosym.solve.formula import Term, constant, evaluate
from holosym.solve.package import GeneratedPackage
from holosym.solve.scalars import Scalars

_MU, _RHO = "chemical_potential_", "charge_density_"


@dataclass(frozen=True)
class Name:
    """A quantity with a name.

    Attributes:
        function: its value from a state's scalars, differentiable.
        dimension: its mass dimension; None where that is not known.
        kind: source, response, parameter or observable.
    """

    name: str
    function: Callable[[Scalars], Tensor]
    dimension: float | None
    description: str
    kind: str = "observable"


def catalogue(package: GeneratedPackage) -> dict[str, Name]:
    """All names of the theory, short ones first; what the package does not know is absent.

    Raises:
        PackageError: a theory without a boundary expansion, where boundary data have no meaning.
    """
    known = _known(package)
    found = _short(known)
    for name in package.PARAMETERS:
        dimension = getattr(boundary_of(package), "PARAMETER_DIMENSIONS", {}).get(name, 0.0)
        found[name] = Name(name, _parameter(name), dimension, "parameter of the theory", "parameter")
    found.update(_falloffs(package, known))
    found.update({name: Name(name, _observable(name), known[name], name.replace("_", " ")) for name in sorted(known)})
    return found


def gauge_fields(package: GeneratedPackage) -> list[tuple[str, str]]:
    """For each gauge field, the names of its chemical potential and its charge density."""
    fields = [name.removeprefix(_MU) for name in _known(package) if name.startswith(_MU)]
    return [("mu", "rho")] if len(fields) == 1 else [(f"mu_{a}", f"rho_{a}") for a in sorted(fields)]


def datum_of(package: GeneratedPackage, name: str) -> str | None:
    """The boundary datum that a name stands for; None if it is something else."""
    data = boundary_of(package).DATA
    if name in data:
        return name
    profile, dot, kind = name.partition(".")
    if dot:
        return next((d for d, entry in data.items() if entry["profile"] == profile and entry["kind"] == kind), None)
    for mu, _ in gauge_fields(package):
        if name == mu:
            times = [d for d, entry in data.items() if entry["kind"] == "source" and "_t" in str(entry["profile"])]
            return times[0] if len(times) == 1 else None
    return None


def resolve(package: GeneratedPackage, text: str) -> Name:
    """The quantity that a product or a power of names stands for.

    Raises:
        SolveError: a name that is none of the theory's (with the nearest ones), or a text that is no product.
    """
    names = catalogue(package)
    if text in names:
        return names[text]
    term = formula(package, text)
    if not term.product:
        raise SolveError(f"{text!r} is not a product of names", mend="write a product, such as T/mu or s/T^3")
    return Name(text, term.function, term.dimension, "")


def formula(package: GeneratedPackage, text: str) -> Term:
    """A formula with sums, for a relation.

    Raises:
        SolveError: as `resolve`.
    """
    names = catalogue(package)
    term: Term = evaluate(text, constant, lambda name: Term.of(lookup(package, names, name)))
    return term


def lookup(package: GeneratedPackage, names: dict[str, Name], text: str) -> Name:
    """One name: of the catalogue, or of a source or response as the boundary series has it.

    Raises:
        SolveError: it is none of the theory's; the message says which are near.
    """
    if text in names:
        return names[text]
    entry = boundary_of(package).DATA.get(text, {})
    if entry.get("kind") in ("source", "response"):
        what = f"coefficient in the boundary series of {entry['profile']}"
        return Name(text, _datum(text), float(entry["dimension"]), what)
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
    short = [name for name in names if "_" not in name or name in package.PARAMETERS]
    mend = f"did you mean {' or '.join(near)}?" if near else f"it knows {', '.join(short)}"
    raise SolveError(f"{package.NAME} has no quantity {text!r}", mend=mend)


def _known(package: GeneratedPackage) -> dict[str, float | None]:
    """The names that the package itself gives to quantities, with their dimensions."""
    found: dict[str, float | None] = {}
    for file in ("thermodynamics", "transport"):
        entries: dict[str, Any] = getattr(submodule(package, file), "QUANTITIES", {})
        found.update({name: entry.get("dimension") for name, entry in entries.items()})
    return found


def _short(known: dict[str, float | None]) -> dict[str, Name]:
    gauge = sorted(name.removeprefix(_MU) for name in known if name.startswith(_MU))
    pressures = sorted(name for name in known if name.startswith("pressure_"))
    wanted = [("T", "temperature", "temperature"), ("s", "entropy_density", "entropy density")]
    for field in gauge:
        tail = "" if len(gauge) == 1 else f"_{field}"
        wanted += [(f"mu{tail}", _MU + field, "chemical potential"), (f"rho{tail}", _RHO + field, "charge density")]
    wanted += [("epsilon", "energy_density", "energy density")]
    wanted += [("p", name, "pressure, <T_xx>") for name in pressures[:1]]
    wanted += [("sigma", "sigma_xx", "DC conductivity")]
    found = {short: Name(short, _observable(n), known[n], text) for short, n, text in wanted if n in known}
    pairs = [(_MU + field, _RHO + field) for field in gauge]
    if {"epsilon", "T", "s"} <= set(found) and all(set(pair) <= set(known) for pair in pairs):
        found["omega"] = Name("omega", _free_energy(pairs), known["energy_density"], "density of the grand potential")
    return found


def _falloffs(package: GeneratedPackage, known: dict[str, float | None]) -> dict[str, Name]:
    """Source and response of every scalar: the package's quantity, else the datum."""
    boundary, found = boundary_of(package), {}
    for profile in sorted(getattr(boundary, "OPERATORS", {})):
        for kind, tail in (("source", "source"), ("response", "vev")):
            name, long = f"{profile}.{kind}", f"{profile}_{tail}"
            text = f"{kind} of {profile}"
            if long in known:
                found[name] = Name(name, _observable(long), known[long], text, kind)
                continue
            for datum, entry in boundary.DATA.items():
                if entry["profile"] == profile and entry["kind"] == kind:
                    found[name] = Name(name, _datum(datum), float(entry["dimension"]), text, kind)
    return found


def _observable(name: str) -> Callable[[Scalars], Tensor]:
    return lambda scalars: scalars.quantity(name)


def _datum(name: str) -> Callable[[Scalars], Tensor]:
    return lambda scalars: scalars.data[name]


def _parameter(name: str) -> Callable[[Scalars], Tensor]:
    def value(scalars: Scalars) -> Tensor:
        like = next(iter(scalars.data.values()))
        return torch.as_tensor(scalars.parameters[name], dtype=like.dtype) + torch.zeros_like(like)

    return value


def _free_energy(pairs: list[tuple[str, str]]) -> Callable[[Scalars], Tensor]:
    def value(scalars: Scalars) -> Tensor:
        q = scalars.quantity
        work = q("temperature") * q("entropy_density")
        for mu, rho in pairs:
            work = work + q(mu) * q(rho)
        return q("energy_density") - work

    return value
