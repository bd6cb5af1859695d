"""Exact numbers as the floats that generated code holds."""

from __future__ import annotations

from sympy import Expr

from holosym.errors import PrinterError

DIGITS = 30


def decimal(number: Expr) -> float:
    """The float nearest to an exact real number.

    Raises:
        PrinterError: for an expression that is no finite real number.
    """
    value = number.evalf(DIGITS)
    if not (value.is_Float or value.is_Rational) or not value.is_finite:
        raise PrinterError(f"{number} is not a number: parameters stand in it")
    return float(value)
