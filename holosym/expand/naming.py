"""Names of the coefficients that stay free: `phi_1`, `A_t_0`, `phi_3_2_log`; Python names, each given once."""

from __future__ import annotations

from fractions import Fraction

from sympy import Symbol


class Names:
    """Names that clash with nothing.

    Args:
        taken: the names of parameters and coordinates.
    """

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken)

    def symbol(
        self, profile: str, power: Fraction | None, log: int = 0, kind: str = "", positive: bool = False
    ) -> Symbol:
        """A new symbol for the coefficient of x^power (log x)^log; `kind` names one of an irrational power."""
        if power is None:
            text = kind
        else:
            text = f"{'m' if power < 0 else ''}{abs(power.numerator)}"
            text += f"_{power.denominator}" if power.denominator > 1 else ""
        name = f"{profile}_{text}" + ("_log" if log else "") + (str(log) if log > 1 else "")
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return Symbol(name, positive=True) if positive else Symbol(name, real=True)
