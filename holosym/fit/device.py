"""Where tensors live: the processor or a graphics card, and memory that is freed and wanted again at every step."""

from __future__ import annotations

import ctypes

import torch

from holosym.errors import ExperimentError


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
