"""DC transport against the exact formulas of the literature, all symbolic."""

import pytest
from gallery_models import load
from sympy import Rational, exp, pi, sqrt
from transport_theories import at_horizon, axion_brane, dilaton_brane, found, same, solution

from holosym.observe.transport import dc_transport, transport_notes


def test_linear_axion():
    """sigma = 1 + mu^2/beta^2, alpha = 4 pi rho/beta^2, kappabar = 4 pi s T/beta^2 (Donos and Gauntlett 2014)."""
    theory = load("linear_axion")
    closed, _ = solution(theory)
    values = {name: at_horizon(theory, value, closed) for name, value in found(theory).items()}
    beta, mu = (next(s for v in values.values() for s in v.free_symbols if s.name == n) for n in ("beta", "mu"))
    s, T = 4 * pi, (12 - 2 * beta**2 - mu**2) / (16 * pi)
    assert set(values) == {"sigma_xx", "alpha_xx", "kappa_xx"}
    assert same(values["sigma_xx"], 1 + mu**2 / beta**2)
    assert same(values["alpha_xx"], 4 * pi * mu / beta**2)
    assert same(values["kappa_xx"], 4 * pi * s * T / beta**2)


def test_gubser_rocha():
    """sigma = sqrt(1+Q) (1 + mu^2/beta^2), rho = mu (1+Q) (Gubser and Rocha with axions)."""
    theory = load("gubser_rocha")
    closed, _ = solution(theory)
    Z = next(v for k, v in theory.couplings.items() if k.func.base == "Z")
    phi = theory.scalars[0]
    profile = next(p for p in theory.profiles if p.func.name == "phi")
    values = {}
    for name, value in found(theory).items():
        put = value.replace(lambda e: getattr(e.func, "base", "") == "Z", lambda e: Z.subs(phi, profile))
        values[name] = at_horizon(theory, put, closed)
    free = {s.name: s for v in values.values() for s in v.free_symbols}
    beta, Q = free["beta"], free["Q"]
    mu = sqrt(3 * Q * (1 + Q) * (1 - beta**2 / (2 * (1 + Q) ** 2)))
    s, T = 4 * pi * (1 + Q) ** Rational(3, 2), (6 * (1 + Q) ** 2 - beta**2) / (8 * pi * (1 + Q) ** Rational(3, 2))
    assert same(values["sigma_xx"], sqrt(1 + Q) * (1 + mu**2 / beta**2))
    assert same(values["alpha_xx"], 4 * pi * mu * (1 + Q) / beta**2)
    assert same(values["kappa_xx"], 4 * pi * s * T / beta**2)


@pytest.mark.parametrize("dimension", [3, 4, 5])
def test_linear_axions_in_any_dimension(dimension):
    """sigma = r0^(d-3) (1 + (d-2)^2 mu^2/beta^2), boundary at r = oo (Andrade and Withers 2013)."""
    theory, closed, (beta, mu, r_0) = axion_brane(dimension)
    system = theory.equations()
    for residual in system.residuals.values():
        assert same(residual.subs(closed).doit(), 0)
    values = {name: at_horizon(theory, value, closed) for name, value in found(theory).items()}
    d = dimension
    rho, s = (d - 2) * mu * r_0 ** (d - 2), 4 * pi * r_0 ** (d - 1)
    T = at_horizon(theory, next(v for p, v in closed.items() if p.func.name == "f").diff(theory.radial)) / (4 * pi)
    name = "x1_x1"
    assert same(values[f"sigma_{name}"], r_0 ** (d - 3) * (1 + (d - 2) ** 2 * mu**2 / beta**2))
    assert same(values[f"alpha_{name}"], 4 * pi * rho / beta**2)
    assert same(values[f"kappa_{name}"], 4 * pi * s * T / beta**2)
    assert {q.name: q.dimension for q in dc_transport(system)} == {
        f"sigma_{name}": d - 3,
        f"alpha_{name}": d - 3,
        f"kappa_{name}": d - 2,
    }


def test_donos_gauntlett():
    """sigma = Z + rho^2/(k^2 Phi e^(2V)), alpha = 4 pi rho/(k^2 Phi), kappabar = 4 pi s T/(k^2 Phi)."""
    theory, w = dilaton_brane(magnetic=False)
    values = found(theory)
    area = exp(2 * w["W"])
    rho = area * w["Z"] * w["a"].diff(w["r"])
    relaxation = w["k"] ** 2 * w["Phi"]
    assert same(values["sigma_xx"], w["Z"] + rho**2 / (relaxation * area))
    assert same(values["alpha_xx"], 4 * pi * rho / relaxation)
    assert same(values["kappa_xx"], 4 * pi * area * w["U"].diff(w["r"]) / relaxation)


def test_hall_matrix():
    """Blake and Donos 2015, equations (12) and (13); alpha by the same elimination, Blake, Donos and Lohitsiri 2015."""
    theory, w = dilaton_brane()
    values = found(theory)
    area, Z, B = exp(2 * w["W"]), w["Z"], w["B"]
    rho = area * Z * w["a"].diff(w["r"])
    damping = area * w["k"] ** 2 * w["Phi"]
    over = B**2 * rho**2 + (B**2 * Z + damping) ** 2
    s, sT = 4 * pi * area, area * w["U"].diff(w["r"])
    assert same(values["sigma_xx"], damping * (rho**2 + B**2 * Z**2 + Z * damping) / over)
    assert same(values["sigma_xy"], B * rho * (rho**2 + Z * (B**2 * Z + 2 * damping)) / over)
    assert same(values["alpha_xx"], s * rho * damping / over)
    assert same(values["alpha_xy"], s * B * (rho**2 + Z * damping + B**2 * Z**2) / over)
    assert same(values["kappa_xx"], s * sT * (B**2 * Z + damping) / over)
    assert same(values["kappa_xy"], s * sT * B * rho / over)
    assert set(values) == {f"{kind}_{where}" for kind in ("sigma", "alpha", "kappa") for where in ("xx", "xy")}


def test_hall_without_relaxation():
    """By Lorentz invariance sigma_xy = rho/B, alpha_xy = s/B, sigma_xx = alpha_xx = 0; Hartnoll and Kovtun 2007."""
    theory, w = dilaton_brane(relaxed=False)
    values = found(theory)
    area = exp(2 * w["W"])
    rho = area * w["Z"] * w["a"].diff(w["r"])
    assert same(values["sigma_xy"], rho / w["B"])
    assert same(values["alpha_xy"], 4 * pi * area / w["B"])
    assert not {"sigma_xx", "alpha_xx"} & set(values)
    assert transport_notes(theory.equations()) == ()


def test_quantities_are_in_the_ring_of_the_equations():
    system = load("linear_axion").equations()
    for one in dc_transport(system):
        assert one.numerator.ring is one.denominator.ring is system.ring
        assert one.where == "horizon"
