"""Generated packages, each written and imported once, and points to try them at.

They are of the gallery, of `theories.py`, and of those in tests/models_extra that ask most of the code generator.
"""

import hashlib
from functools import cache
from pathlib import Path

import pytest
import torch
from theories import THEORIES

from holosym import resources
from holosym.codegen.observables import observables
from holosym.codegen.package import generate
from holosym.dsl import loader
from holosym.solve.package import load

torch.set_num_threads(1)

EXTRA = Path(__file__).parent.parent / "models_extra"
FROM_EXTRA = (
    "ads_wave",
    "awkward_names",
    "axion_k_of_x",
    "born_infeld_ads4",
    "characteristic_ads5",
    "f_of_r",
    "frw_cosmology",
    "helical_ads5",
    "lifshitz_emd",
    "power_maxwell_ads4",
    "reordered_coordinates",
    "su2_monopole_ads4",
    "superpotential_wall",
    "taub_nut_ads4",
    "theta_term_dyonic",
)
NAMES = (*sorted(resources.gallery()), *THEORIES, *FROM_EXTRA)


@cache
def made(name):
    """A model by its name."""
    if name in THEORIES:
        return THEORIES[name]()
    path = EXTRA / f"{name}.py" if name in FROM_EXTRA else resources.resolve(name)
    (model,) = loader.load(path)
    return model


class Generated:
    """A model beside its generated package.

    Attributes:
        model: the model.
        system: its equations.
        known: expansions and observables.
        package: the imported package.
        folder: where it was written.
    """

    def __init__(self, name, folder):
        self.model = made(name)
        self.system = self.model.equations()
        self.folder = folder
        self.known = observables(self.system)
        for file, text in generate(self.system, self.known).items():
            (folder / file).write_text(text)
        self.package = load(folder)


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """A model with its package, by name."""

    @cache
    def make(name):
        return Generated(name, tmp_path_factory.mktemp(name, numbered=False))

    return make


@pytest.fixture
def fresh(tmp_path):
    """A package generated anew, while something in holosym is changed."""
    return lambda name: Generated(name, tmp_path)


@pytest.fixture(params=NAMES)
def case(request, generated):
    """Every model in turn."""
    return generated(request.param)


def uniform(key, low, high):
    """A float64 in an interval, by a key alone."""
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return low + (high - low) * digest / 2**64


class Points:
    """Values of everything that a package reads, at a batch of points.

    Attributes:
        coordinates, jets, parameters: as the package takes them.
        data, taylor: of the boundary series, where the package has one.
        horizon: free jets at the horizon.
    """

    def __init__(self, package, size=5, dtype=torch.float64):
        def batch(key, low, high):
            return torch.tensor([uniform(f"{key} {i}", low, high) for i in range(size)], dtype=dtype)

        self.package = package
        self.coordinates = {c: batch(f"coordinate {c}", 0.1, 0.9) for c in package.COORDINATES}
        self.jets = {
            p: tuple(batch(f"{p} {o}", 0.5, 1.5) if not any(o) else batch(f"{p} {o}", -1.0, 1.0) for o in orders)
            for p, orders in package.PROFILES.items()
        }
        # above one, where the roots and exponents of all models are real
        self.parameters = {p: batch(f"parameter {p}", 1.1, 1.7) for p in package.PARAMETERS}
        self.data, self.taylor, self.horizon = {}, {}, {}
        if package.boundary is not None:
            self.data = {name: batch(f"datum {name}", 0.5, 1.5) for name in package.boundary.DATA}
            self.taylor = {
                name: tuple(batch(f"taylor {name} {o}", -1.0, 1.0) for o in orders)
                for name, orders in package.boundary.TAYLOR.items()
            }
        if package.horizon is not None:
            self.horizon = {name: batch(f"horizon {name}", 0.5, 1.5) for name in package.horizon.DATA}

    def couplings(self, coordinates=None, jets=None, parameters=None):
        """Jets of all couplings where the package wants them: closed forms, and polynomials for the unknown."""
        where = (coordinates or self.coordinates, jets or self.jets, parameters or self.parameters)
        arguments = self.package.coupling_arguments(*where)
        found = self.package.closed_couplings(arguments, where[2])
        for name, about in self.package.COUPLINGS.items():
            if not about["closed"]:
                found[name] = tuple(ridge(about["function"], o, arguments[name]) for o in about["orders"])
        return found


def ridge(function, orders, arguments):
    """A derivative of sum_k c_k (w . s)^k / k!, k < 7, the stand-in for an unknown coupling of numbers or tensors s."""
    weights = [uniform(f"{function} w{i}", 0.5, 1.0) for i in range(len(arguments))]
    inner = sum(w * s for w, s in zip(weights, arguments, strict=True))
    total = 0 * inner
    power, factorial = 1 + 0 * inner, 1
    for k in range(7 - sum(orders)):
        total = total + uniform(f"{function} c{k + sum(orders)}", -1, 1) * power / factorial
        power, factorial = power * inner, factorial * (k + 1)
    for w, o in zip(weights, orders, strict=True):
        total = total * w**o
    return total


@pytest.fixture(scope="session")
def points():
    """`Points` of a package."""
    return Points


@pytest.fixture(scope="session")
def stand_in():
    """`ridge`, the polynomial that stands for an unknown coupling."""
    return ridge
