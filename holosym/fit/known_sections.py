"""What an experiment file says of what is known: the measured points, the states or the interval, a solution."""

from __future__ import annotations

from pydantic import Field, PositiveFloat, model_validator

from holosym.fit.section import Fraction, Name, Section


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
    errors: dict[Name, Name | PositiveFloat] = Field(default_factory=dict)
    units: dict[Name, str] = Field(default_factory=dict)

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

    fixed: dict[Name, float] = Field(default_factory=dict)
    nodes: int = Field(default=24, ge=6, le=2000)
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
    conditions: dict[str, float] = Field(default_factory=dict)
    nodes: int = Field(default=48, ge=4, le=2000)
    tolerance: PositiveFloat = 1e-8

    @model_validator(mode="after")
    def _ordered(self) -> Interval:
        if not self.start < self.stop:
            raise ValueError(f"the interval from {self.start} to {self.stop} is empty")
        return self


class Exact(Section):
    """A known solution of the model, to compare with; the fit does not see it.

    Attributes:
        solution: its name in the model file.
        parameters: values of its parameters.
    """

    solution: str
    parameters: dict[Name, float] = Field(default_factory=dict)
