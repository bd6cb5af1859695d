"""The generated float64 code against mpmath on the exact expressions, relative to the size of the terms.

The exact side takes the residuals of the `EquationSystem`, puts in closed forms of couplings by SymPy's own
derivatives, and evaluates at the same float64 numbers with 40 digits.
"""

import mpmath
import sympy
import torch
from sympy import Derivative
from theories import form_of_k

from holosym.dsl.invariants import FormProduct
from holosym.dsl.symbols import AppliedCoupling, Profile, coupling_head

DIGITS = 40
TOLERANCE = 1e-13


class Exact:
    """Exact expressions of a model at one point of a batch."""

    def __init__(self, case, points, stand_in, index):
        self.case, self.points, self.stand_in, self.index = case, points, stand_in, index
        self.closed = {key.func.base: (key.args, form) for key, form in case.model.couplings.items()}

    def __call__(self, expression):
        """The value of an expression, its couplings included."""
        return self._value(sympy.sympify(expression), {})

    def _value(self, e, slots):
        if e in slots:
            return slots[e]
        if isinstance(e, Derivative):
            (profile,) = e.atoms(Profile)
            return self._jet(profile, dict(e.variable_count))
        if isinstance(e, Profile):
            return self._jet(e, {})
        if isinstance(e, AppliedCoupling):
            return self._coupling(e, slots)
        if e.is_Symbol:
            values = self.points.parameters if e.name in self.points.parameters else self.points.coordinates
            return mpmath.mpf(values[e.name][self.index].item())
        if not e.args:
            return mpmath.mpmathify(sympy.N(e, DIGITS))
        values = [self._value(a, slots) for a in e.args]
        if e.is_Add:
            return mpmath.fsum(values)
        if e.is_Mul:
            return mpmath.fprod(values)
        if e.is_Pow:
            return mpmath.power(*values)
        return getattr(mpmath, type(e).__name__)(*values)

    def _jet(self, profile, counts):
        package = self.case.package
        orders = tuple(int(next((n for c, n in counts.items() if c.name == name), 0)) for name in package.COORDINATES)
        name = profile.func.name
        entry = package.PROFILES[name].index(orders)
        return mpmath.mpf(self.points.jets[name][entry][self.index].item())

    def _coupling(self, e, slots):
        arguments = [self._value(a, slots) for a in e.args]
        orders = e.func.orders or (0,) * len(arguments)
        if e.func.base not in self.closed:
            return self.stand_in(e.func.base, orders, arguments)
        names = [sympy.Symbol(f"s{i}") for i in range(len(arguments))]
        keys, form = self.closed[e.func.base]
        if keys[0].atoms(FormProduct):
            plain = form_of_k(names[0])
        else:
            plain = form.subs(dict(zip(keys, names, strict=True)), simultaneous=True)
        for name, order in zip(names, orders, strict=True):
            plain = plain.diff(name, order) if order else plain
        return self._value(plain.doit(), dict(zip(names, arguments, strict=True)))


def test_residuals(case, points, stand_in):
    at = points(case.package)
    found = case.package.residuals(at.coordinates, at.jets, at.couplings(), at.parameters)
    size = case.package.magnitudes(at.coordinates, at.jets, at.couplings(), at.parameters)
    assert list(found) == list(case.package.EQUATIONS) == list(case.system.residuals)
    with mpmath.workdps(DIGITS):
        for index in range(5):
            exact = Exact(case, at, stand_in, index)
            for name, expression in case.system.residuals.items():
                value = exact(expression)
                assert abs(found[name][index].item() - value) <= TOLERANCE * size[name][index].item(), name
                assert abs(value) > 1e-6 * size[name][index].item(), f"{name}: a point where nothing is tested"


def test_magnitudes(case, points, stand_in):
    """The sum of the absolute values of the terms."""
    if case.model.name == "nested":
        return  # the package puts V in terms of W: its terms are others
    at = points(case.package)
    found = case.package.magnitudes(at.coordinates, at.jets, at.couplings(), at.parameters)
    with mpmath.workdps(DIGITS):
        exact = Exact(case, at, stand_in, 0)
        for name, expression in case.system.residuals.items():
            value = mpmath.fsum(abs(exact(term)) for term in sympy.Add.make_args(expression))
            assert abs(found[name][0].item() - value) <= TOLERANCE * value, name


def test_closed_couplings(case, points, stand_in):
    """Every order of every closed form, one more than the residuals need."""
    at = points(case.package)
    arguments = case.package.coupling_arguments(at.coordinates, at.jets, at.parameters)
    assert list(arguments) == list(case.package.COUPLINGS)
    found = case.package.closed_couplings(arguments, at.parameters)
    assert set(found) == {name for name, about in case.package.COUPLINGS.items() if about["closed"]}
    applied = {
        a.func.base: a.args
        for e in case.system.residuals.values()
        for a in e.atoms(AppliedCoupling)
        if a.func.base in case.package.COUPLINGS
    }
    with mpmath.workdps(DIGITS):
        exact = Exact(case, at, stand_in, 3)
        for name, jets in found.items():
            about = case.package.COUPLINGS[name]
            if about["function"] not in applied:
                continue
            where = [exact(a) for a in applied[about["function"]]]
            for given, value in zip(arguments[name], where, strict=True):
                assert abs(given[3].item() - value) <= TOLERANCE * max(1, abs(value))
            for orders, jet in zip(about["orders"], jets, strict=True):
                value = exact(coupling_head(about["function"], orders)(*applied[about["function"]]))
                assert abs(jet[3].item() - value) <= 10 * TOLERANCE * max(1, abs(value)), (name, orders)


def test_couplings_have_an_order_to_spare(case, points):
    """The linearisation needs V_{k+1} where the residual holds V_k."""
    for about in case.package.COUPLINGS.values():
        assert about["orders"][0] == (0,) * about["arguments"]
        top = max(map(sum, about["orders"]))
        used = [
            sum(a.func.orders)
            for e in case.system.residuals.values()
            for a in e.atoms(AppliedCoupling)
            if a.func.base == about["function"]
        ]
        assert not used or top == max(used) + 1


def test_a_wrong_number_is_seen(generated, points):
    """One part in 10^10 of one jet: the tolerance is tight enough to notice."""
    case = generated("gubser_rocha")
    at = points(case.package)
    good = case.package.residuals(at.coordinates, at.jets, at.couplings(), at.parameters)
    jets = {**at.jets, "f": (at.jets["f"][0] * (1 + 1e-10), *at.jets["f"][1:])}
    bad = case.package.residuals(at.coordinates, jets, at.couplings(), at.parameters)
    size = case.package.magnitudes(at.coordinates, at.jets, at.couplings(), at.parameters)
    for name in ("f", "h", "phi", "constraint_einstein_zz"):
        assert (abs(bad[name] - good[name]) > 10 * TOLERANCE * size[name]).any(), name
    assert torch.equal(bad["A_t"], good["A_t"])  # f does not stand in Gauss' law
