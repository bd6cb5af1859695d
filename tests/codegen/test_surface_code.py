"""Generated surfaces: the exact functions in 40 digits, along curves, at the boundary, and under torch's transforms."""

import mpmath
import pytest
import torch
from sympy import exp
from test_ends import Size, close, given_couplings
from test_generated_numbers import DIGITS, Exact

from holosym import Theory, coordinates, d, parameters, profiles, scalar
from holosym.codegen.observables import observables
from holosym.codegen.package import generate, model_hash
from holosym.solve.package import load

torch.set_default_dtype(torch.float64)
ORDER = 2


class Jets(Exact):
    """Exact functions of jets through second order, which the equations need not hold."""

    def _jet(self, profile, counts):
        (order,) = counts.values() or (0,)
        return mpmath.mpf(self.points.jets[profile.func.name][order][self.index].item())


class JetSizes(Size, Jets):
    """The sum of their terms' absolute values."""


def filled(at):
    """Points with jets through second order."""
    for name, jet in at.jets.items():
        values = [jet[n] if n < len(jet) else torch.linspace(-0.6, 0.9, 5) * (n + len(name)) / 3 for n in range(3)]
        at.jets[name] = tuple(values)
    return at


def test_surfaces(case, points, stand_in):
    """b, c and their derivatives by x of every surface, and x^2 g_xx, at jets that need not be on shell."""
    module, known = case.package.entanglement, case.known.surfaces
    if module is None:
        assert known is None
        return
    at = filled(points(case.package))
    couplings = at.couplings()
    where = (at.coordinates, at.jets, couplings, at.parameters)
    assert list(module.SURFACES) == list(module.FUNCTIONS) == [one.name for one in known.surfaces]
    with mpmath.workdps(DIGITS):
        exact, size = Jets(case, at, stand_in, 2), JetSizes(case, at, stand_in, 2)
        exact._coupling = size._coupling = given_couplings(exact, couplings)

        def compare(found, elements, label):
            for order, (value, element) in enumerate(zip(found, elements, strict=True)):
                expression = case.system.write(element)
                close(value[2].item(), exact(expression), size(expression), (label, order))

        for one in known.surfaces:
            b, c = module.FUNCTIONS[one.name](*where)
            compare(b, one.radial, one.name)
            compare(c, one.along, one.name)
            about = module.SURFACES[one.name]
            assert (about["kind"], about["direction"]) == (one.kind, one.direction)
            assert about["transverse"] == one.transverse
            assert about["powers"] == pytest.approx([float(p) for p in one.powers], rel=1e-15)
        compare(module.line_element(*where), known.line, "line element")


def test_divergences(case, points, stand_in):
    """Coefficient by coefficient, from boundary data."""
    module, known = case.package.entanglement, case.known.surfaces
    if module is None:
        return
    at = points(case.package)
    found = module.divergences(at.data, at.taylor, at.parameters)
    assert list(found) == list(module.DIVERGENCES)
    assert {one.name for one in known.surfaces if one.divergence is not None} >= set(found)
    symbols = {} if case.known.boundary is None else {s.symbol: s.name for s in case.known.boundary.data}
    with mpmath.workdps(DIGITS):
        for one in known.surfaces:
            if one.name not in found:
                continue
            given = module.DIVERGENCES[one.name]
            assert [k for _, k in given] == [k for _, k, _ in one.divergence]
            assert [e for e, _ in given] == pytest.approx([float(e) for e, _, _ in one.divergence], rel=1e-15)
            for value, (_, _, c) in zip(found[one.name], one.divergence, strict=True):
                numbers = {s: at.data[name][1].item() for s, name in symbols.items() if s in c.free_symbols}
                numbers |= {s: at.parameters[s.name][1].item() for s in c.free_symbols - set(numbers)}
                expected = mpmath.mpmathify(c.subs(numbers).n(DIGITS))
                assert abs(value[1].item() - expected) <= 1e-13 * max(abs(expected), 1e-6), one.name


def curve(package, x):
    """Profiles as polynomials of x = z."""
    return {name: 1 + x * (0.3 + 0.1 * n) - x**2 / (n + 3) + x**3 / 7 for n, name in enumerate(package.PROFILES)}


def jets_along(package, z):
    """Their jets, by automatic differentiation."""
    names = list(package.PROFILES)

    def functions(w):
        return torch.stack(list(curve(package, w).values()))

    slopes = torch.func.jacfwd(functions)
    bends = torch.func.jacfwd(slopes)
    return dict(zip(names, zip(functions(z), slopes(z), bends(z), strict=True), strict=True))


@pytest.mark.parametrize("name", ["gubser_rocha", "magnetic_brane_ads5"])
def test_derivatives_along_a_curve(name, generated):
    """b' and b'' are what automatic differentiation makes of b, c' and c'' of c."""
    package = generated(name).package
    parameters_ = {p: torch.tensor(0.7) for p in package.PARAMETERS}
    functions = list(dict.fromkeys(package.entanglement.FUNCTIONS.values()))

    def values(z):
        jets = jets_along(package, z)
        found = [jet for one in functions for jet in one({"z": z}, jets, {}, parameters_)]
        return [torch.stack(same) for same in zip(*found, strict=True)]

    (_, first, second), (slopes, bends, _) = torch.func.jvp(values, (torch.tensor(0.35),), (torch.ones(()),))
    torch.testing.assert_close(slopes, first, rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(bends, second, rtol=1e-12, atol=1e-12)
    assert len(functions) == len(set(zip(first[::2].tolist(), first[1::2].tolist(), strict=True))) >= 2


def test_at_the_boundary(generated):
    """Where the profiles are regular nothing is divided by zero: the exact brane at z = 0."""
    package, Q, beta = generated("gubser_rocha").package, 0.8, 0.5

    def brane(z):
        f = (1 - z) * (1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q) - beta**2 / 2) * z**2) / (1 + Q * z) ** 1.5
        return torch.stack([f, (1 + Q * z) ** 1.5])

    z = torch.tensor(0.0)
    slopes = torch.func.jacfwd(brane)
    zero = torch.zeros(())
    jets = dict(zip("fh", zip(brane(z), slopes(z), torch.func.jacfwd(slopes)(z), strict=True), strict=True))
    jets |= {"A_t": (zero, zero, zero), "phi": (zero, zero, zero)}
    given = {"beta": torch.tensor(beta)}
    b, c = package.entanglement.FUNCTIONS["strip_x"]({"z": z}, jets, {}, given)
    # h/f = [(1 - z) (1 + (1 + 3 Q) z + ...)]^-1 (1 + Q z)^3 and h^2 = (1 + Q z)^3
    torch.testing.assert_close(torch.stack(b), torch.tensor([1.0, 0.0, beta**2]), atol=1e-14, rtol=1e-14)
    torch.testing.assert_close(torch.stack(c), torch.tensor([1.0, 3 * Q, 6 * Q**2]), atol=1e-14, rtol=1e-14)
    line = package.entanglement.line_element({"z": z}, jets, {}, given)
    assert all(torch.isfinite(value) for value in line)


def test_transforms(generated, points):
    """vmap, reverse derivatives and other shapes and types."""
    package = generated("einstein_scalar_ads5").package
    at = filled(points(package))
    strip = package.entanglement.FUNCTIONS["strip_x_1"]
    couplings = {}

    def whole(f, chi):
        jets = {**at.jets, "f": f.unbind(-1), "chi": chi.unbind(-1)}
        b, c = strip(at.coordinates, jets, couplings, at.parameters)
        return torch.stack([*b, *c], -1)

    f, chi = (torch.stack(at.jets[name], -1) for name in ("f", "chi"))
    direct = whole(f, chi)
    forward = torch.func.jacfwd(whole)(f, chi)
    torch.testing.assert_close(torch.func.jacrev(whole)(f, chi), forward)

    def one(z, f_jet):
        b, _ = strip({"z": z}, {**dict.fromkeys(at.jets, (z, z, z)), "f": f_jet.unbind(-1)}, couplings, at.parameters)
        return torch.stack(b)

    mapped = torch.func.vmap(one)(at.coordinates["z"], f)
    torch.testing.assert_close(mapped, direct[:, :3])
    single, _ = strip(
        {"z": at.coordinates["z"].float()}, {n: tuple(v.float() for v in j) for n, j in at.jets.items()}, {}, {}
    )
    assert all(value.dtype == torch.float32 for value in single)


def bare():
    """A metric with a dilaton that only weights."""
    t, x, y, z = coordinates("t x y z")
    f, h, p = profiles("f h phi", z)
    metric = (-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2
    return Theory("bare_dilaton", metric, radial=z, horizon=1), scalar("phi", p), parameters("k", positive=True)


def test_a_bare_metric(tmp_path):
    """No equation: profiles with jets through second order, those of the weights too."""
    theory, phi, k = bare()
    plain = model_hash(theory)
    theory.string_frame(exp(k * phi))
    framed = model_hash(theory)
    theory.entropy_weight(exp(-phi))
    assert len({plain, framed, model_hash(theory)}) == 3
    system = theory.equations()
    for name, text in generate(system, observables(system)).items():
        (tmp_path / name).write_text(text)
    package = load(tmp_path)
    assert list(package.PROFILES) == ["f", "h", "phi"]
    assert all(orders == ((0,), (1,), (2,)) for orders in package.PROFILES.values())
    assert (package.EQUATIONS, package.PARAMETERS) == ({}, ("k",))
    assert package.entanglement.DIVERGENCES == {}
    assert package.entanglement.divergences({}, {}, {}) == {}
    one, two, three = (torch.tensor(v) for v in (1.3, 0.4, 2.0))
    jets = {"f": (one, two, three), "h": (three, one, two), "phi": (two, three, one)}
    where = ({"z": torch.tensor(0.3)}, jets, {}, {"k": torch.tensor(0.5)})
    b, c = package.entanglement.FUNCTIONS["strip_x"](*where)
    weight = torch.exp(-2 * two)
    torch.testing.assert_close(torch.stack([b[0], c[0]]), weight * torch.stack([three / one, three**2]))
    torch.testing.assert_close(c[1], weight * (2 * three * one - 2 * three * three**2))
    b, c = package.entanglement.FUNCTIONS["wilson_y"](*where)
    torch.testing.assert_close(torch.stack([b[0], c[0]]), torch.exp(two) * torch.stack([one / one, one * three]))
    assert "bare metric" in (tmp_path / "EQUATIONS.md").read_text()
