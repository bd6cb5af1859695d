r"""The boundary of a metric without a boundary series: which variable x vanishes there, and powers of x.

x is r, sqrt(r), 1/r or exp(-r), whichever makes x^2 g_xx and x^2 g_ii finite and not zero, as on the boundary of AdS.
Unknown functions are taken to be finite and not zero there.
"""

from __future__ import annotations

import sympy
from sympy import Dummy, Expr, S, oo
from sympy.polys.polyerrors import PolynomialError

from holosym.dsl.forms import CoordinateDifferential, expand_forms
from holosym.dsl.symbols import Profile
from holosym.dsl.theory import Theory
from holosym.errors import ExpansionError

HYPERBOLIC = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth)


def bare_variable(theory: Theory) -> Expr:
    """x in the radial coordinate; r or 1/r where no x is one of AdS.

    Raises:
        ExpansionError: where the boundary is neither at 0 nor at infinity.
    """
    r = theory.radial
    if theory.boundary not in (0, oo) or r is None:
        raise ExpansionError(
            f"the boundary at {r} = {theory.boundary} is neither at 0 nor at infinity",
            mend="use a radial coordinate that is 0 or infinite there",
        )
    candidates = (r, sympy.sqrt(r)) if theory.boundary == 0 else (1 / r, sympy.exp(-r))
    expanded = expand_forms(theory.metric)
    metric = {c: expanded.coeff(CoordinateDifferential(c), 2) for c in theory.coordinates if c != theory.time}
    for one in candidates:
        metric_in_x = [g / (sympy.diff(one, r) ** 2 if c == r else 1) for c, g in metric.items()]
        if all(leading_power(theory, one, g) == -2 for g in metric_in_x):
            return one
    return candidates[0]


def leading_power(theory: Theory, variable: Expr, expression: Expr) -> Expr | None:
    """The power of x with which an expression begins; None where it is none."""
    x = Dummy("x", positive=True)
    r = theory.radial
    places = {r: x, sympy.sqrt(r): x**2, 1 / r: 1 / x, sympy.exp(-r): -sympy.log(x)}  # type: ignore[operator]
    constants: dict[Expr, Expr] = {p: Dummy(positive=True) for p in expression.atoms(Profile)}
    exponentials = expression.xreplace(constants).rewrite(HYPERBOLIC, sympy.exp)
    plain = sympy.powsimp(sympy.expand(exponentials.subs(r, places[variable])))
    try:
        factor, exponent = sympy.powsimp(plain.as_leading_term(x)).as_coeff_exponent(x)
    except (sympy.PoleError, PolynomialError, NotImplementedError, ValueError):
        return None
    return None if factor.has(x) or factor in (S.Zero, S.NaN) else exponent
