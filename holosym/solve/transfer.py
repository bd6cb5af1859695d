r"""A solution on one grid as a guess on another.

On the first panel the unknown is u, on the others p = S + x^n u. A point that changes sides is converted with
the boundary series, which both grids share.
"""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.ansatz.powers import log_power_jets
from holosym.errors import SolveError
from holosym.solve.fields import Fields


def transfer(source: Fields, unknowns: Tensor, target: Fields) -> Tensor:
    """The unknowns (..., N) of `source` as unknowns (..., N') of `target`, the same theory on another grid.

    Raises:
        SolveError: the two differ in their scalar unknowns or in what their ansatz writes out.
    """
    if source.scalars != target.scalars or source.written != target.written:
        raise SolveError("the two problems have different unknowns", mend="transfer between grids of one problem")
    here = source.expanded(unknowns)
    x = target.panels.nodes
    was_near = x < source.panels.grids[0].nodes[-1]
    is_near = torch.arange(len(x)) < target.panels.first
    if len(source.panels.grids) == 1:
        was_near = torch.ones_like(was_near)
    rest = {}
    for name, ansatz in source.ansatz.items():
        terms = [source.boundary.TERMS[name][i] for i in ansatz.terms]
        written = here.coefficients[name][..., list(ansatz.terms)] @ log_power_jets(x, terms, 0)[0]
        power = x**ansatz.power
        values = source.panels.interpolate(here.rest[name], x)
        outwards, inwards = written + power * values, (values - written) / power
        values = torch.where(was_near & ~is_near, outwards, values)
        rest[name] = torch.where(is_near & ~was_near, inwards, values)
    return target.pack(rest, here.scalars)
