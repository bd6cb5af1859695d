"""Metrics and actions whose surfaces do not lie on a constant-time slice: refused with a reason, a place and a mend."""

import pytest
from boundary_families import einstein_scalar
from on_solutions import theory_of
from sympy import exp, log, sin

from holosym import R, System, Theory, coordinates, d, parameters, profiles, scalar, square
from holosym.codegen.observables import observables
from holosym.derive import equation_system
from holosym.errors import ExpansionError, ModelError
from holosym.expand.boundary import boundary_series
from holosym.observe.surfaces import surfaces

t, x, y, w, z = coordinates("t x y w z")
f, h, p = profiles("f h phi", z)
k = parameters("k", positive=True)
phi = scalar("phi", p)
FLAT = (-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2

# of tests/models_extra: what the message says
REFUSED = {
    "ads_wave": "depends on x, which is no translation",
    "boosted_brane": "dt dx",
    "btz_rotating": "HRT",
    "characteristic_ads5": "HRT",
    "emcs_null_warped": "HRT",
    "f_of_r": "Dong 2014",
    "frw_cosmology": "no spacetime",
    "gauss_bonnet_ads5": "Jacobson and Myers",
    "helical_ads5": "bend along the strip",
    "hopf_fibre": "HRT",
    "hyperbolic_ads4": "depends on theta",
    "jt_gravity": "no direction along the boundary",
    "kerr": "HRT",
    "mtz_hyperbolic": "depends on theta",
    "new_massive_gravity": "Dong 2014",
    "quadratic_gravity_ads4": "Dong 2014",
    "ricci_square_ads5": "Dong 2014",
    "rn_ads4_spherical": "depends on theta",
    "schwarzschild_eddington": "dv dz",
    "su2_monopole_ads4": "depends on theta",
    "taub_nut_ads4": "HRT",
    "weyl_gravity": "Dong 2014",
}


def refusal(system):
    with pytest.raises(ExpansionError) as caught:
        surfaces(system, None)
    assert caught.value.mend
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_reason_and_a_place(name):
    """No field equation is needed to see it."""
    theory = theory_of(name)
    error = refusal(_without_equations(theory))
    assert REFUSED[name] in error.message
    if theory.radial is not None:
        assert f"no entanglement functional for {theory.name}: " in error.message
        assert error.file.endswith(f"{name}.py")
        assert error.line == theory.place.line


def _without_equations(theory):
    """The system of the metric alone, with the action that the refusal looks at."""
    kept, theory.lagrangian = theory.lagrangian, None
    try:
        return equation_system(theory)
    finally:
        theory.lagrangian = kept


def test_a_plain_system():
    assert "no spacetime" in refusal(System("oscillator", z, {"one": f.diff(z, 2) + f}).equations()).message


def test_time():
    assert surfaces(Theory("static", FLAT, radial=z).equations(), None).surfaces
    moving = (-f * d(t) ** 2 + d(z) ** 2 / f + sin(t) ** 2 * d(x) ** 2) / z**2
    assert "HRT" in refusal(Theory("moving", moving, radial=z).equations()).message


def test_a_profile_of_time():
    g = profiles("g", (t, z))
    moving = (-g * d(t) ** 2 + d(z) ** 2 / g + d(x) ** 2) / z**2
    assert "g(t, z) depends on t" in refusal(Theory("moving", moving, radial=z).equations()).message


def test_a_transverse_measure_that_changes():
    """y and w are translations, and no strip along y has one area per length of x."""
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + exp(2 * x) * (d(y) ** 2 + d(w) ** 2)) / z**2
    assert (
        "no strip along x: the metric depends on x" in refusal(Theory("warped", metric, radial=z).equations()).message
    )


def test_a_boundary_elsewhere():
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2) / (1 - z) ** 2
    error = refusal(Theory("elsewhere", metric, radial=z, boundary=1, horizon=None).equations())
    assert "neither at 0 nor at infinity" in error.message


@pytest.mark.parametrize("which", ["entropy_weight", "string_frame"])
def test_a_weight_that_changes_along_the_boundary(which):
    theory = Theory("weighted", FLAT, radial=z)
    getattr(theory, which)(exp(scalar("psi", k * x)))
    assert "depends on x" in refusal(theory.equations()).message


def test_a_marginal_source_that_runs():
    theory = einstein_scalar(4, lambda phi, V: {V: -12 + phi**3 / 7}, "runs_with_log")
    system = theory.equations()
    with pytest.raises(ExpansionError, match="marginal, and its source runs"):
        surfaces(system, boundary_series(system))


def test_lifshitz():
    """Strips do not see g_tt, whose profile diverges; strings do, and are left out with a note."""
    theory = theory_of("lifshitz_proca")
    known = observables(theory.equations()).surfaces
    assert [one.name for one in known.surfaces] == ["strip_x", "strip_y"]
    assert known.notes == ("no strings: F is zero or infinite at the boundary, which is not AdS",)


def test_a_power_with_a_parameter():
    known = observables(theory_of("lifshitz_emd").equations()).surfaces
    assert [one.name for one in known.surfaces] == ["strip_x", "strip_y"]
    assert known.notes == ("no strings: they diverge with a power that depends on zeta",)


def test_a_logarithm_at_the_boundary():
    metric = (-f * d(t) ** 2 + d(z) ** 2 - log(z) * d(x) ** 2) / z**2
    error = refusal(Theory("logarithm", metric, radial=z, horizon=None).equations())
    assert "the metric is no power of z at the boundary" in error.message


def test_other_parts_stay():
    """Gauss-Bonnet gravity has its temperature and its entropy."""
    known = observables(theory_of("gauss_bonnet_ads5").equations())
    assert known.surfaces is None
    assert "Jacobson and Myers" in known.reasons["surfaces"]
    assert {q.name for q in known.at_horizon} == {"temperature", "entropy_density"}


@pytest.mark.parametrize("factor", [d(phi), square(d(phi)), R, exp(k * x)])
@pytest.mark.parametrize("which", ["entropy_weight", "string_frame"])
def test_what_is_no_weight(factor, which):
    theory = Theory("weighted", FLAT, R + 6 - square(d(phi)), radial=z)
    with pytest.raises(ModelError, match="no function of scalar fields and parameters"):
        getattr(theory, which)(factor)
