r"""Direct-current transport from the horizon.

    ( J )   ( sigma        alpha T    ) ( E    )
    ( Q ) = ( alphabar T   kappabar T ) ( zeta ),        zeta = -grad T / T,

J and Q at the horizon, with the velocities h from the momentum balance there, M h = -(S E + X zeta):

    sigma = G - P M^-1 S,      alpha T = -P M^-1 X,      alphabar T = -P_Q M^-1 S,      kappabar T = -P_Q M^-1 X.

Where M is singular and driven, momentum is conserved and the response infinite: `transport_notes` says so.
Sources: Donos and Gauntlett 2014, arXiv:1406.4742; Blake and Donos 2015, arXiv:1412.2003 (magnetic field).
"""

from __future__ import annotations

from functools import lru_cache

import sympy

from holosym.derive.geometry import connected
from holosym.derive.system import EquationSystem
from holosym.dsl.forms import GaugeField, bare_potentials
from holosym.jets.element import Element
from holosym.jets.generators import ConstantGenerator
from holosym.jets.ring import Ring
from holosym.jets.transfer import Transfer
from holosym.observe import conductivities, linear
from holosym.observe.conductivities import Tensors
from holosym.observe.linear import Fraction
from holosym.observe.linearised import Response, Source, horizon_response
from holosym.observe.planar import planar_brane
from holosym.observe.quantity import LocalQuantity


def dc_transport(system: EquationSystem) -> tuple[LocalQuantity, ...]:
    """The finite direct-current conductivities, as functions of the jets at the horizon.

    Components that follow by symmetry are left out: yy where it equals xx, yx where it is -xy, alphabar where
    it equals alpha.

    Args:
        system: the equations of a theory with a planar horizon.

    Returns:
        sigma_xx, alpha_xx, kappa_xx (kappabar: at zero electric field), sigma_xy, ...; with several gauge fields
        sigma_A_B_xx, alpha_A_xx.

    Raises:
        ExpansionError: where the horizon formula does not apply.
    """
    return _transport(system)[0]


def transport_notes(system: EquationSystem) -> tuple[str, ...]:
    """What is infinite and why, with its Drude weight.

    Raises:
        ExpansionError: where the horizon formula does not apply.
    """
    return _transport(system)[1]


@lru_cache(maxsize=32)
def _transport(system: EquationSystem) -> tuple[tuple[LocalQuantity, ...], tuple[str, ...]]:
    theory = planar_brane(system, Ring()).theory
    assert theory.lagrangian is not None
    massive = sorted(one.name for one in bare_potentials(theory.lagrangian))
    if massive:
        return (), (conductivities.massive_note(massive),)
    response = horizon_response(system)
    tensors: Tensors = {}
    stuck: list[int] = []
    neutral: list[int] = []
    for block in _blocks(response):
        keys: list[Source] = [(None, i) for i in block]
        determinant = linear.determinant(response.brane.ring, response.balance, keys, keys)
        if not response.brane.ring.is_zero(determinant):
            _solve(system, response, keys, tensors)
        elif any(one is not None and i in block for (_, (one, i)) in response.drive):
            stuck += block
        else:
            neutral += block
            _ohmic(system, response, block, tensors)
    notes = []
    if stuck:
        notes.append(conductivities.infinite_note(system, response, stuck, _final(system, response)))
    if neutral:
        notes.append(conductivities.neutral_note([response.brane.name(i) for i in neutral], bool(response.ohmic)))
    return conductivities.quantities(system, response, tensors), tuple(notes)


def _blocks(response: Response) -> list[tuple[int, ...]]:
    """Directions that drive one another."""
    entries = (*response.balance, *response.drive, *response.current, *response.ohmic)
    return connected(response.brane.along, [(row[1], column[1]) for row, column in entries])


def _final(system: EquationSystem, response: Response) -> conductivities.Final:
    """Entries of the response as fractions in the ring of the equations."""
    transfer = Transfer(system.ring)

    def final(numerator: Element, denominator: Element) -> Fraction:
        above, below = (transfer(response.limit.restored(e)) for e in (numerator, denominator))
        return linear.reduced(system.ring, above, below)

    return final


def _ohmic(system: EquationSystem, response: Response, block: tuple[int, ...], tensors: Tensors) -> None:
    """Without charge the current does not see the momentum."""
    final = _final(system, response)
    for (row, column), value in response.ohmic.items():
        if row[1] in block:
            pair = tensors.setdefault((row[0], column[0]), {})
            pair[row[1], column[1]] = final(value, response.brane.ring.one)


def _solve(system: EquationSystem, response: Response, keys: list[Source], tensors: Tensors) -> None:
    """Eliminate the velocities of one block."""
    ring, final = response.brane.ring, _final(system, response)
    over = linear.determinant(ring, response.balance, keys, keys)
    inverse = linear.adjugate(ring, response.balance, keys)
    four_pi = ring.generator(ConstantGenerator(sympy.pi)) * 4
    fields: list[GaugeField | None] = [*response.brane.gauge, None]
    for above in fields:
        for below in fields:
            for _, i in keys:
                for _, j in keys:
                    row, column = (above, i), (below, j)
                    parts = [
                        response.current[row, k] * inverse[k, m] * response.drive[m, column] * -1
                        for k in keys
                        for m in keys
                        if (row, k) in response.current and (m, column) in response.drive
                    ]
                    parts.append(response.ohmic.get((row, column), ring.zero) * over)
                    value, denominator = ring.sum(parts), over
                    if above is None or below is None:
                        value, denominator = value * four_pi, over * response.thermal
                    if not ring.is_zero(value):
                        tensors.setdefault((above, below), {})[i, j] = final(value, denominator)
