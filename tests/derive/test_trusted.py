"""Thirty-digit trusted values of every equation of the gallery.

Every symbol, profile, derivative and coupling has a value seeded by its own name, so that a new symbol never shifts
the value of an equation it does not stand in. After a change of the equations that is meant:

    pytest tests/derive/test_trusted.py --update-trusted

rewrites tests/derive/trusted/*.json; read the difference before it is committed. The values themselves are checked
below against equations written by hand.
"""

import json
from pathlib import Path

import mpmath
import pytest
from component_formulas import DIGITS, Numbers, close, value_of

from holosym import R, Theory, coordinates, d, profiles, scalar, square

TRUSTED = Path(__file__).parent / "trusted"
KEPT = 30


def values(system):
    """Name to value: residuals, right-hand sides, and every field equation before elimination."""
    numbers = Numbers()
    found = {f"residual {name}": numbers(e) for name, e in system.residuals.items()}
    found |= {f"right-hand side of {left}": numbers(right) for left, right in system.dynamical.items() if right != 0}
    found |= {f"field equation {k}": numbers(system.write(e)) for k, e in system.field_equations.items()}
    return found


def test_trusted_values(model, request):
    file = TRUSTED / f"{model.name}.json"
    with mpmath.workdps(DIGITS):
        found = values(model.equations())
        if request.config.getoption("--update-trusted"):
            file.parent.mkdir(exist_ok=True)
            text = {name: mpmath.nstr(value, KEPT, strip_zeros=False) for name, value in sorted(found.items())}
            file.write_text(json.dumps(text, indent=2) + "\n")
        trusted = json.loads(file.read_text())
        mend = "if the change is meant: pytest tests/derive/test_trusted.py --update-trusted"
        assert sorted(found) == sorted(trusted), mend
        wrong = {n: v for n, v in found.items() if not close(v, mpmath.mpf(trusted[n]), abs(v), KEPT - 1)}
        assert not wrong, mend


def test_no_trusted_value_of_a_model_that_is_gone(gallery_names):
    assert {file.stem for file in TRUSTED.glob("*.json")} == set(gallery_names)


def test_trusted_values_are_no_zeros():
    """A value that vanishes would be trusted of any multiple of the equation."""
    for file in TRUSTED.glob("*.json"):
        for name, text in json.loads(file.read_text()).items():
            assert abs(mpmath.mpf(text)) > mpmath.mpf(10) ** -6, f"{file.stem}: {name}"
            assert len(text.replace("-", "").replace(".", "").lstrip("0").split("e")[0]) == KEPT


def test_a_changed_coefficient_is_seen(gallery):
    """One part in 10^20 of one equation."""
    trusted = json.loads((TRUSTED / "gubser_rocha.json").read_text())
    system = gallery("gubser_rocha").equations()
    with mpmath.workdps(DIGITS):
        right = Numbers()(system.residuals["phi"])
        expected = mpmath.mpf(trusted["residual phi"])
        assert close(right, expected, abs(right), KEPT - 1)
        assert not close(right * (1 + mpmath.mpf(10) ** -20), expected, abs(right), KEPT - 1)


def test_values_depend_on_names_alone():
    """A theory with one field more: the equations that it does not enter keep their values."""

    def einstein_maxwell(extra):
        t, x, y, z = coordinates("t x y z")
        f, p, q = profiles("f phi chi", z)
        phi, chi = scalar("phi", p), scalar("chi", q)
        more = -square(d(chi)) / 2 if extra else 0
        return Theory(
            name="more" if extra else "less",
            metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
            lagrangian=R + 6 - square(d(phi)) / 2 + more,
            radial=z,
        )

    with mpmath.workdps(DIGITS):
        few, many = (values(einstein_maxwell(extra).equations()) for extra in (False, True))
        assert few["field equation scalar_phi"] == many["field equation scalar_phi"]
        assert few["field equation einstein_tt"] != many["field equation einstein_tt"]
        # and the values are the same on every machine
        assert mpmath.nstr(value_of("f(z)"), KEPT) == F_OF_Z
        assert mpmath.nstr(value_of("f(z) zz"), KEPT) == F_OF_Z_ZZ


F_OF_Z = "0.759832022679832458421200455199"
F_OF_Z_ZZ = "0.730506781363490094135185447035"


# ---- the values against equations written by hand -----------------------------------------------------------------


def hand(*names):
    return [value_of(name) for name in names]


def by_hand_schwarzschild_ads4():
    z, f, f1 = hand("z", "f(z)", "f(z) z")
    return {"f": z * f1 - 3 * f + 3}


def by_hand_schwarzschild_ads5():
    z, f, f1 = hand("z", "f(z)", "f(z) z")
    return {"f": z * f1 - 4 * f + 4}


def by_hand_btz():
    z, f, f1 = hand("z", "f(z)", "f(z) z")
    return {"f": z * f1 - 2 * f + 2}


def by_hand_rn_ads4():
    z, f, f1, a1, a2 = hand("z", "f(z)", "f(z) z", "A_t(z) z", "A_t(z) zz")
    return {"f": 4 * (z * f1 - 3 * f + 3) - z**4 * a1**2, "A_t": a2}


def by_hand_rn_ads5():
    z, f, f1, a1, a2 = hand("z", "f(z)", "f(z) z", "A_t(z) z", "A_t(z) zz")
    return {"f": 6 * (z * f1 - 4 * f + 4) - z**4 * a1**2, "A_t": z * a2 - a1}


def by_hand_linear_axion():
    """Andrade and Withers 2013."""
    z, f, f1, a1, a2, beta = hand("z", "f(z)", "f(z) z", "A_t(z) z", "A_t(z) zz", "beta")
    return {"f": 4 * (z * f1 - 3 * f + 3) - 2 * beta**2 * z**2 - z**4 * a1**2, "A_t": a2}


def by_hand_linear_axion_ads5():
    """Andrade and Withers 2013 for d = 4."""
    z, f, f1, a1, a2, beta = hand("z", "f(z)", "f(z) z", "A_t(z) z", "A_t(z) zz", "beta")
    return {"f": 6 * (z * f1 - 4 * f + 4) - 3 * beta**2 * z**2 - z**4 * a1**2, "A_t": z * a2 - a1}


def by_hand_dyonic_axion():
    """The axions' equation with the magnetic field beside the electric one."""
    z, f, f1, a1, a2, beta, B = hand("z", "f(z)", "f(z) z", "A_t(z) z", "A_t(z) zz", "beta", "B")
    return {"f": 4 * (z * f1 - 3 * f + 3) - 2 * beta**2 * z**2 - z**4 * (a1**2 + B**2), "A_t": a2}


def by_hand_gubser_nellore():
    """The areal gauge; the potential stands for itself, closed or not."""
    return areal_ads5(*hand("V(phi(z))", "V'(phi(z))"))


def by_hand_einstein_scalar_ads5():
    """The areal gauge with an unknown potential."""
    return areal_ads5(*hand("V(phi(z))", "V'(phi(z))"))


def areal_ads5(V, V1):
    """The areal gauge for boundary dimension 4, as in the docstring of the models."""
    z, f, f1, chi1 = hand("z", "f(z)", "f(z) z", "chi(z) z")
    p1, p2 = hand("phi(z) z", "phi(z) zz")
    return {
        "chi": 3 * (chi1 - z * p1**2 / 3),
        "f": 6 * (z * f1 - 4 * f - V / 3 - z**2 * f * p1**2 / 6),
        "phi": 2 * (z**2 * f * p2 + (z * f1 - 3 * f - z * f * chi1 / 2) * z * p1 - V1),
    }


def by_hand_holographic_superconductor():
    """Hartnoll, Herzog and Horowitz 2008, from r = 1/z and g = f/z^2: d_r = -z^2 d_z."""
    z, f, f1, chi, chi1, q = hand("z", "f(z)", "f(z) z", "chi(z)", "chi(z) z", "q")
    A, A1, A2 = hand("A_t(z)", "A_t(z) z", "A_t(z) zz")
    psi, psi1, psi2 = hand("psi(z)", "psi(z) z", "psi(z) zz")
    r, g, e = 1 / z, f / z**2, mpmath.exp(chi)
    g_r = -(z**2) * (f1 / z**2 - 2 * f / z**3)
    chi_r, A_r, psi_r = -(z**2) * chi1, -(z**2) * A1, -(z**2) * psi1
    A_rr, psi_rr = z**4 * A2 + 2 * z**3 * A1, z**4 * psi2 + 2 * z**3 * psi1
    scalar = psi_rr + (g_r / g - chi_r / 2 + 2 / r) * psi_r + q**2 * A**2 * e / g**2 * psi + 2 * psi / g
    maxwell = A_rr + (chi_r / 2 + 2 / r) * A_r - 2 * q**2 * psi**2 / g * A
    einstein_chi = chi_r + r * psi_r**2 + r * q**2 * A**2 * psi**2 * e / g**2
    einstein_g = g_r + (1 / r - chi_r / 2) * g + r * A_r**2 * e / 4 - 3 * r - r * psi**2
    return {
        "chi": -(f**2) * einstein_chi / z**2,
        # the equation for g with chi' put in from the one for chi
        "f": -4 * z * f * (einstein_g + g * einstein_chi / 2),
        "A_t": 2 * f / z**2 * maxwell,
        "psi": 2 * f**2 / z**2 * scalar,
    }


def by_hand_damped_oscillator():
    x1, x2, V, delta, omega = hand("x(t) t", "x(t) tt", "V(x(t))", "delta", "omega0")
    return {"x": x2 + 2 * delta * x1 + omega**2 * V}


BY_HAND = {name.removeprefix("by_hand_"): value for name, value in globals().items() if name.startswith("by_hand_")}


@pytest.mark.parametrize("name", BY_HAND)
def test_trusted_values_by_hand(name):
    trusted = json.loads((TRUSTED / f"{name}.json").read_text())
    with mpmath.workdps(DIGITS):
        for equation, value in BY_HAND[name]().items():
            assert close(value, mpmath.mpf(trusted[f"residual {equation}"]), 0, KEPT - 1), equation
