"""An experiment file: what is known, what is unknown, by which way and with which optimisers it is found.

One TOML file describes one fit. Every section is a class below, with the same names; a key that none of them
has is refused. Numbers are in the units of the file's own data.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

Name = str
Fraction = Annotated[float, Field(gt=0, lt=1)]


class Section(BaseModel):
    """A table of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Polynomial(Section):
    """A known coupling of one argument, sum_k c_k u^k."""

    polynomial: tuple[float, ...] = Field(min_length=1)


class Ansatz(Section):
    """How an unknown function is written.

    Attributes:
        kind: "chebyshev" and "bspline" are linear in their coefficients, "mlp" is a network.
        coefficients: of a Chebyshev expansion or a spline.
        degree: of a spline.
        widths: of the hidden layers of a network.
        activation: of a network.
        frequency: factor of what enters the activations of a network, in all hidden layers.
    """

    kind: Literal["chebyshev", "bspline", "mlp"] = "mlp"
    coefficients: PositiveInt = 24
    degree: PositiveInt = 5
    widths: tuple[PositiveInt, ...] = Field(default=(32, 32), min_length=1)
    activation: Literal["tanh", "silu", "sin"] = "tanh"
    frequency: PositiveFloat = 1.0


class Unknown(Section):
    """A parameter or a coupling that the data shall determine.

    Attributes:
        start: the first value of a parameter.
        positive: keep the parameter positive, by its logarithm.
        spread: relative scatter of the starts of an ensemble.
        ansatz: of a coupling.
        range: of a coupling's argument, where the ansatz lives.
        guess: a polynomial near which a coupling begins (not for networks).
        anchors: known values: "V(0)", "V'(0)", "V''(0)" and the like to numbers.
        true: the true value or coupling, to compare with; the fit does not see it.
    """

    start: float | None = None
    positive: bool = False
    spread: float = Field(default=0.1, ge=0)
    ansatz: Ansatz | None = None
    range: tuple[float, float] | None = None
    guess: Polynomial | None = None
    anchors: dict[str, float] = {}
    true: float | Polynomial | None = None


class Data(Section):
    """One file of measured points.

    Attributes:
        file: CSV with a header, beside the experiment file.
        against: the column that says where: the variable of a system, or the quantity that fixes a state, such as T.
        observables: column to what it measures: a profile of a system, or a quantity such as s/T^3.
        errors: observable's column to the column of its standard deviation, or to a number.
        units: column to the unit that the experiment works in; the header may have another of the same kind.
    """

    file: str
    against: str
    observables: dict[Name, str] = Field(min_length=1)
    errors: dict[Name, Name | PositiveFloat] = {}
    units: dict[Name, str] = {}

    @model_validator(mode="after")
    def _errors_of_observables(self) -> Data:
        strangers = sorted(set(self.errors) - set(self.observables))
        if strangers:
            raise ValueError(f"errors are given for {', '.join(strangers)}, which is no observable of this file")
        return self


class States(Section):
    """Black branes: what all of them share.

    Attributes:
        fixed: quantity to value, such as "phi.source" = 1, in the units of the data.
        nodes: Chebyshev nodes of every panel.
        breaks: where panels meet, in z/z_h between 0 and 1.
        tolerance: largest relative error of an equation.
    """

    fixed: dict[Name, float] = {}
    nodes: int = Field(default=24, ge=6)
    breaks: tuple[Fraction, ...] = ()
    tolerance: PositiveFloat = 1e-10


class Interval(Section):
    """A system: where it is solved, and its initial or boundary conditions.

    Attributes:
        start, stop: of the variable.
        conditions: such as "x(0)" = 1 and "x'(0)" = 0, at either end.
        nodes: Chebyshev nodes of the reduced way; a force that bends makes overtones, which need more.
        tolerance: relative error of its equations.
    """

    start: float
    stop: float
    conditions: dict[str, float] = {}
    nodes: int = Field(default=48, ge=4)
    tolerance: PositiveFloat = 1e-8

    @model_validator(mode="after")
    def _ordered(self) -> Interval:
        if not self.start < self.stop:
            raise ValueError(f"the interval from {self.start} to {self.stop} is empty")
        return self


class Losses(Section):
    """What is lowered: the sum over terms of weight times mean square.

    Attributes:
        weights: "fixed", or "balanced" by the size of the terms' gradients.
        data, equations, conditions, smoothness: the weights, or where balancing begins.
        points: collocation points, all at once.
    """

    weights: Literal["fixed", "balanced"] = "fixed"
    data: float = Field(default=1.0, ge=0)
    equations: float = Field(default=1.0, ge=0)
    conditions: float = Field(default=1.0, ge=0)
    smoothness: float = Field(default=0.0, ge=0)
    points: PositiveInt = 64


class Stage(Section):
    """One optimiser for some steps.

    Attributes:
        optimiser: "adam", "soap", "lbfgs" or "lm" (Levenberg-Marquardt with geodesic acceleration).
        steps: at most.
        rate: of Adam and SOAP.
        tolerance: the stage ends where the loss is below it.
        gain: the stage ends where the loss falls by less than this part of itself over `patience` steps.
        compile: put the whole step into one graph; worth it past some 10^4 steps.
    """

    optimiser: Literal["adam", "soap", "lbfgs", "lm"]
    steps: PositiveInt
    rate: PositiveFloat = 1e-3
    tolerance: float = Field(default=0.0, ge=0)
    gain: float = Field(default=0.0, ge=0)
    patience: PositiveInt = 20
    compile: bool = False


class Stop(Section):
    """When a fit is good enough, whatever the stage.

    Attributes:
        noise: stop a seed where its chi^2 per point is below one (data with errors), beside what guards the fit.
        equations: and the mean square of every equation is below this, all at once.
        validation: the part of the points held back; the best state on them is kept. Data with errors need this, or
            a smoothness prior.
        patience: steps without a better validation loss before a seed stops.
    """

    noise: bool = False
    equations: PositiveFloat = 1e-6
    validation: Fraction | None = None
    patience: PositiveInt = 200


class Exact(Section):
    """A known solution of the model, to compare with; the fit does not see it.

    Attributes:
        solution: its name in the model file.
        parameters: values of its parameters.
    """

    solution: str
    parameters: dict[Name, float] = {}


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
        stages: Adam then Levenberg-Marquardt by default (Levenberg-Marquardt alone where it is reduced).
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
    fixed: dict[Name, float] = {}
    couplings: dict[Name, Polynomial] = {}
    unknown: dict[Name, Unknown] = {}
    fields: Ansatz = Ansatz()
    data: tuple[Data, ...] = ()
    loss: Losses = Losses()
    stages: tuple[Stage, ...] = ()
    stop: Stop = Stop()
    seeds: PositiveInt = 1
    seed: int = Field(default=0, ge=0)
    exact: Exact | None = None
    device: str = "cpu"
    threads: PositiveInt = 1

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
        if self.stages:
            return self.stages
        polish = Stage(optimiser="lm", steps=60 if self.way == "reduced" else 300, gain=1e-9, patience=8)
        return (polish,) if self.way == "reduced" else (Stage(optimiser="adam", steps=2000), polish)
