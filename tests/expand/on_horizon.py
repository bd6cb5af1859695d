"""Taylor polynomials at a horizon, put into the covariant equations."""

import sympy
from on_solutions import OnSolution
from sympy import Rational

from holosym.expand.horizon import horizon_series


def named(jets):
    return [jet.unknown.name + "'" * sum(jet.orders) for jet in jets]


def polynomial(system, series, data, solution_at):
    """Taylor polynomials of the profiles at the horizon, from numbers for the data."""
    write = system.write
    numbers = {}
    radial = system.model.radial
    for jet in series.vanishing:
        numbers[jet] = sympy.Integer(0)
    numbers.update(data)
    profiles = {p.func.name: p for p in system.model.profiles}

    def put(element):
        expression = solution_at.expression_of_jets(write(element), numbers)
        return sympy.nsimplify(expression, rational=True) if expression.is_Float else expression

    for jet, above, below in series.values:
        numbers[jet] = sympy.together(put(above) / put(below))
    found = {}
    for name, profile in profiles.items():
        terms = [
            value * (radial - series.point) ** sum(jet.orders) / sympy.factorial(sum(jet.orders))
            for jet, value in numbers.items()
            if jet.unknown.name == name
        ]
        found[profile] = sympy.Add(*terms)
    return found


class AtHorizon(OnSolution):
    """Closed couplings at the horizon, where jets are numbers."""

    def expression_of_jets(self, expression, numbers):
        profiles = {p.func.name: p for p in self.theory.profiles}
        radial = self.theory.radial
        put = {}
        for jet, value in numbers.items():
            p = profiles[jet.unknown.name]
            put[p.diff((radial, sum(jet.orders))) if any(jet.orders) else p] = value
        self.profiles = {}
        expression = self.expression(expression)
        derivatives = {k: v for k, v in put.items() if k.is_Derivative}
        plain = {k: v for k, v in put.items() if not k.is_Derivative}
        known_symbols = {s: self.parameters[s.name] for s in expression.free_symbols if s.name in self.parameters}
        return expression.xreplace(derivatives).xreplace(plain).xreplace(known_symbols).xreplace({radial: 1})


def couplings_named(theory, **forms):
    """Closed forms by name, as functions of the theory's first scalar."""
    from holosym.dsl.symbols import AppliedCoupling

    return {c: forms[c.func.base] for c in theory.lagrangian.atoms(AppliedCoupling) if c.func.base in forms}


def solves(theory, data, parameters, forms, order=4):
    """No solution is known here: Taylor polynomials with rational data, put into every covariant equation.

    With n derivatives, those equations hold up to (z - 1)^(n - 1) at least: halving the distance to the horizon makes
    the residual smaller by 2^(n - 1) or more. These equations were not solved for anything.
    """
    system = theory.equations()
    series = horizon_series(system, order)
    closed = couplings_named(theory, **forms(theory.scalars[0])) if forms else {}
    at = AtHorizon(theory, {}, closed, parameters)
    by_name = dict(zip(named(series.data), series.data, strict=True))
    numbers = {by_name[k]: sympy.sympify(v) for k, v in data.items()}
    polynomials = polynomial(system, series, numbers, at)
    solution = OnSolution(theory, polynomials, closed, parameters)
    for label, element in system.field_equations.items():
        written = solution.expression(system.write(element))
        free = {s: 0 for s in written.free_symbols if s != theory.radial and s.name not in parameters}
        values = [abs(solution.number(written.subs(free), 1 - Rational(1, 10**4) / 2**k)) for k in range(2)]
        if values[0] > 1e-25:
            assert sympy.log(values[0] / values[1], 2) > order - 1.1, label
