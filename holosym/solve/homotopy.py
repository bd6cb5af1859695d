r"""From the neutral brane to states with given controls, all states of a batch together.

The controls c(u) have values c_0 at the first guess; along

    c(u_s) = c_0 + s (c_1 - c_0),        s from 0 to 1,

each solution, carried on by the secant, is the guess of the next. A step that fails is halved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from holosym.errors import SolveError
from holosym.solve.boundary_problem import BoundaryValueProblem
from holosym.solve.controls import Control
from holosym.solve.corrections import ROUNDING
from holosym.solve.state import State

ON_THE_WAY = 1e-6
_FIRST, _LEAST = 0.5, 1e-3


def reach(
    problem: BoundaryValueProblem,
    controls: Sequence[Control],
    states: int,
    *,
    tolerance: float,
    least: float = _LEAST,
    precision: float = ROUNDING,
) -> Tensor:
    """The unknowns (states, N) of `states` states, whose targets are numbers or (states,), by steps of `least` or more.

    Args:
        precision: of the last of them, relative; those on the way are guesses, and know no more than six digits.

    Raises:
        SolveError: some state is not reached; the message says how far it went, and why no further.
    """
    start = problem.initial()
    start = start.expand(states, start.shape[-1]) if start.ndim == 1 else start
    seen = State(problem.fields, start).scalars
    blank = torch.zeros_like(start[..., 0])
    begin = [control.function(seen) + blank for control in controls]
    aims = [torch.as_tensor(control.target, dtype=start.dtype) + blank for control in controls]
    done, step = 0.0, _FIRST
    before: tuple[float, Tensor] | None = None
    here = start
    while done < 1.0:
        ahead = min(1.0, done + step)
        targets = [a + ahead * (b - a) for a, b in zip(begin, aims, strict=True)]
        guess = here if before is None else here + (here - before[1]) * ((ahead - done) / (done - before[0]))
        wanted = [replace(control, target=target) for control, target in zip(controls, targets, strict=True)]
        try:
            digits = precision if ahead == 1.0 else max(precision, ON_THE_WAY)
            found = problem.solve(wanted, guess, tolerance=tolerance, precision=digits).unknowns
        except SolveError as error:
            step /= 2
            if step < least:
                raise SolveError(
                    f"not all states are reached: {100 * done:.0f}% of the way from the neutral brane, {error.message}",
                    mend="leave out the extreme states, or begin with couplings nearer to the true ones",
                ) from None
            continue
        before, here, done, step = (done, here), found, ahead, min(2 * step, 0.5)
    return here
