"""What a look at a fit decides: which places are the best, and which seeds have had enough."""

from __future__ import annotations

import torch
from torch import Tensor

from holosym.fit.progress import Look
from holosym.fit.state import State
from holosym.fit.stopping import Stage, Stop, fitted


def judge(state: State, stage: Stage, stop: Stop, loss: Tensor) -> None:
    """Keep the best places, and give the seeds that are done their reason to leave.

    Args:
        state: with the terms as they are here.
        stage: the present one.
        stop: what ends a seed.
        loss: (S,), with the weights as they were given.
    """
    active, squares = state.active, state.here.squares
    held = None if stop.validation is None else squares[stop.validation]
    done = fitted(squares, stop)
    criterion = loss if held is None else torch.stack([held, *(squares[name] for name in stop.beside)]).amax(dim=0)
    better = active & (criterion < state.best_value)
    if done is not None and held is None:
        # A lower loss with more of the noise in it is not better than the place where the errors are reached.
        better = better | (active & done)
    _keep(state, better, criterion)
    if done is not None:
        state.leave(active & done, "noise")
    state.leave(active & (loss <= stage.tolerance), "tolerance")
    if held is not None:
        state.validating.see(held, state.step)
        state.leave(active & state.validating.stuck(state.step, stop.patience), "validation")
    state.falling.see(loss, state.step, stage.gain)
    state.leave(active & state.falling.stuck(state.step, stage.window), "gain")


def look_at(state: State, stage: Stage, loss: Tensor, over: bool) -> Look:
    """What is shown: the seed with the least loss stands for all."""
    loss = loss.nan_to_num(nan=torch.inf)
    seed = int(loss.argmin())
    sizes = {name: float(square[seed]) for name, square in state.here.squares.items()}
    worst = max(sizes, key=lambda name: sizes[name])
    shown = [name for name in ("rate", "damping") if name in state.optimiser]
    return Look(
        stage=stage.name,
        number=state.stage,
        step=state.step,
        steps=stage.steps,
        loss=float(loss[seed]),
        worst=worst,
        size=sizes[worst] ** 0.5,
        pace=", ".join(f"{name} {float(state.optimiser[name][seed]):.1e}" for name in shown),
        active=int(state.active.sum()),
        seeds=len(loss),
        over=over,
    )


def _keep(state: State, better: Tensor, criterion: Tensor) -> None:
    state.best.take(better, state.here)
    state.best_value = torch.where(better, criterion, state.best_value)
    state.best_step = torch.where(better, torch.full_like(state.best_step, state.total), state.best_step)
