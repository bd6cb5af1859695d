"""Both derivations agree and Bianchi's identity holds, for the gallery; and what breaks either is refused.

Each corruption below is one that a wrong sign or factor in holosym would make. Those that keep the Bianchi identity
(a cosmological term, every equation doubled) must be caught by the comparison with the reduced action.
"""

import pytest
from sympy import cos, sin

from holosym import R, Theory, coordinates, couplings, d, gauge_field, profiles, scalar, square
from holosym.derive import agreement, reduced
from holosym.derive.covariant import CovariantVariation
from holosym.derive.geometry import Geometry
from holosym.errors import DerivationError

REDUCED = "reduced action agrees with covariant variation: "


def charged_brane(name="charged"):
    """Every kind of equation in one small theory; made anew, since equations are kept."""
    t, x, y, z = coordinates("t x y z")
    f, h, a, p = profiles("f h a phi", z)
    A, phi = gauge_field("A", a * d(t)), scalar("phi", p)
    V, Z = couplings("V Z")
    return Theory(
        name=name,
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi) - Z(phi) * square(d(A)) / 4,
        radial=z,
    )


def sphere(name="sphere"):
    t, r, theta, phi = coordinates("t r theta phi")
    f, k = profiles("f k", r)
    return Theory(
        name=name,
        metric=-f * d(t) ** 2 + d(r) ** 2 / f + k * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
        lagrangian=R + 6,
        radial=r,
    )


def statements(theory):
    return dict(theory.equations().proof.statements)


def test_proofs_of_the_gallery(model):
    """One statement for Bianchi, one for every function freed, one for the converse; all of them exact."""
    if not isinstance(model, Theory):
        assert model.equations().proof.statements == ()
        return
    proved = statements(model)
    assert set(proved.values()) == {"exact"}
    assert any("Bianchi" in name for name in proved)
    freed = {name.removeprefix(REDUCED) for name in proved if name.startswith(REDUCED)}
    diagonal = {f"g_{c}{c}" for c in model.coordinates}
    potentials = {f"{one.name}_{c}" for one in model.gauge_fields for c in model.coordinates if d(c) in atoms(one)}
    assert freed == diagonal | {one.name for one in model.scalars} | potentials
    assert len(proved) == len(freed) + 2


def atoms(gauge):
    return gauge.ansatz.free_symbols


def test_a_sphere_frees_one_function():
    proved = statements(sphere())
    assert REDUCED + "g_thetatheta" in proved
    assert REDUCED + "g_phiphi" not in proved
    assert any("tied block" in name for name in proved)


def doubled(tensor):
    return {index: value * 2 for index, value in tensor.items()}


def scaled(attribute, change):
    """Replace a cached property by what `change` makes of it."""

    def corrupt(monkeypatch):
        original = CovariantVariation.__dict__[attribute].func
        monkeypatch.setattr(CovariantVariation, attribute, property(lambda self: change(self, original(self))))

    return corrupt


def stress(monkeypatch):
    original = CovariantVariation._stress
    monkeypatch.setattr(CovariantVariation, "_stress", lambda self: doubled(original(self)))


def christoffel_sign(monkeypatch):
    original = Geometry.__dict__["christoffel"].func
    monkeypatch.setattr(
        Geometry, "christoffel", property(lambda self: {i: -v if i[0] == 3 else v for i, v in original(self).items()})
    )


def euler_lagrange_without_second_derivatives(monkeypatch):
    original = reduced.euler_lagrange
    monkeypatch.setattr(reduced, "euler_lagrange", lambda ring, L, unknown: original(ring, L, unknown, order=1))


def with_cosmological_term(self, equations):
    return {i: equations.get(i, self.ring.zero) + g for i, g in self.geometry.metric.items()}


BIANCHI = {
    "stress doubled": stress,
    "scalar equation doubled": scaled("scalar_equations", lambda self, e: doubled(e)),
    "scalar equation of the other sign": scaled("scalar_equations", lambda self, e: {k: -v for k, v in e.items()}),
    "Maxwell equation doubled": scaled("gauge_equations", lambda self, e: {k: doubled(v) for k, v in e.items()}),
    "one metric component doubled": scaled("metric_equations", lambda self, e: {**e, (0, 0): e[0, 0] * 2}),
    "one metric component lost": scaled(
        "metric_equations", lambda self, e: {i: v for i, v in e.items() if i != (1, 1)}
    ),
    "Christoffel symbols of one sign wrong": christoffel_sign,
}
AGREEMENT = {
    "a cosmological term": scaled("metric_equations", with_cosmological_term),
    "Euler-Lagrange without second derivatives": euler_lagrange_without_second_derivatives,
}


@pytest.mark.parametrize("corrupt", BIANCHI.values(), ids=BIANCHI)
def test_bianchi_notices(monkeypatch, corrupt):
    corrupt(monkeypatch)
    with pytest.raises(DerivationError, match="Bianchi identity fails along"):
        charged_brane().equations()


@pytest.mark.parametrize("corrupt", AGREEMENT.values(), ids=AGREEMENT)
def test_agreement_notices(monkeypatch, corrupt):
    corrupt(monkeypatch)
    with pytest.raises(DerivationError, match="the reduced action and the covariant variation disagree on"):
        charged_brane().equations()


def test_every_equation_doubled(monkeypatch):
    """The Bianchi identity is linear in the equations, so it cannot see this."""
    scaled("metric_equations", lambda self, e: doubled(e))(monkeypatch)
    scaled("scalar_equations", lambda self, e: doubled(e))(monkeypatch)
    scaled("gauge_equations", lambda self, e: {k: doubled(v) for k, v in e.items()})(monkeypatch)
    with pytest.raises(DerivationError, match="disagree on"):
        charged_brane().equations()


@pytest.mark.parametrize(
    "component", [(0, 0), (1, 1), (3, 3)], ids=["g_tt is compared", "g_xx is compared", "g_zz is compared"]
)
def test_agreement_compares_every_component(monkeypatch, component):
    """With the Bianchi identity looked away from, one wrong component is still caught."""
    monkeypatch.setattr(agreement, "_bianchi", lambda name, covariant: ("nothing", "exact"))
    scaled("metric_equations", lambda self, e: {**e, component: e[component] * 2})(monkeypatch)
    with pytest.raises(DerivationError, match=f"disagree on g_{'txyz'[component[0]] * 2}"):
        charged_brane().equations()


def test_the_other_components_of_a_sphere_are_compared(monkeypatch):
    """g_theta_theta and g_phi_phi share one reduced equation; the converse sees a difference which that cannot."""

    def sheared(self, equations):
        g, (theta, phi) = self.geometry.metric, (2, 3)
        # traceless in the tied block, so that the reduced equation is as before
        return {
            **equations,
            (theta, theta): equations[theta, theta] + g[theta, theta],
            (phi, phi): equations[phi, phi] - g[phi, phi],
        }

    monkeypatch.setattr(agreement, "_bianchi", lambda name, covariant: ("nothing", "exact"))
    scaled("metric_equations", sheared)(monkeypatch)
    with pytest.raises(DerivationError, match="tied metric components"):
        sphere().equations()


def test_uncorrupted():
    """The small theories themselves are in order."""
    assert set(statements(charged_brane()).values()) == {"exact"}
    assert set(statements(sphere()).values()) == {"exact"}


def test_the_route_that_is_not_valid_says_so():
    """A twist 2 cos(theta) d phi leaves theta in the reduced Lagrangian by more than a factor; B x dy leaves no x."""
    t, r, theta, phi = coordinates("t r theta phi")
    f, s = profiles("f s", r)
    nut = Theory(
        name="nut",
        metric=-f * (d(t) + 2 * cos(theta) * d(phi)) ** 2
        + d(r) ** 2 / f
        + s * (d(theta) ** 2 + sin(theta) ** 2 * d(phi) ** 2),
        lagrangian=R + 6,
        radial=r,
    )
    (note,) = nut.equations().proof.notes
    assert "no symmetry reduction was used along theta" in note
    assert set(statements(nut).values()) == {"exact"}

    t, x, y, z = coordinates("t x y z")
    f, a = profiles("f a", z)
    A = gauge_field("A", a * d(t) + 2 * x * d(y))
    dyonic = Theory(
        name="dyonic",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + d(x) ** 2 + d(y) ** 2) / z**2,
        lagrangian=R + 6 - square(d(A)) / 4,
        radial=z,
    )
    assert dyonic.equations().proof.notes == ()
