"""An experiment file: what is known, what is unknown, by which way and with which optimisers it is found.

One TOML file describes one fit. Every section is a class with the same names, here and in `known_sections`,
`unknown_sections` and `course_sections`; a key that none of them has is refused. Numbers are in the units of the
file's own data.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from holosym.fit.course_sections import Losses, Stage, Stop
from holosym.fit.known_sections import Data, Exact, Interval, States
from holosym.fit.section import Count, Name, Section
from holosym.fit.unknown_sections import Ansatz, Polynomial, Unknown


class Experiment(Section):
    """The file.

    Attributes:
        title: one line.
        model: a model of the gallery, a model file, or the folder of a generated package.
        way: "all_at_once": fields and unknowns together lower data and equations (a physics-informed network);
            "reduced": the fields solve the equations exactly for given unknowns, which alone are fitted.
        interval, states: one of them, as the model is a system or a theory with a horizon.
        fixed: parameters with a value.
        couplings: couplings without a closed form that are known here.
        unknown: parameters and couplings to find.
        fields: the ansatz of the profiles, all at once.
        stages: Adam then Levenberg-Marquardt by default; Levenberg-Marquardt alone where it is reduced, and for branes,
            which begin near the neutral one and go straight down, where Adam leads to metrics that vanish.
        seeds: members of the ensemble.
        seed: of the random numbers.
        exact: a known solution to compare the fields with.
        device: "cpu", "cuda" or "cuda:1".
        threads: of torch.
    """

    title: str
    model: str
    way: Literal["all_at_once", "reduced"]
    interval: Interval | None = None
    states: States | None = None
    fixed: dict[Name, float] = Field(default_factory=dict)
    couplings: dict[Name, Polynomial] = Field(default_factory=dict)
    unknown: dict[Name, Unknown] = Field(default_factory=dict)
    fields: Ansatz = Ansatz()
    data: tuple[Data, ...] = ()
    loss: Losses = Losses()
    stages: tuple[Stage, ...] = ()
    stop: Stop = Stop()
    seeds: Count = 1
    seed: int = Field(default=0, ge=0, lt=2**63)
    exact: Exact | None = None
    device: str = "cpu"
    threads: int = Field(default=1, ge=1, le=1024)

    @model_validator(mode="after")
    def _whole(self) -> Experiment:
        if self.interval is not None and self.states is not None:
            raise ValueError("give [interval] for a system or [states] for black branes, not both")
        if any(data.errors for data in self.data):
            self._require_guard()
        return self

    def _require_guard(self) -> None:
        """Data with errors are not fitted down to their noise; a stop at chi^2 = 1 alone does not tell whether so.

        A smoothness prior is one of unknown couplings, and no guard where there are none.
        """
        functions = any(unknown.ansatz is not None or unknown.range is not None for unknown in self.unknown.values())
        if self.stop.validation is None and not (functions and self.loss.smoothness > 0):
            also = ", or [loss] smoothness = 1e-3" if functions else ""
            raise ValueError(
                "data with errors would be fitted down to their noise, and nothing here would tell: "
                f"give [stop] validation = 0.2{also}"
            )

    def all_stages(self) -> tuple[Stage, ...]:
        """The stages, or the default ones of the way."""
        return self.stages or default_stages(self.way, system=self.interval is not None)


def default_stages(way: str, *, system: bool) -> tuple[Stage, ...]:
    """Those of an experiment that names none."""
    if way == "reduced":
        return (Stage(optimiser="lm", steps=60, gain=1e-9, patience=8),)
    if not system:
        return (Stage(optimiser="lm", steps=400, gain=1e-3, patience=8),)
    return Stage(optimiser="adam", steps=2000), Stage(optimiser="lm", steps=300, gain=1e-9, patience=8)
