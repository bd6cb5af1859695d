r"""The boundary series' coefficients and their derivatives, evaluated by NumPy.

The generated function is some thousand small products. Where it is a polynomial, they are done once for all
(`series_polynomials`). Where it is not, it is called with NumPy's arrays, which take a third of torch's time for each
product; NumPy's names are the same wherever the function asks for one. A derivative is then a complex step,

    dc/ds = Im c(s + i h)/h,      h = 1e-100,

exact to rounding, as c is analytic and nothing is subtracted. Every step is one more column behind the batch, so that
all of them take one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from holosym.solve.expansion import BoundaryModule
from holosym.solve.series_polynomials import SeriesPolynomials, written_out

STEP = 1e-100
Array = NDArray[Any]
Numbers = Mapping[str, Tensor | float]
Jets = Mapping[str, Sequence[Tensor]]


@dataclass
class SeriesNumbers:
    """`boundary_coefficients` of one package.

    Attributes:
        boundary: the module.
        unable: set when the function turned out to ask for something that NumPy has not.
    """

    boundary: BoundaryModule
    unable: bool = False
    _twin: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        function = self.boundary.boundary_coefficients
        if isinstance(function, FunctionType) and function.__closure__ is None:
            self._twin = FunctionType(function.__code__, {**function.__globals__, "torch": np})
        self.unable = self._twin is None

    def values(self, data: Numbers, taylor: Jets, parameters: Numbers) -> dict[str, Tensor] | None:
        """By profile (..., terms), in TERMS' order; None where only tensors will do (gradients, other devices)."""
        arrays = self._arrays(data, taylor, parameters)
        if arrays is None:
            return None
        polynomials = self._polynomials(*arrays)
        if polynomials is None:
            return self._called(*arrays)
        return _tensors(polynomials.values(*_sides(*arrays)))

    def by_data(
        self, data: Numbers, taylor: Jets, parameters: Numbers, scalars: Sequence[str]
    ) -> dict[str, Tensor] | None:
        """The derivatives (..., terms, k) by the data and parameters `scalars`, of which taylor is independent."""
        arrays = self._arrays(data, taylor, parameters)
        if arrays is None:
            return None
        here, jets, numbers = arrays
        polynomials = self._polynomials(*arrays)
        if polynomials is not None:
            return _slopes(polynomials, arrays, scalars)
        steps = {name: 1j * STEP * unit for name, unit in zip(scalars, np.eye(len(scalars)), strict=True)}
        stepped = [{n: _behind(v) + steps.get(n, 0.0) for n, v in one.items()} for one in (here, numbers)]
        return self._complex_steps(stepped[0], {n: [_behind(v) for v in jet] for n, jet in jets.items()}, stepped[1])

    def by_taylor(self, data: Numbers, taylor: Jets, parameters: Numbers) -> dict[str, Tensor] | None:
        """The derivatives (..., terms, j) by all entries of `taylor`, coupling after coupling."""
        arrays = self._arrays(data, taylor, parameters)
        if arrays is None:
            return None
        here, jets, numbers = arrays
        polynomials = self._polynomials(*arrays)
        if polynomials is not None:
            count = sum(map(len, jets.values()))
            return _by_rows(polynomials.by_rest(*_sides(*arrays), range(count)))
        steps = iter(1j * STEP * np.eye(sum(map(len, jets.values()))))
        stepped = {name: [_behind(value) + next(steps) for value in jet] for name, jet in jets.items()}
        return self._complex_steps(
            {n: _behind(v) for n, v in here.items()}, stepped, {n: _behind(v) for n, v in numbers.items()}
        )

    def _arrays(self, data: Numbers, taylor: Jets, parameters: Numbers) -> tuple[Any, Any, Any] | None:
        if self.unable or torch.compiler.is_compiling():
            return None
        every = [*data.values(), *parameters.values(), *(value for jet in taylor.values() for value in jet)]
        if not all(_plain(value) for value in every):
            return None
        try:
            jets = {name: [_array(value) for value in jet] for name, jet in taylor.items()}
            return {n: _array(v) for n, v in data.items()}, jets, {n: _array(v) for n, v in parameters.items()}
        except RuntimeError:  # a transformed tensor has no memory to look at
            return None

    def _polynomials(self, data: Any, taylor: Any, parameters: Any) -> SeriesPolynomials | None:
        """The table of the function, made once."""
        orders = tuple((name, len(jet)) for name, jet in taylor.items())
        return _known(self.boundary.boundary_coefficients, tuple(data), orders, tuple(parameters))

    def _called(self, data: Any, taylor: Any, parameters: Any) -> dict[str, Tensor] | None:
        """Values side by side, of one shape."""
        try:
            found: Mapping[str, Sequence[Array]] = self._twin(data, taylor, parameters)
        except (TypeError, AttributeError):
            self.unable = True
            return None
        shape = np.broadcast_shapes(*(np.shape(value) for value in (*data.values(), *_flat(found))))
        stacked = {name: np.empty((*shape, len(values)), dtype=_kind(found)) for name, values in found.items()}
        for name, values in found.items():
            for i, value in enumerate(values):
                stacked[name][..., i] = value
        return {name: torch.from_numpy(value) for name, value in stacked.items()}

    def _complex_steps(self, data: Any, taylor: Any, parameters: Any) -> dict[str, Tensor] | None:
        with np.errstate(under="ignore"):
            found = self._called(data, taylor, parameters)
        return None if found is None else {name: value.imag.mT / STEP for name, value in found.items()}


@cache
def _known(
    function: Any, data: tuple[str, ...], taylor: tuple[tuple[str, int], ...], parameters: tuple[str, ...]
) -> SeriesPolynomials | None:
    return written_out(function, data, dict(taylor), parameters)


def _sides(data: Any, taylor: Any, parameters: Any) -> tuple[Array, Array]:
    """The data side by side, and all others, as the polynomials take them; both over the batch of the data."""
    others = [*(value for jet in taylor.values() for value in jet), *parameters.values()]
    return _columns(list(data.values())), _columns(others)


def _columns(values: Sequence[Any]) -> Array:
    shape = np.broadcast_shapes(*(np.shape(value) for value in values))
    found = np.empty((*shape, len(values)))
    for i, value in enumerate(values):
        found[..., i] = value
    return found


def _slopes(polynomials: SeriesPolynomials, arrays: tuple[Any, Any, Any], scalars: Sequence[str]) -> dict[str, Tensor]:
    """The derivatives by data, then by parameters."""
    data, taylor, parameters = arrays
    sides, before = _sides(*arrays), sum(map(len, taylor.values()))
    own = [list(data).index(name) for name in scalars if name in data]
    found = polynomials.by_data(*sides, own)
    if len(own) < len(scalars):
        free = [before + list(parameters).index(name) for name in scalars if name not in data]
        more = polynomials.by_rest(*sides, free)
        found = {name: np.concatenate([value, more[name]], axis=-2) for name, value in found.items()}
    return _by_rows(found)


def _tensors(found: Mapping[str, Array]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(value) for name, value in found.items()}


def _by_rows(found: Mapping[str, Array]) -> dict[str, Tensor]:
    """(..., steps, terms) to (..., terms, steps)."""
    return {name: torch.from_numpy(value).mT for name, value in found.items()}


def _flat(found: Mapping[str, Sequence[Array]]) -> list[Array]:
    return [value for values in found.values() for value in values]


def _kind(found: Mapping[str, Sequence[Array]]) -> np.dtype[Any]:
    return np.result_type(*(np.asarray(value).dtype for value in _flat(found)), np.float64)


def _plain(value: Tensor | float) -> bool:
    """A number, or a tensor on the processor that no gradient runs through."""
    if not isinstance(value, Tensor):
        return True
    wanted = value.requires_grad and torch.is_grad_enabled()
    return not wanted and value.device.type == "cpu" and value.dtype == torch.float64


def _array(value: Tensor | float) -> Any:
    return value.detach().numpy() if isinstance(value, Tensor) else value


def _behind(value: Any) -> Any:
    """With an axis of steps behind the batch."""
    return value[..., None] if isinstance(value, np.ndarray) and value.ndim else value
