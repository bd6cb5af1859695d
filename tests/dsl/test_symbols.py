"""Names, couplings and their derivatives."""

import sympy
from sympy import Subs, exp

from holosym import coordinates, couplings, parameters, profiles, scalar

t, z = coordinates("t z")


def test_one_name_gives_the_object_several_a_tuple() -> None:
    assert profiles("f", z).func.name == "f"
    assert [p.func.name for p in profiles("f, g h", z)] == ["f", "g", "h"]
    assert parameters("beta", positive=True).is_positive
    assert coordinates("u").is_real


def test_one_printed_name_of_several_kinds() -> None:
    profile, field, constant = profiles("phi", z), scalar("phi", 0), parameters("phi")
    coupling, coordinate = couplings("phi")(field), coordinates("phi")
    kinds = [profile, field, constant, coupling, coordinate, sympy.Symbol("phi", real=True)]
    assert len(set(kinds)) == len(kinds)
    assert all(a != b for i, a in enumerate(kinds) for b in kinds[:i])
    assert (profile + field).diff(z) == profile.diff(z)


def test_names_of_constants_of_sympy_are_free() -> None:
    for name in ("N", "S", "E", "w", "I", "gamma", "beta"):
        assert str(profiles(name, z)) == f"{name}(z)"
        assert str(scalar(name, 0)) == name


def test_profiles_of_several_coordinates() -> None:
    f = profiles("f", (t, z))
    assert f.diff(t, z) == f.diff(z, t)
    assert f.args == (t, z)


def test_a_coupling_differentiates_without_subs() -> None:
    p = profiles("phi", z)
    phi, chi = scalar("phi", p), scalar("chi", 0)
    (v,) = (couplings("V"),)
    assert not v(phi).diff(phi).has(Subs)
    assert str(v(phi).diff(phi, 2)) == "V''(phi)"
    assert v(phi).diff(chi) == 0
    assert str(v(phi, chi).diff(chi)) == "V^(0,1)(phi, chi)"


def test_no_subs_is_left_when_the_ansatz_is_put_in() -> None:
    p = profiles("phi", z)
    phi, v = scalar("phi", p), couplings("V")
    slope = v(phi**2).diff(phi)
    assert slope == 2 * phi * v(phi**2).diff(phi) / (2 * phi)
    on_shell = v(phi).diff(phi).subs(phi, p)
    assert not on_shell.has(Subs)
    assert on_shell == v(p).diff(z) / p.diff(z)
    assert not v(p).diff(z, 2).has(Subs)


def test_a_constant_closed_form_has_no_slope() -> None:
    phi, v = scalar("phi", 0), couplings("V")
    assert v(phi).subs(v(phi), -20).diff(phi) == 0
    assert v(phi).diff(phi).subs(phi, 0) == v(phi).diff(phi).subs(phi, 0)
    assert exp(phi).diff(phi) == exp(phi)
