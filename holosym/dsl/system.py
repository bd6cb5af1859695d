"""A plain system of ordinary differential equations, given as expressions that must vanish."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sympy import Expr

from holosym.dsl import validate
from holosym.dsl.model import Model
from holosym.dsl.symbols import Coordinate, Profile


class System(Model):
    """A plain system of ordinary differential equations, given as expressions that must vanish.

    Args:
        name: the system's name.
        variable: the independent variable, a coordinate.
        equations: from an equation's name to the expression that must vanish.
        couplings: closed forms; couplings left out are unknown.
    """

    def __init__(
        self, name: str, variable: Any, equations: Mapping[str, Any], couplings: Mapping[Any, Any] | None = None
    ) -> None:
        super().__init__(name, couplings)
        self.variable: Coordinate = variable
        self.given: dict[str, Expr] = validate.given(equations)
        validate.system(self)

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The unknown functions, sorted by name."""
        found = set().union(*(e.atoms(Profile) for e in self.given.values())) if self.given else set()
        return tuple(sorted(found, key=lambda p: p.func.name))
