"""DC transport beyond the textbook formulas: anisotropy, many fields, other charts and frames, non-linear matter."""

from sympy import Matrix, exp, pi, sqrt
from transport_theories import brane, found, same

from holosym import R, Theory, coordinates, couplings, d, gauge_field, parameters, profiles, scalar, square
from holosym.observe.transport import transport_notes

k, k_1, k_2, k_3 = parameters("k k_1 k_2 k_3", positive=True)


def axions(*strengths):
    """Scalars linear in x and y: one for every (k_x, k_y)."""
    return lambda x, y: [scalar(f"psi_{i}", a * x + b * y) for i, (a, b) in enumerate(strengths)]


def one_charge(x, y, dt, dy, z):
    return [gauge_field("A", profiles("A_t", z) * dt)]


def matter(scalars, forms):
    """Canonical kinetic terms."""
    return -sum(square(d(p)) for p in scalars) / 2 - sum(square(d(A)) for A in forms) / 4


def slope_of(theory, name="A_t"):
    return next(p for p in theory.profiles if p.func.name == name).diff(theory.radial)


def area(w):
    return sqrt(w["h_1"] * w["h_2"]) / w["z"] ** 2


def charge(theory, w, name="A_t"):
    """rho = -sqrt(h_1 h_2) e^(chi/2) A_t', the Gauss flux for Z = 1."""
    return -sqrt(w["h_1"] * w["h_2"]) * exp(w["chi"] / 2) * slope_of(theory, name)


def test_axions_in_one_direction():
    """Only x relaxes: sigma_xx = sqrt(g_yy/g_xx) + rho^2/(k^2 area) with the area of the horizon; y is infinite."""
    theory, w = brane(axions((k, 0)), one_charge, matter)
    values, rho = found(theory), charge(theory, w)
    assert set(values) == {"sigma_xx", "alpha_xx", "kappa_xx"}
    assert same(values["sigma_xx"], sqrt(w["h_2"] / w["h_1"]) + rho**2 / (k**2 * area(w)))
    assert same(values["alpha_xx"], 4 * pi * rho / k**2)
    assert same(values["kappa_xx"], -4 * pi * area(w) * w["f"].diff(w["z"]) * exp(-w["chi"] / 2) / k**2)
    (note,) = transport_notes(theory.equations())
    assert "along y are infinite" in note
    assert "rho^2/(s T + mu rho)" in note


def test_axions_of_different_strength():
    """Both directions finite, each with its own k: xx and yy are given."""
    theory, w = brane(axions((k_1, 0), (0, k_2)), one_charge, matter)
    values, rho = found(theory), charge(theory, w)
    assert {n.split("_")[1] for n in values} == {"xx", "yy"}
    assert same(values["sigma_xx"], sqrt(w["h_2"] / w["h_1"]) + rho**2 / (k_1**2 * area(w)))
    assert same(values["sigma_yy"], sqrt(w["h_1"] / w["h_2"]) + rho**2 / (k_2**2 * area(w)))


def test_several_axions_a_direction():
    """Two axions along x relax like one of strength sqrt(k_1^2 + k_2^2)."""
    theory, w = brane(axions((k_1, 0), (k_2, 0), (0, k)), one_charge, matter)
    assert same(found(theory)["alpha_xx"], 4 * pi * charge(theory, w) / (k_1**2 + k_2**2))


def test_rotated_axions():
    """psi_1 = k (x + y), psi_2 = k (x - y) are axions of strength sqrt(2) k along axes turned by 45 degrees."""
    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f A_t", z)
    psi = [scalar("psi_1", k * (x + y)), scalar("psi_2", k * (x - y))]
    A = gauge_field("A", a * d(t))
    theory = Theory(
        name="rotated",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 + matter(psi, [A]),
        radial=z,
    )
    values = found(theory)
    assert set(values) == {"sigma_xx", "alpha_xx", "kappa_xx"}
    assert same(values["sigma_xx"], 1 + a.diff(z) ** 2 * z**2 / (2 * k**2))


def test_two_charges():
    """sigma_AB = delta_AB + rho_A rho_B/(k^2 area), alpha_A = 4 pi rho_A/k^2; sigma_BA = sigma_AB is left out."""

    def gauge(x, y, dt, dy, z):
        a, b = profiles("A_t B_t", z)
        return [gauge_field("A", a * dt), gauge_field("B", b * dt)]

    theory, w = brane(axions((k, 0), (0, k)), gauge, matter)
    values = {n: v.subs(w["h_2"], w["h_1"]) for n, v in found(theory).items() if n.endswith("xx")}
    rho = {n: charge(theory, w, f"{n}_t").subs(w["h_2"], w["h_1"]) for n in "AB"}
    assert set(values) == {
        "sigma_A_A_xx", "sigma_A_B_xx", "sigma_B_B_xx", "alpha_A_xx", "alpha_B_xx", "kappa_xx"
    }  # fmt: skip
    over = k**2 * w["h_1"] / w["z"] ** 2
    assert same(values["sigma_A_A_xx"], 1 + rho["A"] ** 2 / over)
    assert same(values["sigma_A_B_xx"], rho["A"] * rho["B"] / over)
    assert same(values["alpha_B_xx"], 4 * pi * rho["B"] / k**2)


def test_a_neutral_current():
    """A gauge field without charge sees no momentum: sigma = 1 at any relaxation, alpha = 0."""
    theory, w = brane(axions((k, 0), (0, k)), lambda x, y, dt, dy, z: [gauge_field("A", 0)], matter)
    values = found(theory)
    assert same(values["sigma_xx"].subs(w["h_2"], w["h_1"]), 1)
    assert not [n for n in values if n.startswith("alpha")]


def test_neutral_without_relaxation():
    """sigma is finite, kappabar is not."""
    theory, w = brane(axions(), lambda x, y, dt, dy, z: [gauge_field("A", 0)], matter)
    values = found(theory)
    assert set(values) == {"sigma_xx", "sigma_yy"}
    assert same(values["sigma_xx"], sqrt(w["h_2"] / w["h_1"]))
    (note,) = transport_notes(theory.equations())
    assert note.startswith("kappa along x, y is infinite")
    assert "sigma is finite" in note


def test_two_profiles_that_vanish():
    """g_tt = -D, g^zz = N with D, N of their own: the same as D = f e^(-chi), N = f."""
    theory, w = brane(axions((k, 0), (0, k)), one_charge, matter, separate=True)
    other, v = brane(axions((k, 0), (0, k)), one_charge, matter)
    a, b = found(theory), found(other)
    z = w["z"]
    f, chi, D, N = v["f"], v["chi"], w["D"], w["N"]
    for name, value in a.items():
        there = value.subs(D.diff(z), f.diff(z) * exp(-chi)).subs(N.diff(z), f.diff(z)).subs({D: f * exp(-chi), N: f})
        numbers = {f.diff(z): -3, chi: 0.7, v["h_1"]: 1.3, v["h_2"]: 0.6, slope_of(other): -0.4, z: 1, k: 1.7}
        assert abs(complex(there.subs(numbers)) - complex(b[name].subs(numbers))) < 1e-12


def test_born_infeld():
    """L_BI = b^2 (1 - sqrt(1 + F^2/(2 b^2))): Z = 1/sqrt(1 - z^4 A_t'^2/b^2) in rho and in the pair-creation term."""
    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f A_t", z)
    b = parameters("b", positive=True)
    psi, A = [scalar("psi_x", k * x), scalar("psi_y", k * y)], gauge_field("A", a * d(t))
    theory = Theory(
        name="born_infeld_axions",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 + b**2 * (1 - sqrt(1 + square(d(A)) / (2 * b**2))) + matter(psi, []),
        radial=z,
    )
    values = found(theory)
    Z = 1 / sqrt(1 - z**4 * a.diff(z) ** 2 / b**2)
    rho = -Z * a.diff(z)
    assert same(values["sigma_xx"], Z + rho**2 * z**2 / k**2)
    assert same(values["alpha_xx"], 4 * pi * rho / k**2)


def test_axions_that_couple_to_the_field_strength():
    """L = -(1 + c X) F^2/4 - K(X), X the axions' kinetic term: Gouteraux, Kiritsis and Li 2016, equation (21)."""
    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f A_t", z)
    Y, K = couplings("Y K")
    psi, A = [scalar("psi_x", k * x), scalar("psi_y", k * y)], gauge_field("A", a * d(t))
    X = (square(d(psi[0])) + square(d(psi[1]))) / 2
    theory = Theory(
        name="coupled_axions",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - Y(X) * square(d(A)) / 4 - K(X),
        radial=z,
    )
    values = found(theory)
    at = k**2 * z**2
    F2 = -2 * z**4 * a.diff(z) ** 2
    slope = K(at).fdiff() + Y(at).fdiff() * F2 / 4
    rho = -Y(at) * a.diff(z)
    assert same(values["sigma_xx"], Y(at) + rho**2 * z**2 / (k**2 * slope))
    assert same(values["alpha_xx"], 4 * pi * rho / (k**2 * slope))


def test_the_frame_does_not_matter():
    """L = F(phi) R + ...: s = 4 pi F area and damping k^2 area, so alpha = s rho/(k^2 area) with g in its own frame."""
    t, x, y, z = coordinates("t x y z")
    f, a, p = profiles("f A_t phi", z)
    F = couplings("F")
    phi, psi = scalar("phi", p), [scalar("psi_x", k * x), scalar("psi_y", k * y)]
    A = gauge_field("A", a * d(t))
    theory = Theory(
        name="jordan_frame",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=F(phi) * (R + 6) - square(d(phi)) / 2 + matter(psi, [A]),
        radial=z,
    )
    values, rho = found(theory), -a.diff(z)
    assert same(values["sigma_xx"], 1 + rho**2 * z**2 / k**2)
    assert same(values["alpha_xx"], 4 * pi * F(p) * rho / k**2)
    assert same(values["kappa_xx"], -4 * pi * F(p) ** 2 * f.diff(z) / (z**2 * k**2))


def test_onsager():
    """K_ij(B) = K_ji(-B) for sigma, kappa; alphabar_ij(B) = alpha_ji(-B); here all of alpha and alphabar are given."""
    B = parameters("B", real=True)

    def gauge(x, y, dt, dy, z):
        return [gauge_field("A", profiles("A_t", z) * dt + B * x * dy)]

    theory, w = brane(axions((k_1, 0), (0, k_2)), gauge, matter)
    values = found(theory)
    numbers = {w["f"].diff(w["z"]): -3, w["chi"]: 0, w["h_1"]: 2, w["h_2"]: 3, slope_of(theory): -0.7, w["z"]: 1}
    numbers |= {k_1: 1.1, k_2: 0.6}

    def tensor(kind, field):
        def one(i, j):
            name = f"{kind}_{i}{j}"
            if name in values:
                return values[name].subs(numbers).subs(B, field)
            return -values[f"{kind}_{j}{i}"].subs(numbers).subs(B, field)

        return Matrix(2, 2, [complex(one(i, j)).real for i in "xy" for j in "xy"])

    for kind in ("sigma", "kappa"):
        assert (tensor(kind, 0.8) - tensor(kind, -0.8).T).norm() < 1e-12
    for i, j in ("xx", "xy", "yx", "yy"):
        difference = values[f"alphabar_{i}{j}"].subs(B, -B) - values[f"alpha_{j}{i}"]
        assert abs(complex(difference.subs(numbers).subs(B, 0.8))) < 1e-12
