"""Random admissible points: every symbol's value is seeded by its own name, so that a new symbol never shifts
the others.

A radial coordinate is drawn between boundary and horizon, parameters from (0, 1) or from the solution's
`domain`. A point where something is not finite is drawn again; so is one where a root turns complex, unless
the zero holds there too.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
from sympy import oo

from holosym.dsl.symbols import Coordinate
from holosym.dsl.theory import Model, Theory

ATTEMPTS = 60


def draw(key: str, low: float, high: float) -> Any:
    """A random rational of an open interval, seeded by a key."""
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    step = random.Random(seed).randrange(1, 10**6)
    fraction = Fraction(low).limit_denominator(10**9) + (
        Fraction(high).limit_denominator(10**9) - Fraction(low).limit_denominator(10**9)
    ) * Fraction(step, 10**6)
    return mpmath.mpf(fraction.numerator) / fraction.denominator


def interval(model: Model, symbol: Any, domain: Mapping[Any, tuple[float, float]]) -> tuple[float, float]:
    """From where a symbol is drawn."""
    if symbol in domain:
        low, high = domain[symbol]
        return float(low), float(high)
    if isinstance(symbol, Coordinate):
        if isinstance(model, Theory) and symbol == model.radial:
            return _radial(model)
        return (0.2, 1.2)
    if symbol.is_integer:
        return (1, 2)
    if symbol.is_negative:
        return (-1, 0)
    if symbol.is_nonnegative:
        return (0, 1)
    return (-1, 1)


def _radial(theory: Theory) -> tuple[float, float]:
    end = theory.wall if theory.horizon is None else theory.horizon
    horizon = float(end) if end is not None and end.is_number and end.is_finite else 1.0
    if theory.boundary in (oo, -oo):
        return (horizon, horizon + 3) if horizon > 0 else (1.0, 3.0)
    boundary = float(theory.boundary) if theory.boundary.is_number else 0.0
    return (min(boundary, horizon), max(boundary, horizon)) if boundary != horizon else (0.0, 1.0)


class Point:
    """One random point: values of coordinates and parameters, drawn when asked for.

    Args:
        model: the model, for the interval of the radial coordinate.
        salt: number of the attempt; part of every seed.
        domain: intervals given by the user.
    """

    def __init__(self, model: Model, salt: int, domain: Mapping[Any, tuple[float, float]] | None = None) -> None:
        self.model = model
        self.salt = salt
        self.domain = dict(domain or {})
        self.drawn: dict[Any, Any] = {}

    def __getitem__(self, symbol: Any) -> Any:
        if symbol not in self.drawn:
            low, high = interval(self.model, symbol, self.domain)
            if symbol.is_integer and symbol not in self.domain:
                self.drawn[symbol] = mpmath.mpf(1 + (self.salt % 3))
            else:
                key = f"{type(symbol).__name__}:{symbol}:{self.salt}"
                self.drawn[symbol] = draw(key, low, high)
        return self.drawn[symbol]

    def jet(self, key: str) -> Any:
        """A value for a jet of an unknown function."""
        return draw(f"jet:{key}:{self.salt}", 0.25, 1.75)

    def sign(self, key: str) -> bool:
        """Whether a quantity of either sign is negative here."""
        return bool(draw(f"sign:{key}:{self.salt}", 0, 1) < 0.5)

    def __str__(self) -> str:
        parts = [f"{s} = {mpmath.nstr(v, 6)}" for s, v in sorted(self.drawn.items(), key=lambda i: str(i[0]))]
        return ", ".join(parts)
