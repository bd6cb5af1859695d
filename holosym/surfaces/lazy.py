"""Jets that are evaluated when they are asked for: a surface uses few of a background's fields and couplings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from torch import Tensor

Jet = tuple[Tensor, ...]


class LazyJets(Mapping[str, Jet]):
    """Jets by name, each made once, when first asked for.

    Args:
        makers: name to what makes its jet.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Jet]]) -> None:
        self._makers = makers
        self._made: dict[str, Jet] = {}

    def __getitem__(self, name: str) -> Jet:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
