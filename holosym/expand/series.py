r"""What an expansion is: the data that stay free, and everything else in terms of them.

*Horizon.* Regularity is imposed on the jets at the horizon, in the ring of the equations themselves: the
coordinate's generator stands for the position of the horizon and a profile's jets for its derivatives there.
So a statement reads  phi' = V'(phi)/f'  and may use every jet that is datum or was stated before it.

*Boundary.* In x, which vanishes at the boundary (x = z, or x = 1/r),

    p(x) = sum over (e, k) of  c_(e,k) x^e (log x)^k,

with every c a polynomial of the data, of the parameters and of the couplings' derivatives at the boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from holosym.derive.system import EquationSystem
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator


@dataclass(frozen=True)
class HorizonSeries:
    """Regular jets at a non-extremal horizon.

    Attributes:
        system: the equations they solve.
        point: where the horizon is.
        vanishing: jets of order 0 that are zero there (the emblackening factor, A_t).
        data: jets that stay free, in the order of profiles and derivatives.
        values: in the order of solution, every other jet up to `order` with its value; a value is
            (numerator, denominator), both in jets that are data or were stated before.
        order: the highest derivative.
        notes: what was chosen: what regularity means here, what is not generic.
    """

    system: EquationSystem
    point: Expr
    vanishing: tuple[JetGenerator, ...]
    data: tuple[JetGenerator, ...]
    values: tuple[tuple[JetGenerator, Element, Element], ...]
    order: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundaryDatum:
    """A coefficient that the expansion leaves free.

    Attributes:
        name: `phi_1`, `A_t_0`, `f_3`: the profile and its power; as a Python name.
        symbol: what stands for it in the coefficients.
        profile: the profile's name.
        power: the power of x that it multiplies.
        log: the power of log x that it multiplies.
        kind: "source"; "response"; "metric" (scale of the boundary metric, a source that is set to its vacuum value);
            "gauge" (a freedom of the coordinates: no physics in it).
        dimension: its mass dimension, under which the boundary theory's units change.
        vacuum: of kind "metric", its value in the vacuum.
    """

    name: str
    symbol: Symbol
    profile: str
    power: Expr
    log: int
    kind: str
    dimension: Expr
    vacuum: Expr | None = None


@dataclass(frozen=True)
class Term:
    """coefficient * x^power * (log x)^log."""

    power: Expr
    log: int
    coefficient: Expr


@dataclass(frozen=True)
class TaylorSymbol:
    """A derivative of a coupling at the boundary values of its arguments, as it stands in the coefficients.

    Attributes:
        symbol: `V_d3` stands for V'''.
        coupling: the coupling's name.
        orders: derivative orders, one for each argument.
        value: its closed form; None for an unknown coupling.
    """

    symbol: Symbol
    coupling: str
    orders: tuple[int, ...]
    value: Expr | None


@dataclass(frozen=True)
class Mode:
    """A falloff of linear perturbations of the vacuum: x^power in these profiles."""

    power: Expr
    profiles: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class BoundarySeries:
    """The general solution near the boundary.

    Attributes:
        system: the equations it solves.
        variable: x in the theory's radial coordinate: z or 1/r.
        dimension: d, of the boundary theory.
        asymptotics: "AdS", "Lifshitz" or "hyperscaling violating".
        exponents: further exponents of the asymptotics by name: {"z": ..., "theta": ...}; empty for AdS.
        modes: indicial exponents, ascending.
        operators: for every scalar field that the boundary sees, its dimension Delta and d - Delta.
        data: the free coefficients, in the order of profiles and powers.
        series: every profile's terms, ascending in power.
        taylor: symbols of couplings' derivatives in the coefficients.
        relations: what the constraints demand of the data: expressions in their symbols that vanish (already solved
            for where one is linear; then the datum is not among `data`).
        order: powers up to and including (leading power + order) are complete.
        notes: logarithms and whether they vanish; choices of quantisation; what was assumed.
    """

    system: EquationSystem
    variable: Expr
    dimension: int
    asymptotics: str
    exponents: dict[str, Expr]
    modes: tuple[Mode, ...]
    operators: dict[str, tuple[Expr, Expr]]
    data: tuple[BoundaryDatum, ...]
    series: dict[str, tuple[Term, ...]]
    taylor: tuple[TaylorSymbol, ...]
    relations: tuple[Expr, ...]
    order: Expr
    notes: tuple[str, ...] = ()

    def datum(self, name: str) -> BoundaryDatum:
        """A datum by name."""
        return next(one for one in self.data if one.name == name)

    def terms(self, profile: Any) -> tuple[Term, ...]:
        """The terms of a profile, by name or as the user wrote it."""
        return self.series[profile if isinstance(profile, str) else profile.func.name]
