"""Stages and stops of an experiment file as the trainer takes them."""

from __future__ import annotations

from holosym.ansatz.function import Blocks
from holosym.fit import course_sections as said
from holosym.fit.assembled import Assembled
from holosym.fit.stopping import Stage, Stop
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.compiled import Compiled
from holosym.optimise.lbfgs import Lbfgs
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Optimiser
from holosym.optimise.soap import Soap

_LOOK = {"adam": 20, "soap": 20, "lbfgs": 5, "lm": 1}


def stage_of(stage: said.Stage, blocks: Blocks, reduced: bool) -> Stage:
    """One stage; `blocks` are the shapes of the matrices that theta is made of."""
    return Stage(
        optimiser_of(stage, blocks, reduced),
        stage.steps,
        stage.tolerance,
        stage.gain,
        stage.patience if stage.gain else 0,
        stage.optimiser,
        _LOOK[stage.optimiser],
    )


def optimiser_of(stage: said.Stage, blocks: Blocks, reduced: bool) -> Optimiser:
    """The optimiser of a stage, compiled where that is asked for."""
    plain = _plain(stage, blocks, reduced)
    return Compiled(plain) if stage.compile else plain


def _plain(stage: said.Stage, blocks: Blocks, reduced: bool) -> Optimiser:
    """The optimiser of a stage; with a solver in the loop an evaluation is dear and the residuals are smooth."""
    if stage.optimiser == "adam":
        return Adam(Schedule(stage.rate))
    if stage.optimiser == "lm":
        return LevenbergMarquardt(1e-2, accelerate=False, shrink=1e-6) if reduced else LevenbergMarquardt()
    if stage.optimiser == "soap":
        return Soap(blocks, Schedule(stage.rate))
    return Lbfgs()


def stop_of(made: Assembled) -> Stop:
    """Where all data reach their noise, with the equations no worse than the experiment allows; and validation."""
    stop = made.experiment.stop
    levels: dict[str, float] = {}
    functions = any(entry.function is not None for entry in made.layout.entries)
    if stop.noise and made.noisy and functions:  # a few numbers do not fit noise, and are best at the minimum
        levels = dict.fromkeys(made.noisy, 1.0)
        levels |= {term: stop.equations for term in made.weights if term.startswith(("equation ", "condition "))}
    beside = tuple(term for term in made.weights if term.startswith("data ")) if made.held else ()
    return Stop(levels, made.held or None, stop.patience if made.held else 0, beside)
