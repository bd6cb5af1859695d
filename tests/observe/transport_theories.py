"""Theories for the tests of DC transport, and their quantities as SymPy expressions."""

from sympy import Derivative, Dummy, S, exp, expand, oo, powdenest, simplify
from sympy.core.function import AppliedUndef

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.observe.transport import dc_transport


def found(theory):
    """The quantities by name."""
    system = theory.equations()
    return {q.name: system.write(q.numerator) / system.write(q.denominator) for q in dc_transport(system)}


def at_horizon(theory, expression, profiles=None, parameters=None):
    """An expression on closed forms of profiles, at the horizon."""
    put = expression.subs(profiles or {}).doit().subs(parameters or {})
    return simplify(put.subs(theory.radial, theory.horizon))


def same(a, b):
    """Whether two expressions agree for profiles and couplings that are positive there."""
    difference = a - b
    for kind in (Derivative, AppliedUndef):
        difference = difference.xreplace({e: Dummy(positive=True) for e in difference.atoms(kind)})
    difference = powdenest(difference, force=True)
    return simplify(difference) == 0 or simplify(expand(difference)) == 0


def solution(theory, index=0):
    """Profiles and parameters of a known solution."""
    one = theory.known_solutions[index]
    return dict(one.profiles), dict(one.parameters)


def axion_brane(dimension):
    """Linear axions in d boundary dimensions, in r, with boundary at oo; Andrade and Withers 2013, section 2."""
    names = ["t", *[f"x{i}" for i in range(1, dimension)], "r"]
    t, *xs, r = coordinates(" ".join(names))
    f, a = profiles("f A_t", r)
    r_0 = parameters("r_0", positive=True)
    beta = parameters("beta", positive=True)
    psis = [scalar(f"psi_{i}", beta * x) for i, x in enumerate(xs)]
    A = gauge_field("A", a * d(t))
    theory = Theory(
        name=f"axions_{dimension}",
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + r**2 * sum(d(x) ** 2 for x in xs),
        lagrangian=R + dimension * (dimension - 1) - square(d(A)) / 4 - sum(square(d(p)) for p in psis) / 2,
        radial=r,
        boundary=oo,
        horizon=r_0,
    )
    mu, D = parameters("mu", positive=True), dimension
    charge = S(D - 2) / (2 * (D - 1)) * mu**2
    mass = r_0**D * (1 + charge / r_0**2 - beta**2 / (2 * (D - 2) * r_0**2))
    closed = {
        f: r**2 - beta**2 / (2 * (D - 2)) - mass / r ** (D - 2) + charge * r_0 ** (2 * (D - 2)) / r ** (2 * (D - 2)),
        a: mu * (1 - (r_0 / r) ** (D - 2)),
    }
    return theory, closed, (beta, mu, r_0)


def dilaton_brane(relaxed=True, magnetic=True):
    """-U dt^2 + dr^2/U + e^(2V) (dx^2 + dy^2), Z(phi), Phi(phi) (d chi)^2, B: Blake and Donos 2015, section 2."""
    t, x, y, r = coordinates("t x y r")
    U, W, a, p = profiles("U W a phi", r)
    k, B, r_h = parameters("k B r_h", positive=True)
    phi = scalar("phi", p)
    chi_1, chi_2 = scalar("chi_1", k * x), scalar("chi_2", k * y)
    V, Z, Phi = couplings("V Z Phi")
    A = gauge_field("A", a * d(t) + (B * x * d(y) if magnetic else 0))
    axions = Phi(phi) * (square(d(chi_1)) + square(d(chi_2))) / 2 if relaxed else 0
    theory = Theory(
        name="dilaton_brane",
        metric=-U * d(t) ** 2 + d(r) ** 2 / U + exp(2 * W) * (d(x) ** 2 + d(y) ** 2),
        lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4 - axions,
        radial=r,
        boundary=oo,
        horizon=r_h,
    )
    return theory, {"U": U, "W": W, "a": a, "Z": Z(p), "Phi": Phi(p), "k": k, "B": B, "r": r}


def brane(axions, gauge, lagrangian, curvature=R, separate=False):
    """-D dt^2 + dz^2/N + h_1 dx^2 + h_2 dy^2, boundary at z = 0, with matter made by functions of (t, x, y, z).

    Args:
        axions: from (x, y) to scalar fields.
        gauge: from (x, y, dt, dy, z) to one-form fields.
        lagrangian: from (scalars, one-forms) to matter's Lagrangian.
        curvature: what stands for R.
        separate: whether g_tt and g^zz vanish through a profile each.
    """
    t, x, y, z = coordinates("t x y z")
    f, chi, h_1, h_2, D, N = profiles("f chi h_1 h_2 D N", z)
    scalars, forms = axions(x, y), gauge(x, y, d(t), d(y), z)
    lapse, radial = (D, N) if separate else (f * exp(-chi), f)
    theory = Theory(
        name="brane",
        metric=(-lapse * d(t) ** 2 + d(z) ** 2 / radial + h_1 * d(x) ** 2 + h_2 * d(y) ** 2) / z**2,
        lagrangian=curvature + 6 + lagrangian(scalars, forms),
        radial=z,
    )
    return theory, {"f": f, "chi": chi, "h_1": h_1, "h_2": h_2, "D": D, "N": N, "z": z}
