"""What an experiment file says of the unknowns: where they begin, and how an unknown function is written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat

from holosym.fit.section import Count, Section


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
    coefficients: Count = 24
    degree: int = Field(default=5, ge=1, le=50)
    widths: tuple[Count, ...] = Field(default=(32, 32), min_length=1)
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
    anchors: dict[str, float] = Field(default_factory=dict)
    true: float | Polynomial | None = None
