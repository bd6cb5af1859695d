"""What a solution of the equations must be besides, to be a brane with a regular horizon."""

from __future__ import annotations

import math

import torch

from holosym.errors import SolveError
from holosym.solve.advance import SLACK
from holosym.solve.names import catalogue
from holosym.solve.path import Path, Step

_COLDEST = 1e-8
_REGULAR = "the state between is extremal or beyond: ask for a higher temperature"


def require_sane(path: Path, step: Step) -> None:
    """Refuses a state that solves the rows but is no brane.

    Raises:
        SolveError: a residual above the tolerance, no positive temperature, an inner horizon outside the horizon.
    """
    where = path.describe(step.x)
    if not step.residual <= SLACK * path.tolerance:
        raise SolveError(f"the last residual at {where} is {step.residual:.2e}", mend="take more nodes")
    state = path.state(step)
    names = catalogue(path.problem.package)
    if "T" in names:
        temperature = float(names["T"].function(state.scalars))
        if 0 < temperature < _COLDEST:
            raise SolveError(
                f"at {where} the temperature is {temperature:.1e}/z_h: this cannot be told from an extremal horizon",
                mend=_REGULAR,
            )
        if not (temperature > 0 and math.isfinite(temperature)):
            raise SolveError(
                f"at {where} the temperature is {temperature:.3g}/z_h, not positive: no regular horizon", mend=_REGULAR
            )
    boundary = path.problem.boundary
    charged = {entry["profile"] for entry in boundary.DATA.values() if entry["kind"] == "source"}
    for name in path.problem.horizon.VANISHING:
        if name in charged:
            continue
        values = state.jets[name][0]
        inner = values[1:-1]
        if bool((torch.sign(inner) != torch.sign(inner[0])).any()):
            raise SolveError(f"at {where} {name} vanishes outside the horizon too", mend=_REGULAR)
