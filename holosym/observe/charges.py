r"""Radially conserved charges: fluxes of gauge fields, and Noether charges of scaling symmetries.

With X^ab = dL/d(d_a A_b) and j^t = dL/dA_t the time component of a gauge field's equation is

    d_r Pi = (-g)^(1/2) j^t - d_i (2 (-g)^(1/2) X^it),      Pi = 2 (-g)^(1/2) X^rt,

with i along the horizon. Where the right-hand side is zero the flux Pi is the charge density, the same at every r;
where it is d_r K, as Chern-Simons terms have it, Pi - K is (Page's charge). Otherwise (a condensate is charged) only
the flux through the horizon, if there is one, has a name: the charge behind it. Signs are such that rho is positive
for a positive chemical potential.

Every charge is proved here: its derivative vanishes modulo the equations, exactly.
"""

from __future__ import annotations

from holosym.derive import ansatz as reading
from holosym.derive.action import full
from holosym.derive.covariant import CovariantVariation
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import GaugeField
from holosym.errors import ExpansionError
from holosym.expand.dimensions import Dimensions
from holosym.expand.emblackening import radial_theory
from holosym.jets.derivation import TotalDerivatives
from holosym.jets.element import Element
from holosym.jets.transfer import Transfer
from holosym.observe.antiderivative import antiderivative
from holosym.observe.linear import reduced
from holosym.observe.measure import measured
from holosym.observe.noether import noether_charges
from holosym.observe.planar import outward
from holosym.observe.quantity import LocalQuantity


def conserved_charges(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """Fluxes of the gauge fields, then Noether charges of scaling symmetries.

    Args:
        system: the equations of a theory whose profiles are functions of a radial coordinate; with a horizon or not.

    Returns:
        charge_density_<A>, or electric_flux_<A> through a horizon where A's flux is not conserved; noether_charge, or
        one for each direction, noether_charge_<x>, where the brane is not isotropic.

    Raises:
        ExpansionError: for a theory without a radial coordinate, or without an action.
    """
    return (*gauss_fluxes(system), *noether_charges(system))


def gauss_fluxes(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """The flux of every gauge field that has one, by name."""
    theory = radial_theory(system)
    ansatz = reading.read(theory)
    variation = CovariantVariation(ansatz.action())
    time, radial = (theory.coordinates.index(c) for c in (theory.time, theory.radial))
    volume = variation.geometry.volume * outward(theory.boundary, theory.horizon)
    found = []
    for one in sorted(variation.action.gauge, key=lambda a: str(a.name)):
        displacement = full(variation.fluxes.gradient.get(one, {}))
        flux = volume * displacement.get((radial, time), ansatz.ring.zero) * 2
        if ansatz.ring.is_zero(flux):
            continue
        sources = [volume * variation.fluxes.explicit.get(one, {}).get((time,), ansatz.ring.zero)]
        for (b, a), value in displacement.items():
            if a == time and b != radial:
                sources.append(variation.geometry.derive(volume * value * -2, b))
        flux, source = (
            measured(ansatz.ring, ansatz.ring.expanded(value), theory) for value in (flux, ansatz.ring.sum(sources))
        )
        quantity = _flux(system, one, flux, source)
        if theory.horizon is not None or quantity.where != "horizon":
            found.append(quantity)
    return tuple(found)


def _flux(system: EquationSystem, one: GaugeField, flux: Element, source: Element) -> LocalQuantity:
    """The flux as a quantity: conserved, Page's, or at the horizon alone."""
    transfer = Transfer(system.ring)
    radial = radial_theory(system).radial
    value = transfer(flux)
    charged = not source.ring.is_zero(source)
    if charged:
        page = antiderivative(transfer(source), radial)
        if page is None:
            return _quantity(
                system,
                f"electric_flux_{one.name}",
                rf"\rho_{{{one.name},\,\mathrm{{h}}}}",
                "horizon",
                value,
                f"flux of {one.name} through the horizon: the charge behind it; the rest is carried outside",
            )
        value = value - page
    if not system.vanishes(TotalDerivatives(system.ring)(value, radial)):
        raise ExpansionError(f"the flux of {one.name} could not be proved to be conserved in {system.model.name}")
    kind = "Page charge" if charged else "flux"
    return _quantity(
        system,
        f"charge_density_{one.name}",
        rf"\rho_{{{one.name}}}",
        "anywhere",
        value,
        f"{kind} of {one.name}, radially conserved by its equation",
    )


def _quantity(system: EquationSystem, name: str, symbol: str, where: str, value: Element, text: str) -> LocalQuantity:
    above, below = reduced(system.ring, value, system.ring.one)
    return LocalQuantity(name, symbol, where, above, below, Dimensions(system).quotient(above, below), text)
