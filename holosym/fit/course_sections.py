"""What an experiment file says of the course of the fit: what is lowered, by which optimisers, and when it ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from holosym.fit.section import Fraction, Section


class Losses(Section):
    """What is lowered: the sum over terms of weight times mean square.

    Attributes:
        weights: "fixed", or "balanced" by the size of the terms' gradients.
        data, smoothness: the weights, or where balancing begins.
        equations, conditions: likewise. By default 1; where data have errors, so much that what misses an equation by a
            hundredth of their relative error costs what misses a point by its error.
        points: collocation points, all at once.
    """

    weights: Literal["fixed", "balanced"] = "fixed"
    data: float = Field(default=1.0, ge=0)
    equations: float | None = Field(default=None, ge=0)
    conditions: float | None = Field(default=None, ge=0)
    smoothness: float = Field(default=0.0, ge=0)
    points: int = Field(default=64, ge=1, le=10_000_000)


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
