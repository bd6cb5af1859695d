"""The context of `boundary.py`: which powers and logarithms, their coefficients, and what is free in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Symbol, oo

from holosym.codegen.blocks import imports, parameter_lines, unpack
from holosym.codegen.ir import PackageIR
from holosym.codegen.names import Names
from holosym.codegen.numbers import decimal, evaluated
from holosym.codegen.statements import Block, block
from holosym.dsl.symbols import Parameter
from holosym.expand.choices import with_choices
from holosym.expand.scaling import Scaling
from holosym.expand.series import BoundaryDatum, BoundarySeries, TaylorSymbol
from holosym.observe.quantity import BoundaryQuantity

METRIC = "metric"


class BoundaryBlocks:
    """Functions of the boundary data."""

    def __init__(self, ir: PackageIR, series: BoundarySeries) -> None:
        self.ir = ir
        self.series = series
        self.names: Names = ir.names.copy()
        self.open: dict[str, list[TaylorSymbol]] = {}
        for one in series.taylor:
            if one.value is None:
                self.open.setdefault(one.coupling, []).append(one)
        self.closed = {one.symbol: one.value for one in series.taylor if one.value is not None}
        parameters = dict(zip(ir.parameters, ir.parameter_names, strict=True))
        self.plain: dict[Symbol, Symbol] = {}
        for datum in series.data:
            self.plain[datum.symbol] = Symbol(self.names(("datum", datum.name), datum.name, "datum"))
        for one in series.taylor:
            if one.value is None:
                self.plain[one.symbol] = Symbol(self.names(("taylor", one.symbol), one.symbol.name, "taylor"))
        self.parameters = {name: Symbol(code) for name, code in parameters.items()}
        self.tensors = [s.name for s in self.plain.values()]
        self.reference = self.tensors[0] if series.data else self.names.free("one")

    def written(self, expression: Expr) -> Expr:
        """An expression in the names of the code."""
        put = expression.xreplace(self.closed) if self.closed else expression
        parameters = {
            s: self.parameters[s.name]
            for s in put.free_symbols
            if isinstance(s, Parameter) or (s not in self.plain and s.name in self.parameters)
        }
        return evaluated(put.xreplace({**self.plain, **parameters}))

    def function(self, expressions: Sequence[Expr]) -> dict[str, Any]:
        """The code of some functions of the data."""
        made = block([self.written(e) for e in expressions], self.tensors, self.names.copy(), self.reference)
        return {"made": made, "loads": self.loads(made), "shared": made.shared, "operations": made.operations}

    def loads(self, made: Block) -> list[str]:
        """Lines that read what a block uses."""
        needed = {*made.used, *([self.reference] if made.wrapped else [])}
        lines = []
        if not self.series.data and self.reference in needed:
            lines.append(f"{self.reference} = torch.ones((), dtype=torch.float64)")
        for datum in self.series.data:
            name = self.plain[datum.symbol].name
            if name in needed:
                lines.append(f'{name} = data["{datum.name}"]')
        for coupling, symbols in sorted(self.open.items()):
            names = [self.plain[one.symbol].name for one in symbols]
            lines += unpack(names, f'taylor["{coupling}"]', needed)
        return lines + parameter_lines(self.ir, made, self.reference)

    def context(self, scaling: Scaling | None) -> dict[str, Any]:
        """Everything that the template of `boundary.py` names."""
        series = self.series
        profiles = {name: series.series.get(name, ()) for name in (p.name for p in self.ir.profiles)}
        function = self.function([t.coefficient for terms in profiles.values() for t in terms])
        values = iter(function["made"].outputs)
        return {
            "imports": {**imports([function["made"]]), **self.modules(function)},
            "dimension": series.dimension,
            "radial": radial(series),
            "variable": str(series.variable),
            "boundary": "math.inf" if at_infinity(series) else "0.0",
            "asymptotics": series.asymptotics,
            "data": [_datum(one) for one in series.data],
            "vacuum": {one.name: _vacuum(one) for one in series.data if one.kind == METRIC},
            "terms": {name: [(decimal(t.power), t.log) for t in terms] for name, terms in profiles.items()},
            "taylor": {name: [one.orders for one in symbols] for name, symbols in sorted(self.open.items())},
            "operators": {n: (decimal(a), decimal(b)) for n, (a, b) in sorted(series.operators.items())},
            "scaling": None if scaling is None else _scaling(scaling, self.ir, series),
            "function": function,
            "coefficients": {name: [next(values) for _ in terms] for name, terms in profiles.items()},
            "notes": series.notes,
        }

    def modules(self, function: dict[str, Any]) -> dict[str, bool]:
        """Modules that constants and loads need."""
        found = imports([function["made"]])
        return {
            "math": found["math"] or at_infinity(self.series),
            "torch": found["torch"] or any("torch." in line for line in function["loads"]),
        }


def boundary_function(ir: PackageIR, series: BoundarySeries, quantities: Sequence[BoundaryQuantity]) -> dict[str, Any]:
    """The function `boundary_quantities`."""
    blocks = BoundaryBlocks(ir, series)
    found = blocks.function([q.value for q in quantities])
    return {
        **found,
        "outputs": list(zip(quantities, found["made"].outputs, strict=True)),
        "imports": blocks.modules(found),
    }


def numeric(series: BoundarySeries) -> bool:
    """Whether every power is a number, so that code can be made."""
    powers = [t.power for terms in series.series.values() for t in terms]
    return all(p.is_number for p in [*powers, *(one.power for one in series.data)])


def radial(series: BoundarySeries) -> str:
    """The radial coordinate's name."""
    (coordinate,) = series.variable.free_symbols
    return str(coordinate)


def at_infinity(series: BoundarySeries) -> bool:
    """Whether the boundary is at infinite radial coordinate."""
    model: Any = series.system.model
    return bool(model.boundary == oo)


def _datum(one: BoundaryDatum) -> dict[str, Any]:
    return {
        "name": one.name,
        "profile": one.profile,
        "power": decimal(one.power),
        "log": one.log,
        "kind": one.kind,
        "dimension": decimal(one.dimension),
    }


def _scaling(scaling: Scaling, ir: PackageIR, series: BoundarySeries) -> dict[str, dict[str, float]]:
    parameters = with_choices(series, scaling.parameters)
    return {
        "profiles": {p.name: decimal(scaling.profiles[p.name]) for p in ir.profiles},
        "parameters": {name: decimal(parameters[name]) for name in ir.parameters if name in parameters},
    }


def _vacuum(one: BoundaryDatum) -> float:
    return 1.0 if one.vacuum is None else decimal(one.vacuum)
