"""Generated expansions and observables against the exact expressions that they were made of, and exact solutions."""

import json
import math

import mpmath
import pytest
import sympy
import torch
from test_generated_numbers import DIGITS, TOLERANCE, Exact

from holosym import R, Theory, coordinates, couplings, d, profiles, scalar, square
from holosym.codegen.package import generate
from holosym.dsl.symbols import Parameter
from holosym.jets.to_sympy import atom_symbol

torch.set_default_dtype(torch.float64)


class Size(Exact):
    """The sum of the absolute values of terms: what a sum's rounding is measured by."""

    def _value(self, e, slots):
        if e.is_Add:
            return mpmath.fsum(abs(self._value(a, slots)) for a in e.args)
        return abs(super()._value(e, slots))


def close(found, exact, size, label, tolerance=TOLERANCE):
    assert abs(found - exact) <= tolerance * max(size, abs(exact)), (label, found, exact)


def test_quantities_of_jets(case, points, stand_in):
    """Horizon quantities, charges and conductivities, at jets that need not be on shell."""
    both = (*case.known.at_horizon, *case.known.conserved)
    groups = [
        (case.package.thermodynamics, "horizon_quantities", [q for q in both if q.where == "horizon"]),
        (case.package.thermodynamics, "conserved_charges", [q for q in both if q.where == "anywhere"]),
        (case.package.transport, "dc_transport", case.known.transport),
    ]
    at = points(case.package)
    couplings = at.couplings()
    where = (at.coordinates, at.jets, couplings, at.parameters)
    with mpmath.workdps(DIGITS):
        exact, size = Exact(case, at, stand_in, 2), Size(case, at, stand_in, 2)
        exact._coupling = size._coupling = given_couplings(exact, couplings)
        for module, function, quantities in groups:
            if module is None:
                continue
            found = getattr(module, function)(*where)
            assert list(found) == [q.name for q in quantities]
            for quantity in quantities:
                above, below = case.system.write(quantity.numerator), case.system.write(quantity.denominator)
                value, of = exact(above) / exact(below), size(above) / abs(exact(below))
                close(found[quantity.name][2].item(), value, of, quantity.name)
                assert module.QUANTITIES[quantity.name]["at"] == quantity.where


class Stated(Exact):
    """Exact expressions at the horizon, in jets that were stated before."""

    stated = None

    def _jet(self, profile, counts):
        jet = profile.diff(*counts.items()) if counts else profile
        return self.stated[jet]


def test_horizon_jets(case, points, stand_in):
    """Statement by statement in 40 digits."""
    series = case.known.horizon
    if case.package.horizon is None:
        return
    at, index = points(case.package), 1
    free = {name: at.horizon.get(name, at.jets[name][0]) for name in case.package.PROFILES}
    couplings = at.couplings(jets={name: (free[name], *jet[1:]) for name, jet in at.jets.items()})
    found = case.package.horizon.horizon_jets(at.coordinates, at.horizon, couplings, at.parameters)
    names = {}
    for profile, orders in case.package.PROFILES.items():
        assert len(found[profile]) == len(orders)
        names |= {(profile, sum(o)): value for o, value in zip(orders, found[profile], strict=True)}
    exact = Stated(case, at, stand_in, index)
    values = dict.fromkeys(map(atom_symbol, series.vanishing), mpmath.mpf(0))
    given = dict(zip(case.package.horizon.DATA, series.data, strict=False))
    values |= {atom_symbol(jet): mpmath.mpf(at.horizon[name][index].item()) for name, jet in given.items()}
    exact.stated = values
    exact._coupling = given_couplings(exact, couplings)
    with mpmath.workdps(DIGITS):
        for jet, above, below in series.values:
            value = exact(case.system.write(above)) / exact(case.system.write(below))
            values[atom_symbol(jet)] = value
        assert len(values) == len(names)
        for jet in (*series.vanishing, *series.data, *(jet for jet, _, _ in series.values)):
            value, got = values[atom_symbol(jet)], names[jet.unknown.name, sum(jet.orders)][index].item()
            # statements amplify the rounding of those before them
            close(got, value, 1, jet, 1e-10)


def given_couplings(exact, couplings):
    """Couplings as the package is given them: where fields obey conditions their arguments may be written otherwise."""
    declared, package = exact._coupling, exact.case.package

    def value(e, slots):
        for name, about in package.COUPLINGS.items():
            if about["function"] == e.func.base:
                orders = e.func.orders or (0,) * about["arguments"]
                return mpmath.mpf(couplings[name][about["orders"].index(orders)][exact.index].item())
        return declared(e, slots)

    return value


def data_values(case, at, index):
    """What the symbols of a boundary series are, at one point of a batch."""
    series, found = case.known.boundary, {}
    for datum in series.data:
        found[datum.symbol] = sympy.Float(at.data[datum.name][index].item(), DIGITS)
    for one in series.taylor:
        if one.value is None:
            entry = case.package.boundary.TAYLOR[one.coupling].index(one.orders)
            found[one.symbol] = sympy.Float(at.taylor[one.coupling][entry][index].item(), DIGITS)
    parameters = {p: sympy.Float(v[index].item(), DIGITS) for p, v in at.parameters.items()}
    for one in series.taylor:
        if one.value is not None:
            found[one.symbol] = one.value.xreplace({s: parameters[s.name] for s in one.value.free_symbols})
    return found, parameters


def number(expression, found, parameters):
    """(value, sum of the absolute values of the terms with different data)."""
    parameters = {s: parameters[s.name] for s in expression.free_symbols - set(found) if isinstance(s, Parameter)}
    groups = {}
    for term in sympy.Add.make_args(sympy.expand(expression)):
        coefficient, rest = term.as_independent(*term.free_symbols, as_Add=False)
        groups.setdefault(rest, []).append(coefficient)
    values = {**found, **parameters}
    terms = [sympy.Add(*c).evalf(DIGITS) * rest.xreplace(values).evalf(DIGITS) for rest, c in groups.items()]
    return float(sympy.Add(*terms)), float(sympy.Add(*map(abs, terms)))


def test_boundary_coefficients(case, points):
    series, module = case.known.boundary, case.package.boundary
    if module is None:
        return
    at = points(case.package)
    coefficients = module.boundary_coefficients(at.data, at.taylor, at.parameters)
    found, parameters = data_values(case, at, 3)
    assert list(module.TERMS) == list(coefficients) == list(case.package.PROFILES)
    for profile, terms in module.TERMS.items():
        assert len(terms) == len(coefficients[profile]) == len(series.series[profile])
        for (power, log), term, value in zip(terms, series.series[profile], coefficients[profile], strict=True):
            assert (power, log) == (float(term.power.evalf(30)), term.log)
            exact, size = number(term.coefficient, found, parameters)
            close(value.expand(5)[3].item(), exact, size, (profile, power, log), 10 * TOLERANCE)
    for datum in series.data:
        entry = module.DATA[datum.name]
        assert entry["profile"] == datum.profile
        assert (entry["kind"], entry["log"]) == (datum.kind, datum.log)
    assert set(module.VACUUM) == {datum.name for datum in series.data if datum.kind == "metric"}


def test_boundary_quantities(case, points):
    if case.package.thermodynamics is None or case.package.boundary is None:
        return
    at = points(case.package)
    got = case.package.thermodynamics.boundary_quantities(at.data, at.taylor, at.parameters)
    found, parameters = data_values(case, at, 0)
    assert list(got) == [q.name for q in case.known.at_boundary]
    for quantity in case.known.at_boundary:
        exact, size = number(quantity.value, found, parameters)
        close(got[quantity.name].expand(5)[0].item(), exact, size, quantity.name, 10 * TOLERANCE)


def test_a_file_is_there_or_a_reason(case):
    """For every optional file: it is in the package, or the manifest and EQUATIONS.md say why it is not."""
    manifest = json.loads((case.folder / "manifest.json").read_text())
    text = (case.folder / "EQUATIONS.md").read_text()
    for name in ("horizon", "boundary", "thermodynamics", "transport", "entanglement"):
        there = getattr(case.package, name) is not None
        assert there == (f"{name}.py" in manifest["files"]) == (f"{name}.py" not in manifest["absent"])
        if not there:
            assert len(manifest["absent"][f"{name}.py"]) > 5
            assert all(part in text for part in manifest["absent"][f"{name}.py"].split("; "))


@pytest.fixture
def gubser_rocha(generated):
    return generated("gubser_rocha")


def on_solution(case, numbers):
    """The profiles of the known solution as functions of z alone, other parameters as exact numbers."""
    solution = case.model.known_solutions[0]
    z = case.model.radial
    values = {s: sympy.Rational(v) for s, v in numbers.items()}
    found = {}
    for profile, form in solution.profiles.items():
        symbols = {s: values[s.name] for s in form.free_symbols if s.name in values}
        found[profile.func.name] = form.xreplace(symbols)
    return z, found


NUMBERS = {"Q": "2/3", "beta": "1/2"}


def test_horizon_of_an_exact_solution(gubser_rocha):
    """All jets at the horizon of the charged dilatonic brane from its free ones."""
    package = gubser_rocha.package
    z, profiles = on_solution(gubser_rocha, NUMBERS)
    exact = {
        name: [float(form.diff(z, n).subs(z, 1)) if n else float(form.subs(z, 1)) for n in range(3)]
        for name, form in profiles.items()
    }
    names = {
        f"{name}{'_d' + 'z' * n if n else ''}": value for name, jet in exact.items() for n, value in enumerate(jet)
    }
    data = {name: torch.tensor(names[name]) for name in package.horizon.DATA}
    where = {"z": torch.tensor(1.0)}
    parameters = {"beta": 0.5}
    start = {name: tuple(torch.tensor(v) for v in jet) for name, jet in exact.items()}
    couplings = package.closed_couplings(package.coupling_arguments(where, start, parameters), parameters)
    found = package.horizon.horizon_jets(where, data, couplings, parameters)
    for name, jet in exact.items():
        for n, value in enumerate(jet):
            assert found[name][n].item() == pytest.approx(value, rel=1e-13, abs=1e-13), (name, n)
    residuals = package.residuals(where, found, couplings, parameters)
    sizes = package.magnitudes(where, found, couplings, parameters)
    for name, value in residuals.items():
        assert abs(value) <= 1e-13 * sizes[name]


def test_boundary_of_an_exact_solution(gubser_rocha):
    """All coefficients of the charged dilatonic brane's expansion from its free ones."""
    package = gubser_rocha.package.boundary
    z, profiles = on_solution(gubser_rocha, NUMBERS)

    def coefficient(name, power):
        return float(profiles[name].diff(z, int(power)).subs(z, 0) / math.factorial(int(power)))

    data = {name: torch.tensor(coefficient(one["profile"], one["power"])) for name, one in package.DATA.items()}
    found = package.boundary_coefficients(data, {}, {"beta": torch.tensor(0.5)})
    for name, terms in package.TERMS.items():
        for (power, log), value in zip(terms, found[name], strict=True):
            assert log == 0
            assert value.item() == pytest.approx(coefficient(name, power), rel=1e-13, abs=1e-13), (name, power)


def test_derivatives_of_coefficients_go_through(gubser_rocha):
    """Forward derivatives of all coefficients by all data and parameters, against differences."""
    package = gubser_rocha.package.boundary
    names = [*package.DATA, "beta"]

    def stacked(scalars):
        values = dict(zip(names, scalars, strict=True))
        found = package.boundary_coefficients(values, {}, {"beta": values["beta"]})
        return torch.stack([v + 0 * scalars[0] for values in found.values() for v in values])

    start = torch.linspace(0.5, 1.5, len(names))
    slopes = torch.func.jacfwd(stacked)(start)
    step = 1e-6
    for i in range(len(names)):
        shift = torch.zeros_like(start)
        shift[i] = step
        difference = (stacked(start + shift) - stacked(start - shift)) / (2 * step)
        # a central difference of step 1e-6 is good to 1e-10, the square root of rounding
        assert torch.allclose(slopes[:, i], difference, rtol=1e-8, atol=1e-8), names[i]


def theory_of_a_scalar(name, closed, **more):
    """A scalar with a potential, in the brane of AdS4."""
    t, x, y, z = coordinates("t x y z")
    f, h, p = profiles("f h p", z)
    phi, V = scalar("phi", p), couplings("V")
    return Theory(
        name=name,
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R - square(d(phi)) / 2 - V(phi),
        couplings={V(phi): closed(p)} if closed else {},
        radial=z,
        boundary=0,
        horizon=1,
        time=t,
        **more,
    )


def test_symbolic_exponents_are_shown_and_not_compiled():
    """Delta of an unknown potential: EQUATIONS.md has the exponents, boundary.py would need numbers."""
    files = generate(theory_of_a_scalar("unknown_mass", None).equations())
    assert "boundary.py" not in files
    assert "parameters" in json.loads(files["manifest.json"])["absent"]["boundary.py"]
    assert "## Boundary" in files["EQUATIONS.md"]
