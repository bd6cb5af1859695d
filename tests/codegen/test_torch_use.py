"""What torch asks of generated code: batches, types, parameters as numbers, function transforms."""

import math

import pytest
import torch

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")  # torch's own, inside vmap


def evaluate(package, at, coordinates=None, jets=None, parameters=None):
    coordinates, jets, parameters = coordinates or at.coordinates, jets or at.jets, parameters or at.parameters
    couplings = at.couplings(coordinates, jets, parameters)
    return package.residuals(coordinates, jets, couplings, parameters)


def everything(package, at):
    """Every tensor that a package computes, by a label."""
    couplings = at.couplings()
    where = (at.coordinates, at.jets, couplings, at.parameters)
    found = {f"residual {k}": v for k, v in package.residuals(*where).items()}
    found |= {f"magnitude {k}": v for k, v in package.magnitudes(*where).items()}
    arguments = package.coupling_arguments(at.coordinates, at.jets, at.parameters)
    found |= {f"argument {k} {i}": v for k, values in arguments.items() for i, v in enumerate(values)}
    closed = package.closed_couplings(arguments, at.parameters)
    found |= {f"closed {k} {i}": v for k, values in closed.items() for i, v in enumerate(values)}
    d_jets, d_couplings, d_parameters = package.linearisation(*where)
    for kind, table in (("jets", d_jets), ("couplings", d_couplings)):
        found |= {
            f"d {kind} {e} {p} {i}": v
            for e, by_name in table.items()
            for p, entries in by_name.items()
            for i, v in entries.items()
        }
    found |= {f"d parameters {e} {p}": v for e, by_name in d_parameters.items() for p, v in by_name.items()}
    return found | at_the_ends(package, at, where)


def at_the_ends(package, at, where):
    """What the optional files compute."""
    found = {}
    if package.horizon is not None:
        jets = package.horizon.horizon_jets(at.coordinates, at.horizon, where[2], at.parameters)
        found |= {
            f"horizon {k} {i}": v + 0 * sum([*at.coordinates.values(), *at.horizon.values()])
            for k, js in jets.items()
            for i, v in enumerate(js)
        }
    boundary = (at.data, at.taylor, at.parameters)
    if package.boundary is not None:
        series = package.boundary.boundary_coefficients(*boundary)
        found |= {f"series {k} {i}": v for k, values in series.items() for i, v in enumerate(values)}
    if package.thermodynamics is not None:
        found |= package.thermodynamics.horizon_quantities(*where)
        found |= package.thermodynamics.conserved_charges(*where)
        found |= package.thermodynamics.boundary_quantities(*boundary) if at.data else {}
    if package.transport is not None:
        found |= package.transport.dc_transport(*where)
    return found


def shaped(at, shape):
    """The same points in a batch of another shape."""
    at.coordinates = {k: v.reshape(shape) for k, v in at.coordinates.items()}
    at.jets = {k: tuple(v.reshape(shape) for v in jets) for k, jets in at.jets.items()}
    at.parameters = {k: v.reshape(shape) for k, v in at.parameters.items()}
    at.data = {k: v.reshape(shape) for k, v in at.data.items()}
    at.taylor = {k: tuple(v.reshape(shape) for v in values) for k, values in at.taylor.items()}
    at.horizon = {k: v.reshape(shape) for k, v in at.horizon.items()}
    return at


def test_leading_dimensions(case, points):
    flat = everything(case.package, points(case.package, 24))
    batched = everything(case.package, shaped(points(case.package, 24), (2, 3, 4)))
    for label, value in batched.items():
        assert value.shape == (2, 3, 4), label
        assert torch.allclose(value.reshape(24), flat[label], rtol=1e-12, atol=1e-12), label


def test_a_single_point(case, points):
    for label, value in everything(case.package, shaped(points(case.package, 1), ())).items():
        assert value.shape == (), label


@pytest.mark.parametrize("dtype", [torch.float32, torch.complex128])
def test_other_types(case, points, dtype):
    """Every output has the type of the input: nothing was made in the default type on the way."""
    exact = everything(case.package, points(case.package))
    at = points(case.package)
    at.coordinates = {k: v.to(dtype) for k, v in at.coordinates.items()}
    at.jets = {k: tuple(v.to(dtype) for v in jets) for k, jets in at.jets.items()}
    at.parameters = {k: v.to(dtype) for k, v in at.parameters.items()}
    at.data = {k: v.to(dtype) for k, v in at.data.items()}
    at.taylor = {k: tuple(v.to(dtype) for v in values) for k, values in at.taylor.items()}
    at.horizon = {k: v.to(dtype) for k, v in at.horizon.items()}
    size = evaluate_magnitudes(case.package, points(case.package))
    tolerance = 1e-4 if dtype == torch.float32 else 1e-12
    for label, value in everything(case.package, at).items():
        assert value.dtype == dtype or (label.startswith("magnitude") and dtype.is_complex), label
        scale = max(1.0, size)
        real = value.real.to(torch.float64)
        assert torch.allclose(real, exact[label], rtol=tolerance, atol=tolerance * scale), label


def evaluate_magnitudes(package, at):
    values = package.magnitudes(at.coordinates, at.jets, at.couplings(), at.parameters).values()
    return max((float(v.max()) for v in values), default=0.0)  # none for a bare metric


def test_parameters_as_numbers(case, points):
    """Plain floats, and tensors with one value: the same."""
    at, plain = points(case.package), points(case.package)
    numbers = {k: float(v[0]) for k, v in at.parameters.items()}
    at.parameters = {k: torch.full_like(next(iter(at.coordinates.values())), v) for k, v in numbers.items()}
    plain.parameters = numbers
    one, other = everything(case.package, at), everything(case.package, plain)
    assert set(one) == set(other)
    for label, value in other.items():
        assert isinstance(value, torch.Tensor), label
        assert torch.allclose(value, one[label], rtol=1e-12, atol=1e-12), label


def test_parameters_broadcast(generated, points):
    """Seven values of beta at once, each at five points."""
    package = generated("gubser_rocha").package
    at = points(package)
    at.parameters = {k: torch.linspace(0.1, 0.9, 7, dtype=torch.float64)[:, None] for k in at.parameters}
    found = evaluate(package, at)
    assert found["f"].shape == (7, 5)
    one = evaluate(package, at, parameters={"beta": 0.9})
    assert torch.allclose(found["f"][6], one["f"], rtol=1e-13, atol=1e-13)


def test_vmap(case, points):
    at = points(case.package)
    in_dims = (
        dict.fromkeys(at.coordinates, 0),
        {k: (0,) * len(v) for k, v in at.jets.items()},
        dict.fromkeys(at.parameters, 0),
    )

    def one_point(coordinates, jets, parameters):
        return evaluate(case.package, at, coordinates, jets, parameters)

    mapped = torch.func.vmap(one_point, in_dims=in_dims)(at.coordinates, at.jets, at.parameters)
    for name, value in evaluate(case.package, at).items():
        assert torch.allclose(mapped[name], value, rtol=1e-12, atol=1e-12), name


def test_jacfwd_and_grad(case, points):
    """Forward over reverse: second derivatives of a residual go through the generated linearisation's own terms."""
    if not case.package.EQUATIONS:
        return  # a bare metric
    at = shaped(points(case.package, 1), ())
    name = next(iter(at.jets))

    def one(first):
        return evaluate(case.package, at, jets={**at.jets, name: (first, *at.jets[name][1:])})

    forward = torch.func.jacfwd(one)(at.jets[name][0])
    where = (at.coordinates, at.jets, at.couplings(), at.parameters)
    d_jets, _, _ = case.package.linearisation(*where)
    for equation, value in forward.items():
        expected = d_jets[equation].get(name, {}).get(0, torch.zeros_like(value))
        assert torch.allclose(value, expected, rtol=1e-11, atol=1e-11), equation


@pytest.mark.slow
def test_compile(generated, points):
    """torch.compile makes one graph of it, with the same numbers."""
    package = generated("gubser_rocha").package
    at = points(package)
    compiled = torch.compile(package.residuals, fullgraph=True)
    found = compiled(at.coordinates, at.jets, at.couplings(), at.parameters)
    for name, value in evaluate(package, at).items():
        assert torch.allclose(found[name], value, rtol=1e-12, atol=1e-12)


def test_the_source_is_plain(case):
    """No clamps or epsilons, no tensors made of constants, nothing by autograd."""
    for file in ("equations.py", "couplings.py"):
        text = (case.folder / file).read_text()
        for word in ("clamp", "1e-", "torch.tensor(", "autograd", "requires_grad", ".item(", "eval("):
            assert word not in text, (file, word)


def test_names_do_not_collide(generated):
    """Outside, everything keeps its name; a coupling of a taken name says what it is, and of which function."""
    package = generated("names").package
    assert set(package.PROFILES) == {"torch", "jets", "found", "E", "d_jets"}
    assert package.PARAMETERS == ("S", "inv_z", "jets_dz", "math")
    functions = {about["function"] for about in package.COUPLINGS.values()}
    assert functions == {"couplings", "E", "abs"}


def test_values_on_the_exact_brane(generated):
    """The last link: generated code on the exact Gubser-Rocha brane, in float64."""
    package = generated("gubser_rocha").package
    Q, beta = 0.7, 0.4
    z = torch.linspace(0.05, 0.95, 19, dtype=torch.float64)

    def jets(function):
        first = torch.func.vmap(torch.func.grad(function))
        return function(z), first(z), torch.func.vmap(torch.func.grad(torch.func.grad(function)))(z)

    mu = math.sqrt(3 * Q * (1 + Q) * (1 - beta**2 / (2 * (1 + Q) ** 2)))
    fields = {
        "f": jets(
            lambda z: (1 - z) * (1 + (1 + 3 * Q) * z + (1 + 3 * Q * (1 + Q) - beta**2 / 2) * z**2) / (1 + Q * z) ** 1.5
        ),
        "h": jets(lambda z: (1 + Q * z) ** 1.5),
        "A_t": jets(lambda z: mu * (1 - z) / (1 + Q * z)),
        "phi": jets(lambda z: math.sqrt(3) / 2 * torch.log(1 + Q * z)),
    }
    where = ({"z": z}, fields, {"beta": beta})
    couplings = package.closed_couplings(package.coupling_arguments(*where), {"beta": beta})
    found = package.residuals({"z": z}, fields, couplings, {"beta": beta})
    size = package.magnitudes({"z": z}, fields, couplings, {"beta": beta})
    for name, value in found.items():
        assert (value.abs() <= 1e-12 * size[name]).all(), name
    wrong = package.residuals({"z": z}, fields, couplings, {"beta": 1.01 * beta})
    assert (wrong["f"].abs() > 1e-8 * size["f"]).all()
