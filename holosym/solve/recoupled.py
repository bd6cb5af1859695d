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
    if fields.near is not None:
        fields = _with(fields, near=replace(fields.near, couplings=every))
    return _with(problem, couplings=every, fields=fields)


def _with(one: Frozen, **changes: object) -> Frozen:
    """A shallow copy of a frozen dataclass with some fields changed, without its `__post_init__`."""
    new = copy.copy(one)
    for name, value in changes.items():
        object.__setattr__(new, name, value)
    return new
