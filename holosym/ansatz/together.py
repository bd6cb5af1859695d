"""Many functions at the same points: those of one form are evaluated in one pass, side by side on a leading axis."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from holosym.ansatz.anchored import Anchored
from holosym.ansatz.function import Function, Jet


def jets_together(
    functions: Mapping[str, Function], thetas: Mapping[str, Tensor], x: Tensor, order: int
) -> dict[str, Jet]:
    """The jet of every function, by name.

    Args:
        functions: by name; the functions inside of `Anchored` ones count as well.
        thetas: the coefficients (..., P) of each; of one shape for those that are evaluated together.
        x: points (m,), the same for all.
        order: the highest derivative.
    """
    found: dict[str, Jet] = {}
    for function, names in _alike(functions, thetas):
        if len(names) == 1:
            bare = [function.jet(thetas[names[0]], x, order)]
        else:
            jet = function.jet(torch.stack([thetas[name] for name in names]), x, order)
            bare = list(zip(*(entry.unbind() for entry in jet), strict=True))
        for name, one in zip(names, bare, strict=True):
            whole = functions[name]
            found[name] = whole.completed(one, x) if isinstance(whole, Anchored) else one
    return found


def _alike(functions: Mapping[str, Function], thetas: Mapping[str, Tensor]) -> list[tuple[Function, list[str]]]:
    """The different functions, and the names of those that are the same but for their coefficients."""
    groups: list[tuple[Function, list[str]]] = []
    for name, whole in functions.items():
        bare = whole.function if isinstance(whole, Anchored) else whole
        for function, names in groups:
            if function == bare and thetas[names[0]].shape == thetas[name].shape:
                names.append(name)
                break
        else:
            groups.append((bare, [name]))
    return groups
