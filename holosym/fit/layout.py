r"""The vector of unknowns: which part of theta is which coupling, field or parameter.

    theta = (coefficients of the first entry, of the second, ...),        one row for every seed.

A parameter is one number u, scaled so that steps of order one are natural: p = start + scale u, or, where it must
stay positive, p = start e^u. An entry may have several copies, one for every state of a family.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from holosym.ansatz.function import Function

_QUIET = 0.01


@dataclass(frozen=True)
class Entry:
    """One unknown.

    Attributes:
        name: of the coupling, field or parameter.
        kind: "coupling", "field", "datum" or "parameter".
        function: the ansatz of a coupling or field; None for a number.
        copies: how many of it there are: one for each state, or one for all.
        start: the first value of a number.
        positive: whether the number is start e^u.
        spread: the standard deviation of u over an ensemble.
        quiet: begin with a function that is nearly zero: its last layer, or all of it, is a hundredth of what it says.
        guess: (size,) of a function, (copies,) of a number, where the first seed begins and the others begin around;
            None: wherever the function says, and a number at its start.
    """

    name: str
    kind: str
    function: Function | None = None
    copies: int = 1
    start: float = 0.0
    positive: bool = False
    spread: float = 0.0
    quiet: bool = False
    guess: Tensor | None = None

    @property
    def size(self) -> int:
        """How many numbers one copy has."""
        return 1 if self.function is None else self.function.size

    @property
    def scale(self) -> float:
        """What a number's u is measured in."""
        return abs(self.start) or 1.0

    def value(self, part: Tensor) -> Tensor:
        """The number that u stands for."""
        return self.start * torch.exp(part) if self.positive else self.start + self.scale * part

    def slope(self, part: Tensor) -> Tensor:
        """Its derivative by u."""
        return self.value(part) if self.positive else torch.full_like(part, self.scale)

    def initial(self, generator: torch.Generator, first: bool) -> Tensor:
        """(copies * size,); the first seed begins at the start itself, the others near it."""
        if self.function is None:
            noise = torch.randn(self.copies, generator=generator, dtype=torch.float64) * self.spread
            start = torch.zeros_like(noise) if self.guess is None else self.guess
            return start if first else start + noise
        drawn = torch.cat([self._drawn(self.function, generator) for _ in range(self.copies)])
        if self.guess is None:
            return drawn
        start = self.guess.repeat(self.copies)
        return start if first else start + drawn

    def _drawn(self, function: Function, generator: torch.Generator) -> Tensor:
        drawn = function.initial(generator)
        if self.quiet:
            last = sum(math.prod(shape) for shape in function.blocks[-2:])
            drawn[-last:] *= _QUIET
        return drawn


@dataclass(frozen=True)
class Layout:
    """All unknowns in order."""

    entries: tuple[Entry, ...]

    @cached_property
    def slices(self) -> dict[str, slice]:
        """Where every entry stands in theta."""
        found, at = {}, 0
        for entry in self.entries:
            found[entry.name] = slice(at, at + entry.copies * entry.size)
            at = found[entry.name].stop
        return found

    @property
    def size(self) -> int:
        """The length of theta."""
        return sum(entry.copies * entry.size for entry in self.entries)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the matrices and vectors that theta is made of."""
        shapes: list[tuple[int, ...]] = []
        for entry in self.entries:
            for _ in range(entry.copies):
                shapes += entry.function.blocks if entry.function is not None else [(1,)]
        return tuple(shapes)

    def split(self, theta: Tensor) -> dict[str, Tensor]:
        """theta (S, P) to the parts (S, copies, size), by name."""
        sizes = [entry.copies * entry.size for entry in self.entries]
        parts = torch.split(theta, sizes, dim=-1)
        return {
            entry.name: part.reshape(*part.shape[:-1], entry.copies, entry.size)
            for entry, part in zip(self.entries, parts, strict=True)
        }

    def add(self, matrix: Tensor, name: str, slope: Tensor) -> None:
        """Adds derivatives (S, n, m, size) by one entry to their columns of (S, n, m, P).

        Of an entry with copies, every state sees its own.
        """
        entry, own = self._named[name], matrix[..., self.slices[name]]
        if entry.copies > 1:
            by_copy = own.view(*own.shape[:-1], entry.copies, entry.size)
            own = by_copy.diagonal(dim1=-4, dim2=-2).movedim(-1, -3)
        own += slope

    @cached_property
    def _named(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}

    def numbers(self, parts: Mapping[str, Tensor], kind: str = "parameter") -> dict[str, Tensor]:
        """The values (S, copies) of the numbers of one kind."""
        return {e.name: e.value(parts[e.name][..., 0]) for e in self.entries if e.kind == kind and e.function is None}

    def initial(self, seeds: int, seed: int) -> Tensor:
        """The first theta (S, P) of an ensemble, from the random numbers of `seed`."""
        generator = torch.Generator().manual_seed(seed)
        return torch.stack(
            [torch.cat([entry.initial(generator, i == 0) for entry in self.entries]) for i in range(seeds)]
        )
