"""Files of the ends made from hand-written expansions: what the gallery does not have."""

import json
import math

import pytest
import torch
from sympy import Integer, Rational, Symbol, log, oo, sqrt

from holosym import R, Theory, coordinates, couplings, d, parameters, profiles, scalar, square
from holosym.codegen.numbers import decimal, evaluated
from holosym.codegen.observables import Observables, observables
from holosym.codegen.package import generate
from holosym.errors import ExpansionError, PackageError, PrinterError
from holosym.expand.series import BoundaryDatum, BoundarySeries, HorizonSeries, Mode, TaylorSymbol, Term
from holosym.observe.quantity import BoundaryQuantity
from holosym.solve.package import load


@pytest.fixture(scope="module")
def system():
    """A scalar with an unknown potential and a parameter."""
    t, x, y, z = coordinates("t x y z")
    f, h, p = profiles("f h phi", z)
    m = parameters("m", positive=True)
    phi, V = scalar("phi", p), couplings("V")
    return Theory(
        name="by_hand",
        metric=(-f * d(t) ** 2 + d(z) ** 2 / f + h * (d(x) ** 2 + d(y) ** 2)) / z**2,
        lagrangian=R - m * square(d(phi)) / 2 - V(phi),
        radial=z,
        boundary=0,
        horizon=1,
        time=t,
    ).equations()


A, B, C = Symbol("phi_a", real=True), Symbol("f_3", real=True), Symbol("V_d3", real=True)
D = Symbol("V_d4", real=True)


def series(system, **changes):
    """An expansion that solves nothing: one of everything."""
    m = next(s for s in system.model.lagrangian.free_symbols if s.name == "m")
    z = system.model.radial
    low = (3 - sqrt(5)) / 2
    made = {
        "system": system,
        "variable": z,
        "dimension": 3,
        "asymptotics": "AdS",
        "exponents": {},
        "modes": (Mode(low, ("phi",), "source"), Mode(Integer(3), ("f",), "response")),
        "operators": {"phi": (3 - low, low)},
        "data": (
            BoundaryDatum("phi_a", A, "phi", low, 0, "source", low),
            BoundaryDatum("f_3", B, "f", Integer(3), 0, "metric", Integer(3), Rational(1, 4)),
        ),
        "series": {
            "f": (Term(Integer(0), 0, Integer(1)), Term(Integer(3), 0, B), Term(Integer(3), 2, m * A**2 / 7)),
            "phi": (Term(low, 0, A), Term(2 * low, 1, C * A**2 * log(2) + D * sqrt(m) / B)),
        },
        "taylor": (
            TaylorSymbol(C, "V", (3,), None),
            TaylorSymbol(D, "V", (4,), None),
            TaylorSymbol(Symbol("V_d2"), "V", (2,), Integer(-2)),
        ),
        "relations": (),
        "order": Integer(3),
        "notes": ("there is a logarithm",),
    }
    return BoundarySeries(**{**made, **changes})


def compiled(system, folder, **known):
    """The package of a system with what is said to be known."""
    parts = ("horizon", "boundary", "at_horizon", "at_boundary", "transport", "surfaces")
    missing = dict.fromkeys(parts, "not asked")
    files = generate(system, Observables(**{"reasons": missing, **known}))
    for name, text in files.items():
        (folder / name).write_text(text)
    return files, load(folder)


def test_a_boundary_by_hand(system, tmp_path):
    """Irrational powers, logarithms, derivatives of an unknown coupling, a parameter under a root."""
    quantity = BoundaryQuantity("phi_vev", "O", Symbol("V_d2") * A * C, Integer(2), "by hand")
    files, package = compiled(system, tmp_path, boundary=series(system), at_boundary=(quantity,))
    module = package.boundary
    low = 0.38196601125010515  # (3 - sqrt(5))/2
    assert {"f": ((0.0, 0), (3.0, 0), (3.0, 2)), "h": (), "phi": ((low, 0), (2 * low, 1))} == module.TERMS
    assert module.TAYLOR == {"V": ((3,), (4,))}
    assert module.VACUUM == {"f_3": 0.25}
    assert {"phi": (3 - low, low)} == module.OPERATORS
    assert (module.DIMENSION, module.RADIAL, module.BOUNDARY, module.VARIABLE) == (3, "z", 0.0, "z")
    assert module.DATA["phi_a"] == {"profile": "phi", "power": low, "log": 0, "kind": "source", "dimension": low}
    a, b, c, e = (torch.tensor([v, v + 1], dtype=torch.float64) for v in (0.5, 2.0, -0.3, 0.7))
    data, taylor = {"phi_a": a, "f_3": b}, {"V": (c, e)}
    for m in (1.7, torch.tensor([1.7, 1.7], dtype=torch.float64)):  # a number and a tensor
        found = module.boundary_coefficients(data, taylor, {"m": m})
        expected = [torch.ones_like(a), b, 1.7 * a**2 / 7, a, c * a**2 * math.log(2) + e * math.sqrt(1.7) / b]
        for got, value in zip([*found["f"], *found["phi"]], expected, strict=True):
            assert torch.allclose(got, value, rtol=1e-15)
        got = package.thermodynamics.boundary_quantities(data, taylor, {"m": m})
        assert torch.equal(got["phi_vev"], -2 * a * c)
    assert package.thermodynamics.horizon_quantities({}, {}, {}, {}) == {}
    assert (package.horizon, package.transport) == (None, None)
    absent = ("entanglement.py", "horizon.py", "transport.py")
    assert json.loads(files["manifest.json"])["absent"] == dict.fromkeys(absent, "not asked")
    for line in ("there is a logarithm", r"\log^{2} x", "V_{d3} = V'''", "Horizon: not asked"):
        assert line in files["EQUATIONS.md"]


def test_a_solution_without_free_data(system, tmp_path):
    """Coefficients that are numbers have no datum whose type they could take: they are float64."""
    bare = {"f": (Term(Integer(0), 0, Integer(1)),), "phi": ()}
    _, package = compiled(system, tmp_path, boundary=series(system, data=(), series=bare, taylor=()))
    found = package.boundary.boundary_coefficients({}, {}, {})
    assert found["phi"] == ()
    assert found["f"][0].dtype == torch.float64
    assert found["f"][0] == 1


def test_the_boundary_at_infinity(system, tmp_path):
    """x = 1/r, with the boundary where the radial coordinate has no end."""
    t, x, y, r = coordinates("t x y r")
    f = profiles("f", r)
    theory = Theory(
        name="outside",
        metric=-(r**2) * f * d(t) ** 2 + d(r) ** 2 / (r**2 * f) + r**2 * (d(x) ** 2 + d(y) ** 2),
        lagrangian=R + 6,
        radial=r,
        boundary=oo,
        horizon=1,
        time=t,
    )
    _, package = compiled(theory.equations(), tmp_path, boundary=observables(theory.equations()).boundary)
    assert math.inf == package.boundary.BOUNDARY
    assert package.boundary.VARIABLE == "1/r"


def test_a_symbolic_power_is_not_compiled(system, tmp_path):
    n = Symbol("n")
    terms = {"f": (Term(Integer(0), 0, Integer(1)),), "phi": (Term(n, 0, A),)}
    files, package = compiled(system, tmp_path, boundary=series(system, series=terms))
    assert package.boundary is None
    assert "parameters" in json.loads(files["manifest.json"])["absent"]["boundary.py"]
    assert "x^{n}" in files["EQUATIONS.md"]


def test_an_incomplete_horizon_is_refused(system, tmp_path):
    """A jet of the package that the series does not mention: no horizon.py, and the jets' names in the reason."""
    known = observables(system).horizon
    cut = HorizonSeries(system, known.point, known.vanishing, known.data, known.values[:-1], known.order)
    files, package = compiled(system, tmp_path, horizon=cut)
    assert package.horizon is None
    assert "leaves open" in json.loads(files["manifest.json"])["absent"]["horizon.py"]


def test_a_part_that_refuses_does_not_stop_the_others(system, monkeypatch):
    """An ExpansionError is a reason; any other error is a bug and is raised."""

    def refuse(*_):
        raise ExpansionError("no such\n thing")

    monkeypatch.setattr("holosym.expand.horizon.horizon_series", refuse)
    known = observables(system)
    assert known.horizon is None
    assert known.reasons["horizon"] == "no such thing"
    assert known.boundary is not None
    monkeypatch.setattr("holosym.expand.horizon.horizon_series", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        observables(system)


def test_numbers():
    """A difference of large numbers is made before it is a float."""
    x = Symbol("x")
    big = 10**20 * sqrt(2) - 141421356237309504880
    assert float(big.evalf(30)) != pytest.approx(10**20 * math.sqrt(2) - 141421356237309504880, rel=1e-3)
    assert float(evaluated(big * x).coeff(x)) == pytest.approx(float(big.evalf(40)), rel=1e-15)
    split = 10**20 * sqrt(2) * x - 141421356237309504880 * x + 1
    assert float(evaluated(split).coeff(x)) == pytest.approx(float(big.evalf(40)), rel=1e-15)
    assert evaluated(sqrt(3) * x / 6 + x**2 / 3) == sqrt(3) * x / 6 + x**2 / 3
    assert decimal(sqrt(2)) == math.sqrt(2)
    with pytest.raises(PrinterError, match="not a number"):
        decimal(x + 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DATA = {}\n", "boundary.py lacks DIMENSION"),
        ("import nowhere_at_all\n", "importing boundary.py failed: ModuleNotFoundError"),
    ],
)
def test_a_broken_file_is_refused(system, tmp_path, text, message):
    compiled(system, tmp_path)
    (tmp_path / "boundary.py").write_text(text)
    with pytest.raises(PackageError, match=message) as caught:
        load(tmp_path)
    assert "compile the model again" in caught.value.mend
