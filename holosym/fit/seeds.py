"""Tensors of many seeds, taken apart and put together by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def choose(seeds: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    """Rows of `yes` where seeds (S,) is true, of `no` elsewhere; what has no axis of seeds comes from `yes`."""
    if yes.shape != no.shape or yes.shape[:1] != seeds.shape:
        return yes
    return torch.where(seeds.reshape(-1, *(1,) * (yes.dim() - 1)), yes, no)


def choose_all(seeds: Tensor, yes: Mapping[str, Tensor], no: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`choose` for each entry; one that only one side has is taken from there."""
    return {**no, **{name: choose(seeds, value, no.get(name, value)) for name, value in yes.items()}}


def copied(entries: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A copy that no one else can change."""
    return {name: value.detach().clone() for name, value in entries.items()}


def prefixed(prefix: str, entries: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Entries below a name, for a flat store."""
    return {f"{prefix}/{name}": value for name, value in entries.items()}


def below(prefix: str, tensors: Mapping[str, Tensor], device: torch.device) -> dict[str, Tensor]:
    """What `prefixed` put there."""
    start = f"{prefix}/"
    return {name.removeprefix(start): value.to(device) for name, value in tensors.items() if name.startswith(start)}


def joined_seeds(parts: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Rows (w,) and derivatives (w, P) by seed, as (S, w) and (S, w, P)."""
    return torch.stack([rows for rows, _ in parts]), torch.stack([matrix for _, matrix in parts])


def by_term(terms: Sequence[str], rows: Sequence[Tensor], axis: int = -1) -> dict[str, Tensor]:
    """Rows (S, w), or their derivatives with axis -2, where several have one name: all of one name as one."""
    found: dict[str, list[Tensor]] = {}
    for term, row in zip(terms, rows, strict=True):
        found.setdefault(term, []).append(row)
    return {term: torch.cat(parts, dim=axis) for term, parts in found.items()}


def pairs_by_term(terms: Sequence[str], pairs: Sequence[tuple[Tensor, Tensor]]) -> dict[str, tuple[Tensor, Tensor]]:
    """The same of rows with their derivatives."""
    rows, slopes = by_term(terms, [r for r, _ in pairs]), by_term(terms, [m for _, m in pairs], axis=-2)
    return {term: (rows[term], slopes[term]) for term in rows}


def nearest_rows(known: Tensor, wanted: Tensor) -> Tensor:
    """For each row of `wanted` (S, P), the index (S,) of the nearest row of `known`."""
    nearest: Tensor = torch.linalg.vector_norm(known - wanted[:, None], dim=-1).argmin(dim=-1)
    return nearest
