"""What a chart carries over, against explicit functions: both sides are evaluated, and only SymPy differentiates.

In place of every unknown function of the theory an explicit one is put. Then the chart's functions are explicit too,
from the rules as the user wrote them, and the printed expression has a value there; the expression that was carried
over must have the same one at the same point.
"""

import pytest
from sympy import Function, Rational, S, Symbol, cos, cosh, exp, log, sin, sqrt

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square
from holosym.dsl.symbols import AppliedCoupling
from holosym.errors import ModelError

t, x, y, z, r, v, w = coordinates("t x y z r v w")
f, h, p = profiles("f h phi", z)
phi = scalar("phi", p)
V = couplings("V")
beta, k = parameters("beta k", positive=True)
g, b, u = profiles("g b u", r)

EXPLICIT = {f: 1 - z**3 / 3 + z / 5, h: exp(z / 2), p: sin(z) + 2}
POINT = {z: Rational(2, 5), beta: Rational(3, 7)}


def theory() -> Theory:
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2
    axions = [scalar("psi_x", beta * x), scalar("psi_y", beta * y)]
    action = R - square(d(phi)) / 2 - V(phi) - sum(square(d(one)) for one in axions) / 2
    return Theory(name="m", metric=metric, lagrangian=action, radial=z)


def potential(order, at):
    """V = cosh(phi) + phi^3 stands in for the unknown coupling."""
    s = Symbol("s")
    return (cosh(s) + s**3).diff(s, order).subs(s, at)


def closed(expression):
    """Couplings by their stand-in, innermost first."""
    return expression.replace(
        lambda e: isinstance(e, AppliedCoupling), lambda e: potential(sum(e.func.orders), e.args[0])
    )


def value(expression, explicit, at):
    """The number an expression comes to, functions first."""
    return closed(expression.subs(explicit).doit()).subs(at).evalf(40)


CHARTS = {
    # name: (coordinates, rules, the chart's functions of r as they follow from EXPLICIT by hand, r at the point)
    "inverse": ({z: 1 / r}, {f: g / r**2, h: b, p: u}, lambda e: (r**2 * e(f), e(h), e(p)), 1 / z),
    "logarithm": ({z: exp(-r)}, {f: g, h: exp(2 * b), p: 2 * u}, lambda e: (e(f), log(e(h)) / 2, e(p) / 2), -log(z)),
    "mixed": (
        {r: z**2},
        {g: f / h, h: b**3, p: log(u)},
        lambda e: (e(f) / e(h), e(h) ** Rational(1, 3), exp(e(p))),
        z**2,
    ),
    "chained": ({z: 2 * r}, {f: g * b, h: b * u, p: u}, lambda e: (e(f) * e(p) / e(h), e(h) / e(p), e(p)), z / 2),
    "slope": ({z: 1 / r}, {g: f.diff(z) * h, b: h, u: p / k}, lambda e: (e(f.diff(z)) * e(h), e(h), e(p) / k), 1 / z),
}
PRINTED = {
    "algebraic": r * g + b / u - k * cos(g),
    "first": g.diff(r) * b / r + u.diff(r) ** 2 - sqrt(r),
    "second": g.diff(r, 2) - r * b.diff(r, 2) * u.diff(r),
    "unevaluated": (r**2 * g * u).diff(r, 3) + b.diff(r, evaluate=False),
    "coupling": V(u) - r * V(b + g),
    "slopes of a coupling": V(u).diff(u) * g + V(u**2).diff(r, 2) - V(u).diff(u, 3) / b,
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("printed", PRINTED)
def test_values_agree(name: str, printed: str) -> None:
    chart, rules, by_hand, there = CHARTS[name]
    paper = theory().in_coordinates(chart, rules)
    z_of_r = {"inverse": 1 / r, "logarithm": exp(-r), "mixed": sqrt(r), "chained": 2 * r, "slope": 1 / r}[name]
    ours = by_hand(lambda e: e.subs(EXPLICIT).doit().subs(z, z_of_r))
    at = {k: Rational(5, 3), beta: POINT[beta]}
    expected = value(PRINTED[printed], dict(zip((g, b, u), ours, strict=True)), {**at, r: there.subs(POINT)})
    carried = paper.published("it", PRINTED[printed]).expression
    assert not carried.has(r, g, b, u)
    found = value(carried, EXPLICIT, {**at, z: POINT[z]})
    assert abs(found - expected) < abs(expected) * Rational(1, 10**30)


def test_two_coordinates() -> None:
    """v = t + z, w = z: the derivative along z at fixed t is that along v plus that along w."""
    F = profiles("F", (t, z))
    metric = (-F * d(t) ** 2 + d(z) ** 2 / F + d(x) ** 2) / z**2
    both = Theory(name="both", metric=metric, lagrangian=R + 2, radial=z)
    G = profiles("G", (v, w))
    for chart in ({t: v - w, z: w}, {v: t + z, w: z}):
        paper = both.in_coordinates(chart, {F: G})
        assert paper.published(f"v of {len(chart)}{chart}", G.diff(v)).expression == F.diff(t)
        assert paper.published(f"w of {len(chart)}{chart}", G.diff(w)).expression == F.diff(z) - F.diff(t)
        mixed = paper.published(f"vw of {len(chart)}{chart}", v * G.diff(v, w)).expression
        assert (mixed - (t + z) * (F.diff(t, z) - F.diff(t, 2))).expand() == 0


def test_eddington_time_is_one_new_coordinate() -> None:
    """{t: v - z} keeps z; at fixed v the derivative along z is d_z - d_t. Its inverse {v: t + z} cannot be told."""
    F = profiles("F", (t, z))
    metric = (-F * d(t) ** 2 + d(z) ** 2 / F + d(x) ** 2) / z**2
    both = Theory(name="both", metric=metric, lagrangian=R + 2, radial=z)
    G = profiles("G", (v, z))
    paper = both.in_coordinates(
        {t: v - z}, {F: G}, metric=(-G * d(v) ** 2 + 2 * G * d(v) * d(z) - (G - 1 / G) * d(z) ** 2 + d(x) ** 2) / z**2
    )
    assert paper.published("z", G.diff(z)).expression == F.diff(z) - F.diff(t)
    with pytest.raises(ModelError, match="what it replaces cannot be told"):
        both.in_coordinates({v: t + z}, {F: G})


def test_unsaid_is_unchanged() -> None:
    """A profile without a rule keeps its name; parameters and couplings too."""
    paper = theory().in_coordinates({z: 1 / r})
    f_r, h_r, p_r = profiles("f h phi", r)
    assert paper.words.profiles == (f_r, h_r, p_r)
    assert paper.published("it", f_r * h_r - beta * V(p_r)).expression == f * h - beta * V(p)


def test_fields_may_stand_for_their_profiles() -> None:
    paper = theory().rescaled(phi=2 * phi, V=4 * V(phi))
    assert paper.published("it", V(phi) * f - phi).expression == V(phi) * f / 4 - phi / 2
    assert paper.published("slope", V(phi).diff(phi) * f).expression == V(phi).diff(phi) * f / 2
    assert paper.published("on shell", V(p).diff(p) * f).expression == V(p).diff(p) * f / 2


def test_axions_rescale_their_parameter() -> None:
    one = theory()
    psi_x, psi_y = (s for s in one.scalars if s.name.startswith("psi"))
    paper = one.rescaled(psi_x=3 * psi_x, psi_y=3 * psi_y)
    assert paper.published("it", f - beta**2).expression == f - beta**2 / 9
    with pytest.raises(ModelError, match="makes beta = 3\\*beta, and another rule 2\\*beta"):
        one.rescaled(psi_x=3 * psi_x, beta=2 * beta)


def test_parameters_in_rules() -> None:
    """Rules may hold parameters of the theory, rescaled or not."""
    paper = theory().in_coordinates({z: k / r}, {f: k * g})
    assert paper.published("it", r + g).expression == k / z + f / k
    assert theory().rescaled(beta=k**2 * beta).published("it", f - beta).expression == f - beta / k**2
    assert theory().rescaled({k: beta**2}).published("it", f - k).expression == f - beta**2


def test_known_functions_are_left_alone() -> None:
    paper = theory().in_coordinates({z: 1 / r}, {f: g})
    carried = paper.published("it", log(g) * cosh(1 / r) + S.Pi).expression
    assert carried == log(f) * cosh(z) + S.Pi
    with pytest.raises(ModelError, match="is not declared"):
        paper.published("unknown", Function("q")(r) * g)


def test_names_of_every_kind() -> None:
    """By name: profiles, parameters and coordinates as well as fields and couplings."""
    paper = theory().rescaled(f=2 * f, beta=3 * beta, z=4 * z)
    assert paper.published("it", f.diff(z) - beta * z).expression == 2 * f.diff(z) - beta * z / 12


def test_decimals_are_exact() -> None:
    paper = theory().rescaled(phi=0.5 * phi, V=0.25 * V(phi))
    assert paper.published("it", V(p).diff(p) * f).expression == 2 * V(p).diff(p) * f


def test_couplings_of_invariants() -> None:
    """P(X, phi) goes through a change of coordinates, and is refused with a field that X is made of rescaled."""
    P, X = couplings("P"), square(d(phi))
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2) / z**2
    one = Theory(name="m", metric=metric, lagrangian=R + P(X, phi), radial=z)
    paper = one.in_coordinates({z: 1 / r}, {f: g, p: u})
    made = paper.known_solution("s", {g: 1, u: r}, {P(X, phi): X * phi})
    assert made.couplings == {P(X, phi): X * phi}
    with pytest.raises(ModelError, match="its arguments are not fields"):
        one.rescaled(phi=2 * phi).known_solution("s", {f: 1, p: z}, {P(X, phi): X * phi})


def test_a_coupling_of_two_fields() -> None:
    """The order of arguments is that of each side's own coupling."""
    a = profiles("a", z)
    chi = scalar("chi", a)
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2) / z**2
    action = R - square(d(phi)) - square(d(chi)) - V(phi, chi)
    one = Theory(name="m", metric=metric, lagrangian=action, radial=z)
    U = couplings("U")
    paper = one.rescaled(phi=2 * phi, V=3 * U(chi, phi))
    forms = {f: 1, p: 0, a: 0}
    made = paper.known_solution("s", forms, {U(chi, phi): chi**3 + phi})
    assert made.couplings == {V(phi, chi): 3 * chi**3 + 3 * phi / 2}
    slope = U(chi, phi).diff(phi).subs({phi: p, chi: a})
    assert paper.published("it", slope).expression == 2 * V(phi, chi).diff(phi).subs({phi: p, chi: a}) / 3


def test_a_metric_on_a_chart_of_a_chart() -> None:
    """The line element is compared with that of the theory, through both."""
    once = theory().in_coordinates({z: 1 / r}, {f: g / r**2, h: b, p: u})
    s = coordinates("s")
    G, b_s = profiles("G b", s)
    line = -G * d(t) ** 2 + exp(2 * s) * d(s) ** 2 / G + exp(2 * s) * b_s * (d(x) ** 2 + d(y) ** 2)
    assert once.in_coordinates({r: exp(s)}, {g: G}, metric=line).words.name == "m in r in s"
    with pytest.raises(ModelError, match=r"the coefficient of dz\*dz is"):
        once.in_coordinates({r: exp(s)}, {g: G}, metric=line + d(s) ** 2)
