"""A boundary value problem with a known solution, from a package in the form of a generated one."""

from pathlib import Path

import pytest
import torch

from holosym.ansatz.chebyshev import chebyshev_grid
from holosym.solve.collocation import Collocation
from holosym.solve.conditions import End, fixed
from holosym.solve.package import load
from holosym.solve.system import Linearised

torch.set_num_threads(1)  # these systems are small: more threads only get in each other's way

PACKAGES = Path(__file__).parent / "packages"


@pytest.fixture(scope="session")
def package():
    return load(PACKAGES / "potential")


def cubic(arguments):
    """The jet of V = u^3/2."""
    (u,) = arguments
    return u**3 / 2, 3 * u**2 / 2, 3 * u


@pytest.fixture
def problem(package):
    """From a and the number of nodes: u(0) = 4/a and u(1) = 1/a; what `change` names is replaced."""

    def make(a=1.0, nodes=40, **change):
        parts = {
            "grid": chebyshev_grid(nodes),
            "conditions": [fixed("u", End.START, 4 / a), fixed("u", End.STOP, 1 / a)],
            "parameters": {"a": a},
            "couplings": {"V": cubic},
        }
        return Collocation(package, **(parts | change))

    return make


@pytest.fixture
def exact():
    """The solution u = 4/(a (1 + x)^2) at nodes x, for a number or a batch of a."""

    def evaluate(a, x):
        return 4 / (torch.as_tensor(a, dtype=x.dtype)[..., None] * (1 + x) ** 2)

    return evaluate


class OneEquation:
    """f(x) = 0 for a single number x."""

    def __init__(self, function, derivative):
        self._function, self._derivative = function, derivative

    def residual(self, unknowns):
        return self._function(unknowns)

    def linearise(self, unknowns):
        one = torch.ones_like(unknowns)
        return Linearised(self._function(unknowns), self._derivative(unknowns)[..., None], one, one)

    def row_name(self, index):
        return "the equation"

    def unknown_name(self, index):
        return "x"


@pytest.fixture
def one_equation():
    return OneEquation
