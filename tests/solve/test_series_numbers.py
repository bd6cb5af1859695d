"""The boundary series by NumPy: beside the generated function on tensors, and automatic differentiation through it."""

from pathlib import Path

import pytest
import torch

from holosym.solve.expansion import boundary_of
from holosym.solve.package import load
from holosym.solve.series_numbers import SeriesNumbers
from holosym.solve.series_polynomials import written_out

GENERATED = Path(__file__).parents[2] / "generated"
THEORIES = sorted(folder.name for folder in GENERATED.iterdir() if (folder / "boundary.py").is_file())
BATCH = 5


def arguments(name):
    """Random data, derivatives of couplings and parameters, some with a batch and some without."""
    package = load(GENERATED / name)
    boundary = boundary_of(package)
    generator = torch.Generator().manual_seed(len(name))

    def draw(*shape):
        return 0.5 + torch.rand(shape, generator=generator, dtype=torch.float64)

    data = {n: draw(BATCH) for n in boundary.DATA}
    taylor = {n: tuple(draw(BATCH) if i % 2 else draw() for i in range(len(o))) for n, o in boundary.TAYLOR.items()}
    parameters = {n: draw(BATCH) if i % 2 else 0.7 for i, n in enumerate(package.PARAMETERS)}
    return boundary, data, taylor, parameters


def by_torch(boundary, data, taylor, parameters):
    raw = boundary.boundary_coefficients(data, taylor, parameters)
    blank = torch.zeros(BATCH, dtype=torch.float64)
    return {name: torch.stack([value + blank for value in values], dim=-1) for name, values in raw.items()}


@pytest.mark.parametrize("name", THEORIES)
def test_the_same_values_and_derivatives(name):
    boundary, data, taylor, parameters = arguments(name)
    numbers, expected = SeriesNumbers(boundary), by_torch(boundary, data, taylor, parameters)
    found = numbers.values(data, taylor, parameters)
    assert found is not None
    for profile, value in expected.items():
        torch.testing.assert_close(found[profile], value, rtol=1e-14, atol=1e-14)
    scalars = tuple(data)
    leaves = [data[n].clone().requires_grad_() for n in scalars]
    traced = by_torch(boundary, dict(zip(scalars, leaves, strict=True)), taylor, parameters)
    slopes = numbers.by_data(data, taylor, parameters, scalars)
    for profile, value in traced.items():
        for term in range(value.shape[-1]):
            if value.requires_grad:
                rows = torch.autograd.grad(value[..., term].sum(), leaves, retain_graph=True, materialize_grads=True)
                exact = torch.stack(rows, dim=-1)
                torch.testing.assert_close(slopes[profile][:, term], exact, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["einstein_scalar_ads5", "emd_axion"])
def test_derivatives_by_what_the_couplings_are(name):
    boundary, data, taylor, parameters = arguments(name)
    leaves = {n: tuple(v.expand(BATCH).clone().requires_grad_() for v in jet) for n, jet in taylor.items()}
    flat = [v for jet in leaves.values() for v in jet]
    traced = by_torch(boundary, data, leaves, parameters)
    slopes = SeriesNumbers(boundary).by_taylor(data, taylor, parameters)
    seen = 0.0
    for profile, value in traced.items():
        for term in range(value.shape[-1]):
            if value.requires_grad:
                rows = torch.autograd.grad(value[..., term].sum(), flat, retain_graph=True, materialize_grads=True)
                torch.testing.assert_close(slopes[profile][:, term], torch.stack(rows, -1), rtol=1e-12, atol=1e-12)
                seen += float(slopes[profile].abs().sum())
    assert seen > 1


@pytest.mark.parametrize("name", THEORIES)
def test_which_theories_are_polynomials(name):
    """All of the gallery but the superconductor, whose metric at the boundary stands in an exponential."""
    boundary, data, taylor, parameters = arguments(name)
    orders = {n: len(jet) for n, jet in taylor.items()}
    found = written_out(boundary.boundary_coefficients, tuple(data), orders, tuple(parameters))
    assert (found is None) == (name == "holographic_superconductor")


def test_derivatives_where_a_datum_vanishes():
    """x^1 has the slope one at x = 0, and x^2 none."""
    boundary, data, taylor, parameters = arguments("einstein_scalar_ads5")
    data = {n: torch.zeros_like(v) for n, v in data.items()}
    slopes = SeriesNumbers(boundary).by_data(data, taylor, parameters, ("phi_1", "f_4"))
    for profile, datum in (("phi", "phi_1"), ("f", "f_4")):
        entry = boundary.DATA[datum]
        own = boundary.TERMS[profile].index((entry["power"], entry["log"]))
        column = ("phi_1", "f_4").index(datum)
        assert (slopes[profile][:, own, column] == 1).all()
        assert all(value.isfinite().all() for value in slopes.values())


def test_where_only_tensors_will_do():
    """A gradient runs through, or the device is another."""
    boundary, data, taylor, parameters = arguments("rn_ads4")
    numbers, name = SeriesNumbers(boundary), next(iter(data))
    traced = {**data, name: data[name].requires_grad_()}
    assert numbers.values(traced, taylor, parameters) is None
    with torch.no_grad():
        assert numbers.values(traced, taylor, parameters) is not None
    away = {n: value.detach().to("meta") for n, value in data.items()}
    assert numbers.values(away, taylor, parameters) is None
    seen = []

    def watch(value):
        seen.append(numbers.values({**data, name: value}, taylor, parameters))
        return value

    torch.func.vmap(watch)(data[name].detach())
    assert seen == [None]
    assert not numbers.unable
