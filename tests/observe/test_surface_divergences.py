"""The divergence of an area, term by term: beside exact solutions, logarithms and powers of every kind."""

import mpmath
import pytest
import sympy
from boundary_families import data_of
from gallery_models import load
from on_solutions import theory_of
from sympy import Rational, S, exp, log, oo, sqrt

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square
from holosym.codegen.observables import responses
from holosym.expand.boundary import boundary_series
from holosym.observe.surfaces import surfaces

n, b, m = sympy.symbols("n b m", positive=True)
X = sympy.Symbol("x", positive=True)


def known(theory):
    """The boundary series and the surfaces of a theory, by name."""
    system = theory.equations()
    series = responses(boundary_series, system)
    return series, {one.name: one for one in surfaces(system, series).surfaces}


def terms_of(surface, put):
    """The divergence on a solution, without terms that vanish there."""
    found = {(e, k): sympy.simplify(c.subs(put)) for e, k, c in surface.divergence}
    return {key: c for key, c in found.items() if c != 0}


def exact_terms(beta, power):
    """The Taylor coefficients of beta through x^(P-1)."""
    taylor = sympy.series(beta, X, 0, int(power)).removeO()
    found = {(S(e), 0): sympy.simplify(taylor.coeff(X, e)) for e in range(int(power))}
    return {key: c for key, c in found.items() if c != 0}


def test_axions_in_five_dimensions():
    """beta = f^(-1/2) = 1 + b^2 z^2/8 + ...: a logarithm in the area."""
    theory = load("linear_axion_ads5")
    z = theory.radial
    f = 1 - b**2 * z**2 / 4 - (1 - b**2 / 4 + m**2 / 3) * z**4 + m**2 * z**6 / 3
    series, found = known(theory)
    put = data_of(series, {"f": f, "A_t": m * (1 - z**2)}, z)
    put |= {
        p: b for p in theory.fields[0].ansatz.free_symbols | theory.fields[1].ansatz.free_symbols if str(p) == "beta"
    }
    assert terms_of(found["strip_x_1"], put) == exact_terms(f.subs(z, X) ** Rational(-1, 2), 3)
    assert terms_of(found["strip_x_1"], put)[2, 0] == b**2 / 8


def test_domain_walls():
    """f = (1 + z^2)^n: beta = 1 - n z^2/2 + ..., the source of the scalar is sqrt(6 n)."""
    theory = load("einstein_scalar_ads5")
    z = theory.radial
    series, found = known(theory)
    solution = {"f": (1 + z**2) ** n, "chi": n * log(1 + z**2), "phi": sqrt(6 * n) * sympy.asinh(z)}
    put = data_of(series, solution, z)
    assert terms_of(found["strip_x_2"], put) == exact_terms((1 + X**2) ** (-n / 2), 3) == {(0, 0): 1, (2, 0): -n / 2}
    # strings: -g_tt g_zz = e^(-chi)/z^4
    assert terms_of(found["wilson_x_2"], put) == exact_terms((1 + X**2) ** (-n / 2), 2)


def test_domain_wall_coordinates():
    """x = e^(-r): A = log(e^(2r) - 1)/2 has beta = e^(2A - 2r) = 1 - x^2."""
    theory = theory_of("superpotential_wall")
    series, found = known(theory)
    assert series.variable == exp(-theory.radial)
    data = {one.name: one.symbol for one in series.data}
    put = {data["phi_1"]: 2 * sqrt(3)}  # phi = sqrt 3 log((1 + x)/(1 - x))
    assert terms_of(found["strip_x_1"], put) == {(0, 0): 1, (2, 0): -1}
    assert found["strip_x_1"].powers == (3, 3)


def test_a_boundary_at_infinity():
    """x = 1/r: axions in AdS5 once more."""
    t, x_1, x_2, x_3, r = coordinates("t x_1 x_2 x_3 r")
    f, beta = profiles("f", r), parameters("beta", positive=True)
    psi = [scalar(f"psi_{i}", beta * x) for i, x in enumerate((x_1, x_2, x_3))]
    theory = Theory(
        "axions_in_r",
        r**2 * (-f * d(t) ** 2 + d(x_1) ** 2 + d(x_2) ** 2 + d(x_3) ** 2) + d(r) ** 2 / (r**2 * f),
        R + 12 - sum(square(d(one)) for one in psi) / 2,
        radial=r,
        boundary=oo,
        horizon=1,
    )
    _, found = known(theory)
    assert found["strip_x_3"].divergence == ((0, 0, 1), (2, 0, beta**2 / 8))


def test_a_logarithm_in_the_weight():
    """Delta = 2 in d = 4: phi = z^2 (a log z + b), f = 1 + O(z^4), beta = e^(k phi) f^(-1/2)."""
    t, x, y, w, z = coordinates("t x y w z")
    f, chi, p = profiles("f chi phi", z)
    k, phi, V = parameters("k", positive=True), scalar("phi", p), couplings("V")
    theory = Theory(
        "weighted",
        (-f * exp(-chi) * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2 + d(w) ** 2) / z**2,
        R - square(d(phi)) / 2 - V(phi),
        {V(phi): -12 - 2 * phi**2},
        radial=z,
    )
    theory.entropy_weight(exp(k * phi))
    series, found = known(theory)
    one = {(t.power, t.log): t.coefficient for t in series.series["phi"]}
    assert terms_of(found["strip_x"], {}) == {
        (0, 0): 1,
        (2, 1): k * one[2, 1],
        (2, 0): k * one[2, 0],
    }
    assert one[2, 1] != 0
    assert terms_of(found["wilson_x"], {}) == {(0, 0): 1}


def product(a, b):
    """Of two power series, as long as the first."""
    return [mpmath.fsum(a[i] * b[n - i] for i in range(n + 1)) for n in range(len(a))]


def inner(outer, series):
    """A power series of a power series that begins with zero."""
    total = [mpmath.mpf(0)] * len(series)
    for c in reversed(outer):
        total = product(total, series)
        total[0] += c
    return total


def flow(potential, phi, size):
    """beta of a domain wall as a power series in u = (source) x^(4 - Delta).

    V = W'^2/2 - W^2/3 fixes W = -6 - (4 - Delta) phi^2/2 + ...; then x dphi/dx = 6 W'/W and beta = f^(-1/2) = -6/W.
    """
    V = [mpmath.mpmathify(sympy.N(c, 60)) for c in reversed(sympy.Poly(potential, phi).all_coeffs())]
    V += [mpmath.mpf(0)] * (size - len(V))
    W = [mpmath.mpf(0)] * size
    W[0], epsilon = mpmath.mpf(-6), 2 - mpmath.sqrt(4 + 2 * V[2])
    W[2] = -epsilon / 2
    for k in range(3, size):
        slope = [(i + 1) * W[i + 1] for i in range(k)] + [mpmath.mpf(0)]
        rest = product(slope, slope)[k] / 2 - product(W[: k + 1], W[: k + 1])[k] / 3
        W[k] = (V[k] - rest) / (4 - k * epsilon)
    slope = [(i + 1) * W[i + 1] for i in range(size - 1)] + [mpmath.mpf(0)]
    wave = [mpmath.mpf(0), mpmath.mpf(1)] + [mpmath.mpf(0)] * (size - 2)
    for k in range(2, size):
        # W(phi) epsilon u dphi/du - 6 W'(phi), linear in the coefficient sought
        steps = [epsilon * i * c for i, c in enumerate(wave)]
        left = product(inner(W, wave), steps)[k] - 6 * inner(slope, wave)[k]
        wave[k] = -left / (-6 * epsilon * k - 6 * slope[1])
    below = inner(W, wave)
    beta = [mpmath.mpf(1)]
    for k in range(1, size):
        beta.append(-mpmath.fsum(below[i] * beta[k - i] for i in range(1, k + 1)) / below[0])
    return epsilon, beta


@pytest.mark.slow
def test_irrational_powers():
    """Delta = 3.93: fourteen terms of the strip's divergence beside the flow that a superpotential gives."""
    theory = load("gubser_nellore")
    series, found = known(theory)
    source = series.datum("phi_source").symbol
    ((_, form),) = theory.couplings.items()
    (phi,) = form.atoms(type(theory.scalars[0]))
    with mpmath.workdps(50):
        epsilon, beta = flow(sympy.series(form, phi, 0, 29).removeO(), phi, 29)
        for name, count in (("strip_x_1", 14), ("wilson_x_1", 7)):
            terms = found[name].divergence
            assert len(terms) == count
            for n, (power, log_power, c) in enumerate(terms):
                assert log_power == 0
                assert abs(sympy.N(power, 40) - 2 * n * epsilon) < 1e-35
                exact = beta[2 * n]
                assert abs(sympy.N(c.subs(source, 1), 40) - exact) < 1e-30 * abs(exact)
                assert sympy.degree(c, source) == 2 * n
