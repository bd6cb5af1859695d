r"""A power-law ansatz in the field equations: every term is  coefficient * amplitudes * x^weight.

    p = c_p x^a_p                metric functions and components of gauge fields
    q = k_q log x + s_q          functions of the metric that stand in exponentials alone; scalars that run
    u = 0                        what stays at rest

Weights are linear in the exponents a_p, k_q, and so are the logarithms of the amplitudes. Divided by its geometry,
g_ij g^rr r^-2 for the Einstein tensor, every equation is a sum over few classes of matter: (weight, amplitudes).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Mul, S, Symbol

from holosym.dsl.symbols import AppliedCoupling, Profile
from holosym.errors import ExpansionError
from holosym.expand.chart import Chart

if TYPE_CHECKING:
    from holosym.dsl.theory import Theory

POWER, LOG, REST = "power", "log", "rest"
Amplitudes = tuple[tuple[str, Expr], ...]
Class = tuple[Expr, Amplitudes]
Closed = dict[str, tuple[tuple[Any, ...], Any]]


@dataclass(frozen=True)
class Term:
    """coefficient * prod amplitude^m * x^weight; the amplitude of a running function is exp(s)."""

    coefficient: Expr
    weight: Expr
    amplitudes: Amplitudes

    def over(self, other: Class) -> Class:
        """The class of the quotient."""
        powers = dict(self.amplitudes)
        for n, m in other[1]:
            powers[n] = powers.get(n, S.Zero) - m
        left = {n: sympy.expand(m) for n, m in powers.items()}
        return sympy.expand(self.weight - other[0]), tuple(sorted((n, m) for n, m in left.items() if m != 0))


class PowerLaw:
    """The ansatz.

    Args:
        theory: the theory.
        chart: its radial coordinate.
        closed: its couplings' closed forms.
        kinds: by profile POWER, LOG or REST.
    """

    def __init__(self, theory: Theory, chart: Chart, closed: Closed, kinds: dict[str, str]) -> None:
        self.theory, self.chart, self.closed, self.kinds = theory, chart, closed, kinds
        self.exponent = {n: Symbol(f"a_{n}", real=True) for n, k in kinds.items() if k != REST}
        self.profiles = {p: p.func.name for p in theory.profiles}
        self.jets: dict[Symbol, tuple[str, int]] = {}

    def metric(self, name: str) -> bool:
        """Whether a profile belongs to the metric."""
        return any(p.func.name == name for p in self.theory.metric.atoms(Profile))

    def metric_of(self, coordinate: Expr) -> set[str]:
        """The profiles in a coordinate's diagonal component of the metric."""
        from holosym.dsl.forms import d

        squared = d(coordinate) ** 2
        parts = sympy.Add.make_args(sympy.expand(self.theory.metric))
        return {p.func.name for part in parts if part.has(squared) for p in part.atoms(Profile)}

    def jet(self, name: str, order: int) -> Symbol:
        """The symbol of a derivative."""
        found = Symbol(f"{name}@{order}", positive=True) if self.kinds[name] == POWER else Symbol(f"{name}@{order}")
        self.jets[found] = (name, order)
        return found

    def in_jets(self, expression: Expr) -> list[Expr]:
        """The products of an expression, with couplings in closed form and symbols for derivatives."""
        couplings = {}
        for applied in expression.atoms(AppliedCoupling):
            name = applied.func.base
            if name not in self.closed:
                raise ExpansionError(f"the coupling {name} has no closed form")
            slots, form = self.closed[name]
            orders = applied.func.orders or (0,) * len(slots)
            for slot, n in zip(slots, orders, strict=True):
                form = form.diff(slot, n)
            couplings[applied] = form.xreplace(dict(zip(slots, applied.args, strict=True)))
        expression = expression.xreplace(couplings)
        derivatives = {
            d: self.jet(self.profiles[d.expr], d.derivative_count)
            for d in expression.atoms(sympy.Derivative)
            if d.expr in self.profiles
        }
        expression = expression.xreplace(derivatives)
        expression = expression.xreplace({p: self.jet(p.func.name, 0) for p in expression.atoms(Profile)})
        if expression.has(sympy.sinh, sympy.cosh, sympy.tanh):
            expression = expression.rewrite(sympy.exp)
        return list(sympy.Add.make_args(sympy.expand(sympy.expand(expression), power_exp=False)))

    def begin(self, name: str, order: int) -> Expr:
        """d^n/dr^n of x^a, n > 0 or of k log x, n > 0, over its power of x; without the amplitude."""
        sign, step = self.chart.sign, self.chart.shift
        if self.kinds[name] == LOG:
            return self.exponent[name] * prod((j * step for j in range(1, order)), start=S.One * sign**order)
        return prod((sign * (self.exponent[name] + j * step) for j in range(order)), start=S.One)

    def term(self, product: Expr) -> Term | None:
        """A product on the ansatz; None where it vanishes."""
        coefficient, weight, amplitudes = S.One, S.Zero, dict[str, Expr]()
        for factor in Mul.make_args(product):
            base, power = factor.as_base_exp() if not isinstance(factor, sympy.exp) else (factor, S.One)
            if base in self.jets:
                name, order = self.jets[base]
                if self.kinds[name] == REST:
                    if not power.is_number or power < 0:
                        raise ExpansionError(f"{name} stands in a denominator")
                    return None
                if self.kinds[name] == LOG and order == 0:
                    raise ExpansionError(f"{name} stands outside of exponentials")
                coefficient *= self.begin(name, order) ** power
                if self.kinds[name] == POWER:
                    amplitudes[name] = amplitudes.get(name, S.Zero) + power
                    weight += power * self.exponent[name]
                weight += power * order * self.chart.shift
            elif base == self.chart.radial:
                weight += -power * self.chart.shift
            elif isinstance(factor, sympy.exp):
                coefficient, weight = self._exponential(factor.args[0], coefficient, weight, amplitudes)
            elif factor.free_symbols & set(self.jets) or factor.has(self.chart.radial):
                raise ExpansionError(f"{factor} is no sum of powers and exponentials")
            else:
                coefficient *= factor
        return Term(coefficient, sympy.expand(weight), tuple(sorted(amplitudes.items())))

    def _exponential(
        self, argument: Expr, coefficient: Expr, weight: Expr, amplitudes: dict[str, Expr]
    ) -> tuple[Expr, Expr]:
        for part in sympy.Add.make_args(sympy.expand(argument)):
            inner = [s for s in part.free_symbols if s in self.jets or s == self.chart.radial]
            if not inner:
                coefficient *= sympy.exp(part)
                continue
            rate = part / inner[0]
            name, order = self.jets.get(inner[0], ("", 0))
            if len(inner) > 1 or rate.has(inner[0]) or order:
                raise ExpansionError(f"the exponential of {argument}")
            if not name:
                if self.chart.kind != "exp(-r)":
                    raise ExpansionError(f"an exponential of {self.chart.radial}")
                weight -= rate
            elif self.kinds[name] == LOG:
                weight += rate * self.exponent[name]
                amplitudes[name] = amplitudes.get(name, S.Zero) + rate
            elif self.kinds[name] == POWER:
                raise ExpansionError(f"the exponential of {name}")
        return coefficient, weight
