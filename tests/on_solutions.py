"""Elements of a system's ring as numbers on closed forms of profiles and couplings, by SymPy alone."""

from pathlib import Path

import sympy
from gallery_models import load

from holosym.derive import closed_couplings
from holosym.dsl import loader
from holosym.dsl.symbols import AppliedCoupling

EXTRA = Path(__file__).parent / "models_extra"
DIGITS = 40


def theory_of(name):
    """A theory of the gallery or of the extra models."""
    path = EXTRA / f"{name}.py"
    return loader.load(path)[0] if path.exists() else load(name)


class OnSolution:
    """Numbers on a solution at a value of the radial coordinate.

    Args:
        theory: the theory.
        profiles: closed forms.
        couplings: closed forms of couplings beside the theory's.
        parameters: numbers by name.
    """

    def __init__(self, theory, profiles, couplings=None, parameters=None):
        self.theory = theory
        self.profiles = dict(profiles)
        self.closed = closed_couplings(theory, couplings or {})
        self.parameters = parameters or {}

    def expression(self, expression):
        """An expression with closed forms and parameters put in, as a function of the radial coordinate."""
        expression = sympy.sympify(expression)
        while found := expression.atoms(AppliedCoupling):
            put = {}
            for one in found:
                slots, form = self.closed[one.func.base]
                orders = one.func.orders or (0,) * len(slots)
                counts = [(s, n) for s, n in zip(slots, orders, strict=True) if n]
                put[one] = (form.diff(*counts) if counts else form).xreplace(dict(zip(slots, one.args, strict=True)))
            expression = expression.xreplace(put)
        return expression.subs(self.profiles).doit()

    def number(self, expression, at):
        """Its number at a value of the radial coordinate."""
        put = self.expression(expression)
        known = {s: self.parameters[s.name] for s in put.free_symbols if s.name in self.parameters}
        return sympy.N(put.xreplace(known).xreplace({self.theory.radial: at}), DIGITS)

    def quotient(self, system, one, at):
        """The number of a local quantity."""
        above, below = (self.number(system.write(e), at) for e in (one.numerator, one.denominator))
        return above / below


def known(name, index, **parameters):
    """A known solution of a theory, with numbers for its parameters.

    A parameter of the theory that the solution fixes is given by the solution itself.
    """
    theory = theory_of(name)
    one = theory.known_solutions[index]
    numbers = {k: sympy.sympify(v) for k, v in parameters.items()}
    for parameter, value in dict(one.parameters).items():
        value = sympy.sympify(value)
        numbers[parameter.name] = value.subs({s: numbers[s.name] for s in value.free_symbols})
    return theory, OnSolution(theory, dict(one.profiles), dict(one.couplings), numbers)
