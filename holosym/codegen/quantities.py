"""Contexts of `horizon.py`, `thermodynamics.py` and `transport.py`: algebra of jets at one point of the radial line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr

from holosym.codegen.blocks import Blocks, imports, parameter_lines, unpack
from holosym.codegen.ir import PackageIR
from holosym.codegen.numbers import decimal
from holosym.codegen.statements import chain
from holosym.errors import PrinterError
from holosym.expand.series import HorizonSeries
from holosym.jets.element import Element
from holosym.jets.generators import JetGenerator
from holosym.observe.quantity import BoundaryQuantity, LocalQuantity


def quotient(ir: PackageIR, numerator: Element, denominator: Element) -> Expr:
    """A quotient in the package's names; a single term below is divided into every term above."""
    below = ir.expression(denominator)
    if len(denominator.terms) == 1:
        return sympy.Add(*[term / below for term in sympy.Add.make_args(ir.expression(numerator))])
    return ir.expression(numerator) / below


class LocalBlocks(Blocks):
    """Functions of jets at one point."""

    def function(self, quantities: Sequence[LocalQuantity]) -> dict[str, Any]:
        """One function that returns quantities by name."""
        made = self.block(
            [quotient(self.ir, q.numerator, q.denominator) for q in quantities], self.tensors, self.reference
        )
        self._complain(made.used, quantities)
        return {
            "made": made,
            "loads": self.loads(made),
            "shared": made.shared,
            "outputs": list(zip(quantities, made.outputs, strict=True)),
            "operations": made.operations,
        }

    def _complain(self, used: frozenset[str], quantities: Sequence[LocalQuantity]) -> None:
        """Names that the package has not: a derivative beyond the jets that the equations hold."""
        absent = sorted(used - {*self.tensors, *self.ir.parameter_names})
        if absent:
            names = ", ".join(q.name for q in quantities)
            raise PrinterError(f"{names} would need {', '.join(absent)}, which the jets of the package do not hold")


def local_context(ir: PackageIR, functions: Mapping[str, Sequence[LocalQuantity]]) -> dict[str, Any]:
    """Functions of local quantities by the functions' names."""
    blocks = LocalBlocks(ir)
    made = {name: blocks.function(quantities) for name, quantities in functions.items()}
    return {"functions": made, "imports": imports(f["made"] for f in made.values())}


def described(quantity: LocalQuantity | BoundaryQuantity, where: str) -> dict[str, Any]:
    """What QUANTITIES says of one."""
    dimension = None if quantity.dimension is None else decimal(quantity.dimension)
    return {"name": quantity.name, "at": where, "dimension": dimension, "text": quantity.text}


class HorizonBlocks(Blocks):
    """The context of `horizon.py`."""

    def __init__(self, ir: PackageIR, series: HorizonSeries) -> None:
        super().__init__(ir)
        self.series = series
        self.known = {name for profile in ir.profiles for name in profile.names}

    def context(self) -> dict[str, Any]:
        """Everything the template names."""
        series = self.series
        vanishing = [self.name(jet) for jet in series.vanishing]
        statements = [(self.name(jet), quotient(self.ir, above, below)) for jet, above, below in series.values]
        statements = [(name, value) for name, value in statements if name in self.known]
        data = [name for jet in series.data if (name := self.name(jet)) in self.known]
        self._complete([*vanishing, *data, *(name for name, _ in statements)])
        couplings = [n for c in self.ir.couplings for n in c.names]
        tensors = [*self.ir.coordinate_names, *couplings, *vanishing, *data]
        made = chain(statements, tensors, self.ir.names.copy(), self.reference)
        zero = [name for name in vanishing if name in made.used or self._returned(name)]
        return {
            "imports": {**imports([made]), "torch": True},
            "point": point(series),
            "vanishing": vanishing,
            "data": data,
            "loads": self.given(made, data, bool(zero)),
            "zero": zero,
            "reference": self.reference,
            "steps": made.steps,
            "operations": made.operations,
            "jets": [(profile.name, profile.names) for profile in self.ir.profiles],
            "notes": series.notes,
        }

    def name(self, jet: JetGenerator) -> str:
        """The name of a jet in `equations.py`."""
        ring = self.series.system.ring
        return str(self.ir.expression(ring.generator(jet)))

    def given(self, made: Any, data: Sequence[str], zeros: bool) -> list[str]:
        """Lines that read the inputs."""
        ir = self.ir
        lines = []
        for key, name in zip(ir.coordinates, ir.coordinate_names, strict=True):
            if name in made.used or (name == self.reference and (zeros or made.wrapped)):
                lines.append(f'{name} = coordinates["{key}"]')
        lines += [f'{name} = data["{name}"]' for name in data]
        for coupling in ir.couplings:
            lines += unpack(coupling.names, f'couplings["{coupling.name}"]', made.used)
        return lines + parameter_lines(ir, made, self.reference)

    def _returned(self, name: str) -> bool:
        return name in self.known

    def _complete(self, stated: Sequence[str]) -> None:
        """Every jet of the package is vanishing, datum or value, exactly once."""
        absent = sorted(self.known - set(stated))
        twice = sorted({name for name in stated if stated.count(name) > 1})
        if absent or twice:
            raise PrinterError(f"the horizon series leaves open {', '.join(absent)}; twice {', '.join(twice)}")


def point(series: HorizonSeries) -> str:
    """The horizon's position as source: a number, the name of a parameter, or None."""
    if series.point.is_number and series.point.is_finite:
        return repr(decimal(series.point))
    return f'"{series.point.name}"' if series.point.is_Symbol else "None"
