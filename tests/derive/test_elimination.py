"""From field equations to equations solved for the highest derivatives, constraints, and refusals."""

import pytest
import sympy
from sympy import Rational, exp, symbols

from holosym import R, System, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.errors import InconsistentAnsatzError, ModelError


def einstein_scalar(size, gauge, name="einstein_scalar", potential=None):
    """L = R - (d phi)^2/2 - V on ds2 = z^-2 [-f e^-chi dt2 + dz2/f + h dx2] in boundary dimension `size`.

    Args:
        size: the dimension of the boundary.
        gauge: `areal` for h = 1, `f, h` for chi = 0, `bare` for h = 1 and chi = 0.
        name: the theory's name.
        potential: a closed form of V(phi), or None.
    """
    t, *xs, z = coordinates("t " + " ".join(f"x_{i}" for i in range(1, size)) + " z")
    f, chi, h, p = profiles("f chi h phi", z)
    phi = scalar("phi", p)
    V = couplings("V")
    lapse = exp(-chi) if gauge == "areal" else 1
    width = h if gauge == "f, h" else 1
    return Theory(
        name=name,
        metric=(-f * lapse * d(t) ** 2 + d(z) ** 2 / f + width * sum(d(x) ** 2 for x in xs)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings={} if potential is None else {V(phi): potential(phi)},
        radial=z,
    ), dict(zip(("z", "f", "chi", "h", "phi", "V"), (z, f, chi, h, p, V), strict=True))


def roles(system):
    return {e.name: e.role for e in system.equations}


@pytest.mark.parametrize("size", [3, 4, 5])
def test_areal_gauge(size):
    """First-order equations for f and chi, and Klein-Gordon's: exactly those of the literature."""
    theory, names = einstein_scalar(size, "areal")
    z, f, chi, p, V = (names[k] for k in ("z", "f", "chi", "phi", "V"))
    system = theory.equations()
    assert roles(system) == {"chi": "dynamical", "f": "dynamical", "phi": "dynamical"}
    assert system.free == ()
    found = system.dynamical
    assert set(found) == {chi.diff(z), f.diff(z), p.diff(z, 2)}
    slope = p.diff(z)
    f_slope = (size * f + V(p) / (size - 1) + z**2 * f * slope**2 / (2 * (size - 1))) / z
    chi_slope = z * slope**2 / (size - 1)
    second = (V(p).diff(p) - (z * f_slope - (size - 1) * f - z * f * chi_slope / 2) * z * slope) / (z**2 * f)
    assert sympy.expand(found[chi.diff(z)] - chi_slope) == 0
    assert sympy.expand(found[f.diff(z)] - f_slope) == 0
    assert sympy.expand(found[p.diff(z, 2)] - second) == 0
    assert set(system.solved.implied) == set(system.field_equations) - {e.origin for e in system.equations}


def test_gauge_without_chi():
    """With f and h: second-order equations, and the first-order zz equation as a constraint on initial data."""
    theory, names = einstein_scalar(3, "f, h")
    z, f, h, p = (names[k] for k in ("z", "f", "h", "phi"))
    system = theory.equations()
    assert roles(system) == {
        "f": "dynamical",
        "h": "dynamical",
        "phi": "dynamical",
        "constraint_einstein_zz": "constraint",
    }
    assert set(system.dynamical) == {f.diff(z, 2), h.diff(z, 2), p.diff(z, 2)}
    (constraint,) = system.constraints.values()
    assert not constraint.has(f.diff(z, 2), h.diff(z, 2), p.diff(z, 2))
    # the null-energy combination: h''/h - (h'/h)^2/2 + phi'^2/2, without f or V
    h_second = system.dynamical[h.diff(z, 2)]
    left = h_second / h - (h.diff(z) / h) ** 2 / 2 + p.diff(z) ** 2 / 2
    assert left.subs(constraint_solved(constraint, names)).expand() == 0


def constraint_solved(constraint, names):
    """The constraint solved for V."""
    V, p = names["V"], names["phi"]
    (value,) = sympy.solve(constraint, V(p))
    return {V(p): value}


def test_the_constraint_is_preserved():
    """D(constraint) vanishes modulo the equations: Noether's identity of the lapse."""
    theory, names = einstein_scalar(3, "f, h")
    system = theory.equations()
    (row,) = system.solved.constraints
    slope = system.rules.D(row.element, names["z"])
    assert not system.ring.is_zero(slope)
    assert system.vanishes(slope)
    assert system.vanishes(row.element)
    assert not system.vanishes(row.element + 1)


def test_every_field_equation_vanishes_modulo_the_result(model):
    """Nothing was lost, and nothing was invented: originals reduce to zero, a shifted one does not."""
    system = model.equations()
    for label, element in system.field_equations.items():
        assert system.vanishes(element), label
        assert not system.vanishes(element + 1), label


def test_residuals_are_free_of_denominators(model):
    """Finite at the boundary and at the horizon: no negative power of a coordinate, of f or of anything."""
    for name, residual in model.equations().residuals.items():
        negative = [
            power
            for power in residual.atoms(sympy.Pow)
            if power.exp.is_number and power.exp.is_negative and power.base.free_symbols
        ]
        assert negative == [], name


def test_residuals_are_the_rules(model):
    """The residual of a dynamical equation, solved for its leading derivative and reduced, is the rule."""
    system = model.equations()
    for equation in system.equations:
        if equation.leading is not None:
            assert system.vanishes(equation.residual), equation.name
            lead = system.ring.generator(equation.leading)
            assert not system.ring.is_zero(lead - equation.right)
            assert system.vanishes(lead - equation.right), equation.name


# ---- restrictions and contradictions ------------------------------------------------------------------------------


def test_isotropic_states_are_divided_by_nowhere():
    """h' is zero where h = 1: chi' and f' are divided by 6 h - z h', and no constraint is left."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, h = profiles("f chi h", z)
    metric = (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + h * d(x) ** 2 + d(y) ** 2 + d(w) ** 2) / z**2
    system = Theory("anisotropic", metric=metric, lagrangian=R + 12, radial=z).equations()
    assert [e.role for e in system.equations] == ["dynamical"] * 3
    for left, right in system.dynamical.items():
        assert sympy.denom(sympy.together(right)).subs({h: 1}).doit() != 0, left


def test_a_restricted_profile_is_reported():
    """h = 1 without chi forces phi' = 0: not refused, and what is restricted is told."""
    theory, names = einstein_scalar(3, "bare", potential=lambda phi: -6)
    p, z = names["phi"], names["z"]
    system = theory.equations()
    theory.published("no running", p.diff(z))
    told = {*system.constraints.values(), *(left - right for left, right in system.dynamical.items())}
    assert any(e.subs(p.diff(z, 2), 0) in (p.diff(z), p.diff(z) ** 2) for e in told)
    from holosym.verify import verify

    assert all(check.passed for check in verify(theory))


def axions(along_y):
    t, x, y, z = coordinates("t x y z")
    f, h = profiles("f h", z)
    beta = parameters("beta", positive=True)
    fields = [scalar("psi_x", beta * x)] + ([scalar("psi_y", beta * y)] if along_y else [])
    return Theory(
        name="axions",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R + 6 - sum(square(d(one)) for one in fields) / 2,
        radial=z,
    )


def test_a_contradiction_names_the_equation():
    """One axion along x alone in an isotropic metric: the xx and yy equations differ by beta^2."""
    with pytest.raises(InconsistentAnsatzError) as caught:
        axions(along_y=False).equations()
    message = str(caught.value)
    assert "einstein_yy" in message or "einstein_xx" in message
    assert "beta" in message
    assert caught.value.file is not None
    assert caught.value.file.endswith("test_elimination.py")
    assert caught.value.line
    assert caught.value.mend


def test_without_the_contradiction():
    assert axions(along_y=True).equations().free == ()


def test_a_parameter_that_may_vanish_is_no_contradiction():
    """beta real, not positive: beta = 0 solves the leftover, so the ansatz is restricted and not refused."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    beta = parameters("beta", real=True)
    theory = Theory(
        name="maybe",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(scalar("psi", beta * x))) / 2,
        radial=z,
    )
    system = theory.equations()
    assert any(e.has(beta) and not e.has(f) for e in system.constraints.values())


def test_a_cosmological_constant_of_the_wrong_sign_is_no_contradiction():
    """Flat directions with de Sitter: f = 1 - H^2 .. exists; no equation is without f."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    theory = Theory(
        name="de_sitter",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R - 6,
        radial=z,
    )
    assert roles(theory.equations()) == {"f": "dynamical"}


def test_a_frozen_scalar_off_its_extremum_is_a_contradiction():
    """phi = 0 with V = phi - 6: Klein-Gordon's equation leaves V' = 1."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    phi = scalar("phi", 0)
    theory = Theory(
        name="frozen",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R - square(d(phi)) / 2 + 6 - phi,
        radial=z,
    )
    with pytest.raises(InconsistentAnsatzError, match="scalar_phi"):
        theory.equations()


@pytest.mark.parametrize("slope", [1, 0])
def test_closed_couplings_decide_a_contradiction(slope):
    """The same with a closed form: V'(0) = 1 contradicts, V'(0) = 0 does not; an unknown V may obey V'(0) = 0."""
    t, x, y, z = coordinates("t x y z")
    f = profiles("f", z)
    phi = scalar("phi", 0)
    V = couplings("V")

    def theory(forms):
        return Theory(
            name="frozen",
            metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
            lagrangian=R - square(d(phi)) / 2 - V(phi),
            couplings=forms,
            radial=z,
        )

    closed = theory({V(phi): -6 + slope * phi - phi**2})
    if slope:
        with pytest.raises(InconsistentAnsatzError, match="scalar_phi"):
            closed.equations()
    else:
        closed.equations()
    theory({}).equations()


def test_pure_gauge():
    """A_z(z) dz is pure gauge: no equation holds it."""
    t, x, y, z = coordinates("t x y z")
    f, a, b = profiles("f a_t a_z", z)
    A = gauge_field("A", a * d(t) + b * d(z))
    theory = Theory(
        name="pure_gauge",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4,
        radial=z,
    )
    with pytest.raises(ModelError, match="no dynamics") as caught:
        theory.equations()
    assert "a_z" in str(caught.value)
    assert caught.value.mend


def test_a_gauge_freedom_left_in_the_ansatz_is_named():
    """ds2 = a(-dt2 + dx2 ..) + b dz2 with both free: the choice of z is left over."""
    t, x, y, z = coordinates("t x y z")
    a, b = profiles("a b", z)
    theory = Theory(
        name="free",
        metric=a * (-(d(t) ** 2) + d(x) ** 2 + d(y) ** 2) + b * d(z) ** 2,
        lagrangian=R + 6,
        radial=z,
    )
    assert len(theory.equations().free) == 1


def test_a_constant_coupling():
    """V = -20: the closed form has no derivative; f' = 4 f/z + V/(3 z) with V the coupling, -20 where it is closed."""
    theory, names = einstein_scalar(4, "areal", potential=lambda phi: -20)
    z, f, p = names["z"], names["f"], names["phi"]
    theory.known_solution("brane", {f: Rational(5, 3) * (1 - z**4), names["chi"]: 0, p: 0})
    theory.published("f", z * f.diff(z) - 4 * f + Rational(20, 3) - z**2 * f * p.diff(z) ** 2 / 6)
    theory.published(
        "phi",
        z**2 * f * p.diff(z, 2) + (z * f.diff(z) - 3 * f - z * f * names["chi"].diff(z) / 2) * z * p.diff(z),
    )
    from holosym.verify import verify

    checks = verify(theory)
    assert all(check.passed and check.method == "exact" for check in checks)


@pytest.mark.xfail(strict=True, reason="w'' = 0 stays a rule beside w' = 0")
def test_one_rule_for_an_unknown():
    """F_zt without A_x forces w' = 0 of the shift w: that one equation, and none for w'' beside it."""
    t, x, y, z = coordinates("t x y z")
    f, w, a = profiles("f w a", z)
    A = gauge_field("A", a * d(t))
    theory = Theory(
        name="shifted",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + (d(x) + w * d(t)) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4,
        radial=z,
    )
    system = theory.equations()
    assert roles(system) == {"a": "dynamical", "f": "dynamical", "w": "dynamical"}
    assert system.dynamical[w.diff(z)] == 0


# ---- plain systems ------------------------------------------------------------------------------------------------


def oscillator(**change):
    t = coordinates("t")
    x = profiles("x", t)
    delta, omega = parameters("delta omega", positive=True)
    V = couplings("V")
    given = {"motion": x.diff(t, 2) + 2 * delta * x.diff(t) + omega**2 * V(x)}
    return System(name="oscillator", variable=t, equations={**given, **change}), t, x, delta, omega, V


def test_a_plain_system():
    system, t, x, delta, omega, V = oscillator()
    found = system.equations()
    assert found.dynamical == {x.diff(t, 2): -2 * delta * x.diff(t) - omega**2 * V(x)}
    assert found.proof.statements == ()


def test_a_system_of_first_order():
    """A Lotka-Volterra pair, and an algebraic relation kept as it is."""
    t = coordinates("t")
    x, y, e = profiles("x y e", t)
    a, b = parameters("a b", positive=True)
    system = System(
        name="pair",
        variable=t,
        equations={"x": x.diff(t) - a * x + b * x * y, "y": y.diff(t) + y - x * y, "e": e - x - y},
    )
    found = system.equations()
    assert found.dynamical[x.diff(t)] == a * x - b * x * y
    assert found.dynamical[y.diff(t)] == x * y - y
    assert found.dynamical[e] == x + y
    assert set(found.residuals) == {"e", "x", "y"}


def test_a_system_that_contradicts_itself():
    t = coordinates("t")
    x = profiles("x", t)
    system = System(name="wrong", variable=t, equations={"one": x.diff(t) - 1, "two": x.diff(t) - 2})
    with pytest.raises(InconsistentAnsatzError, match="left over"):
        system.equations()


def test_repeated_equations_are_implied():
    t = coordinates("t")
    x = profiles("x", t)
    system = System(
        name="twice",
        variable=t,
        equations={"one": x.diff(t) - x, "two": 2 * x.diff(t) - 2 * x, "three": x.diff(t, 2) - x},
    ).equations()
    assert len(system.equations) == 1
    assert len(system.solved.implied) == 2


def test_symbols_stay_the_users():
    """What is read from a result can be used with what was declared."""
    theory, names = einstein_scalar(3, "areal")
    system = theory.equations()
    declared = {names["z"]}
    for expression in (*system.dynamical.values(), *system.residuals.values()):
        assert expression.free_symbols <= declared
    assert symbols("z") not in declared
