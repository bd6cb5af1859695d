"""Where tensors live: the processor or a graphics card, and memory that is freed and wanted again at every step."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from types import FunctionType, MethodType
from typing import Any, TypeVar

import torch
from torch import Tensor

from holosym.errors import ExperimentError

T = TypeVar("T")
Convert = Callable[[Tensor], Tensor]


def require_device(name: str) -> torch.device:
    """The device of a name.

    Raises:
        ExperimentError: no device has this name, or this machine does not have it.
    """
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ExperimentError(f"there is no device {name!r}", mend='write "cpu", "cuda" or "cuda:1"') from None
    if device.type == "cpu":
        return device
    if device.type != "cuda":
        raise ExperimentError(f"the device {name!r} is not supported", mend='write "cpu", "cuda" or "cuda:1"')
    if not torch.cuda.is_available():
        raise ExperimentError("torch finds no CUDA device here", mend='use device = "cpu", or install torch with CUDA')
    if device.index is not None and device.index >= torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise ExperimentError(f"there is no {name}: torch finds {count}", mend='use device = "cuda"')
    return device


def moved(thing: T, convert: Convert) -> T:
    """A copy of what an experiment is made of, with every tensor in it converted: all of it on another device.

    It walks objects of holosym, containers, and what functions have closed over; what is met twice stays one thing.
    Tensors that share memory do not share it in the copy.

    Args:
        thing: an objective, an outcome, anything made of dataclasses, containers and functions.
        convert: what becomes of a tensor: `lambda one: one.to(device)`.
    """
    result: T = _Moved(convert)(thing)
    return result


class _Moved:
    """Copies, remembered by the identity of what they are copies of."""

    def __init__(self, convert: Convert) -> None:
        self.convert = convert
        self.known: dict[int, Any] = {}
        self.kept: list[Any] = []

    def __call__(self, thing: Any) -> Any:
        """The copy of a thing."""
        if id(thing) not in self.known:
            self.kept.append(thing)  # or its identity could be given to another
            self.known[id(thing)] = self._copied(thing)
        return self.known[id(thing)]

    def _copied(self, thing: Any) -> Any:
        if isinstance(thing, Tensor):
            return self.convert(thing)
        if isinstance(thing, tuple):
            parts = [self(one) for one in thing]
            return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
        if isinstance(thing, list):
            return [self(one) for one in thing]
        if isinstance(thing, Mapping) and type(thing) is dict:
            return {key: self(one) for key, one in thing.items()}
        if isinstance(thing, MethodType):
            return MethodType(thing.__func__, self(thing.__self__))
        if isinstance(thing, partial):
            return partial(self(thing.func), *self(thing.args), **self(thing.keywords))
        if isinstance(thing, FunctionType):
            return self._function(thing)
        own = type(thing).__module__.startswith("holosym.") and hasattr(thing, "__dict__")
        return self._object(thing) if own and not isinstance(thing, type | Enum) else thing

    def _object(self, thing: Any) -> Any:
        made: Any = object.__new__(type(thing))
        self.known[id(thing)] = made
        for name, value in vars(thing).items():
            object.__setattr__(made, name, self(value))
        return made

    def _function(self, thing: FunctionType) -> FunctionType:
        """A function of what it has closed over; one that has closed over nothing is itself."""
        if not thing.__closure__ and not thing.__defaults__ and not thing.__kwdefaults__:
            return thing
        cells = tuple(type(cell)(self(cell.cell_contents)) for cell in thing.__closure__ or ())
        defaults = None if thing.__defaults__ is None else self(thing.__defaults__)
        made = FunctionType(thing.__code__, thing.__globals__, thing.__name__, defaults, cells or None)
        made.__kwdefaults__ = None if thing.__kwdefaults__ is None else self(thing.__kwdefaults__)
        return made


def keep_freed_memory() -> None:
    """Have the C library keep what a step frees, up to a gigabyte, for the next one, where it can be told so (glibc).

    By default it hands tensors above some 100 kB back to the system, which costs a step of a small fit a tenth to a
    fifth of its time.
    """
    trim, map_above, size = -1, -3, 1 << 30
    try:
        adjust = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    adjust(trim, size)
    adjust(map_above, size)
