"""The finite counterterm of a theory whose potential is made of a superpotential.

    L/c = R - (kappa/2) (d phi)^2 - V(phi),      V = U'^2/(2 kappa) - d U^2/(4 (d - 1)),
    U = 2 (d - 1) + kappa (d - Delta) phi^2/2 + ...

Then  S_ct = -c int sqrt(-gamma) U(phi)  removes the divergences of flat domain walls and gives the wall of U itself no
energy (de Boer, Verlinde and Verlinde 2000). It fixes the coefficient of phi^n with n (d - Delta) = d, which no
divergence sees.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Rational, S

from holosym.derive.couplings import closed_couplings
from holosym.dsl.forms import d as differential
from holosym.dsl.invariants import FormProduct, R, square
from holosym.dsl.symbols import AppliedCoupling, Profile
from holosym.observe.boundary_stress import strength_of_gravity


def superpotential(theory: Any, field: Any, d: int) -> Expr | None:
    """c U as a function of the field, where a coupling of the theory is a superpotential; None otherwise."""
    strength, kinetic = strength_of_gravity(theory), sympy.Dummy("kinetic")
    lagrangian = sympy.expand(theory.lagrangian / strength)
    kappa = -2 * lagrangian.xreplace({square(differential(field)): kinetic}).diff(kinetic)
    potential = -lagrangian.xreplace(dict.fromkeys([R, *lagrangian.atoms(FormProduct)], S.Zero))
    closed = closed_couplings(theory)
    value = _closed(potential, closed)
    if value is None or value.atoms(AppliedCoupling) or not kappa.is_number or not isinstance(field.ansatz, Profile):
        return None
    for name in sorted(closed):
        slots, form = closed[name]
        if len(slots) != 1 or form.atoms(AppliedCoupling):
            continue
        candidate = form.xreplace({slots[0]: field})
        start = candidate.subs(field, 0)
        if start == 0 or candidate.diff(field).subs(field, 0) != 0:
            continue
        u = candidate * (2 * (d - 1)) / start
        left = u.diff(field) ** 2 / (2 * kappa) - Rational(d, 4 * (d - 1)) * u**2 - value
        if value.subs(field, 0) != -d * (d - 1) or sympy.simplify(left.rewrite(sympy.exp)) != 0:
            continue
        if u.diff(field, 2).subs(field, 0) <= kappa * Rational(d, 2):
            return strength * u
    return None


def _closed(expression: Expr, closed: Any) -> Expr | None:
    """An expression with every closed coupling put in."""
    for _ in closed:
        replaced = {}
        for applied in expression.atoms(AppliedCoupling):
            if applied.func.base in closed:
                slots, form = closed[applied.func.base]
                for slot, n in zip(slots, applied.func.orders or (0,) * len(slots), strict=True):
                    form = form.diff(slot, n) if n else form
                replaced[applied] = form.xreplace(dict(zip(slots, applied.args, strict=True)))
        expression = expression.xreplace(replaced)
    return expression


def resonant(theory: Any, field: Any, d: int, power: Expr) -> Expr | None:
    """The coefficient of phi^n, n = d/power, in c U; None where there is no resonance or no W."""
    n = sympy.nsimplify(S(d) / power) if power != 0 else S.Zero
    if not n.is_Integer or n < 3:
        return None
    u = superpotential(theory, field, d)
    if u is None:
        return None
    return sympy.nsimplify(u.diff(field, int(n)).subs(field, 0)) / sympy.factorial(n)
