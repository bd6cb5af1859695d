"""Einstein-scalar theories in areal gauge, and the residual of a truncated series put back into the equations."""

import itertools

import sympy
from sympy import exp, log

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square
from holosym.derive.couplings import closed_couplings
from holosym.dsl.symbols import AppliedCoupling

COUNTER = itertools.count()


def flow(dimension, potential):
    """Einstein-scalar theory in AdS_(d+1), areal gauge; `potential` is a function of the field, or None."""
    t, x, y, w, z = coordinates("t x y w z")
    slices = [x, y, w][: dimension - 1]
    f, chi, phi = profiles("f chi phi", z)
    field = scalar("phi", phi)
    V = couplings("V")
    return Theory(
        name=f"flow_{next(COUNTER)}",
        metric=(-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + sum(d(c) ** 2 for c in slices)) / z**2,
        lagrangian=R - square(d(field)) / 2 - V(field),
        couplings={} if potential is None else {V(field): potential(field)},
        radial=z,
    )


def logs(made, profile="phi"):
    """The terms with logarithms of a profile."""
    return {(t.power, t.log): t.coefficient for t in made.terms(profile) if t.log}


def homogeneous(expression, z):
    """A residual times the power of z that makes its largest term, z^m d^m, of weight zero."""
    weights = []
    for term in sympy.Add.make_args(sympy.expand(expression)):
        derivatives = sum(
            power * sum(n for _, n in base.variable_count)
            for base, power in (f.as_base_exp() for f in sympy.Mul.make_args(term))
            if isinstance(base, sympy.Derivative)
        )
        weights.append(term.as_powers_dict().get(z, 0) - derivatives)
    return expression * z ** -min(weights)


def with_couplings(expression, model):
    """A residual with the closed forms of the couplings put in."""
    closed = closed_couplings(model)
    for applied in sorted(expression.atoms(AppliedCoupling), key=str):
        slots, form = closed[applied.func.base]
        counts = [(s, n) for s, n in zip(slots, applied.func.orders, strict=False) if n]
        inner = form.diff(*counts) if counts else form
        expression = expression.xreplace({applied: inner.xreplace(dict(zip(slots, applied.args, strict=True)))})
    return expression


def residual(made, values, x):
    """The largest residual of the equations on the truncated series at x."""
    model, z = made.system.model, made.system.model.radial
    forms = {
        profile: sum(
            sympy.sympify(t.coefficient).subs(values) * z**t.power * log(z) ** t.log
            for t in made.series[profile.func.name]
        )
        for profile in model.profiles
    }
    found = []
    for one in made.system.residuals.values():
        total = with_couplings(homogeneous(one, z), model).subs(list(forms.items())).doit().subs(values)
        found.append(abs(total.subs(z, x).evalf(60, maxn=400)))
    return max(found)
