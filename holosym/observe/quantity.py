"""An observable, before it is code: where it is read off, and as what."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from holosym.jets.element import Element


@dataclass(frozen=True)
class LocalQuantity:
    """A quantity that is an algebraic function of jets at one point of the radial line.

    Attributes:
        name: `temperature`, `entropy_density`, `charge_density_A`, `sigma_xx`: a Python name.
        symbol: its LaTeX.
        where: "horizon", or "anywhere" for what is radially conserved.
        numerator, denominator: its value, in the ring of the equations.
        dimension: mass dimension in the boundary theory, None where there is none to speak of.
        text: one sentence: what it is, from which law it follows.
        source: paper and equation.
    """

    name: str
    symbol: str
    where: str
    numerator: Element
    denominator: Element
    dimension: Expr | None
    text: str
    source: str = ""


@dataclass(frozen=True)
class BoundaryQuantity:
    """A quantity that is a function of the boundary series' data.

    Attributes:
        name: `chemical_potential_A`, `energy_density`, `phi_source`, `phi_vev`: a Python name.
        symbol: its LaTeX.
        value: in the symbols of data, parameters and couplings' derivatives of the series.
        dimension: mass dimension.
        text: one sentence, the scheme included.
        source: paper and equation.
    """

    name: str
    symbol: str
    value: Expr
    dimension: Expr
    text: str
    source: str = ""
