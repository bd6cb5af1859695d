"""The context of `entanglement.py`: one function a surface, of jets at one point of the radial line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from sympy import sstr

from holosym.codegen.blocks import Blocks, imports, parameter_lines, unpack
from holosym.codegen.ir import PackageIR
from holosym.codegen.numbers import decimal
from holosym.codegen.series_code import BoundaryBlocks
from holosym.codegen.statements import Block
from holosym.expand.series import BoundarySeries
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator
from holosym.observe.surfaces import Surface, Surfaces

ORDER = 2
"""Surfaces need jets through this order, whatever the equations hold."""


class SurfaceBlocks(Blocks):
    """Functions of jets through second order."""

    def __init__(self, ir: PackageIR, known: Surfaces) -> None:
        super().__init__(ir)
        self.known = known
        ring = ir.system.ring
        self.names = {
            p.name: tuple(str(ir.expression(ring.generator(JetGenerator(p.unknown, (n,))))) for n in range(ORDER + 1))
            for p in ir.profiles
        }
        couplings = [n for c in ir.couplings for n in c.names]
        self.tensors = [*ir.coordinate_names, *(n for names in self.names.values() for n in names), *couplings]

    def context(self, series: BoundarySeries | None) -> dict[str, Any]:
        """Everything the template names."""
        functions: dict[tuple[object, ...], dict[str, Any]] = {}
        surfaces = []
        for one in self.known.surfaces:
            key = tuple(frozenset(e.terms.items()) for e in (*one.radial, *one.along))
            made = functions.setdefault(key, {}) or functions[key]
            if not made:
                made |= {**self._function((*one.radial, *one.along)), "name": one.name, "text": self._text(one)}
            surfaces.append({**_described(one), "function": made["name"]})
        line = self._function(self.known.line)
        divergence = self._divergences(series)
        blocks = [*(f["made"] for f in functions.values()), line["made"]]
        modules = [imports(blocks), divergence["imports"] if divergence else {}]
        radial = self.ir.coordinates[0]
        return {
            "imports": {name: any(m.get(name, False) for m in modules) for name in ("math", "torch")},
            "radial": radial,
            "variable": str(self.known.variable),
            "surfaces": surfaces,
            "functions": list(functions.values()),
            "line": line,
            "divergences": divergence,
            "notes": self.known.notes,
        }

    def _function(self, elements: Sequence[Element]) -> dict[str, Any]:
        made = self.block([self.ir.expression(e) for e in elements], self.tensors, self.reference)
        return {"made": made, "loads": self._loads(made), "shared": made.shared, "outputs": made.outputs}

    def _loads(self, made: Block) -> list[str]:
        ir, lines = self.ir, []
        for key, name in zip(ir.coordinates, ir.coordinate_names, strict=True):
            if name in made.used or (made.wrapped and name == self.reference):
                lines.append(f'{name} = coordinates["{key}"]')
        for profile, names in self.names.items():
            lines += unpack(names, f'jets["{profile}"]', made.used)
        for coupling in ir.couplings:
            lines += unpack(coupling.names, f'couplings["{coupling.name}"]', made.used)
        return lines + parameter_lines(ir, made, self.reference)

    def _text(self, one: Surface) -> str:
        b, c = (sstr(self.ir.expression(e[0])) for e in (one.radial, one.along))
        return textwrap.fill(f"b = {b}, c = {c}", 108, subsequent_indent="    ", break_long_words=False)

    def _divergences(self, series: BoundarySeries | None) -> dict[str, Any] | None:
        """The function `divergences`; None without a boundary series."""
        found = [one for one in self.known.surfaces if one.divergence is not None]
        if series is None or not found:
            return None
        blocks = BoundaryBlocks(self.ir, series)
        function = blocks.function([c for one in found for _, _, c in one.divergence or ()])
        values = iter(function["made"].outputs)
        return {
            **function,
            "imports": blocks.modules(function),
            "terms": {one.name: [(decimal(e), k) for e, k, _ in one.divergence or ()] for one in found},
            "values": {one.name: [next(values) for _ in one.divergence or ()] for one in found},
        }


def _described(one: Surface) -> dict[str, Any]:
    """What SURFACES says of one."""
    return {
        "name": one.name,
        "kind": one.kind,
        "direction": one.direction,
        "transverse": one.transverse,
        "powers": tuple(decimal(p) for p in one.powers),
        "isotropic": one.isotropic,
    }
