"""The same boundary value problem with other couplings: nothing but the couplings is made anew."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.couplings import Coupling
from holosym.solve.fields import Fields

Frozen = TypeVar("Frozen", BoundaryValueProblem, Fields)


def recoupled(problem: BoundaryValueProblem, couplings: Mapping[str, Coupling]) -> BoundaryValueProblem:
    """A problem that shares grids and matrices with `problem`; names in `couplings` replace its couplings."""
    every = {**problem.couplings, **couplings}
    fields = _with(problem.fields, couplings=every, _constant={})
    if not fields.free:  # as in a problem made anew: what the series asks of the couplings is the same for all states
        taylor = fields.taylor(fields.panels.nodes.new_zeros(len(fields.scalars)))
        fields = _with(fields, _constant=dict(taylor))
    if fields.near is not None:
        fields = _with(fields, near=replace(fields.near, couplings=every))
    return _with(problem, couplings=every, fields=fields)


def _with(one: Frozen, **changes: object) -> Frozen:
    """A shallow copy of a frozen dataclass with some fields changed, without its `__post_init__`."""
    new = copy.copy(one)
    for name, value in changes.items():
        object.__setattr__(new, name, value)
    return new
