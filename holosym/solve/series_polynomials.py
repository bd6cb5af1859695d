r"""The boundary series' coefficients as polynomials: one table of exponents and one matrix for a whole theory.

Nearly every theory's coefficients are Laurent polynomials in the data s, the couplings' derivatives t at the boundary
and the parameters. Written out once by running the generated function on `laurent` numbers, they are

    c_i = sum_m K_mi A_a(m)(s) B_b(m)(t),       A_a = prod_j s_j^(E_aj),      B_b = prod_j t_j^(F_bj),

so all coefficients of all states are a few powers and one product of matrices, where the function has some thousand
products to make one by one. A derivative by s_j lowers one exponent: E_aj s^(E_a - 1_j).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holosym.solve.laurent import Laurent, variables

Array = NDArray[np.float64]
Numbers = Mapping[str, Any]
Jets = Mapping[str, Sequence[Any]]
Coefficients = Callable[[Numbers, Jets, Numbers], Mapping[str, Sequence[Any]]]
_CONSTANTS = SimpleNamespace(
    full_like=lambda like, value: value, zeros_like=lambda like: 0.0, ones_like=lambda like: 1.0
)


@dataclass(frozen=True)
class Monomials:
    """Products of whole powers of some variables.

    Attributes:
        exponents: (monomials, variables).
    """

    exponents: NDArray[np.int64]

    def values(self, x: Array) -> Array:
        """At x (..., variables): (..., monomials)."""
        found: Array = np.prod(x[..., None, :] ** self.exponents, axis=-1)
        return found

    def slopes(self, x: Array, places: Sequence[int]) -> Array:
        """Their derivatives by some of the variables: (..., places, monomials)."""
        lowered, factors = self._lowered
        picked = list(places)
        found: Array = factors[picked] * np.prod(x[..., None, None, :] ** lowered[picked], axis=-1)
        return found

    @cached_property
    def _lowered(self) -> tuple[NDArray[np.int64], Array]:
        """By variable, exponents less one of its own, and the factor in front; a power of zero stays one."""
        factors = self.exponents.T
        unit = np.eye(len(factors), dtype=np.int64)[:, None]
        return self.exponents - unit * (factors != 0)[..., None], factors.astype(float)


@dataclass(frozen=True)
class SeriesPolynomials:
    """All coefficients of one theory; make it with `written_out`.

    Attributes:
        first, second: the powers of the data, and of the couplings' derivatives and parameters.
        pairs: (2, M), which two make a product.
        matrix: K, (M, terms of all profiles).
        splits: by profile, its columns.
    """

    first: Monomials
    second: Monomials
    pairs: NDArray[np.int64]
    matrix: Array
    splits: Mapping[str, slice]

    def values(self, data: Array, rest: Array) -> dict[str, Array]:
        """From (..., data) and (..., others) to the coefficients by profile, (..., terms)."""
        return self._split(self.first.values(data), self.second.values(rest))

    def by_data(self, data: Array, rest: Array, places: Sequence[int]) -> dict[str, Array]:
        """Derivatives by some of the data, (..., places, terms)."""
        return self._split(self.first.slopes(data, places), self.second.values(rest)[..., None, :])

    def by_rest(self, data: Array, rest: Array, places: Sequence[int]) -> dict[str, Array]:
        """Derivatives by some of the others, (..., places, terms)."""
        return self._split(self.first.values(data)[..., None, :], self.second.slopes(rest, places))

    def _split(self, first: Array, second: Array) -> dict[str, Array]:
        found = (first[..., self.pairs[0]] * second[..., self.pairs[1]]) @ self.matrix
        return {name: found[..., columns] for name, columns in self.splits.items()}


def written_out(
    function: Coefficients, data: Sequence[str], taylor: Mapping[str, int], parameters: Sequence[str]
) -> SeriesPolynomials | None:
    """The generated function as polynomials; None where it is none.

    Args:
        function: `boundary_coefficients` of a package.
        data, parameters: names; the order of the variables is data, then taylor and parameters.
        taylor: how many derivatives of which coupling.
    """
    if not isinstance(function, FunctionType) or function.__closure__ is not None:
        return None
    every = iter(variables(len(data) + sum(taylor.values()) + len(parameters)))
    arguments = (
        {name: next(every) for name in data},
        {name: [next(every) for _ in range(count)] for name, count in taylor.items()},
        {name: next(every) for name in parameters},
    )
    try:
        found = FunctionType(function.__code__, {**function.__globals__, "torch": _CONSTANTS})(*arguments)
        return _table(found, len(data), len(data) + sum(taylor.values()) + len(parameters))
    except (TypeError, AttributeError):
        return None


def _table(found: Mapping[str, Sequence[Laurent | float]], own: int, count: int) -> SeriesPolynomials:
    """The polynomials sorted into products of two monomials; the first `own` of `count` variables are the data."""
    zero = Laurent({(0,) * count: 0.0})
    columns = [zero + value for values in found.values() for value in values]
    products = {exponents: i for i, exponents in enumerate(dict.fromkeys(e for c in columns for e in c.terms))}
    first = {e: i for i, e in enumerate(dict.fromkeys(exponents[:own] for exponents in products))}
    second = {e: i for i, e in enumerate(dict.fromkeys(exponents[own:] for exponents in products))}
    matrix = np.zeros((len(products), len(columns)))
    for i, column in enumerate(columns):
        for exponents, number in column.terms.items():
            matrix[products[exponents], i] = number
    ends = np.cumsum([len(values) for values in found.values()]).tolist()
    splits = {name: slice(end - len(found[name]), end) for name, end in zip(found, ends, strict=True)}
    pairs = np.array([[first[e[:own]], second[e[own:]]] for e in products], dtype=np.int64).reshape(-1, 2).T
    left, right = (np.array(list(one), dtype=np.int64).reshape(len(one), -1) for one in (first, second))
    return SeriesPolynomials(Monomials(left), Monomials(right), pairs, matrix, splits)
